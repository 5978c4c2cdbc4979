"""The first records of a dataset, to show what it looks like."""

from collections.abc import Iterable
from typing import Any

import orjson

from registry.errors import InvalidValue
from registry.text import storable_json

SAMPLE_RECORDS = 5
SAMPLE_BYTES = 64 * 1024


def sample_of(
    records: Iterable[Any], count: int = SAMPLE_RECORDS, max_bytes: int = SAMPLE_BYTES
) -> list[Any]:
    """Return the first `count` records that fit into `max_bytes` of JSON together.

    A record that an event cannot hold (one with a NUL character, say) is passed over.
    """
    sample: list[Any] = []
    room = max_bytes
    for record in records:
        if len(sample) == count:
            break
        try:
            storable_json([record])
        except InvalidValue:
            continue
        size = len(orjson.dumps(record))
        if size > room:
            break
        sample.append(record)
        room -= size
    return sample
