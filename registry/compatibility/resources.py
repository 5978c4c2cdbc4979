"""The resources of one schema document: where each subschema is, and what a reference leads to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import unquote, urldefrag, urljoin

from registry.compatibility.undecided import Undecided
from registry.text import escaped, steps_in

RawSchema: TypeAlias = dict[str, Any] | bool

MAX_LEVELS: Final = 128
"""Levels of nesting that are looked into."""
MAX_PLACES: Final = 20_000
"""Subschemas that are looked into."""

_SINGLE: Final = frozenset(
    (
        *("not", "if", "then", "else", "items", "additionalItems", "unevaluatedItems"),
        *("contains", "additionalProperties", "unevaluatedProperties", "propertyNames"),
        "contentSchema",
    )
)
_LISTED: Final = frozenset(("allOf", "anyOf", "oneOf", "prefixItems", "items"))
_NAMED: Final = frozenset(
    ("properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions")
)
SUBSCHEMAS: Final = _SINGLE | _LISTED | _NAMED | {"$ref", "$dynamicRef", "$recursiveRef"}
"""All keywords that have subschemas or lead to one."""
_NAMES: Final = frozenset(("id", "$id", "$anchor", "$dynamicAnchor"))
_DRAFTS: Final = {
    "http://json-schema.org/draft-04/schema": 4,
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft/2019-09/schema": 2019,
    "https://json-schema.org/draft/2020-12/schema": 2020,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A subschema in its document.

    Attributes:
        pointer: JSON pointer to it.
        schema: the subschema as it is written.
        base: the URI that its references are relative to.
    """

    pointer: str
    schema: RawSchema
    base: str


def draft_of(schema: RawSchema) -> int:
    """Return the draft that a schema is written in: 4, 6, 7, 2019, or 2020 if it does not say.

    Raises:
        Undecided: it names a dialect of its own.
    """
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    if uri is None:
        return 2020
    draft = _DRAFTS.get(uri.rstrip("#")) if isinstance(uri, str) else None
    if draft is None:
        raise Undecided(f"$schema {uri!r:.100}")
    return draft


class Resources:
    """The places of a document, found by pointer, identifier or anchor; nothing is fetched."""

    def __init__(self, document: RawSchema):
        self.draft = draft_of(document)
        self.root = Place("", document, "")
        self._document = document
        self._places: dict[str, Place] = {}
        self._identified: dict[str, Place] = {}
        self._anchored: dict[tuple[str, str], Place] = {}
        self.dynamic_anchors: dict[str, list[Place]] = {}
        self._walk(self.root)

    def at(self, pointer: str, base: str) -> Place:
        """Return the subschema at a pointer into the document.

        Raises:
            Undecided: there is none.
        """
        if pointer not in self._places:
            value = _value_at(self._document, pointer)
            if not isinstance(value, dict | bool):
                raise Undecided(f"$ref to {pointer!r:.100}, where no schema is")
            self._walk(Place(pointer, value, base))
        return self._places[pointer]

    def referred(self, reference: Any, base: str) -> Place:
        """Return the subschema that a reference leads to.

        Raises:
            Undecided: it leads out of the document, or nowhere.
        """
        if not isinstance(reference, str):
            raise Undecided(f"$ref {reference!r:.100}")
        uri, fragment = urldefrag(urljoin(base, reference) if reference else base)
        resource = self._identified.get(uri)
        if resource is None and uri in ("", self.root.base):
            resource = self.root
        if resource is None:
            raise Undecided(f"$ref to {reference!r:.100} elsewhere")
        fragment = unquote(fragment)
        if not fragment:
            return resource
        if fragment.startswith("/"):
            return self.at(resource.pointer + fragment, resource.base)
        if found := self._anchored.get((resource.base, fragment)):
            return found
        raise Undecided(f"$ref to {reference!r:.100}, an anchor that is not there")

    def _walk(self, start: Place) -> None:
        """Register a place and all subschemas below, without recursion."""
        waiting = [(start, 0)]
        while waiting:
            place, level = waiting.pop()
            if level > MAX_LEVELS or len(self._places) > MAX_PLACES:
                raise Undecided(f"a schema of more than {MAX_LEVELS} levels or {MAX_PLACES} parts")
            place = self._named(place)
            self._places[place.pointer] = place
            if isinstance(place.schema, dict) and not place.schema.keys().isdisjoint(SUBSCHEMAS):
                below = _below(place.schema, place)
                waiting.extend((each, level + 1) for each in below)

    def _named(self, place: Place) -> Place:
        """Register the names that a place gives itself, and return it with its own base."""
        schema = place.schema
        if not isinstance(schema, dict) or schema.keys().isdisjoint(_NAMES):
            return place
        if self.draft < 2019 and "$ref" in schema:
            return place
        anchors = [schema.get("$anchor"), schema.get("$dynamicAnchor")]
        identifier = schema.get("id" if self.draft == 4 else "$id")
        if isinstance(identifier, str):
            uri, fragment = urldefrag(urljoin(place.base, identifier))
            anchors.append(fragment if self.draft < 2019 else None)
            if uri and uri != place.base:
                place = Place(place.pointer, schema, uri)
                self._identified[uri] = place
                if not place.pointer:
                    self.root = place
        for anchor in anchors:
            if isinstance(anchor, str) and anchor:
                self._anchored[place.base, anchor] = place
        if isinstance(schema.get("$dynamicAnchor"), str):
            self.dynamic_anchors.setdefault(schema["$dynamicAnchor"], []).append(place)
        return place

    @property
    def is_one_resource(self) -> bool:
        """Whether no subschema is a resource of its own, with an identifier of its own."""
        return all(place is self.root for place in self._identified.values())


def _below(schema: dict[str, Any], place: Place) -> Iterator[Place]:
    for keyword, value in schema.items():
        start = f"{place.pointer}/{escaped(keyword)}"
        if keyword in _SINGLE and isinstance(value, dict | bool):
            yield Place(start, value, place.base)
        elif keyword in _LISTED and isinstance(value, list):
            for index, each in enumerate(value):
                if isinstance(each, dict | bool):
                    yield Place(f"{start}/{index}", each, place.base)
        elif keyword in _NAMED and isinstance(value, dict):
            for name, each in value.items():
                if isinstance(each, dict | bool):
                    yield Place(f"{start}/{escaped(name)}", each, place.base)


def _value_at(document: Any, pointer: str) -> Any:
    value = document
    for step in steps_in(pointer):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
