"""The embedded Postgres starts, whatever a start that was interrupted has left behind."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from registry.embedded_postgres import EmbeddedPostgres

NOBODY = 2**22 + 1  # greater than any process id of Linux


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="registry-interrupted-") as folder:
        yield Path(folder)


def starts(data_dir: Path) -> bool:
    with EmbeddedPostgres(data_dir) as url, psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_files_that_were_being_made_are_made_anew(data_dir: Path) -> None:
    draft = data_dir / "postgres.draft-left-behind"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    assert starts(data_dir)
    assert not draft.exists()


@pytest.mark.parametrize("pid", [NOBODY, os.getpid()], ids=["nobody", "another"])
@pytest.mark.parametrize("lines", [1, 7, 8])
def test_a_server_that_was_killed_is_forgotten(data_dir: Path, pid: int, lines: int) -> None:
    """Even if it had not come up, and even if its number belongs to another process by now."""
    assert starts(data_dir)
    files = data_dir / "postgres"
    told = [
        str(pid),
        str(files),
        "1700000000",
        "5432",
        str(files),
        "",
        "  2260073    917542",
        "ready",
    ]
    (files / "postmaster.pid").write_text("\n".join(told[:lines]) + "\n")
    assert starts(data_dir)
