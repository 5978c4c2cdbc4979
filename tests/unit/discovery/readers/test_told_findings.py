"""What findings tell of persons, under each policy."""

import json

import duckdb
import pytest
from made_files import part, read, workbook

from discovery.files import UnreadableFile
from registry.privacy import SamplePolicy

NAMES = ["anna.berg", "bob.cole", "carl.dahl", "dora.ek", "eva.falk", "finn.grau"]
EMAILS = [f"{name}{n}@mail.example.org" for n in range(10) for name in NAMES]
ROWS = [
    {
        "id": n,
        "email": email,
        "height": f"{160 + n % 40}" if n not in (7, 8, 9) else "ask gus@mail.example.org",
    }
    for n, email in enumerate(EMAILS)
]


def table(folder):
    lines = [f"{row['id']},{row['email']},{row['height']}" for row in ROWS]
    return part(folder, "a.csv", "\n".join(["id,email,height", *lines, ""]))


def repeated_table(folder):
    lines = [f"{row['id']},{EMAILS[row['id'] % 3]},{row['height']}" for row in ROWS]
    return part(folder, "a.csv", "\n".join(["id,email,height", *lines, ""]))


def lines(folder):
    return part(folder, "a.jsonl", "\n".join(map(json.dumps, ROWS)))


def sheet(folder):
    workbook(folder / "a.xlsx", S=[list(ROWS[0]), *(list(row.values()) for row in ROWS)])
    return part(folder, "a.xlsx")


def parquet(folder):
    lines(folder)
    with duckdb.connect() as connection:
        connection.read_json(str(folder / "a.jsonl")).write_parquet(str(folder / "a.parquet"))
    return part(folder, "a.parquet")


KINDS = [table, repeated_table, lines, sheet, parquet]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policy", [SamplePolicy.MASKED, SamplePolicy.NONE])
def test_nothing_that_is_told_has_an_address_of_the_file(tmp_path, kind, policy):
    found = read(kind(tmp_path))
    text = json.dumps(found.told(policy))
    assert not [email for email in [*EMAILS, "gus@mail.example.org"] if email in text]
    (email,) = [each for each in found.told(policy)["profile"]["fields"] if each["path"] == "email"]
    assert email["semantic_class"]["name"] == "email"
    assert (email["minimum"], email["maximum"]) == (None, None)
    assert email["distinct"] in (3, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_samples_have_stand_ins_for_addresses_and_other_values_as_they_are(tmp_path, kind):
    sample = read(kind(tmp_path)).told(SamplePolicy.MASKED)["sample"]
    assert [row["id"] for row in sample] == [0, 1, 2, 3, 4]
    assert all("@" in row["email"] for row in sample)


@pytest.mark.parametrize("kind", KINDS)
def test_raw_tells_everything_and_none_no_record(tmp_path, kind):
    found = read(kind(tmp_path))
    raw = found.told(SamplePolicy.RAW)
    assert [row["email"] for row in raw["sample"][:3]] == EMAILS[:3]
    (email,) = [each for each in raw["profile"]["fields"] if each["path"] == "email"]
    assert email["minimum"] in EMAILS
    assert found.told(SamplePolicy.NONE)["sample"] == []


def test_what_contradicts_a_type_is_told_but_for_addresses_in_it(tmp_path):
    found = read(table(tmp_path))

    def contradictions(policy):
        fields = found.told(policy)["profile"]["fields"]
        (height,) = [each for each in fields if each["path"] == "height"]
        assert height["class"] == "integer"
        return height["contradictions"]

    masked, raw = contradictions(SamplePolicy.MASKED), contradictions(SamplePolicy.RAW)
    assert masked["count"] == raw["count"] == 3
    assert raw["places"][0] == {"row": 8, "line": 9, "text": "ask gus@mail.example.org"}
    assert masked["places"][0]["text"].startswith("ask ")
    assert [place["line"] for place in masked["places"]] == [9, 10, 11]
    (warning,) = [each for each in found.told(SamplePolicy.RAW)["warnings"] if each["line"] == 9]
    assert "gus@mail.example.org" in warning["message"]


def test_cells_of_a_private_field_are_quoted_nowhere(tmp_path):
    rows = [f"{n},19{n % 60 + 30}-0{n % 9 + 1}-11" for n in range(80)]
    for n in (40, 41, 42):
        rows[n] = f"{n},as Zebulon"
    found = read(part(tmp_path, "a.csv", "\n".join(["id,date_of_birth", *rows, ""])))
    (born,) = [
        each
        for each in found.told(SamplePolicy.MASKED)["profile"]["fields"]
        if each["path"] != "id"
    ]
    assert born["semantic_class"]["private"]
    assert born["contradictions"]["count"] == 3
    assert "Zebulon" not in json.dumps(found.told(SamplePolicy.MASKED))
    assert "Zebulon" in json.dumps(found.told(SamplePolicy.RAW))
    assert any("a value" in each["message"] for each in found.told(SamplePolicy.NONE)["warnings"])


def test_an_unreadable_file_tells_where_and_why():
    assert str(UnreadableFile("why", "line 3")) == "line 3: why"
