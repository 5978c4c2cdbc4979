"""What kind of content a file has: told by its first bytes, and by its suffix where they agree."""

from enum import StrEnum
from pathlib import Path
from typing import Final

import orjson


class Kind(StrEnum):
    """How data are written: the content of a file, or a table of a database."""

    TABLE = "table"
    RECORDS = "records"
    PARQUET = "parquet"
    EXCEL = "excel"
    AVRO = "avro"
    SQL = "sql"


_MAGIC: Final = {
    b"PAR1": Kind.PARQUET,
    b"Obj\x01": Kind.AVRO,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind.EXCEL,  # the compound files of older versions
}
_BINARY: Final = {
    ".parquet": Kind.PARQUET,
    ".pq": Kind.PARQUET,
    ".avro": Kind.AVRO,
    ".xlsx": Kind.EXCEL,
    ".xlsm": Kind.EXCEL,
    ".xlsb": Kind.EXCEL,
    ".ods": Kind.EXCEL,
}
"""Of these, what does not begin as it should is damaged; but text is often named `.xls`."""
_ZIP: Final = b"PK\x03\x04"
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
    if suffix in _BINARY:
        return _BINARY[suffix]
    if suffix == ".xls" and (not head or head.startswith(_ZIP)):
        return Kind.EXCEL
    if suffix in _RECORDS or (suffix not in _TABLES and _begins_as_json(head)):
        return Kind.RECORDS
    return Kind.TABLE


def _begins_as_json(head: bytes) -> bool:
    """Tell whether a text is JSON, or begins with a whole object or an array of such."""
    head = head.removeprefix(b"\xef\xbb\xbf").strip()
    if head[:1] not in (b"{", b"["):
        return False
    if head[1:].lstrip()[:1] in ((b"{", b"]") if head[:1] == b"[" else (b'"', b"}")):
        return True
    try:
        orjson.loads(head)
    except orjson.JSONDecodeError:
        return False
    return True
