"""Holding the statistics of records against what is declared of them."""

from collections.abc import Iterator, Mapping
from operator import gt, lt
from typing import Any, TypeGuard

from discovery.declared.contradiction import Contradiction
from discovery.readers.findings import Findings
from registry.inference import FieldStatistics
from registry.interchange import DeclaredResource
from registry.interchange.record_fields import RecordField, fields_of
from registry.privacy.paths import path_of_member


def profile_contradictions(found: Findings, resource: DeclaredResource) -> Iterator[Contradiction]:
    """Yield what the statistics of all records say against the declaration."""
    by_path = {each.path: each for each in found.statistics}
    fields = fields_of(resource.schema)
    for field in fields:
        statistics = by_path.get(path_of_member("$", field.name))
        if statistics is None:
            if found.records:
                yield Contradiction(field=field.name, rule="there is such a field")
            continue
        yield from field_contradictions(field, statistics)
    yield from undeclared(found.schema, [field.name for field in fields])
    for names in {resource.primary_key, *resource.unique}:
        if len(names) == 1 and (key := by_path.get(path_of_member("$", names[0]))):
            values = sum(n for kind, n in key.types.items() if kind != "null")
            if key.distinct_is_exact and key.distinct < values:
                yield Contradiction(
                    field=names[0], rule="values are unique", count=values - key.distinct
                )


def undeclared(schema: Mapping[str, Any], declared: list[str]) -> Iterator[Contradiction]:
    """Yield the fields of the data that are not declared, if any are."""
    others = [name for name in schema.get("properties", ()) if name not in declared]
    if declared and others:
        named = ", ".join(others[:5]) + (" …" if len(others) > 5 else "")
        yield Contradiction(field=named, rule="there are the declared fields only")


def field_contradictions(field: RecordField, found: FieldStatistics) -> Iterator[Contradiction]:
    """Yield what the statistics of a field say against its declaration."""
    others = sum(n for kind, n in found.types.items() if not _permits(field, kind))
    if others:
        article = "an" if field.type[0] in "aeiou" else "a"
        rule = f"a value is {article} {field.type}"
        yield Contradiction(field=field.name, rule=rule, count=others)
    nulls = found.types.get("null", 0)
    if field.required and not field.nullable and (nulls or found.missing_share):
        missing = round(found.count * found.missing_share / max(1e-9, 1 - found.missing_share))
        yield Contradiction(
            field=field.name, rule="a value is never missing", count=nulls + missing
        )
    for keyword, breaks in (("minimum", lt), ("maximum", gt)):
        bound, reached = field.bounds.get(keyword), getattr(found, keyword)
        if _is_number(bound) and _is_number(reached) and breaks(reached, bound):
            rule = f"the {keyword} is {bound}"
            yield Contradiction(field=field.name, rule=rule, places=[(None, str(reached))])


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _permits(field: RecordField, kind: str) -> bool:
    """Tell whether values of a JSON type may be values of a field."""
    return (
        kind == "null"
        or not field.type
        or kind == field.type
        or (field.type == "number" and kind == "integer")
    )
