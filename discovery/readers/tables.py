"""Text tables: one file, or parts with the same columns."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from discovery.dialect import sniff
from discovery.files import Kind, printable
from discovery.keys import key_evidence, keys_from
from discovery.readers.findings import Findings
from discovery.readers.part import Part
from discovery.readers.united_table import UNITED, Sniffer, unite
from discovery.table import Column, Table, read_table
from registry.inference.field_statistics import FieldStatistics, TopValue
from registry.privacy.paths import path_of_member
from registry.sample import SAMPLE_RECORDS

EXAMPLES: Final = 200
"""Records in which the meaning of fields is looked for."""


@contextmanager
def opened_table(parts: Sequence[Part], sniffer: Sniffer = sniff) -> Iterator[Table]:
    """Yield the table that the parts are; it is gone afterwards.

    Raises:
        UnequalParts: the parts have different columns.
    """
    if len(parts) == 1 and not parts[0].partition:
        dialect, doubts = sniffer(parts[0].path)
        with read_table(parts[0].path, dialect) as table:
            yield replace(table, doubts=[*doubts, *table.doubts])
        return
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder:
        united = Path(folder, "united.csv")
        dialect, doubts = unite(parts, united, sniffer)
        with read_table(united, UNITED) as table:
            # Lines of the united file are lines of no file that anyone knows.
            more = [replace(doubt, line=None) for doubt in table.doubts]
            columns = [_without_places(column) for column in table.columns]
            yield replace(table, dialect=dialect, columns=columns, doubts=[*doubts, *more])


def _without_places(column: Column) -> Column:
    return replace(column, contradictions=replace(column.contradictions, places=()))


def read_tables(parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what there is to know of a table."""
    name = printable(parts[0].relative)
    with opened_table(parts) as table:
        evidence = key_evidence(name, table)
        keys = keys_from({name: evidence})
        yield replace(table_findings(table), keys=keys, key_evidence=evidence)


def table_findings(table: Table) -> Findings:
    """Return what a table that was read tells."""
    records = table.sample(EXAMPLES)
    return Findings(
        kind=Kind.TABLE,
        records=table.rows,
        schema=table.schema(),
        statistics=[column_statistics(column) for column in table.columns],
        sample=records[:SAMPLE_RECORDS],
        examples=examples_in(records),
        evidence={
            path_of_member("$", column.name): evidence_of(column) for column in table.columns
        },
        dialect=table.dialect,
        doubts=table.doubts,
    )


def examples_in(records: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return the values of each field that some records have."""
    examples: dict[str, list[Any]] = {}
    for record in records:
        for name, value in record.items():
            if value is not None:
                examples.setdefault(path_of_member("$", name), []).append(value)
    return examples


def column_statistics(column: Column) -> FieldStatistics:
    """Return the profile of a column in the words of the statistics of all fields."""
    profile = column.profile
    values = profile.rows - profile.nulls
    types = {column.schema_type: values, "null": profile.nulls}
    lengths = profile.lengths
    quantiles: list[Any] = list(profile.quantiles.values())
    return FieldStatistics(
        path=path_of_member("$", column.name),
        count=profile.rows,
        null_share=profile.null_share,
        missing_share=0.0,
        types={name: count for name, count in types.items() if count},
        distinct=profile.distinct,
        distinct_is_exact=True,
        is_sampled=False,
        minimum=profile.minimum,
        maximum=profile.maximum,
        mean=profile.mean,
        standard_deviation=profile.standard_deviation,
        quantiles=quantiles or None,
        histogram=[each.count for each in profile.histogram] or None,
        fewest_characters=lengths.minimum if lengths else None,
        mean_characters=lengths.mean if lengths else None,
        most_characters=lengths.maximum if lengths else None,
        fewest_elements=None,
        mean_elements=None,
        most_elements=None,
        top_values=[TopValue(value=top.value, count=top.count) for top in profile.top_values],
    )


def evidence_of(column: Column) -> dict[str, Any]:
    """Return how sure the class of a column is, and what contradicts it."""
    return {
        "class": str(column.kind),
        "format": column.reading.format,
        "certainty": column.certainty,
        "missing_words": column.missing,
        "contradictions": asdict(column.contradictions),
    }
