"""Finding the files of a source: which, in what order, and what is not to be read."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import fsspec
import pytest

from discovery.files import NoSuchSource, UnreadableFile, data_files, plain_files
from discovery.files import source as source_module
from discovery.grouping import file_groups


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "templates"
    root.mkdir()
    return root


@pytest.fixture
def memory():
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format, *args):  # noqa: A002 - its name there
        pass


@pytest.fixture
def web(tree):
    """A server on this machine that lists the tree."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tree)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def write(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("[1]")


def found(source):
    return [str(file) for file in data_files(str(source))]


def content(file):
    with plain_files(file) as [(_, path)]:
        return path.read_bytes()


def refusal(file):
    with pytest.raises(UnreadableFile) as refused, plain_files(file):
        pass
    return refused.value.reason


def test_files_are_found_in_the_order_of_their_paths(tree):
    write(tree, "b/x/2.json", "b/x/10.json", "a/y/1.json", "a/x/1.json", "B/x/1.json", "0.json")

    assert found(tree) == [
        "0.json",
        "B/x/1.json",
        "a/x/1.json",
        "a/y/1.json",
        "b/x/10.json",
        "b/x/2.json",
    ]


def test_in_a_folder_files_with_a_suffix_of_data_count_packed_ones_too_and_nothing_else(tree):
    data = ["a.json", "b.jsonl", "c.csv", "d.CSV.GZ", "e.parquet", "f.csv.zst", "g.xlsx.zip"]
    write(tree, *data, "h.csv.bak", "README.md", "json", "archive.zip", "x/dataset.yaml", "y.yaml")
    assert found(tree) == [*data, "x/dataset.yaml"]


def test_hidden_files_and_folders_are_passed_over(tree):
    write(tree, ".hidden.json", ".git/a.json", "a/.cache/b.json", "a/seen.json")
    assert found(tree) == ["a/seen.json"]
    assert found(tree / "**" / "*.json") == ["a/seen.json"]


def test_a_single_file_of_any_suffix_is_a_source_and_its_path_tells_its_identity(tree, monkeypatch):
    write(tree, "retail/support/tickets.json", "retail/support/notes.txt")
    path = tree / "retail/support/tickets.json"
    identity = {"industry": "retail", "use_case": "support", "dataset_type": "tickets"}

    monkeypatch.chdir(path.parent)
    for source in (str(path), "tickets.json", f"file://{path}"):
        (file,) = data_files(source)
        (group,) = file_groups([file])
        assert (content(file), group.path_identity) == (b"[1]", identity)
    assert found("notes.txt") == ["retail/support/notes.txt"]


def test_an_empty_folder_holds_no_files(tree):
    assert found(tree) == []


@pytest.mark.parametrize("source", ["absent", "*.csv", "absent/*.csv"])
def test_a_source_that_is_not_there_is_an_error(tree, source):
    with pytest.raises(NoSuchSource, match=r"There is nothing at|Nothing matches"):
        list(data_files(str(tree / source)))


def test_more_files_than_can_be_meant_are_an_error(tree, monkeypatch):
    write(tree, "a.json", "b.json", "c.json")
    monkeypatch.setattr(source_module, "MOST_FILES", 2)
    with pytest.raises(NoSuchSource, match="more than 2 files: name a part"):
        list(data_files(str(tree)))


def test_links_within_the_source_are_read_once(tree):
    write(tree, "a/file.json")
    (tree / "b.json").symlink_to("a/file.json")
    (tree / "folder").symlink_to("a", target_is_directory=True)

    assert found(tree) == found(tree / "**" / "*.json") == ["a/file.json", "b.json"]
    assert content(list(data_files(str(tree)))[1]) == b"[1]"


def test_links_out_of_the_source_are_told_and_not_followed(tree):
    write(tree.parent, "secret/a.json")
    (tree / "file.json").symlink_to("../secret/a.json")
    (tree / "folder").symlink_to("../secret", target_is_directory=True)

    files = list(data_files(str(tree)))
    matches = list(data_files(str(tree / "**" / "*.json"))) + list(
        data_files(str(tree / "*" / "a.json"))
    )

    assert [str(file) for file in files] == ["file.json", "folder"]
    assert [str(file) for file in matches] == ["file.json", "folder/a.json"]
    assert {refusal(file) for file in files + matches} == {"the link leads out of the source"}


def test_a_link_to_a_folder_whose_name_begins_like_the_sources_leads_out(tree):
    write(tree.parent, "templates-old/a.json")
    (tree / "a.json").symlink_to("../templates-old/a.json")
    (file,) = data_files(str(tree))
    assert refusal(file) == "the link leads out of the source"


def test_the_source_itself_may_be_behind_a_link(tree):
    write(tree, "a.json")
    (tree.parent / "link").symlink_to(tree, target_is_directory=True)
    (tree.parent / "far/a/b/c").mkdir(parents=True)
    (tree.parent / "far/a/b/c/file.json").symlink_to(tree / "a.json")
    for source in ("link", "link/*.json", "far/a/b/c/file.json"):
        (file,) = data_files(str(tree.parent / source))
        assert content(file) == b"[1]"


@pytest.mark.parametrize("target", ["nowhere.json", "itself.json"])
@pytest.mark.parametrize("source", ["", "*.json", "itself.json"])
def test_a_link_to_nowhere_or_in_a_circle_cannot_be_read(tree, target, source):
    (tree / "itself.json").symlink_to(target)
    (file,) = data_files(str(tree / source))
    assert refusal(file).startswith("cannot be read: ")


def test_a_folder_that_contains_itself_is_walked_once(tree):
    write(tree, "a/b/c.json")
    (tree / "a/b/loop").symlink_to(tree, target_is_directory=True)
    assert found(tree) == found(tree / "**" / "c.json") == ["a/b/c.json"]


@pytest.mark.parametrize("source", ["", "*.json", "pipe.json"])
def test_a_pipe_is_not_waited_for(tree, source):
    os.mkfifo(tree / "pipe.json")
    (file,) = data_files(str(tree / source))
    assert refusal(file) == "is no regular file"


def test_a_file_that_is_gone_by_now_cannot_be_read(tree):
    write(tree, "a.json")
    (file,) = data_files(str(tree))
    (tree / "a.json").unlink()
    assert refusal(file) == "cannot be read: No such file or directory"


def test_what_may_not_be_read_is_told_rather_than_missed(tree):
    write(tree, "closed/a.json", "private.json")
    (tree / "closed").chmod(0)
    (tree / "private.json").chmod(0)
    if os.access(tree / "private.json", os.R_OK):
        pytest.skip("this user may read everything")
    try:
        files = list(data_files(str(tree)))
        assert [str(file) for file in files] == ["closed", "private.json"]
        assert {refusal(file) for file in files} == {"cannot be read: Permission denied"}
    finally:
        (tree / "closed").chmod(0o700)


def test_a_name_that_is_not_utf_8_can_be_printed(tree):
    write(tree, os.fsdecode(b"caf\xe9.json"))
    (file,) = data_files(str(tree))
    assert str(file) == r"caf\xe9.json"
    assert content(file) == b"[1]"


def test_a_name_that_looks_like_a_pattern_is_a_name_first(tree):
    write(tree, "a[1].json", "a1.json")
    assert found(tree / "a[1].json")[0].endswith("a[1].json")
    assert found(tree / "a?.json") == ["a1.json"]


def test_a_pattern_finds_what_matches_below_its_first_plain_folder(tree):
    write(tree, "x/1.json", "x/2.json", "x/3.csv", "x/y/4.json", "5.json", "x/y/any.thing")
    assert found(tree / "x" / "*.json") == ["1.json", "2.json"]
    assert found(tree / "x" / "**" / "*.json") == ["1.json", "2.json", "y/4.json"]
    assert found(tree / "x" / "[13].*") == ["1.json", "3.csv"]
    assert found(tree / "x" / "*" / "any.*") == ["y/any.thing"]


def test_a_mark_changes_with_the_file(tree):
    write(tree, "a.json")
    (before,) = data_files(str(tree))
    (same,) = data_files(str(tree))
    os.utime(tree / "a.json", ns=(1, 1))
    (after,) = data_files(str(tree))
    assert before.mark == same.mark != after.mark


def test_a_file_url_is_a_path_and_nothing_is_copied(tree):
    write(tree, "a.json", "b/c.json")
    assert found(f"file://{tree}") == ["a.json", "b/c.json"]
    (file,) = data_files(f"file://{tree}/b/*.json")
    with plain_files(file) as [(_, path)]:
        assert path == tree / "b/c.json"


def test_files_of_any_file_system_are_found_by_url(memory):
    for path in ("/lake/retail/support/b.json", "/lake/a.csv", "/lake/.b.csv", "/lake/notes.txt"):
        memory.pipe(path, b"[1]")

    assert found("memory://lake") == ["a.csv", "retail/support/b.json"]
    assert found("memory://lake/*/*/*.json") == ["retail/support/b.json"]
    assert found("memory://lake/notes.txt") == ["lake/notes.txt"]
    (file,) = data_files("memory://lake/retail/support/b.json")
    (group,) = file_groups([file])
    assert group.path_identity["industry"] == "retail"
    assert (content(file), file.size) == (b"[1]", 3)


def test_a_file_that_is_written_anew_in_a_file_system_has_another_mark(memory):
    memory.pipe("/lake/a.csv", b"x\n1\n")
    (before,) = data_files("memory://lake")
    (same,) = data_files("memory://lake")
    memory.pipe("/lake/a.csv", b"x\n2\n")
    (after,) = data_files("memory://lake")
    assert before.mark == same.mark != after.mark


@pytest.mark.parametrize(
    "url", ["memory://absent", "memory://absent/*.csv", "memory://absent/a.csv"]
)
def test_a_url_with_nothing_behind_it_is_an_error(url):
    with pytest.raises(NoSuchSource, match="There is nothing at memory"):
        list(data_files(url))


def test_a_url_of_an_unknown_file_system_is_an_error():
    with pytest.raises(NoSuchSource, match="cannot be reached: Protocol not known: nowhere"):
        list(data_files("nowhere://a/b.csv"))


def test_files_of_the_web_are_found_in_the_listings_of_folders(tree, web):
    write(tree, "a.csv", "b/c d.json", "b/readme.txt", ".hidden.json")

    assert found(web) == found(f"{web}/") == ["a.csv", "b/c d.json"]
    assert found(f"{web}/b/*.json") == ["c d.json"]
    assert [content(file) for file in data_files(web)] == [b"[1]", b"[1]"]
    assert [file.size for file in data_files(web)] == [3, 3]
    assert list(data_files(web)) == list(data_files(web))


def test_a_file_of_the_web_may_have_a_query_and_has_a_mark_of_its_headers(tree, web):
    write(tree, "b/a.csv")
    (file,) = data_files(f"{web}/b/a.csv?token=x")
    (same,) = data_files(f"{web}/b/a.csv?token=x")
    os.utime(tree / "b/a.csv", (1, 1))
    (after,) = data_files(f"{web}/b/a.csv?token=x")

    assert (str(file), file.size, content(file)) == ("b/a.csv", 3, b"[1]")
    assert file.mark == same.mark != after.mark


def test_what_is_not_in_the_web_is_an_error_and_what_is_gone_cannot_be_read(tree, web):
    write(tree, "a.csv")
    with pytest.raises(NoSuchSource, match="There is nothing at"):
        list(data_files(f"{web}/absent.csv"))
    (file,) = data_files(f"{web}/a.csv")
    (tree / "a.csv").unlink()
    assert refusal(file).startswith("cannot be fetched: ")
