"""What is annotated in a schema counts over what was found in data."""

import pytest

from registry.field_meanings import fields_of, found_key, primary_key, stated_classes
from registry.refined_schema import refined
from registry.refinement import Pins

SCHEMA = {
    "properties": {
        "a.b": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "prices": {"additionalProperties": {"type": "number"}},
        "author": {"anyOf": [{"properties": {"mail": True}}, {"type": "null"}]},
    }
}


def test_fields_have_the_paths_by_which_they_are_refined():
    paths = [path for path, _ in fields_of(SCHEMA)]
    assert paths == ['"a.b"', "tags", "tags[]", "prices", "prices{}", "author", "author.mail"]
    said = {path: Pins(semantic_class="code_name") for path in paths}
    assert refined(SCHEMA, said).misplaced == ()
    assert stated_classes(refined(SCHEMA, said).schema) == dict.fromkeys(paths, "code_name")


def test_what_is_denied_stays_in_the_schema_and_what_is_left_to_inference_does_not():
    said = {"tags": Pins(semantic_class="", key=False), "prices": Pins(description="")}
    properties = refined(SCHEMA, said).schema["properties"]
    assert properties["tags"] == SCHEMA["properties"]["tags"] | {
        "x-semantic-class": "",
        "x-key": False,
    }
    assert properties["prices"] == SCHEMA["properties"]["prices"]


@pytest.mark.parametrize(
    ("found", "said", "key"),
    [
        ([], {}, []),
        (["a", "b"], {}, ["a", "b"]),
        (["a", "b"], {"a": True}, ["a", "b"]),
        (["a", "b"], {"c": True}, ["c"]),
        (["a", "b"], {"b": False}, []),
        (["a", "b"], {"a": True, "b": False}, ["a"]),
        ([], {"a": True, "c": True}, ["a", "c"]),
    ],
)
def test_keys_that_are_said_replace_the_one_found_unless_they_are_part_of_it(found, said, key):
    schema = {"properties": {name: {"x-key": is_key} for name, is_key in said.items()}}
    assert primary_key(schema, found) == key
    assert primary_key({"allOf": [schema, True]}, found) == key


@pytest.mark.parametrize("keys", [None, {}, {"primary_keys": {}}, {"primary_keys": {"t": [1]}}])
def test_statistics_that_tell_no_key_are_read(keys):
    assert found_key({"keys": keys}) == []
