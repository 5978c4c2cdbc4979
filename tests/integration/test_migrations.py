"""The tables come and go by Alembic's revisions, one migrator at a time."""

import multiprocessing
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from registry.application import RegistryApplication
from registry.database import MIGRATIONS, latest_revision, migrate

from .submissions import new_template
from .waiting import until, waiting_for

Relations = list[tuple[str, str, str]]


def test_the_tables_come_go_and_come_again(empty_url: str) -> None:
    nothing = _relations(empty_url)
    migrate(empty_url)
    everything = _relations(empty_url)
    migrate(empty_url, "base")
    assert _without_the_version_table(_relations(empty_url)) == nothing
    migrate(empty_url)
    assert _relations(empty_url) == everything
    with RegistryApplication(empty_url) as application:
        assert application.submit(new_template()).version == 1


def test_each_revision_can_be_undone_and_done_again(empty_url: str) -> None:
    script = ScriptDirectory(MIGRATIONS)
    revisions = [found.revision for found in script.walk_revisions()][::-1]
    tables_at: dict[str, Relations] = {}
    for revision in revisions:
        migrate(empty_url, revision)
        tables_at[revision] = _relations(empty_url)
    for revision in reversed(revisions):
        migrate(empty_url, revision)
        assert _relations(empty_url) == tables_at[revision]
    migrate(empty_url, "base")
    migrate(empty_url)
    assert _relations(empty_url) == tables_at[revisions[-1]]


def test_migrating_what_is_up_to_date_changes_nothing(url: str) -> None:
    before = _relations(url)
    with RegistryApplication(url) as application:
        outcome = application.submit(new_template())
        migrate(url)
        assert application.submit(new_template()).position == outcome.position
    assert _relations(url) == before


def test_migrators_that_start_together_wait_for_each_other(empty_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    migrators = [spawn.Process(target=migrate, args=(empty_url,), daemon=True) for _ in range(2)]
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('registry migrations'))")
        for migrator in migrators:
            migrator.start()
        until(lambda: waiting_for(connection, "advisory") == len(migrators))
        assert "registry_events" not in {name for _, _, name in _relations(empty_url)}
    for migrator in migrators:
        migrator.join()
    assert [migrator.exitcode for migrator in migrators] == [0, 0]
    assert _current_revision(empty_url) == latest_revision()


def test_the_latest_revision_is_the_head_of_all_revisions(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert latest_revision() == ScriptDirectory.from_config(config).get_current_head()
    assert _current_revision(url) == latest_revision()


def test_an_unknown_revision_is_refused_and_changes_nothing(url: str) -> None:
    before = _relations(url)
    with pytest.raises(Exception, match="9999"):
        migrate(url, "9999")
    assert _relations(url) == before


def _relations(url: str) -> Relations:
    """Return everything that a migration made: relations, functions, triggers and schemas."""
    with psycopg.connect(url) as connection:
        rows: list[Any] = connection.execute(
            """
            SELECT 'relation', nspname::text, relname::text FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
            UNION ALL SELECT 'function', nspname, proname FROM pg_proc
            JOIN pg_namespace ON pg_namespace.oid = pronamespace WHERE nspname = 'public'
            UNION ALL SELECT 'trigger', '', tgname FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'schema', nspname, '' FROM pg_namespace
            ORDER BY 1, 2, 3
            """
        ).fetchall()
    return rows


def _without_the_version_table(relations: Relations) -> Relations:
    return [row for row in relations if not row[2].startswith("alembic_version")]


def _current_revision(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row
    return str(row[0])
