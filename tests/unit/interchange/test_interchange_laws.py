"""What is written in a format and read again is the same template."""

import json
from contextlib import suppress

import pytest
from definitions import JSON, ORDERS, REFINED, definitions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.template_file import EXTENSIONS
from registry.errors import InvalidValue
from registry.interchange import FORMATS, Publication
from tests.rounds import rounds

READ = [name for name, each in FORMATS.items() if each.resources]
PUBLISHED = Publication(
    url="https://registry.test/v1/dataops/templates/1",
    issued="2026-01-31T12:00:00Z",
    modified="2026-02-01T12:00:00Z",
    version=3,
)


def sent(document):
    """The document as another system gets it."""
    return json.loads(json.dumps(document))


@settings(max_examples=rounds(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(definition=definitions)
def test_what_is_written_and_read_again_is_the_same_template(definition):
    for name in READ:
        read = FORMATS[name].read(sent(FORMATS[name].write(definition, PUBLISHED)))
        assert read == definition, name
        assert read.digest == definition.digest, name


def test_exports_are_told_by_the_members_that_carry_templates():
    assert {FORMATS[name].key for name in READ} == EXTENSIONS


def test_all_formats_but_dcat_are_read():
    assert {"dcat", *READ} == {"jsonschema", "croissant", "datapackage", "csvw", "dcat"}


@pytest.mark.parametrize("name", READ)
def test_what_somebody_changes_in_the_words_of_the_format_counts(name):
    document = FORMATS[name].write(ORDERS)
    titles = {
        "jsonschema": "title",
        "croissant": "name",
        "datapackage": "title",
        "csvw": "dc:title",
    }
    document[titles[name]] = "Orders of all shops"
    read = FORMATS[name].read(sent(document))
    assert read.name == "Orders of all shops"
    assert (read.schema, read.sample_data) == (ORDERS.schema, ORDERS.sample_data)


def test_a_type_that_somebody_changes_in_a_data_package_changes_the_schema():
    document = sent(FORMATS["datapackage"].write(ORDERS))
    [total] = [
        field for field in document["resources"][0]["schema"]["fields"] if field["name"] == "total"
    ]
    total["type"] = "integer"
    read = FORMATS["datapackage"].read(document)
    assert read.schema["properties"]["total"] == {"type": ["integer", "null"]}
    assert read.quality_rules == ORDERS.quality_rules


KEYS = {
    "croissant": lambda document: [each["@id"] for each in document["recordSet"][0]["key"]],
    "datapackage": lambda document: document["resources"][0]["schema"]["primaryKey"],
    "csvw": lambda document: document["tableSchema"]["primaryKey"],
}
FIELDS = {
    "croissant": ("equivalentProperty", lambda document: document["recordSet"][0]["field"]),
    "datapackage": ("rdfType", lambda document: document["resources"][0]["schema"]["fields"]),
    "csvw": ("propertyUrl", lambda document: document["tableSchema"]["columns"]),
}


@pytest.mark.parametrize("name", FIELDS)
def test_keys_and_meanings_are_those_that_people_say_in_the_words_of_the_format(name):
    document = sent(FORMATS[name].write(REFINED))
    assert [key.removeprefix("orders/") for key in KEYS[name](document)] == ["ordered_at"]
    member, fields = FIELDS[name]
    terms = [each[member] for each in fields(document) if member in each]
    assert terms == ["https://schema.org/email", "urn:dataset-registry:class:order_number"]
    assert FORMATS[name].read(document) == REFINED


@pytest.mark.parametrize("name", FIELDS)
def test_a_meaning_that_somebody_changes_in_the_words_of_the_format_counts(name):
    document = sent(FORMATS[name].write(REFINED))
    member, fields = FIELDS[name]
    next(each for each in fields(document) if member in each)[member] = (
        "http://schema.org/telephone"
    )
    properties = FORMATS[name].read(document).schema["properties"]
    assert properties["e-mail"]["x-semantic-class"] == "phone"


def changed_somewhere(document, choose, value):
    """The document with another value at one place of it, in any depth."""
    while isinstance(document, dict | list) and document and choose(st.booleans()):
        places = list(document) if isinstance(document, dict) else range(len(document))
        place = choose(st.sampled_from(list(places)))
        inner = changed_somewhere(document[place], choose, value)
        if isinstance(document, dict):
            return {**document, place: inner}
        return [*document[:place], inner, *document[place + 1 :]]
    return value


@settings(max_examples=rounds(150), deadline=None)
@given(data=st.data())
def test_a_document_with_anything_in_it_is_read_or_refused(data):
    name = data.draw(st.sampled_from(READ))
    value = data.draw(JSON)
    changed = changed_somewhere(FORMATS[name].write(ORDERS), data.draw, value)
    if isinstance(changed, dict):
        with suppress(InvalidValue):
            FORMATS[name].resources(changed)
        with suppress(InvalidValue):
            FORMATS[name].read(changed)


@pytest.mark.parametrize("name", READ)
def test_a_document_of_another_product_is_no_export(name):
    chosen = FORMATS[name]
    document = {part: v for part, v in chosen.write(ORDERS).items() if part != chosen.key}
    with pytest.raises(InvalidValue, match="it is no export"):
        chosen.read(document)


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize(
    "extension", [1, [], "{", {"@value": "{"}, {"identity": 1}, {"tags": {"a": 1}}]
)
def test_a_broken_extension_is_refused_with_its_place(name, extension):
    if isinstance(extension, dict):
        extension = {"format": name, **extension}
    document = {**FORMATS[name].write(ORDERS), FORMATS[name].key: extension}
    with pytest.raises(InvalidValue) as refused:
        FORMATS[name].read(document)
    assert refused.value.facts["place"]
