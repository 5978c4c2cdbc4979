"""Where inference is not sure of a template's fields, so that a person should look."""

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from registry.text import JsonObject

SURE_ENOUGH: Final = 0.9
"""The least certainty, 0 to 1, of a field's type that nobody need look at.

It is the rule of succession's for eight values of which each is of the type.
"""

CLASS_SURE_ENOUGH: Final = 2 / 3
"""The least certainty of what a field's values stand for, where that is told at all: two to one."""


@dataclass(frozen=True, kw_only=True)
class UnsureField:
    """A field of whose `aspect`, `type` or `semantic_class`, inference is not sure.

    `inferred` is what it takes it for, null for nothing, and `certainty` how sure that is, 0 to 1.
    """

    field: str
    aspect: str
    inferred: str | None
    certainty: float

    def is_same(self, other: "UnsureField") -> bool:
        """Whether a person who has looked at the one has looked at the other."""
        return (self.field, self.aspect, self.inferred) == (
            other.field,
            other.aspect,
            other.inferred,
        )


def unsure_fields(statistics: JsonObject) -> list[UnsureField]:
    """Return the fields that inference is not sure of, by a definition's statistics."""
    return [unsure for field in fields_in(statistics) for unsure in _unsure_of(field)]


def left_to_review(
    unsure: Iterable[UnsureField], refined: Container[str], approved: Collection[UnsureField]
) -> list[UnsureField]:
    """Return those fields of which people have neither said what they are nor approved."""
    return [
        each
        for each in unsure
        if each.field not in refined and not any(each.is_same(known) for known in approved)
    ]


def fields_in(statistics: JsonObject) -> list[dict[str, Any]]:
    """Return the statistics of each field."""
    found = statistics.get("fields")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _unsure_of(field: dict[str, Any]) -> Iterator[UnsureField]:
    path, types = str(field.get("path")), field.get("types")
    certainty, inferred = field.get("certainty"), field.get("class")
    if types and set(types) == {"null"}:
        yield UnsureField(field=path, aspect="type", inferred=None, certainty=0.0)
    elif certainty is not None and certainty < SURE_ENOUGH:
        yield UnsureField(
            field=path, aspect="type", inferred=inferred, certainty=round(certainty, 3)
        )
    meaning = field.get("semantic_class")
    if meaning and meaning["certainty"] < CLASS_SURE_ENOUGH:
        yield UnsureField(
            field=path,
            aspect="semantic_class",
            inferred=meaning["name"],
            certainty=meaning["certainty"],
        )
