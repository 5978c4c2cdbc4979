"""The template_features read model: what recommendation looks at of every template, in short."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Column, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from projections.read_model import Document, ReadModel, touched
from projections.recommendation.words import stem, stems, telling, words
from registry.store import RecordedEvent

MOST_FIELDS = 300
MOST_WORDS = 200
DEEPEST = 8

KEY_SUFFIXES = frozenset(["code", "id", "key", "number", "ref", "reference", "sha", "uuid"])
"""The last word of a field's name that makes it a key."""

_NESTING = frozenset(["additionalProperties", "allOf", "anyOf", "items", "oneOf", "properties"])

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
    return _features(event)


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return what matters of the template as it is defined now."""
    return _features(event)


def retired(before: Document, event: RecordedEvent) -> Document:
    """Return the template out of use."""
    return touched(before, event, status="retired")


def restored(before: Document, event: RecordedEvent) -> Document:
    """Return the template in use again."""
    return touched(before, event, status="active")


def _features(event: RecordedEvent) -> Document:
    definition = event.facts["definition"]
    identity, custom = definition["identity"], definition["custom_fields"]
    paths = list(islice(_paths(definition["schema"]), MOST_FIELDS))
    names = ("name", "description")
    told = " ".join([*identity.values(), *definition["tags"], *(definition[n] for n in names)])
    return {
        "template_id": event.facts["template_id"],
        **identity,
        "name": definition["name"],
        "status": "active",
        "fields": sorted({"_".join(stems(part)) for path in paths for part in _names(path)}),
        "words": sorted(telling(told) | telling(" ".join(paths)))[:MOST_WORDS],
        "key": _own_key(paths, identity["dataset_type"]),
        "references": _references(paths),
        "record_count": definition["default_record_count"],
        "compliance": sorted({"".join(words(each)) for each in _listed(custom, "compliance")}),
        "regions": sorted({"_".join(words(each)) for each in _listed(custom, "region")}),
        "personal_data": custom.get("contains_personal_data") is True,
        "quality": quality(definition),
        "version": event.originator_version,
        "updated_at": event.facts["timestamp"],
    }


def quality(definition: Mapping[str, Any]) -> float:
    """Return how well a template is described, 0 to 1: the share of what it could tell."""
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
    return sum(map(bool, told)) / len(told)


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


def _own_key(paths: list[str], dataset_type: str) -> str | None:
    entity = stem(words(dataset_type)[-1])
    by_name = {"_".join(words(path)): path for path in paths if "." not in path}
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
    version="1",
    columns=columns,
    indexes=indexes,
    past_indexes=indexes,
    key=lambda event: str(event.originator_id),
    row=row,
    handlers={
        "DatasetTemplateRegistered": registered,
        "DatasetTemplateRevised": revised,
        "DatasetTemplateRetired": retired,
        "DatasetTemplateRestored": restored,
    },
    beginnings=frozenset({"DatasetTemplateRegistered"}),
    batch=500,  # an event may take hundreds of kilobytes
)
