"""What a registration may tell of its records."""

import json
from dataclasses import asdict, dataclass, fields

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference import FieldStatistics, Shape, field_statistics, infer_schema
from registry.privacy import Privacy, SamplePolicy

PEOPLE = [
    {
        "id": number,
        "customer": {"name": name, "email": address, "phones": [f"+49 30 90182{number:03}"]},
        "dob": f"19{80 + number}-05-17",
        "status": "open",
        "note": f"{name} wrote from {address}.",
        "score": {"lat": 52.52 + number / 1000, "points": number},
    }
    for number, (name, address) in enumerate(
        [
            ("Maria Keller", "maria.k@example.org"),
            ("John O'Neil", "oneil@example.com"),
            ("Priya Raman", "priya@mail.example"),
        ]
    )
]
SECRETS = ["Maria", "Keller", "O'Neil", "Raman", "example.org", "90182", "05-17", "52.52"]


def learnt(records):
    shape = Shape()
    shape.observe_all(records)
    return field_statistics(shape), infer_schema(shape)


def told(privacy, records):
    statistics, schema = learnt(records)
    return json.dumps(
        [
            privacy.records(records),
            [asdict(each) for each in privacy.statistics(statistics)],
            privacy.schema(schema),
        ],
        ensure_ascii=False,
    )


def test_private_fields_are_found_at_every_depth():
    private = {
        path: found.name
        for path, found in Privacy.of(learnt(PEOPLE)[0]).classes.items()
        if found.private
    }

    assert private == {
        "customer.name": "person_name",
        "customer.email": "email",
        "customer.phones[]": "phone",
        "dob": "date_of_birth",
        "score.lat": "geo_coordinates",
    }


def test_nothing_that_is_told_holds_a_private_value():
    report = told(Privacy.of(learnt(PEOPLE)[0]), PEOPLE)

    assert not [secret for secret in SECRETS if secret in report]
    assert "open" in report


def test_raw_tells_all():
    privacy = Privacy.of(learnt(PEOPLE)[0], SamplePolicy.RAW)

    assert privacy.records(PEOPLE) == PEOPLE
    assert all(secret in told(privacy, PEOPLE) for secret in SECRETS)


def test_none_keeps_no_record_and_masks_statistics():
    privacy = Privacy.of(learnt(PEOPLE)[0], SamplePolicy.NONE)

    assert privacy.records(PEOPLE) == []
    assert not [secret for secret in SECRETS if secret in told(privacy, PEOPLE)]


def test_records_that_did_not_change_are_told_alike_in_every_scan():
    assert told(Privacy.of(learnt(PEOPLE)[0]), PEOPLE) == told(
        Privacy.of(learnt(PEOPLE)[0]), PEOPLE
    )


def test_a_value_has_one_stand_in_in_records_statistics_and_texts():
    statistics, _ = learnt(PEOPLE)
    privacy = Privacy.of(statistics)

    first = privacy.records(PEOPLE)[0]
    address = first["customer"]["email"]

    assert first["note"] == f"{first['customer']['name']} wrote from {address}."
    top_values = {each.path: each.top_values for each in privacy.statistics(statistics)}
    assert address in [top.value for top in top_values["customer.email"]]


def test_a_name_too_rare_for_the_statistics_is_masked_in_the_text_beside_it():
    rare = {"author": "Xu Qivon", "note": "Approved by Xu Qivon."}
    often = [{"author": name, "note": ""} for name in ["Ana Kov", "Bob Ray"] * 10]
    records = [*often, *({"author": f"Eva M{'a' * number}"} for number in range(1, 10)), rare]

    masked = Privacy.of(learnt(records)[0]).records([rare])

    assert masked[0]["note"] == f"Approved by {masked[0]['author']}."


def test_counts_and_lengths_of_private_fields_remain():
    statistics, _ = learnt(PEOPLE)

    for before, after in zip(
        statistics, Privacy.of(statistics).statistics(statistics), strict=True
    ):
        assert (before.path, before.count, before.types) == (after.path, after.count, after.types)
        assert (before.distinct, before.mean_characters) == (after.distinct, after.mean_characters)
        assert len(before.top_values) == len(after.top_values)


def test_a_statistic_that_is_not_known_to_be_harmless_is_not_told_of_private_fields():
    @dataclass(frozen=True, kw_only=True)
    class MoreStatistics(FieldStatistics):
        rarest: object

    each = next(each for each in learnt(PEOPLE)[0] if each.path == "customer.email")
    known = {field.name: getattr(each, field.name) for field in fields(each)}
    statistics = [MoreStatistics(**known, rarest=["maria.k@example.org"])]

    assert Privacy.of(statistics).statistics(statistics)[0].rarest is None


def test_values_of_other_fields_stay_as_they_are():
    records = [{"status": "open", "amount": 12.5, "at": "2024-01-01T00:00:00Z", "ok": True}]
    statistics, schema = learnt(records)
    privacy = Privacy.of(statistics)

    assert privacy.records(records) == records
    assert privacy.statistics(statistics) == statistics
    assert privacy.schema(schema) == schema


def test_the_values_of_a_map_are_masked():
    records = [{"phones": {f"key{number}": f"555 01{number:03}" for number in range(300)}}]
    statistics, _ = learnt(records)
    privacy = Privacy.of(statistics)

    assert "phones{}" in privacy.classes
    masked = privacy.records(records)[0]["phones"]
    assert masked.keys() == records[0]["phones"].keys()
    assert sum(masked[key] == value for key, value in records[0]["phones"].items()) < 30


def test_keys_that_tell_of_a_person_are_masked_alike_in_records_schema_and_paths():
    records = [{"ana@example.org": 1, "b@example.org": 2}]
    statistics, schema = learnt(records)
    privacy = Privacy.of(statistics)

    masked = privacy.records(records)[0]

    assert sorted(masked) == sorted(privacy.schema(schema)["properties"])
    paths = [each.path for each in privacy.statistics(statistics)]
    assert paths == ["$", *(json.dumps(key) if "." in key else key for key in masked)]
    assert "example.org" not in told(privacy, records)


def test_an_enumeration_of_names_is_left_out_of_the_schema():
    names = ["Maria Keller", "John O'Neil", "Priya Raman"]
    schema = {
        "type": "object",
        "properties": {
            "author": {"anyOf": [{"type": "string", "enum": names}, {"type": "null"}]},
            "tags": {"type": "array", "items": {"enum": ["x", "y"]}},
        },
    }
    records = [{"author": name, "tags": ["x"]} for name in names]

    masked = Privacy.of(learnt(records)[0]).schema(schema)

    assert masked["properties"] == {
        "author": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "tags": schema["properties"]["tags"],
    }


def test_an_enumeration_of_names_is_left_out_of_definitions_too():
    node = {
        "type": "object",
        "properties": {
            "author": {"type": "string", "enum": ["Maria Keller"]},
            "state": {"type": "string", "enum": ["open"]},
            "replies": {"type": "array", "items": {"$ref": "#/$defs/post"}},
        },
    }
    records = [{"post": {"author": "Maria Keller", "state": "open", "replies": []}}]

    masked = Privacy.of(learnt(records)[0]).schema({"$defs": {"post": node}})

    properties = masked["$defs"]["post"]["properties"]
    assert properties == node["properties"] | {"author": {"type": "string"}}


@pytest.mark.parametrize("field", ["name", "owner"])
def test_a_name_nobody_knows_is_found_by_the_address_beside_it(field):
    def found_in(records):
        return Privacy.of(learnt(records)[0]).classes.get(field)

    person = found_in([{field: "Xu Qivon", "email": "qivon.xu@example.org"}])

    assert person
    assert person.private
    assert found_in([{field: "Xu Qivon Tools", "email": "info@example.org"}]) is None


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    st.sampled_from(["a@example.org", "Maria Keller", "4111111111111111", "1980-05-17", "N/A"]),
    st.sampled_from(["GB29NWBK60161331926819", "+49 30 901820", "52.5200,13.4050", "tel:+4930901"]),
)
names = st.sampled_from(
    ["email", "phone", "name", "author", "dob", "lat", "iban", "card_number", "ssn", "address", "x"]
)
documents = st.recursive(
    values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)
)


@given(st.lists(st.dictionaries(names, documents, max_size=4), min_size=1, max_size=4))
def test_masked_records_are_valid_under_the_masked_schema(records):
    statistics, schema = learnt(records)
    privacy = Privacy.of(statistics)
    validator = jsonschema_rs.validator_for(privacy.schema(schema), validate_formats=True)

    masked = privacy.records(records)

    assert len(masked) == len(records)
    for record in masked:
        validator.validate(record)
