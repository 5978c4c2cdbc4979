"""What kind of content a file has: told by its first bytes, and by its suffix where they agree."""

from enum import StrEnum
from pathlib import Path
from typing import Final

import orjson


class Kind(StrEnum):
    """How the content of a file is written."""

    TABLE = "table"
    RECORDS = "records"
    PARQUET = "parquet"
    EXCEL = "excel"
    AVRO = "avro"


_MAGIC: Final = {
    b"PAR1": Kind.PARQUET,
    b"Obj\x01": Kind.AVRO,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind.EXCEL,  # the compound files of older versions
}
_EXCEL: Final = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_RECORDS: Final = frozenset({".json", ".jsonl", ".ndjson", ".geojson"})
_TABLES: Final = frozenset({".csv", ".tsv", ".tab", ".psv", ".ssv"})
_HEAD_BYTES: Final = 64 * 1024


def kind_of(path: Path, suffix: str) -> Kind:
    """Return the kind of a plain file's content.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04") and suffix in _EXCEL:
        return Kind.EXCEL
    if suffix in _RECORDS or (suffix not in _TABLES and _begins_as_json(head)):
        return Kind.RECORDS
    return Kind.TABLE


def _begins_as_json(head: bytes) -> bool:
    """Tell whether a text begins with a whole JSON object, or as an array of such."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"[":
        return head[1:].lstrip()[:1] in (b"{", b"]")
    if head[:1] != b"{":
        return False
    try:
        orjson.loads(head.splitlines()[0])
    except orjson.JSONDecodeError:
        return head[1:].lstrip()[:1] in (b'"', b"}")
    return True
