"""Laws that hold whatever happened: read models say what a clean replay says, and what is so."""

import json
from itertools import product
from typing import Any

import msgspec
import psycopg
from hypothesis import given
from hypothesis import strategies as st
from psycopg import Connection

from projections.connectors import CONNECTORS, connector_by_id, connector_listing
from projections.datasets import DATASETS, dataset_by_id, dataset_listing
from projections.documents import document_of
from projections.query import EVERYONE, Query
from projections.templates import TEMPLATES, template_by_id, template_listing
from registry.application import RegistryApplication
from registry.dataset_registry import DatasetRegistry
from registry.store import EventLog

from .histories import CLIENTS, HISTORIES, LAWS, Databases, History, grow
from .read_tables import live_tables, replayed_tables

LOOKS = [
    (DATASETS, dataset_by_id, dataset_listing),
    (CONNECTORS, connector_by_id, connector_listing),
    (TEMPLATES, template_by_id, template_listing),
]


@given(history=HISTORIES, batch=st.integers(1, 6))
@LAWS
def test_read_models_that_grew_with_the_log_say_what_a_clean_replay_and_the_aggregates_say(
    new_database: Databases, history: History, batch: int
) -> None:
    with new_database() as url, RegistryApplication(url) as application:
        grow(url, application, history, batch)
        with psycopg.connect(url, autocommit=True) as connection:
            tables = live_tables(connection)
            assert tables == replayed_tables(connection)
        documents = {row["dataset_id"]: row["document"] for row in tables["datasets"].present}
        documents |= {row["connector_id"]: row["document"] for row in tables["connectors"].present}
        for registry in application.load(map(DatasetRegistry, CLIENTS)).values():
            assert isinstance(registry, DatasetRegistry)
            for entity in (*registry.datasets.values(), *registry.connectors.values()):
                assert documents[entity.id] == _as_json(document_of(entity))


@given(history=HISTORIES, batch=st.integers(1, 6))
@LAWS
def test_a_look_back_shows_what_the_events_up_to_that_position_lead_to(
    new_database: Databases, history: History, batch: int
) -> None:
    with new_database() as url, RegistryApplication(url) as application:
        grow(url, application, history, batch)
        with psycopg.connect(url, autocommit=True) as connection:
            log = EventLog(connection)
            for (model, lookup, listing), as_of in product(LOOKS, range(0, log.head() + 1, 3)):
                events = [
                    (model.key_of(event), event)
                    for event in log.read(0, 1_000, model.topics).events
                ]
                then = model.fold({}, [each for each in events if each[1].position <= as_of])
                expected = {
                    key: version.document for key, version in then.current.items() if version
                }
                for key in {key for key, _ in events}:
                    query = lookup.of(EVERYONE, key, as_of=as_of)
                    assert _row(connection, query)[2] == expected.get(key)
                query = listing.page(EVERYONE, 100, 0, as_of=as_of)
                _, total, documents = _row(connection, query)
                assert total == len(documents or []) == len(expected)


def _as_json(document: dict[str, Any]) -> Any:
    return json.loads(msgspec.json.encode(document))


def _row(connection: Connection[Any], query: Query) -> tuple[Any, ...]:
    row = connection.execute(query.sql, query.parameters).fetchone()
    assert row
    return tuple(row)
