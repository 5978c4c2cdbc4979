"""What earlier scans found, so that files which did not change are not read again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection

INFERENCE: Final = 1
"""Raised whenever the same files would give another template: then every file is read again."""

# A dataset is as remembered only while the registry has what it gave: another source, or the same
# one read in another way, may have revised its template since.
_RECALL: Final = """
SELECT path, findings::text FROM scanned_files
WHERE scan = %s AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset(findings -> 'templates') AS given (template_id uuid, version int)
    WHERE version IS DISTINCT FROM (
        SELECT max(originator_version) FROM registry_events WHERE originator_id = template_id
    )
)
"""

_REMEMBER: Final = """
INSERT INTO scanned_files (scan, path, findings)
SELECT %s, path, findings::jsonb FROM unnest(%b::text[], %b::text[]) AS found (path, findings)
ON CONFLICT (scan, path) DO UPDATE SET findings = excluded.findings
"""


@dataclass(frozen=True, kw_only=True)
class KnownTemplate:
    """A template that a dataset gave, and its version then."""

    template_id: UUID
    identity: str
    version: int
    has_sample: bool


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """A dataset as it was last scanned, and the templates it gave.

    `mark` changes with its files, as far as can be told without reading them; `digest` is the
    SHA-256 of their content.
    """

    mark: str
    digest: str
    templates: Sequence[KnownTemplate]


class ScanMemory:
    """Remembers the datasets of one source, read in one way, in the database that they are in.

    A registry that is emptied forgets them as well. Nothing is lost with it but time.
    """

    def __init__(self, url: str, source: str, options: Mapping[str, Any]) -> None:
        self._url = url
        # A path of this machine may hold bytes that are no text.
        named = source.encode(errors="surrogateescape")
        way = msgspec.json.encode([INFERENCE, named, options], order="deterministic")
        self._scan = hashlib.sha256(way).digest()

    def recall(self) -> dict[str, Remembered]:
        """Return what is known, by the path of each dataset."""
        with self._connection() as connection:
            rows = connection.execute(_RECALL, [self._scan])
            return {path: _DECODER.decode(findings) for path, findings in rows}

    def remember(self, found: Iterable[tuple[str, Remembered]]) -> None:
        """Keep what was found at some paths, once it is registered."""
        rows = [(path, msgspec.json.encode(each).decode()) for path, each in found]
        if not rows:
            return
        paths, findings = map(list, zip(*rows, strict=True))
        with self._connection() as connection:
            connection.execute(_REMEMBER, [self._scan, paths, findings])

    def _connection(self) -> Connection[Any]:
        return psycopg.connect(self._url, autocommit=True, application_name="discovery")


_DECODER: Final = msgspec.json.Decoder(Remembered)
