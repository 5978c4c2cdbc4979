"""The check whether records are valid under the schema of their template."""

from collections import Counter
from typing import Any

from discovery.checks.places import MOST_PLACES, score_of
from discovery.readers.dataset_records import DatasetRecords
from registry.quality import CheckType, DataQualityCheck
from registry.template_draft import validator_of
from registry.text import pointer_of


def schema_validation(records: DatasetRecords, schema: dict[str, Any]) -> DataQualityCheck:
    """Score the share of the records that are valid under a schema, formats included.

    The details tell of the first invalid ones the place and the keyword that was broken, and how
    often each keyword was; never a value.

    Raises:
        InvalidValue: the schema is none.
    """
    validator = validator_of(schema)
    places: list[dict[str, Any]] = []
    broken: Counter[str] = Counter()
    invalid = 0
    for number, record in enumerate(records.first, 1):
        try:
            fault = next(validator.iter_errors(record), None)
        except ValueError:  # nested too deeply, or half of a surrogate pair
            keyword, path = "nesting", ""
        else:
            if fault is None:
                continue
            keyword = str(fault.kind.name) if fault.kind else "schema"
            path = pointer_of(fault.instance_path)
        invalid += 1
        broken[keyword] += 1
        if len(places) < MOST_PLACES:
            places.append({"record": number, "place": path, "keyword": keyword})
    checked = len(records.first)
    return DataQualityCheck(
        check_type=CheckType.SCHEMA_VALIDATION,
        score=score_of(checked - invalid, checked),
        details={
            "records": records.total,
            "checked": checked,
            "invalid": invalid,
            "keywords": dict(broken.most_common()),
            "places": places,
        },
    )
