"""Finding template files below a folder: which, in what order, and what is not to be read."""

import os

import pytest

from discovery.template_file import MAX_BYTES, UnreadableTemplate
from discovery.template_repository import FoundFile, found_files


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "templates"
    root.mkdir()
    return root


def write(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("[1]")


def found(source):
    return [str(file) for file in found_files(source)]


def refusal(file):
    with pytest.raises(UnreadableTemplate) as refused:
        file.content()
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


def test_json_and_json_lines_are_templates_and_nothing_else(tree):
    write(
        tree, "a.json", "b.jsonl", "c.ndjson", "d.JSON", "e.json.bak", "f.csv", "README.md", "json"
    )
    assert found(tree) == ["a.json", "b.jsonl", "c.ndjson", "d.JSON"]


def test_hidden_files_and_folders_are_passed_over(tree):
    write(tree, ".hidden.json", ".git/a.json", "a/.cache/b.json", "a/seen.json")
    assert found(tree) == ["a/seen.json"]


def test_a_single_file_is_its_own_repository(tree, monkeypatch):
    write(tree, "retail/support/tickets.json")
    path = tree / "retail/support/tickets.json"
    identity = {"industry": "retail", "use_case": "support", "dataset_type": "tickets"}

    monkeypatch.chdir(path.parent)
    for source in (path, path.relative_to(path.parent)):
        (file,) = found_files(source)
        assert (file.content(), file.path_identity) == (b"[1]", identity)


def test_an_empty_folder_holds_no_templates(tree):
    assert found(tree) == []


def test_a_source_that_is_not_there_is_an_error(tree):
    with pytest.raises(FileNotFoundError, match="absent"):
        list(found_files(tree / "absent"))


@pytest.mark.parametrize(
    ("path", "identity"),
    [
        (
            "retail/support/tickets.json",
            {"industry": "retail", "use_case": "support", "dataset_type": "tickets"},
        ),
        (
            "2024/retail/support/tickets.v2.jsonl",
            {"industry": "retail", "use_case": "support", "dataset_type": "tickets"},
        ),
        ("support/tickets.json", {"use_case": "support", "dataset_type": "tickets"}),
        ("tickets.json", {"dataset_type": "tickets"}),
    ],
)
def test_the_path_tells_the_identity_as_far_as_it_goes(tree, path, identity):
    write(tree, path)
    (file,) = found_files(tree)
    assert file.path_identity == identity


def test_links_within_the_repository_are_read_once(tree):
    write(tree, "a/file.json")
    (tree / "b.json").symlink_to("a/file.json")
    (tree / "folder").symlink_to("a", target_is_directory=True)

    assert found(tree) == ["a/file.json", "b.json"]
    assert FoundFile(tree, (tree / "b.json").relative_to(tree)).content() == b"[1]"


def test_links_out_of_the_repository_are_told_and_not_followed(tree):
    write(tree.parent, "secret/a.json")
    (tree / "file.json").symlink_to("../secret/a.json")
    (tree / "folder").symlink_to("../secret", target_is_directory=True)

    files = list(found_files(tree))

    assert [str(file) for file in files] == ["file.json", "folder"]
    assert {refusal(file) for file in files} == {"the link leads out of the repository"}


def test_a_link_to_a_folder_whose_name_begins_like_the_repositorys_leads_out(tree):
    write(tree.parent, "templates-old/a.json")
    (tree / "a.json").symlink_to("../templates-old/a.json")
    (file,) = found_files(tree)
    assert refusal(file) == "the link leads out of the repository"


def test_the_repository_itself_may_be_behind_a_link(tree):
    write(tree, "a.json")
    (tree.parent / "link").symlink_to(tree, target_is_directory=True)
    (file,) = found_files(tree.parent / "link")
    assert file.content() == b"[1]"


@pytest.mark.parametrize("target", ["nowhere.json", "itself.json"])
def test_a_link_to_nowhere_or_in_a_circle_cannot_be_read(tree, target):
    (tree / "itself.json").symlink_to(target)
    (file,) = found_files(tree)
    assert refusal(file).startswith("cannot be read: ")


def test_a_folder_that_contains_itself_is_walked_once(tree):
    write(tree, "a/b/c.json")
    (tree / "a/b/loop").symlink_to(tree, target_is_directory=True)
    assert found(tree) == ["a/b/c.json"]


def test_a_pipe_is_not_waited_for(tree):
    os.mkfifo(tree / "pipe.json")
    (file,) = found_files(tree)
    assert refusal(file) == "is no regular file"


def test_a_file_may_have_64_mib_and_no_more(tree):
    for size, name in ((MAX_BYTES, "most.json"), (MAX_BYTES + 2**20, "more.json")):
        with (tree / name).open("wb") as file:
            file.truncate(size)
    more, most = found_files(tree)

    assert refusal(more) == "65.0 MiB is above 64 MiB"
    assert len(most.content()) == MAX_BYTES == 64 * 2**20


def test_a_file_that_is_gone_by_now_cannot_be_read(tree):
    write(tree, "a.json")
    (file,) = found_files(tree)
    (tree / "a.json").unlink()
    assert refusal(file) == "cannot be read: No such file or directory"


def test_what_may_not_be_read_is_told_rather_than_missed(tree):
    write(tree, "closed/a.json", "private.json")
    (tree / "closed").chmod(0)
    (tree / "private.json").chmod(0)
    if os.access(tree / "private.json", os.R_OK):
        pytest.skip("this user may read everything")
    try:
        files = list(found_files(tree))
        assert [str(file) for file in files] == ["closed", "private.json"]
        assert {refusal(file) for file in files} == {"cannot be read: Permission denied"}
    finally:
        (tree / "closed").chmod(0o700)


def test_a_name_that_is_not_utf_8_can_be_printed(tree):
    write(tree, os.fsdecode(b"caf\xe9.json"))
    (file,) = found_files(tree)
    assert str(file) == r"caf\xe9.json"
    assert file.content() == b"[1]"
