"""Drafts of templates whose records are unusual: deep, or of text that JSON cannot hold."""

import pytest
from pydantic import ValidationError

from registry.errors import InvalidValue
from registry.template_draft import TemplateDraft
from registry.text import MAX_DEPTH, storable_json

IDENTITY = {"industry": "retail", "use_case": "support", "dataset_type": "zendesk_tickets"}
ARRAY, OBJECT = (lambda inner: [inner]), (lambda inner: {"a": inner})
HALF = {"name": "\ud800"}


def definition(**parts):
    return TemplateDraft(**IDENTITY, **parts).registration("a.json").definition


def nested(levels, make=ARRAY):
    record = 1
    for _ in range(levels):
        record = make(record)
    return record


@pytest.mark.parametrize("levels", [1, 30, 31, 32, MAX_DEPTH - 1, MAX_DEPTH, 255, 1_000])
@pytest.mark.parametrize("make", [ARRAY, OBJECT])
@pytest.mark.parametrize("schema", [None, {"type": ["array", "object"]}])
def test_records_may_be_nested_as_deep_as_they_can_be_read(levels, make, schema):
    record = nested(levels, make)
    found = definition(schema=schema, records=[record])

    assert found.default_record_count == 1
    # The sample is an array of records, which is one level more.
    assert found.sample_data == ([record] if levels < MAX_DEPTH else [])


@pytest.mark.parametrize("make", [ARRAY, OBJECT])
def test_the_schema_of_records_nested_without_end_can_be_stored(make):
    mixed = [nested(200, make), nested(200, lambda inner: OBJECT(ARRAY(inner))), {"a": 1}, [1]]
    assert storable_json(definition(records=mixed).schema)


def test_a_schema_nested_deeper_than_an_event_can_hold_is_refused():
    with pytest.raises(ValidationError, match=f"nested more than {MAX_DEPTH} levels deep"):
        definition(schema=nested(MAX_DEPTH + 1, lambda inner: {"not": inner}))


def test_there_has_to_be_something_to_learn_from():
    with pytest.raises(ValidationError, match="there are neither records nor a schema"):
        definition()
    assert definition(schema={}).schema == {}


def test_records_that_json_cannot_hold_are_in_no_sample():
    found = definition(records=[HALF, {"name": "Ann"}])

    assert found.sample_data == [{"name": "Ann"}]
    assert (found.default_record_count, found.default_size_mb) == (2, 0.0)


def test_a_declared_schema_cannot_be_held_against_what_json_cannot_hold():
    schema = {"properties": {"name": {"pattern": "^A"}}}
    with pytest.raises(InvalidValue, match="The value at record 2 cannot be recorded"):
        definition(schema=schema, records=[{"name": "Ann"}, HALF])


@pytest.mark.parametrize("count", [2**53 + 1, -1])
def test_a_count_is_one_that_every_program_can_read(count):
    assert definition(schema={}, default_record_count=2**53).default_record_count == 2**53
    with pytest.raises(ValidationError, match="default_record_count"):
        definition(schema={}, default_record_count=count)
