"""Which files are one dataset, and what their paths tell."""

import os
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from discovery.files import DataFile
from discovery.grouping import file_groups, partition_of


def files(*paths):
    return [DataFile(url=path, relative=PurePosixPath(path), size=1, mark="1") for path in paths]


def groups(*paths):
    return {str(group): [str(file) for file in group.files] for group in file_groups(files(*paths))}


def test_a_file_is_a_dataset_of_its_own():
    paths = ["a.csv", "b/c.csv", "b/d.json", "b/c/e.json"]
    assert groups(*paths) == {path: [path] for path in sorted(paths)}


def test_a_folder_with_partitions_is_one_dataset():
    assert groups("b/z.csv", "b/year=2024/1.csv", "b/year=2023/month=1/1.csv", "b/a.csv") == {
        "b/a.csv": ["b/a.csv"],
        "b": ["b/year=2023/month=1/1.csv", "b/year=2024/1.csv"],
        "b/z.csv": ["b/z.csv"],
    }


def test_a_folder_with_a_description_is_one_dataset_however_deep_its_files_lie():
    assert groups("a/dataset.yaml", "a/1.csv", "a/x/y/z/2.csv", "b.csv") == {
        "a": ["a/1.csv", "a/x/y/z/2.csv"],
        "b.csv": ["b.csv"],
    }
    (group,) = file_groups(files("a/dataset.yaml", "a/1.csv"))
    assert str(group.description) == "a/dataset.yaml"


def test_of_folders_with_descriptions_within_one_another_the_innermost_counts():
    assert groups("a/dataset.yaml", "a/1.csv", "a/b/dataset.yaml", "a/b/2.csv", "a/c.csv") == {
        "a": ["a/1.csv", "a/c.csv"],
        "a/b": ["a/b/2.csv"],
    }


def test_a_description_without_data_is_no_dataset():
    assert groups("a/dataset.yaml", "b.csv") == {"b.csv": ["b.csv"]}


def test_a_folder_where_a_dataset_type_is_expected_is_one_dataset():
    assert groups("retail/support/tickets/1.csv", "retail/support/tickets/more/2.csv") == {
        "retail/support/tickets": [
            "retail/support/tickets/1.csv",
            "retail/support/tickets/more/2.csv",
        ]
    }


@pytest.mark.parametrize(
    ("path", "identity"),
    [
        ("retail/support/tickets.v2.jsonl.gz", ("retail", "support", "tickets")),
        ("retail/support/tickets/part-1.csv", ("retail", "support", "tickets")),
        ("retail/support/tickets/year=2024/1.csv", ("retail", "support", "tickets")),
        ("support/tickets.json", (None, "support", "tickets")),
        ("tickets.json", (None, None, "tickets")),
        ("year=2024/tickets.json", (None, None, "tickets")),
    ],
)
def test_the_path_tells_the_identity_as_far_as_it_goes(path, identity):
    (group,) = file_groups(files(path))
    named = zip(("industry", "use_case", "dataset_type"), identity, strict=True)
    assert group.path_identity == {name: value for name, value in named if value}


def test_the_folders_of_partitions_are_fields():
    path = PurePosixPath("a=1/plain/city=New%20York%2FEast/none=__HIVE_DEFAULT_PARTITION__/=/b=2")
    assert partition_of(path / "x=y.csv") == {
        "a": "1",
        "city": "New York/East",
        "none": None,
        "b": "2",
    }


def test_names_that_are_not_utf_8_can_be_printed():
    path = os.fsdecode(b"caf\xe9/p=\xe9/1.csv")
    (group,) = file_groups(files(path))
    assert str(group) == r"caf\xe9"
    assert partition_of(PurePosixPath(path)) == {"p": r"\xe9"}
    assert len(group.mark) == 64


def test_the_mark_of_a_dataset_changes_when_a_file_changes_comes_or_goes():
    three = files("a/dataset.yaml", "a/1.csv", "a/2.csv")

    def mark(*some):
        (group,) = file_groups(some)
        return group.mark

    marks = [
        mark(*three),
        mark(*three[:2]),
        mark(*three[1:2], replace(three[2], relative=PurePosixPath("a/x=1/3.csv")), three[0]),
        *(
            mark(*three[:place], replace(three[place], mark="2"), *three[place + 1 :])
            for place in range(3)
        ),
    ]
    assert len(set(marks)) == len(marks)
    assert mark(*reversed(three)) == marks[0]


def test_the_size_of_a_dataset_is_that_of_its_files():
    (group,) = file_groups(files("a/dataset.yaml", "a/1.csv", "a/2.csv"))
    assert group.size == 2
