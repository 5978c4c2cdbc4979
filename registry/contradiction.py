"""Where data show something else than what was said of their fields."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jsonschema_rs

from registry.field_path import member_of, steps_of
from registry.refined_schema import refined
from registry.refinement import Pins, type_of
from registry.review import fields_in
from registry.text import JsonObject

VALUES_TOLD: Final = 3
"""How many values that contradict a refinement are told."""

_CUT: Final = "…"
"""What a long text in the statistics ends with."""


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """What was `found` in the data that contradicts the `pin` of a field, such as its `enum`.

    The pin is `field` where the data have no such field any more.
    """

    field: str
    pin: str
    found: str

    def __str__(self) -> str:
        if self.pin == "field":
            return f"{self.field} was refined, but {self.found}"
        return f"{self.field}: its {self.pin} was refined, but {self.found}"


def contradictions(
    schema: JsonObject, statistics: JsonObject, sample: Iterable[Any], pins: Mapping[str, Pins]
) -> list[Contradiction]:
    """Return what a definition's schema, statistics and sample show against refinements.

    Values of private fields are not looked at, since stand-ins take their places.
    """
    if not pins:
        return []
    records = list(sample)
    facts = {str(field.get("path")): field for field in fields_in(statistics)}
    misplaced = refined(schema, pins).misplaced
    return [
        Contradiction(field=path, pin=pin, found=found)
        for path, said in sorted(pins.items())
        for pin, found in (
            [("field", "the data have no such field")]
            if path in misplaced
            else _found_against(said, facts.get(path, {}), records, path)
        )
    ]


def _found_against(
    said: Pins, facts: Mapping[str, Any], records: Iterable[Any], path: str
) -> Iterator[tuple[str, str]]:
    meaning = facts.get("semantic_class")
    is_private = isinstance(meaning, dict) and meaning.get("private", True)
    values = [] if is_private else _distinct(_values(facts, records, path))
    if said.type is not None:
        open_types = {*said.type, "integer"} if "number" in said.type else set(said.type)
        types = {*facts.get("types", ()), *map(type_of, values)} - open_types
        if types:
            yield "type", f"there are values of type {' and '.join(sorted(types))}"
    if said.enum:
        allowed = set(map(_text, said.enum))
        others = [text for text in map(_text, values) if text not in allowed]
        if others:
            yield "enum", f"there are {_told(others)}"
    if said.format:
        validator = jsonschema_rs.validator_for({"format": said.format}, validate_formats=True)
        wrong = [_text(value) for value in values if not validator.is_valid(value)]
        if wrong:
            yield "format", f"there are {_told(wrong)}"
    if said.required and facts.get("missing_share", 0) > 0:
        yield "required", "some records lack it"
    if said.key and facts.get("null_share", 0) > 0:
        yield "key", "some records have null there"


def _values(facts: Mapping[str, Any], records: Iterable[Any], path: str) -> Iterator[Any]:
    for top in facts.get("top_values", ()):
        if not str(top["value"]).endswith(_CUT):
            yield top["value"]
    steps = steps_of(path)
    for record in records:
        yield from _values_at(record, steps)


def _values_at(value: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    step, *later = steps
    match step, value:
        case "[]", list():
            below: Iterable[Any] = value
        case "{}", dict():
            below = value.values()
        case _, dict():
            name = member_of(step)
            below = [value[name]] if name in value else []
        case _:
            below = []
    for each in below:
        yield from _values_at(each, later)


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list({_text(value): value for value in values}.values())


def _text(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return json.dumps(int(value) if whole else value, ensure_ascii=False, sort_keys=True)


def _told(values: list[str]) -> str:
    shown = ", ".join(f"{value:.40}" for value in sorted(values)[:VALUES_TOLD])
    return shown + (", …" if len(values) > VALUES_TOLD else "")
