"""The embedded Postgres runs while anyone uses it, and loses nothing however it ends."""

import multiprocessing
import tempfile
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import psycopg
import pytest

from registry.embedded_postgres import EmbeddedPostgres

from .postmaster import kill_postmaster

spawn = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A data directory, used by one test after the other."""
    with tempfile.TemporaryDirectory(prefix="registry-embedded-") as folder:
        yield Path(folder)


def test_processes_share_one_server_and_the_last_to_leave_stops_it(data_dir: Path) -> None:
    (first, first_may_leave), (second, second_may_leave) = _user(data_dir), _user(data_dir)
    assert _is_running(data_dir)

    first_may_leave.set()
    first.join()
    assert _is_running(data_dir)

    second_may_leave.set()
    second.join()
    assert not _is_running(data_dir)
    assert (first.exitcode, second.exitcode) == (0, 0)


def test_a_user_that_was_killed_does_not_keep_the_server_running_for_ever(data_dir: Path) -> None:
    killed, _ = _user(data_dir)
    killed.kill()
    killed.join()
    assert _is_running(data_dir), "the next user is to find it"

    with EmbeddedPostgres(data_dir):
        pass
    assert not _is_running(data_dir)


def test_a_server_that_was_killed_starts_again_with_all_that_was_committed(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        kill_postmaster(data_dir)

    with EmbeddedPostgres(data_dir) as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*), sum(number) FROM kept").fetchone()
    assert row == (1000, 500500)


def test_a_process_may_leave_and_come_back(data_dir: Path) -> None:
    for _ in range(2):
        with EmbeddedPostgres(data_dir) as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert not _is_running(data_dir)


def test_a_server_used_twice_by_one_process_runs_until_both_have_left(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as outer:
        with EmbeddedPostgres(data_dir) as inner:
            assert inner == outer
        assert _is_running(data_dir)
    assert not _is_running(data_dir)


def _user(data_dir: Path) -> tuple[BaseProcess, Event]:
    """Start a process that uses the server until its event is set; return once it does."""
    entered, may_leave = spawn.Event(), spawn.Event()
    process = spawn.Process(target=_use, args=(data_dir, entered, may_leave), daemon=True)
    process.start()
    assert entered.wait(60)
    return process, may_leave


def _use(data_dir: Path, entered: Event, may_leave: Event) -> None:
    with EmbeddedPostgres(data_dir) as url, psycopg.connect(url):
        entered.set()
        may_leave.wait()


def _is_running(data_dir: Path) -> bool:
    """Whether the server answers."""
    try:
        psycopg.connect(f"postgresql://postgres@/postgres?host={data_dir}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True
