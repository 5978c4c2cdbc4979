"""What of a thing is searched, and how what was found in it is shown."""

import re
from html import unescape
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections.search.fields import MOST_FIELDS, searched_fields, stated_anew
from projections.search.highlights import SNIPPET, marked
from projections.search.words import split_words
from registry.refined_schema import refined
from registry.refinement import JsonType, Pins

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["properties", "items", "type", "description", "fields", "path", "a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def test_fields_are_told_by_the_schema_and_classes_by_the_statistics() -> None:
    schema = {
        "properties": {
            "author": {
                "type": ["null", "object"],
                "properties": {"email": {"type": "string", "description": "Where to write"}},
            },
            "tags": {"type": "array", "items": {"properties": {"key": True}}},
        }
    }
    profiles = [
        {"path": "$"},
        {"path": "author.email", "semantic_class": {"name": "email"}},
        {"path": "extra"},
    ]
    assert searched_fields(schema, {"fields": profiles}) == [
        {"path": "author", "type": "object"},
        {
            "path": "author.email",
            "type": "string",
            "description": "Where to write",
            "semantic_class": "email",
        },
        {"path": "tags", "type": "array"},
        {"path": "tags[].key"},
        {"path": "extra"},
    ]


@given(JSON, JSON)
def test_whatever_an_author_wrote_as_schema_and_statistics_is_read(
    schema: Any, statistics: Any
) -> None:
    for field in searched_fields(schema, statistics):
        assert isinstance(field["path"], str)


def test_a_template_has_no_more_fields_than_are_searched() -> None:
    schema = {"properties": {f"field_{number}": {} for number in range(2 * MOST_FIELDS)}}
    assert len(searched_fields(schema, {})) == MOST_FIELDS


def test_words_are_marked_as_they_are_written_and_everything_else_is_escaped() -> None:
    assert marked("Account & accountIds <b>", frozenset({"account"})) == (
        "<mark>Account</mark> &amp; <mark>account</mark>Ids &lt;b&gt;"
    )


def test_a_long_text_is_cut_to_the_part_around_the_first_word_found() -> None:
    text = f"{'before ' * 60}needle {'behind ' * 60}"
    shown = marked(text, frozenset({"needle"}))
    assert shown.startswith("…before")
    assert shown.endswith("…")
    assert "<mark>needle</mark>" in shown
    assert len(shown) <= SNIPPET + len("……<mark></mark>")


@given(st.text("aB1é <>&\"'_-", max_size=80), st.sampled_from(["a", "b", "1", "e", "aa"]))
def test_a_marked_text_is_still_the_same_text(text: str, word: str) -> None:
    shown = marked(text, frozenset({word}))
    assert unescape(re.sub("</?mark>", "", shown)) == text
    if word in split_words(text):
        assert "<mark>" in shown


PATHS = ["ref", "author", "author.mail", "tags", "tags[]", "prices{}"]
CLASSES = st.sampled_from([None, "phone", "person_name"])
SCHEMA = {
    "properties": {
        "ref": {"type": "string", "description": "Found."},
        "author": {"anyOf": [{"properties": {"mail": {"type": "string"}}}, {"type": "null"}]},
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
        "prices": {"type": "object", "additionalProperties": {"type": "number"}},
    }
}
PINS = st.builds(
    Pins,
    type=st.sampled_from([None, [JsonType.STRING], [JsonType.OBJECT, JsonType.NULL]]),
    description=st.sampled_from([None, "", "Told."]),
    semantic_class=st.sampled_from([None, "", "order_number"]),
)
SAID = st.dictionaries(st.sampled_from(PATHS), PINS)


@given(classes=st.fixed_dictionaries(dict.fromkeys(PATHS, CLASSES)), said=st.lists(SAID))
def test_fields_refined_step_by_step_are_those_of_the_schema_that_this_leads_to(
    classes: dict[str, str | None], said: list[dict[str, Pins]]
) -> None:
    profiles = [
        {"path": path, "semantic_class": name and {"name": name}} for path, name in classes.items()
    ]
    statistics = {"fields": [{"path": "prices"}, *profiles]}
    fields = searched_fields(SCHEMA, statistics)
    for pins in said:
        schema = refined(SCHEMA, pins).schema
        fields = stated_anew(fields, schema)
    if said:
        assert sorted(fields, key=_path) == sorted(searched_fields(schema, statistics), key=_path)


def _path(field: dict[str, Any]) -> str:
    return str(field["path"])
