"""Several processes share the build of a read model, each with a part of the streams."""

import json
import multiprocessing
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from projections import parts
from projections.catalogue import READ_MODELS
from projections.datasets import DATASETS
from projections.generation import BuildPoisoned, Generation
from projections.projector import Projector
from projections.rebuild import rebuild
from registry.application import RegistryApplication
from registry.store import EVENTS_TABLE, EventLog

from .generations import generations
from .read_tables import live_rows, live_tables, positions, replayed_tables
from .submissions import checks, new_connector, new_dataset, new_template


@pytest.fixture(autouse=True)
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "EVENTS_PER_WORKER", 1)


@pytest.fixture
def clients(application: RegistryApplication, url: str) -> str:
    """The URL of a database with live generations of what eight clients have."""
    for client in (UUID(int=number) for number in range(8)):
        for number in range(5):
            dataset, connector = (
                new_dataset(client, f"t_{number}"),
                new_connector(client, str(number)),
            )
            template = new_template(f"t_{client.int}_{number}")
            application.submit_all([dataset, checks(dataset), connector, template])
    Projector(url).catch_up()
    return url


@pytest.mark.parametrize("name", ["templates", "datasets", "connectors", "quality_checks"])
def test_a_shared_build_gives_what_a_clean_replay_gives(
    clients: str, connection: Connection[Any], name: str
) -> None:
    reached: list[int] = []
    built = rebuild(
        connection, READ_MODELS[name], workers=2, on_progress=lambda to, head: reached.append(to)
    )
    assert (built.number, built.position) == (2, EventLog(connection).head())
    assert reached[-1] == built.position
    assert live_tables(connection) == replayed_tables(connection)
    assert _parts(connection) == []


def test_a_shared_build_whose_processes_are_killed_goes_on_in_the_parts_it_was_begun_in(
    clients: str, connection: Connection[Any]
) -> None:
    head = EventLog(connection).head()
    before = live_rows(connection, "datasets"), positions(connection)

    with psycopg.connect(clients) as holder:

        def kill_when_one_part_is_done(position: int, _: int) -> None:
            if not held:
                held.append(holder.execute(_PART_0))
            if (1, head) in _parts(connection):
                for process in multiprocessing.active_children():
                    process.kill()

        held: list[object] = []
        with pytest.raises(parts.BuildInterrupted, match="rebuild again"):
            rebuild(connection, DATASETS, workers=2, on_progress=kill_when_one_part_is_done)
    assert (live_rows(connection, "datasets"), positions(connection)) == before
    assert _parts(connection) == [(0, 0), (1, head)]

    assert rebuild(connection, DATASETS, workers=1).number == 2
    assert live_rows(connection, "datasets") == before[0]
    assert _parts(connection) == []


def test_an_event_that_cannot_be_folded_ends_a_shared_build(
    clients: str, connection: Connection[Any]
) -> None:
    connection.execute(
        f"INSERT INTO {EVENTS_TABLE} (originator_id, originator_version, topic, state) VALUES"
        " (gen_random_uuid(), 1, 'DatasetStatusChanged', convert_to(%s, 'UTF8'))",
        [json.dumps({"dataset_id": str(UUID(int=0))})],
    )
    told = f"DatasetStatusChanged at position {EventLog(connection).head()}: MissingDocument"
    with pytest.raises(BuildPoisoned, match=told):
        rebuild(connection, DATASETS, workers=2)
    assert (1, DATASETS.version, True) in generations(connection)


def test_a_part_that_another_process_moves_goes_on_from_there(
    clients: str, connection: Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that outlives a killed build takes part in the next for one more batch."""
    generation = Generation.begin(connection, DATASETS)
    mine, _ = parts._begin(connection, generation, 2)
    head, advance = EventLog(connection).head(), parts.advance

    def overtaken(connection: Connection[Any], part: Generation, until: int) -> Generation:
        if part.position == 0:
            advance(connection, part, until)
        return advance(connection, part, until)

    monkeypatch.setattr(parts, "advance", overtaken)
    parts._fold(clients, "datasets", generation.number, mine.part, head)
    assert _parts(connection) == [(0, head), (1, 0)]


_PART_0 = "SELECT FROM projection_parts WHERE part = 0 FOR UPDATE"


def _parts(connection: Connection[Any]) -> list[tuple[Any, ...]]:
    rows = connection.execute("SELECT part, position FROM projection_parts ORDER BY part")
    return rows.fetchall()
