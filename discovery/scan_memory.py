"""What earlier scans found, so that files which did not change are not read again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection

INFERENCE: Final = 2
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

_RECALL_TABLES: Final = """
SELECT path, findings #>> '{}' FROM scanned_files WHERE scan = %s AND path = ANY(%s::text[])
"""

_REMEMBER: Final = """
INSERT INTO scanned_files (scan, path, findings)
SELECT %s, path, findings::jsonb FROM unnest(%b::text[], %b::text[]) AS found (path, findings)
ON CONFLICT (scan, path) DO UPDATE SET findings = excluded.findings
"""


@dataclass(frozen=True, kw_only=True)
class KnownTemplate:
    """A template that a dataset gave, its version then, and what was doubtful of the data.

    Of a text table, `table` is the name under which its keys are compared with those of others,
    and `relations` changes with what they are.
    """

    template_id: UUID
    identity: str
    version: int = 0
    has_sample: bool
    warnings: Sequence[dict[str, Any]] = ()
    warning_count: int = 0
    table: str = ""
    relations: str = ""


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

    A registry that is emptied forgets them as well. Nothing is lost with it but time. What the keys
    of tables depend on stands in rows of its own, so that it is read only when it is needed.
    """

    def __init__(self, url: str, source: str, options: Mapping[str, Any]) -> None:
        self._url = url
        # A path of this machine may hold bytes that are no text.
        named = source.encode(errors="surrogateescape")
        # Keys are compared by DuckDB's hashes, which another version of it may make differently.
        way = msgspec.json.encode(
            [INFERENCE, version("duckdb"), named, options], order="deterministic"
        )
        self._scan = hashlib.sha256(way).digest()
        self._tables = hashlib.sha256(way + b" tables").digest()

    def recall(self) -> dict[str, Remembered]:
        """Return what is known, by the path of each dataset."""
        with self._connection() as connection:
            rows = connection.execute(_RECALL, [self._scan])
            return {path: _DECODER.decode(findings) for path, findings in rows}

    def remember(self, found: Iterable[tuple[str, Remembered]]) -> None:
        """Keep what was found at some paths, once it is registered."""
        self._keep(self._scan, {path: msgspec.json.encode(each).decode() for path, each in found})

    def recall_tables(self, templates: Sequence[UUID]) -> dict[UUID, str]:
        """Return the evidence of the tables that some templates were made from."""
        with self._connection() as connection:
            rows = connection.execute(_RECALL_TABLES, [self._tables, list(map(str, templates))])
            return {UUID(template_id): evidence for template_id, evidence in rows}

    def remember_tables(self, evidence: Mapping[UUID, str]) -> None:
        """Keep the evidence of tables, by the ids of their templates."""
        texts = {str(id_): msgspec.json.encode(text).decode() for id_, text in evidence.items()}
        self._keep(self._tables, texts)

    def recall_related(self) -> str:
        """Return the digest of the tables among which references were last looked for."""
        return self.recall_tables([_RELATED]).get(_RELATED, "")

    def remember_related(self, digest: str) -> None:
        """Keep the digest of the tables among which references were looked for."""
        self.remember_tables({_RELATED: digest})

    def _keep(self, scan: bytes, findings: Mapping[str, str]) -> None:
        if findings:
            with self._connection() as connection:
                connection.execute(
                    _REMEMBER, [scan, list(findings.keys()), list(findings.values())]
                )

    def _connection(self) -> Connection[Any]:
        return psycopg.connect(self._url, autocommit=True, application_name="discovery")


_RELATED: Final = UUID(int=0)
_DECODER: Final = msgspec.json.Decoder(Remembered)
