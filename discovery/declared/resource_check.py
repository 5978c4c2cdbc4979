"""Reading the data of a declared dataset, and holding them against its declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from discovery.declared.contradiction import Contradiction
from discovery.declared.profile_check import profile_contradictions
from discovery.declared.table_check import TableCheck
from discovery.files import Kind
from discovery.keys import ForeignKey, Keys, PrimaryKey
from discovery.readers.findings import Findings
from discovery.readers.likeness import kind_of_part
from discovery.readers.part import Part
from discovery.readers.readers import read_parts
from discovery.readers.tables import examples_in, opened_table, table_findings
from registry.inference import Shape, field_statistics, infer_schema
from registry.interchange import DeclaredReference, DeclaredResource
from registry.sample import SAMPLE_RECORDS

_DECLARED: Final = 0.999
"""How sure a key is that is declared and that the data do not contradict."""

_CONTRADICTED: Final = 0.5
"""How sure one is that they contradict."""

Others = Mapping[str, tuple[DeclaredResource, Sequence[Part]]]
"""The resources that foreign keys lead to, by their names."""


def checked(
    resource: DeclaredResource, parts: Sequence[Part], others: Others, by: str
) -> tuple[Findings, Sequence[Contradiction]]:
    """Return what the data of a resource tell, with its declared keys, and what contradicts it.

    Raises:
        UnreadableFile: the data cannot be read.
    """
    told = f"the {by} document declares it"
    if _is_table(parts):
        with opened_table(parts) as table:
            check = TableCheck(table, parts, resource)
            found = table_findings(table)
            contradictions = list(check.contradictions(found))
            references = [
                _reference(check, resource, reference, others, told)
                for reference in resource.references
                if check.has(reference.fields)
            ]
        contradictions += [against for _, against in references if against]
        foreign = [key for key, _ in references]
    else:
        found = next(iter(read_parts(parts))) if parts else _of_records(resource.records)
        contradictions = list(profile_contradictions(found, resource))
        foreign = []
    keys = Keys(primary=_primary(resource, found, contradictions, told), foreign=foreign)
    doubts = [*found.doubts, *(each.doubt() for each in contradictions)]
    return replace(found, keys=keys, doubts=doubts), contradictions


def _is_table(parts: Sequence[Part]) -> bool:
    return {kind_of_part(part) for part in parts} == {Kind.TABLE}


def _of_records(records: Sequence[object]) -> Findings:
    """Return what records tell that stand in the document itself."""
    shape = Shape()
    shape.observe_all(records)
    return Findings(
        kind=Kind.RECORDS,
        records=len(records),
        schema=infer_schema(shape),
        statistics=field_statistics(shape),
        sample=records[:SAMPLE_RECORDS],
        examples=examples_in([each for each in records if isinstance(each, dict)]),
    )


def _primary(
    resource: DeclaredResource,
    found: Findings,
    contradictions: Sequence[Contradiction],
    told: str,
) -> dict[str, PrimaryKey]:
    key = resource.primary_key
    if not key:
        return {}
    named = {", ".join(key), *key}
    against = tuple(
        f"{each.count} values break it: {each.rule}"
        for each in contradictions
        if each.field in named and each.count
    )
    return {
        resource.name: PrimaryKey(
            columns=key,
            rows=found.records,
            certainty=_CONTRADICTED if against else _DECLARED,
            evidence=(told,),
            against=against,
            others=tuple(names[0] for names in resource.unique if len(names) == 1),
        )
    }


def _reference(
    check: TableCheck,
    resource: DeclaredResource,
    reference: DeclaredReference,
    others: Others,
    told: str,
) -> tuple[ForeignKey, Contradiction | None]:
    """Return a foreign key with the share of values that are keys, and what contradicts it."""
    to = reference.to or resource.name
    rows, strays, distinct = 0, 0, 0
    is_measured = False
    if to == resource.name:
        if check.has(reference.to_fields):
            keys = check.keys(reference.to_fields)
            is_measured, distinct = True, keys.num_rows
    elif to in others and _is_table(others[to][1]):
        other, parts = others[to]
        with opened_table(parts) as table:
            target = TableCheck(table, parts, other)
            if target.has(reference.to_fields):
                keys = target.keys(reference.to_fields)
                is_measured, distinct = True, keys.num_rows
    if is_measured:
        rows, strays = check.strays(reference.fields, keys)
    fields = ", ".join(reference.fields)
    against = None
    if strays:
        named = f"{to} {', '.join(reference.to_fields)}".strip()
        against = Contradiction(field=fields, rule=f"values are those of {named}", count=strays)
    key = ForeignKey(
        table=resource.name,
        columns=reference.fields,
        to_table=to,
        to_columns=reference.to_fields,
        coverage=1 - strays / rows if rows else 1.0,
        distinct=0,
        to_distinct=distinct,
        name_points=0,
        certainty=_CONTRADICTED if strays else _DECLARED,
        evidence=(told,) if is_measured else (f"{told}, and it was not measured",),
        against=(f"{strays} of {rows} values are no keys",) if strays else (),
    )
    return key, against
