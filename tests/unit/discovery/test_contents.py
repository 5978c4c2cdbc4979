"""What a file holds: unpacked, and within bounds, whoever made it."""

import gzip
import zipfile
from pathlib import PurePosixPath

import pytest
import zstandard

from discovery.files import DataFile, UnreadableFile, plain_files
from discovery.files import content as content_module

ROWS = b"a,b\n1,2\n"


def held(path):
    """Return the content of each plain file in a file, by its path."""
    file = DataFile(url=str(path), relative=PurePosixPath("shop", path.name))
    with plain_files(file) as contents:
        return {str(relative): plain.read_bytes() for relative, plain in contents}


def refusal(path):
    with pytest.raises(UnreadableFile) as refused:
        held(path)
    return refused.value.reason


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_a_plain_file_is_not_copied(tmp_path):
    (tmp_path / "a.csv").write_bytes(ROWS)
    file = DataFile(url=str(tmp_path / "a.csv"), relative=PurePosixPath("a.csv"))
    with plain_files(file) as contents:
        assert contents == [(PurePosixPath("a.csv"), tmp_path / "a.csv")]


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [(".gz", gzip.compress), (".GZ", gzip.compress), (".zst", zstandard.compress)],
)
def test_a_packed_file_is_unpacked_also_if_it_was_packed_in_pieces(tmp_path, suffix, pack):
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(pack(ROWS) + pack(b"3,4\n"))
    assert held(path) == {"shop/a.csv": ROWS + b"3,4\n"}


def test_what_is_packed_twice_is_unpacked_twice(tmp_path):
    path = archive(tmp_path / "all.zip", **{"a.csv.gz": gzip.compress(ROWS)})
    assert held(path) == {"shop/a.csv": ROWS}


def test_an_archive_of_one_file_is_that_file(tmp_path):
    assert held(archive(tmp_path / "all.zip", **{"a.csv": ROWS})) == {"shop/a.csv": ROWS}


def test_an_archive_of_several_files_is_like_a_folder(tmp_path):
    path = archive(
        tmp_path / "all.zip",
        **{
            "year=2023/a.csv": b"1",
            "year=2024/a.csv": b"2",
            "readme.txt": b"",
            "__MACOSX/._a.csv": b"",
            ".hidden.csv": b"",
            "empty/": b"",
        },
    )
    assert held(path) == {
        "shop/all.zip/year=2023/a.csv": b"1",
        "shop/all.zip/year=2024/a.csv": b"2",
    }


def test_files_of_any_suffix_count_in_an_archive_that_has_no_others(tmp_path):
    assert held(archive(tmp_path / "all.zip", notes=ROWS)) == {"shop/notes": ROWS}


def test_a_member_that_leads_out_of_its_archive_is_read_and_stays_inside(tmp_path):
    names = ["../../evil.csv", "/etc/evil.csv", "..\\up\\evil.csv"]
    path = archive(tmp_path / "in/all.zip".replace("in/", ""), **dict.fromkeys(names, ROWS))
    assert held(path) == {
        "shop/all.zip/evil.csv": ROWS,
        "shop/all.zip/etc/evil.csv": ROWS,
        "shop/all.zip/up/evil.csv": ROWS,
    }
    assert [each.name for each in tmp_path.rglob("*")] == ["all.zip"]


def test_copies_are_gone_afterwards(tmp_path):
    path = archive(tmp_path / "all.zip", a=ROWS)
    with plain_files(DataFile(url=str(path), relative=PurePosixPath("all.zip"))) as [(_, plain)]:
        assert plain.exists()
    assert not plain.parent.exists()


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".zip"])
def test_a_damaged_packed_file_cannot_be_read(tmp_path, suffix):
    whole = {
        ".gz": gzip.compress(ROWS * 99),
        ".zst": zstandard.compress(ROWS * 99),
        ".zip": archive(tmp_path / "whole.zip", a=ROWS * 99).read_bytes(),
    }[suffix]
    for number, content in enumerate(
        [b"", b"no such thing", whole[:-9], whole[:30] + b"\xff\xff\xff" + whole[33:]]
    ):
        path = tmp_path / f"{number}.csv{suffix}"
        path.write_bytes(content)
        if suffix != ".zip" and not content:
            assert held(path) == {"shop/0.csv": b""}
        else:
            assert refusal(path).startswith("cannot be"), number


def test_an_archive_with_a_password_or_without_files_cannot_be_read(tmp_path):
    path = archive(tmp_path / "all.zip", a=ROWS)
    content = bytearray(path.read_bytes())
    content[6] |= 1  # "encrypted", here and in the directory at the end
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "password required" in refusal(path)
    assert "holds no file" in refusal(archive(tmp_path / "none.zip"))


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.csv.zst", "bomb.zip"])
def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch, name):
    monkeypatch.setattr(content_module, "MOST_BYTES", 2**20)
    most, path = bytes(2**20), tmp_path / name
    members = {"a.csv": most[1:], "b.csv": b"12"}
    if name.endswith(".zip"):
        archive(path, **members)
        assert len(held(archive(tmp_path / "most.zip", a=most))["shop/a"]) == 2**20
    else:
        pack = gzip.compress if name.endswith(".gz") else zstandard.compress
        path.write_bytes(pack(most + b"1"))
    assert "more than 0.000976562 GiB" in refusal(path)


def test_archives_within_archives_have_an_end(tmp_path):
    path = archive(tmp_path / "0.zip", a=ROWS)
    for number in range(1, 5):
        path = archive(tmp_path / f"{number}.zip", **{path.name: path.read_bytes()})
    assert "more than 4 packed files are within one another" in refusal(path)
    assert held(tmp_path / "3.zip") == {"shop/a": ROWS}


def test_an_archive_of_too_many_files_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(content_module, "MOST_MEMBERS", 2)
    assert "more than 2 files" in refusal(archive(tmp_path / "a.zip", a=b"", b=b"", c=b""))


def test_a_name_that_a_library_would_take_for_a_pattern_is_linked_by_another(tmp_path):
    (tmp_path / "a[1].csv").write_bytes(ROWS)
    file = DataFile(url=str(tmp_path / "a[1].csv"), relative=PurePosixPath("a[1].csv"))
    with plain_files(file) as [(relative, path)]:
        assert (relative.name, path.read_bytes()) == ("a[1].csv", ROWS)
        assert "[" not in str(path)
