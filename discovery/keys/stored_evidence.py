"""The evidence of a table as text, for another scan to compare its keys with those of others."""

import base64
import zlib
from collections.abc import Container
from dataclasses import replace
from typing import Any, Final

import msgspec
import numpy as np

from discovery.keys.table_evidence import NO_KEYS, ColumnEvidence, Hashes, TableEvidence


def as_text(evidence: TableEvidence, private: Container[str]) -> str:
    """Return the evidence as text, without what the columns of some names hold.

    What a hash stands for can be found by trying, so none of what tells of a person is kept.
    """
    columns = [
        _without_values(column) if column.name in private else column for column in evidence.columns
    ]
    evidence = replace(evidence, columns=columns)
    if any(name in private for name in evidence.composite):
        evidence = replace(evidence, composite=(), tuples=NO_KEYS)
    return base64.b85encode(zlib.compress(_ENCODER.encode(evidence), level=1)).decode()


def from_text(text: str) -> TableEvidence:
    """Return the evidence that was written as text."""
    return _DECODER.decode(zlib.decompress(base64.b85decode(text)))


def _without_values(column: ColumnEvidence) -> ColumnEvidence:
    return ColumnEvidence(
        name=column.name,
        kind=column.kind,
        rows=column.rows,
        nulls=column.nulls,
        distinct=column.distinct,
        lengths=column.lengths,
    )


def _bytes_of(hashes: Any) -> bytes:
    content: bytes = hashes.astype("<u4").tobytes()
    return content


def _hashes_of(kind: type, content: Any) -> Hashes:
    return np.frombuffer(content, "<u4")


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_bytes_of)
_DECODER: Final = msgspec.msgpack.Decoder(TableEvidence, dec_hook=_hashes_of)
