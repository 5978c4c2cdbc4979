"""What a template tells of the persons in the records it is learnt from."""

import json

import jsonschema_rs
import pytest

from registry.template_draft import TemplateDraft

IDENTITY = {"industry": "retail", "use_case": "support", "dataset_type": "zendesk_tickets"}
RECORDS = [
    {"requester": {"name": name, "email": f"{name.split()[0].lower()}@shop.example"}, "number": n}
    for n, name in enumerate(["Priya Sharma", "John Smith", "Maria Garcia", "Ravi Patel"])
]
TOLD = ("Priya", "Sharma", "priya@", "Ravi")


def definition(**options):
    return TemplateDraft(**IDENTITY, records=RECORDS, **options).registration("a.json").definition


def test_neither_sample_nor_statistics_nor_schema_tell_of_a_person():
    found = definition()
    told = json.dumps([found.sample_data, found.statistics, found.schema])
    assert not [word for word in TOLD if word in told]
    assert [each["number"] for each in found.sample_data] == [0, 1, 2, 3]


def test_a_masked_sample_is_valid_under_the_schema():
    found = definition()
    validator = jsonschema_rs.validator_for(found.schema, validate_formats=True)
    assert all(validator.is_valid(record) for record in found.sample_data)


def test_fields_say_what_they_mean_and_whether_that_is_private():
    classes = {each["path"]: each["semantic_class"] for each in definition().statistics["fields"]}
    assert (classes["requester.email"]["name"], classes["requester.email"]["private"]) == (
        "email",
        True,
    )
    assert classes["number"] is None


def test_a_repeated_registration_says_the_same():
    assert definition().digest == definition().digest


@pytest.mark.parametrize(("samples", "kept"), [("raw", RECORDS), ("none", [])])
def test_samples_are_kept_as_they_are_or_not_at_all_when_that_is_wanted(samples, kept):
    assert definition(samples=samples).sample_data == kept
