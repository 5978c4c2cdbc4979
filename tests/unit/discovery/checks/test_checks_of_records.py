"""What the checks of records score, and what their details tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.checks.data_completeness import data_completeness, fields_to_fill
from discovery.checks.places import score_of
from discovery.checks.sample_queries import sample_query_success, usual_queries
from discovery.checks.schema_validation import schema_validation
from discovery.readers.dataset_records import DatasetRecords

SCHEMA = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "mail": {"type": "string", "format": "email"}},
    "required": ["id"],
}


def of(*records, total=None):
    return DatasetRecords(total=len(records) if total is None else total, first=records)


@given(total=st.integers(1, 10**9), data=st.data())
def test_what_is_not_entirely_right_is_never_100_and_no_score_is_rounded_up(total, data):
    right = data.draw(st.integers(0, total))
    assert (score_of(right, total) == 100) == (right == total)
    assert 0 <= score_of(right, total) <= 100 * right / total


def test_of_nothing_nothing_is_right():
    assert score_of(0, 0) == 0


def test_records_are_held_against_the_schema_and_the_first_wrong_places_are_named():
    records = of({"id": 1}, {"id": "2"}, {"mail": "a@b.example"}, {"id": 4, "mail": "nobody"})
    check = schema_validation(records, SCHEMA)
    assert check.score == 25
    assert check.details["invalid"] == 3
    assert check.details["places"] == [
        {"record": 2, "place": "/id", "keyword": "type"},
        {"record": 3, "place": "", "keyword": "required"},
        {"record": 4, "place": "/mail", "keyword": "format"},
    ]


def test_no_value_of_a_record_gets_into_the_details():
    check = schema_validation(of({"id": "secret"}), SCHEMA)
    assert "secret" not in str(check.details)


def test_only_the_first_places_are_named_but_all_are_counted():
    check = schema_validation(of(*[{"id": None}] * 50), SCHEMA)
    assert (len(check.details["places"]), check.details["keywords"]) == (10, {"type": 50})


@pytest.mark.parametrize(
    ("records", "expected", "score"),
    [
        (of({"id": 1, "mail": "x"}, {"id": 2, "mail": "y"}), 2, 100),
        (of({"id": 1, "mail": "x"}, {"id": 2, "mail": None}), 2, 75),
        (of({"id": 1}, {"id": 2}, "no object"), 3, 33.33),
        (of({"id": 1, "mail": "x"}), 4, 25),
        (of({"id": 1, "mail": "x"}, total=9), 4, 100),
        (of(), 4, 0),
        (of(), 0, 0),
    ],
)
def test_completeness_is_the_lesser_share_of_values_and_of_records(records, expected, score):
    assert data_completeness(records, ["id", "mail"], expected).score == score


def test_fields_to_fill_are_the_required_ones_and_those_of_keys():
    statistics = {"keys": {"primary_keys": {"orders": ["shop", "id"]}}}
    assert fields_to_fill(SCHEMA, statistics) == ["id", "shop"]
    assert fields_to_fill({}, {"fields": []}) == []
    refined = {"properties": {"mail": {"type": "string", "x-key": True}, "id": True}}
    assert fields_to_fill(refined, {}) == ["mail"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT sum(id) FROM dataset", None),
        ("FROM dataset WHERE mail IS NULL", "gave no row"),
        ("SELECT nothing FROM dataset", "Binder Error"),
        ("SELEC 1", "Parser Error"),
        ("SELECT 1; SELECT 2", "is not one SELECT"),
        ("COPY dataset TO 'stolen.csv'", "is not one SELECT"),
        ("SET enable_external_access = true", "is not one SELECT"),
        ("SELECT * FROM read_text('/etc/hostname')", "PermissionException"),
        ("SELECT mail::integer FROM dataset", "ConversionException"),
    ],
)
def test_a_query_can_only_select_from_the_records(query, reason):
    check = sample_query_success(of({"id": 1, "mail": "a@b.example"}), [query])
    [result] = check.details["queries"]
    assert check.score == (0 if reason else 100)
    assert result.get("reason", "").startswith(reason or "")
    assert "a@b.example" not in str(result)


def test_a_query_that_takes_too_long_is_interrupted(monkeypatch):
    monkeypatch.setattr("discovery.checks.sample_queries.QUERY_SECONDS", 0.2)
    endless = "SELECT count(*) FROM range(1000000000000) AS a, range(1000) AS b"
    check = sample_query_success(of({"id": 1}), [endless, "FROM dataset"])
    assert check.score == 50
    assert check.details["queries"][0]["reason"] == "took longer than 0.2 seconds"


def test_usual_queries_ask_for_records_and_for_each_field_that_must_be_there():
    check = sample_query_success(of({"id": 1, 'a "b"': None}), usual_queries(["id", 'a "b"']))
    assert [result.get("reason") for result in check.details["queries"]] == [
        None,
        None,
        "gave no row",
    ]


def test_no_query_succeeds_where_there_are_no_records():
    assert sample_query_success(of(), usual_queries(["id"])).score == 0
