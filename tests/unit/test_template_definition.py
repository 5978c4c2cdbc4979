"""From what a template file holds to the command that registers it."""

import socket

import pytest
from given import IDENTITY
from hypothesis import given, settings
from hypothesis import strategies as st
from instances import JSON

from discovery.definition import registration
from discovery.template_file import TemplateFile, UnreadableTemplate
from registry.template import QualityRule

PATH = {"industry": "retail", "use_case": "support", "dataset_type": "zendesk_tickets"}
RECORDS = [{"id": 1, "subject": "Late"}, {"id": 2, "subject": "Lost"}]
SCHEMA = {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}}


def definition(path=PATH, **parts):
    found = TemplateFile(**{"records": RECORDS} | parts)
    return registration(found, path, "a/b/c.json").definition


def refusal(path=PATH, **parts):
    with pytest.raises(UnreadableTemplate) as refused:
        definition(path, **parts)
    return refused.value.place, refused.value.reason


def test_the_path_tells_who_a_template_is():
    found = definition()
    assert found.identity == IDENTITY
    assert found.name == "Retail Support Zendesk Tickets"


def test_metadata_wins_over_the_path():
    metadata = {
        "industry": "banking",
        "use_case": None,
        "name": "Tickets",
        "description": "Every ticket.",
        "tags": ["support"],
    }
    found = definition(metadata=metadata)

    assert str(found.identity) == "banking/support/zendesk_tickets"
    assert (found.name, found.description, found.tags) == ("Tickets", "Every ticket.", ["support"])


def test_metadata_of_unknown_names_is_kept_among_the_custom_fields():
    found = definition(metadata={"owner": "ops", "custom_fields": {"team": "blue", "owner": "me"}})
    assert found.custom_fields == {"team": "blue", "owner": "me"}
    assert definition(metadata={"owner": "ops", "cost": None}).custom_fields == {"owner": "ops"}


@pytest.mark.parametrize("name", ["records", "json_schema", "schema", "quality_rules"])
def test_metadata_takes_the_place_of_no_other_part(name):
    found = definition(metadata={name: [1]})
    assert found.custom_fields == {name: [1]}
    assert (found.sample_data, found.quality_rules) == (RECORDS, [])


def test_the_source_is_kept():
    assert registration(TemplateFile(records=[1]), PATH, "a/b/c.json").source == "a/b/c.json"


def test_a_schema_is_inferred_where_none_is_declared():
    found = definition()
    assert not found.declared_schema
    assert found.schema["properties"] == {"id": {"type": "integer"}, "subject": {"type": "string"}}


def test_a_declared_schema_is_kept_as_it_is():
    found = definition(schema=SCHEMA)
    assert found.declared_schema
    assert found.schema == SCHEMA


def test_a_profile_and_a_sample_are_taken_from_the_records():
    found = definition()
    assert [field["path"] for field in found.statistics["fields"]] == ["$", "id", "subject"]
    assert found.sample_data == RECORDS


def test_a_schema_alone_gives_no_profile_no_sample_and_no_size():
    found = definition(schema=SCHEMA, records=[])
    assert (found.statistics, found.sample_data) == ({"fields": []}, [])
    assert (found.default_record_count, found.default_size_mb) == (0, 0.0)


@pytest.mark.parametrize(
    ("metadata", "count", "size"),
    [
        ({}, 2, 0.000053),
        ({"default_record_count": 2_000_000}, 2_000_000, 53.0),
        ({"default_record_count": 0}, 0, 0.0),
        ({"default_size_mb": 1.5}, 2, 1.5),
        ({"default_size_mb": 0}, 2, 0.0),
        ({"default_record_count": 7, "default_size_mb": 1.5}, 7, 1.5),
    ],
)
def test_the_size_is_that_of_so_many_records_unless_it_is_given(metadata, count, size):
    found = definition(metadata=metadata)  # the two records take 53 bytes
    assert (found.default_record_count, found.default_size_mb) == (count, size)


def test_quality_rules_are_kept():
    rule = {"name": "Complete", "check": "data_completeness", "threshold": 98}
    assert definition(quality_rules=[rule]).quality_rules == [
        QualityRule(name="Complete", check="data_completeness", threshold=98.0)
    ]


@pytest.mark.parametrize(
    ("metadata", "place"),
    [
        ({"industry": "Retail"}, "industry"),
        ({"use_case": "customer support"}, "use_case"),
        ({"dataset_type": 7}, "dataset_type"),
        ({"name": " "}, "name"),
        ({"description": ["text"]}, "description"),
        ({"tags": ["ok", "Not A Slug"]}, "tags/1"),
        ({"default_record_count": "many"}, "default_record_count"),
        ({"default_record_count": -1}, "default_record_count"),
        ({"default_size_mb": -0.5}, "default_size_mb"),
        ({"custom_fields": [1]}, "custom_fields"),
        ({"owner": "ops", "custom_fields": [1]}, "custom_fields"),
    ],
)
def test_wrong_metadata_is_told_with_its_place(metadata, place):
    assert refusal(metadata=metadata)[0] == place


def test_an_identity_that_nothing_tells_is_missing():
    assert refusal(path={"dataset_type": "tickets"}) == ("industry", "Field required")
    assert refusal(path=PATH | {"industry": "My Folder"})[0] == "industry"


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"name": "x", "check": "colour", "threshold": 5}, "quality_rules/0/check"),
        ({"name": "x", "check": "connector_health", "threshold": 101}, "quality_rules/0/threshold"),
        ({"check": "connector_health", "threshold": 5}, "quality_rules/0/name"),
    ],
)
def test_a_wrong_quality_rule_is_told_with_its_place(rule, place):
    assert refusal(quality_rules=[rule])[0] == place


def test_the_place_of_what_cannot_be_stored_is_told_in_its_own_letters():
    place, reason = refusal(metadata={"custom_fields": {"Team": {"Lead": "\0"}}})
    assert place == "custom_fields"
    assert reason == (
        "The value at /Team/Lead cannot be recorded: U+0000 cannot be stored; leave it out."
    )


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "obj"}, "schema/type"),
        ({"properties": {"a": {"minimum": "1"}}}, "schema/properties/a/minimum"),
        ({"pattern": "("}, "schema/pattern"),
        ({"$ref": "#/$defs/absent"}, "schema"),
    ],
)
def test_what_is_no_json_schema_is_told_with_its_place(schema, place):
    found, reason = refusal(schema=schema)
    assert found == place
    assert reason.startswith("this is no JSON Schema: ")


@pytest.mark.parametrize("keyword", ["$schema", "$ref", "$dynamicRef"])
def test_schemas_elsewhere_are_neither_fetched_nor_opened(keyword, tmp_path):
    (tmp_path / "any.json").write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        host, port = server.getsockname()
        for uri in (f"file://{tmp_path}/any.json", f"http://{host}:{port}/any.json"):
            assert refusal(schema={keyword: uri})[0] == "schema"
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_record_that_contradicts_the_declared_schema_is_told_with_its_place():
    good, bad = {"at": "2025-01-01T00:00:00Z"}, {"at": "yesterday"}
    place, reason = refusal(schema=SCHEMA, records=[good, good, bad])
    assert place == "record 3/at"
    assert reason == 'it contradicts the declared schema: "yesterday" is not a "date-time"'

    assert refusal(schema={"type": "object"}, records=[1])[0] == "record 1"
    assert len(refusal(schema={"const": 1}, records=["x" * 10_000])[1]) < 300


@settings(max_examples=50)
@given(st.lists(JSON, min_size=1, max_size=4))
def test_whatever_records_are_found_a_definition_is_made_of_them(records):
    found = definition(records=records)
    assert found.default_record_count == len(records)
    again = definition(schema=found.schema, records=records)
    assert (again.schema, again.declared_schema) == (found.schema, True)
