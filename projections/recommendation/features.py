"""The template_features read model: what recommendation looks at of every template, in short."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Column, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from projections.read_model import Document, ReadModel, touched
from projections.recommendation.words import stem, stems, telling, words
from projections.shown_schema import shown_schema
from registry.field_meanings import (
    found_class,
    found_key,
    primary_key,
    stated_classes,
    stated_keys,
)
from registry.privacy.private_classes import PRIVATE
from registry.review import CLASS_SURE_ENOUGH, fields_in
from registry.store import RecordedEvent

MOST_FIELDS = 300
MOST_WORDS = 200
DEEPEST = 8

KEY_SUFFIXES = frozenset(["code", "id", "key", "number", "ref", "reference", "sha", "uuid"])
"""The last word of a field's name that makes it a key."""

_NESTING = frozenset(["additionalProperties", "allOf", "anyOf", "items", "oneOf", "properties"])

_PART = 1 / 8
"""What each of the things that a template can tell of itself counts."""

OWN_KEYS = ("id", "key", "number", "uuid", "sha", "full_name")
"""Names under which records have a key of their own."""


def columns() -> list[Column[Any]]:
    """Return the table's columns. Text is ordered by its bytes, so that a range is a prefix."""
    return [
        Column("template_id", Uuid, primary_key=True),
        Column("industry", Text(collation="C"), nullable=False),
        Column("use_case", Text(collation="C"), nullable=False),
        Column("dataset_type", Text(collation="C"), nullable=False),
        Column("status", Text, nullable=False),
        Column("merit", Integer, nullable=False),
        Column("terms", ARRAY(Text), nullable=False),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the indexes by which candidates are found, the better described ones first."""
    ranked = ("merit", "template_id")
    active: dict[str, Any] = {"postgresql_where": text("status = 'active'")}
    return [
        Index(None, "industry", "use_case", "dataset_type", *ranked, **active),
        Index(None, "industry", "dataset_type", *ranked, **active),
        Index(None, "industry", *ranked, **active),
        Index(None, "use_case", "dataset_type", *ranked, **active),
        Index(None, "use_case", *ranked, **active),
        Index(None, "dataset_type", *ranked, **active),
        Index(None, "terms", postgresql_using="gin"),
    ]


def registered(before: Document, event: RecordedEvent) -> Document:
    """Return what matters of the template as it is defined first."""
    return _features(event, refined_fields=[])


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return what matters of the template as it is defined now; what people said of it stays."""
    return _features(event, refined_fields=before["refined_fields"])


def refined(before: Document, event: RecordedEvent) -> Document:
    """Return what matters of the template with what people say of its fields."""
    fields = sorted({*before["refined_fields"], *event.facts["fields"]})
    return _stated_anew(before, event, fields)


def withdrawn(before: Document, event: RecordedEvent) -> Document:
    """Return what matters of the template with a field left to inference again."""
    fields = [path for path in before["refined_fields"] if path != event.facts["field"]]
    return _stated_anew(before, event, fields)


def retired(before: Document, event: RecordedEvent) -> Document:
    """Return the template out of use."""
    return touched(before, event, status="retired")


def restored(before: Document, event: RecordedEvent) -> Document:
    """Return the template in use again."""
    return touched(before, event, status="active")


def _features(event: RecordedEvent, refined_fields: list[str]) -> Document:
    definition, schema = event.facts["definition"], shown_schema(event.facts)
    identity, custom = definition["identity"], definition["custom_fields"]
    personal = custom.get("contains_personal_data")
    names = ("name", "description")
    told = " ".join([*identity.values(), *definition["tags"], *(definition[n] for n in names)])
    paths = " ".join(islice(_paths(schema), MOST_FIELDS))
    document = {
        "template_id": event.facts["template_id"],
        **identity,
        "name": definition["name"],
        "status": "active",
        "words": sorted(telling(told) | telling(paths))[:MOST_WORDS],
        "record_count": definition["default_record_count"],
        "compliance": sorted({"".join(words(each)) for each in _listed(custom, "compliance")}),
        "regions": sorted({"_".join(words(each)) for each in _listed(custom, "region")}),
        "found": {
            "classes": dict(_sure_classes(definition["statistics"])),
            "key": found_key(definition["statistics"]),
            "personal_data": personal if isinstance(personal, bool) else None,
            "is_declared": definition["declared_schema"],
            "quality": quality(definition),
        },
    }
    return _stated_anew(document, event, refined_fields)


def _stated_anew(before: Document, event: RecordedEvent, refined_fields: list[str]) -> Document:
    """Return the features with those that follow from the schema, given what was found."""
    schema, found = shown_schema(event.facts), before["found"]
    paths = list(islice(_paths(schema), MOST_FIELDS))
    stated = stated_classes(schema)
    classes = {**found["classes"], **stated}
    names = {"_".join(stems(part)) for path in paths for part in _names(path)}
    return touched(
        before,
        event,
        fields=sorted(names | {"_".join(stems(each)) for each in classes.values() if each}),
        key=_own_key(schema, found["key"], paths, before["dataset_type"]),
        references=_references(paths),
        personal_data=_has_personal_data(stated, classes, found["personal_data"]),
        quality=found["quality"] + (0 if found["is_declared"] or not refined_fields else _PART),
        refined_fields=refined_fields,
    )


def _sure_classes(statistics: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the paths whose values surely enough stand for something, and for what."""
    for profile in fields_in(statistics):
        name = found_class(profile)
        if name and profile["semantic_class"].get("certainty", 1) >= CLASS_SURE_ENOUGH:
            yield str(profile.get("path")), name


def _has_personal_data(
    stated: Mapping[str, str], classes: Mapping[str, str], declared: bool | None
) -> bool:
    """Tell whether records hold personal data: as said of fields or of all of it, or as found."""
    if any(name in PRIVATE for name in stated.values()):
        return True
    return any(name in PRIVATE for name in classes.values()) if declared is None else declared


def quality(definition: Mapping[str, Any]) -> float:
    """Return how well a template is described, 0 to 1: the share of what it could tell.

    What people say of its fields counts as much as a schema that its author declared.
    """
    told = (
        definition["description"],
        definition["tags"],
        definition["declared_schema"],
        definition["schema"].get("properties") or definition["schema"].get("$defs"),
        definition["statistics"].get("fields"),
        len(definition["sample_data"]) >= 5,
        definition["default_record_count"],
        definition["quality_rules"],
    )
    return sum(map(bool, told)) * _PART


def _listed(custom: Mapping[str, Any], name: str) -> list[str]:
    """Return what a custom field tells, be it one text or a list of them."""
    value = custom.get(name) or custom.get(f"{name}s") or []
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def _paths(schema: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the path of every field of a JSON Schema, dots between the names."""
    if not isinstance(schema, dict) or depth > DEEPEST:
        return
    properties = schema.get("properties")
    for name, field in properties.items() if isinstance(properties, dict) else ():
        yield f"{path}{name}"
        if isinstance(field, dict) and not _NESTING.isdisjoint(field):
            yield from _paths(field, f"{path}{name}.", depth + 1)
    for part in ("items", "additionalProperties"):
        yield from _paths(schema.get(part), path, depth + 1)
    for part in ("anyOf", "oneOf", "allOf"):
        choices = schema.get(part)
        for choice in choices if isinstance(choices, list) else ():
            yield from _paths(choice, path, depth + 1)


def _names(path: str) -> list[str]:
    """Return the names under which a field may be asked for: its own, and with what it is in."""
    parts = path.split(".")
    return [parts[-1]] if len(parts) == 1 else [parts[-1], " ".join(parts[-2:])]


def _own_key(schema: Any, found: list[str], paths: list[str], dataset_type: str) -> str | None:
    """Return the field by which records are known: as it is said, as found, or by its name."""
    key, stated = primary_key(schema, found), stated_keys(schema)
    if len(key) == 1:
        return key[0]
    entity = stem(words(dataset_type)[-1])
    by_name = {
        "_".join(words(path)): path for path in paths if "." not in path and stated.get(path, True)
    }
    wanted = (*OWN_KEYS, *(f"{entity}_{suffix}" for suffix in ("id", "key", "number", "uuid")))
    return next((by_name[name] for name in wanted if name in by_name), None)


def _references(paths: list[str]) -> dict[str, str]:
    """Return the things that fields name by key, as in `account_id` or `issue_keys`."""
    references: dict[str, str] = {}
    for path in paths:
        *rest, last = words(path.split(".")[-1]) or ("",)
        if rest and stem(last) in KEY_SUFFIXES:
            references.setdefault("_".join(map(stem, rest)), path)
        elif stem(last) != last:
            references.setdefault("_".join(map(stem, (*rest, last))), path)
    return references


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    terms = [*document["words"], *(f".{name}" for name in document["fields"])]
    return (
        document["template_id"],
        document["industry"],
        document["use_case"],
        document["dataset_type"],
        document["status"],
        round(100 * document["quality"]),
        "{" + ",".join(f'"{term}"' for term in terms) + "}",
        orjson.dumps(document).decode(),
    )


TEMPLATE_FEATURES = ReadModel(
    name="template_features",
    version="2",
    columns=columns,
    indexes=indexes,
    past_indexes=indexes,
    key=lambda event: str(event.originator_id),
    row=row,
    handlers={
        "DatasetTemplateRegistered": registered,
        "DatasetTemplateRevised": revised,
        "TemplateRefined": refined,
        "TemplateRefinementWithdrawn": withdrawn,
        "DatasetTemplateRetired": retired,
        "DatasetTemplateRestored": restored,
    },
    beginnings=frozenset({"DatasetTemplateRegistered"}),
    batch=500,  # an event may take hundreds of kilobytes
)
