"""The check whether all records are there, with all that they must hold."""

from collections.abc import Iterable, Sequence
from typing import Any

from discovery.checks.places import MOST_PLACES, score_of
from discovery.readers.dataset_records import DatasetRecords
from registry.field_meanings import found_key, primary_key
from registry.quality import CheckType, DataQualityCheck


def data_completeness(
    records: DatasetRecords, fields: Sequence[str], expected: int
) -> DataQualityCheck:
    """Score how much of what is to be there is: the lesser of two shares.

    One is the share of the values of certain fields that are there and not null, the other that of
    the records expected. Where no field is named, or no number expected, only the other counts.

    Args:
        records: the records.
        fields: the fields that each of them has to have: required ones, and keys.
        expected: the number of records that there should be, 0 if that is not known.
    """
    missing = dict.fromkeys(fields, 0)
    places: list[dict[str, Any]] = []
    for number, record in enumerate(records.first, 1):
        for name in _absent(record, fields):
            missing[name] += 1
            if len(places) < MOST_PLACES:
                places.append({"record": number, "field": name})
    places_of_values = len(records.first) * len(fields)
    filled = places_of_values - sum(missing.values())
    shares = [score_of(filled, places_of_values)] if fields or not records.total else []
    if expected:
        shares.append(score_of(min(records.total, expected), expected))
    return DataQualityCheck(
        check_type=CheckType.DATA_COMPLETENESS,
        score=min(shares, default=100.0),
        details={
            "records": records.total,
            "expected": expected or None,
            "checked": len(records.first),
            "fields": list(fields),
            "missing": {name: count for name, count in missing.items() if count},
            "places": places,
        },
    )


def fields_to_fill(schema: dict[str, Any], statistics: dict[str, Any]) -> list[str]:
    """Return the fields that every record must have: required by the schema, or part of a key.

    A key is what a person said is one, or else what inference found to be one.
    """
    named = [*schema.get("required", []), *primary_key(schema, found_key(statistics))]
    return list(dict.fromkeys(name for name in named if isinstance(name, str)))


def _absent(record: Any, fields: Sequence[str]) -> Iterable[str]:
    if not isinstance(record, dict):
        return fields
    return (name for name in fields if record.get(name) is None)
