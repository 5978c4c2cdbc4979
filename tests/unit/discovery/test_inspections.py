"""Looking at data: what is one dataset, and what is told of it all."""

import gzip
import json
import os
import re

import duckdb
import pytest
import zstandard
from readers.made_files import workbook

from discovery.executors import ThisProcess
from discovery.files import NoSuchSource
from discovery.inspection import inspect
from discovery.inspection_report import as_json, as_text
from registry.privacy import SamplePolicy

MEMBERS = {"schema", "dialect", "profile", "sample", "keys", "warnings"}
CUSTOMERS = "customer_id,name,email\n" + "".join(
    f"{n},customer {n},person{n}@mail.example.org\n" for n in range(1, 61)
)
ORDERS = "order_id,customer_id,amount\n" + "".join(
    f"{1000 + n},{n * 7 % 60 + 1},{n / 4}\n" for n in range(200)
)


@pytest.fixture
def shop(tmp_path):
    write(tmp_path / "shop", **{"customers.csv": CUSTOMERS, "orders.csv": ORDERS})
    return tmp_path / "shop"


def write(folder, **contents):
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def inspected(source):
    return inspect(str(source), ThisProcess())


def records(source):
    return {name: found.records for name, found in inspected(source).datasets.items()}


def told(source, policy=SamplePolicy.MASKED):
    return json.loads(as_json(inspected(source), policy))


def test_one_file_is_told_in_the_documented_members(shop):
    document = told(shop / "orders.csv")
    assert document.keys() == MEMBERS
    assert document["profile"]["records"] == 200
    assert {"delimiter", "quote", "encoding", "header", "skip"} <= document["dialect"].keys()
    assert document["keys"]["primary_keys"] == {"orders.csv": ["order_id"]}
    assert document["keys"]["foreign_keys"] == []
    assert len(document["sample"]) == 5


def test_different_tables_in_a_folder_are_told_each_with_the_keys_among_them(shop):
    document = told(shop)
    assert document.keys() == {"datasets", "keys"}
    assert list(document["datasets"]) == ["customers.csv", "orders.csv"]
    assert all(each.keys() == MEMBERS for each in document["datasets"].values())
    (reference,) = document["keys"]["foreign_keys"]
    assert (reference["from_table"], reference["from"]) == ("orders.csv", ["customer_id"])
    assert (reference["to_table"], reference["to"]) == ("customers.csv", ["customer_id"])
    own = [each["keys"] for each in document["datasets"].values()]
    assert [each["primary_keys"] for each in own] == [
        {"customers.csv": ["customer_id"]},
        {"orders.csv": ["order_id"]},
    ]
    assert [each["foreign_keys"] for each in own] == [[], [reference]]


def test_a_folder_of_equally_shaped_files_is_one_dataset(tmp_path):
    folder = tmp_path / "orders"
    write(folder, **{"1.csv": ORDERS, "2.csv": ORDERS})
    assert records(folder) == records(f"file://{folder}") == {"orders": 400}
    assert told(folder).keys() == MEMBERS


def test_partitions_are_one_dataset_whatever_the_folder_is_called(tmp_path):
    write(tmp_path / "a", **{"year=2023/1.csv": ORDERS, "year=2024/1.csv": ORDERS})
    write(tmp_path / "b", **{"year=2024/1.csv": ORDERS})
    for name, count in (("a", 400), ("b", 200)):
        assert records(tmp_path / name) == {name: count}
        assert "year" in told(tmp_path / name)["schema"]["properties"]
    assert records(tmp_path / "b" / "year=2024" / "1.csv") == {"b": 200}


def test_datasets_that_their_folders_tell_apart_are_not_merged(tmp_path):
    write(tmp_path, **{"a/x=1/1.csv": ORDERS, "b/x=1/1.csv": ORDERS})
    assert records(tmp_path) == {"a": 200, "b": 200}


def test_unrelated_json_files_in_a_folder_are_datasets_of_their_own(tmp_path):
    write(
        tmp_path,
        **{
            "b.json": '[{"user": 1, "mail": 2}]',
            "a.json": '[{"sku": 1, "price": 2}, {"sku": 2}]',
            "c.jsonl": '{"at": 1}\n{"at": 2}\n{"at": 3}\n',
        },
    )
    assert list(records(tmp_path).items()) == [("a.json", 2), ("b.json", 1), ("c.jsonl", 3)]


def test_many_small_documents_of_one_shape_are_one_dataset(tmp_path):
    write(tmp_path / "docs", **{f"{n}.json": f'{{"id": {n}, "tag": "x"}}' for n in range(600)})
    assert records(tmp_path / "docs") == {"docs": 600}


def test_datasets_stand_in_the_order_of_their_paths_whatever_they_are_written_in(tmp_path):
    write(tmp_path, **{"a.csv": ORDERS, "b.json": '[{"x": 1}]', "c.csv": CUSTOMERS})
    assert list(records(tmp_path)) == ["a.csv", "b.json", "c.csv"]


def test_a_file_that_cannot_be_read_is_a_failure_and_the_others_are_read(shop):
    write(shop, **{"a.parquet": "damaged", "b.csv.gz": "damaged", "c.json": '{"a":'})
    write(shop, **{"x=1/d.csv": ORDERS, "x=1/e.csv.gz": "damaged"})
    found = inspected(shop)
    assert list(found.datasets) == ["customers.csv", "orders.csv", "shop"]
    assert sorted(failure.path for failure in found.failures) == [
        "a.parquet",
        "b.csv.gz",
        "c.json",
        "x=1/e.csv.gz",
    ]
    assert all(failure.reason for failure in found.failures)
    assert json.loads(as_json(found, SamplePolicy.MASKED))["datasets"].keys() == {
        "customers.csv",
        "orders.csv",
        "shop",
    }


def test_where_nothing_can_be_read_no_datasets_are_told(tmp_path):
    write(tmp_path, **{"a.parquet": "damaged"})
    assert told(tmp_path)["datasets"] == {}
    assert as_text(inspected(tmp_path), SamplePolicy.MASKED) == ""


def test_a_source_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(NoSuchSource):
        inspected(tmp_path / "absent")


def test_the_text_shows_every_field_and_key(shop):
    text = as_text(inspected(shop), SamplePolicy.MASKED)
    assert "orders.csv: 200 records (table, utf-8, delimiter ',', quote \")" in text
    assert re.search(r"^amount +number +0\.99\d +0% +200 +0\.0 +49\.75$", text, re.MULTILINE)
    assert re.search(r"^email +string .* email \(private\)$", text, re.MULTILINE)
    assert "🔑 customers.csv: customer_id (" in text
    assert "🔗 orders.csv: customer_id → customers.csv: customer_id (" in text
    assert "person1@" not in text


def test_what_looks_like_markup_or_would_move_the_cursor_is_shown_as_text(tmp_path):
    write(tmp_path, **{"a.jsonl": json.dumps({"[red]x": ["[/y] :smile: \x1b[31m\n"]}) + "\n{}\n"})
    text = as_text(inspected(tmp_path), SamplePolicy.RAW)
    assert "[red]x" in text
    assert "[/y] :smile: �[31m�" in text
    assert "\x1b" not in text


def test_the_share_of_empty_fields_counts_absent_and_null_ones(tmp_path):
    write(tmp_path, **{"a.jsonl": '{"a": null}\n{"a": 1}\n{}\n{}\n'})
    text = as_text(inspected(tmp_path), SamplePolicy.MASKED)
    assert re.search(r"^a +integer +75% +1 +1 +1$", text, re.MULTILINE)


def test_warnings_are_shown_with_their_lines_up_to_a_number(tmp_path):
    write(tmp_path, **{"a.jsonl": '{"a": 1}\n' + '{"a":\n' * 25})
    found = inspected(tmp_path)
    lines = as_text(found, SamplePolicy.MASKED).splitlines()
    warnings = [line for line in lines if line.startswith("⚠️")]
    assert warnings[0].startswith("⚠️ line 2: ")
    assert warnings[-1] == "⚠️ and 5 more; --json tells all"
    assert len(warnings) == 21
    assert len(json.loads(as_json(found, SamplePolicy.MASKED))["warnings"]) == 25


@pytest.mark.parametrize("policy", SamplePolicy)
def test_samples_follow_the_policy(shop, policy):
    document = told(shop / "customers.csv", policy)
    emails = [row["email"] for row in document["sample"]]
    if policy is SamplePolicy.NONE:
        assert emails == []
    else:
        assert (emails[0] == "person1@mail.example.org") == (policy is SamplePolicy.RAW)


@pytest.mark.parametrize(
    "name", ["a[1].xlsx", "b.xlsx.gz", "c.parquet.zst", os.fsdecode(b"\xe9.csv")]
)
def test_files_of_every_kind_are_read_when_packed_and_under_any_name(tmp_path, name):
    path = tmp_path / name
    plain = tmp_path / "plain"
    if ".xlsx" in name:
        workbook(plain, S=[["a", "b"], *([n, f"x{n}"] for n in range(9))])
    elif ".parquet" in name:
        duckdb.sql("SELECT i AS a, 'x' || i AS b FROM range(9) t(i)").write_parquet(str(plain))
    else:
        plain.write_text("a,b\n" + "".join(f"{n},x{n}\n" for n in range(9)))
    pack = {".gz": gzip.compress, ".zst": zstandard.compress}.get(path.suffix, bytes)
    path.write_bytes(pack(plain.read_bytes()))
    (found,) = inspected(path).datasets.values()
    assert found.records == 9
    assert found.sample[0] == {"a": 0, "b": "x0"}
    assert json.loads(as_json(inspected(tmp_path), SamplePolicy.MASKED))
    assert as_text(inspected(tmp_path), SamplePolicy.MASKED).encode()
