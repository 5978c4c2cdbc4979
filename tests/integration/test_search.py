"""The search read model in Postgres: what is found, in which order, and by which index."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from projections.generation import Generation
from projections.projector import Projector
from projections.query import EVERYONE
from projections.read_model import Document
from projections.rebuild import rebuild
from projections.search.documents import template_registered
from projections.search.matching import MOST_RANKED
from projections.search.model import SEARCH
from registry.application import RegistryApplication
from registry.commands import RemoveConnector, RetireTemplate
from registry.store import RecordedEvent
from tests.rounds import rounds

from .asked import search
from .histories import HISTORIES, Databases, History, grow
from .submissions import new_connector, new_dataset, new_template, submission

CLIENT, OTHER = UUID(int=1), UUID(int=2)
CROWD = """
    INSERT INTO read_models.search_1
        (key, type, status, tags, name, updated_at, lexemes, document, valid_from)
    SELECT 'template/' || n, 'template', 'active', '{}', 'noise', now(),
           array_to_tsvector(ARRAY['@shared', 'noise']), json_build_object('name', 'noise'), 1
    FROM generate_series(1, 10000) AS n;

    INSERT INTO read_models.search_1_past
    SELECT search_1.*, valid_from + 1 FROM read_models.search_1
"""
FEW = settings(
    max_examples=rounds(4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def many(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Connection[Any]]:
    """A connection to a catalogue of some thousand templates and some things of two clients."""
    with new_database() as url, RegistryApplication(url) as application:
        application.submit_all(
            [
                *(new_template(f"jira_{number}", tags=["agile"]) for number in range(1_500)),
                new_template("by_title", industry="ledger_keeping"),
                new_template("by_tag", tags=["ledger"]),
                new_template("by_field", schema={"properties": {"ledgerId": {}}}),
                new_template("by_description", description="The ledger, and more"),
                new_template(
                    "by_told_field", schema={"properties": {"x": {"description": "A ledger"}}}
                ),
                new_template("by_neighbours", description="fraud scoring of payments"),
                new_template("by_words", description="scoring of payments, and fraud"),
                *(new_dataset(client, "zebra_herds") for client in (CLIENT, OTHER)),
                new_connector(CLIENT, "Zanzibar"),
            ]
        )
        Projector(url, [SEARCH]).catch_up()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(CROWD)
            connection.execute("VACUUM ANALYZE")
            yield connection


def test_a_word_counts_by_where_it_stands(many: Connection[Any]) -> None:
    names = [name.rpartition("/")[2] for name in search(many, CLIENT, "ledger ").names]
    assert [names[0], *names[3:]] == ["by_title", "by_description", "by_told_field"]
    assert set(names[1:3]) == {"by_tag", "by_field"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"fraud scoring"', ["by_neighbours"]),
        ("fraud scoring ", ["by_neighbours", "by_words"]),
        ("fraud -scoring", []),
        ("frau", ["by_neighbours", "by_words"]),
        ("fruad scored ", ["by_neighbours", "by_words"]),
        ("ledgerid", ["by_field"]),
        ("LEDGER_ID ", ["by_field"]),
        ('"ledger keeping" -by', []),
    ],
)
def test_phrases_exclusions_beginnings_forms_and_slips_are_understood(
    many: Connection[Any], text: str, found: list[str]
) -> None:
    names = search(many, CLIENT, text).names
    assert sorted(name.rpartition("/")[2] for name in names) == found


def test_a_client_finds_its_own_things_and_an_administrator_all(many: Connection[Any]) -> None:
    assert len(search(many, CLIENT, "zebra").names) == 1
    assert len(search(many, EVERYONE, "zebra").names) == 2
    assert search(many, OTHER, "zanzibar").names == []
    assert search(many, CLIENT, "zanzibr").names == ["Zanzibar"]


def test_its_own_things_are_found_however_many_templates_match(many: Connection[Any]) -> None:
    names = search(many, CLIENT, "").names
    assert {"Zanzibar", "zebra_herds in sandbox"} <= set(names)


def test_of_what_very_much_matches_a_share_is_ranked_unless_that_fills_no_page(
    many: Connection[Any],
) -> None:
    some = search(many, CLIENT, "jira ", limit=20, type="template").found
    assert not some.is_exact
    assert 20 < some.count <= 2 * MOST_RANKED
    everything = search(many, CLIENT, "jira ", limit=1_000, type="template").found
    assert everything.is_exact
    assert everything.count == 1_500


def test_fields_are_those_of_all_templates_that_match_if_these_are_few(
    many: Connection[Any],
) -> None:
    few = search(many, CLIENT, "ledger ", fields=True, type="template")
    assert (few.names, few.found.is_exact) == (["ledgerId", "x"], True)
    none = search(many, CLIENT, "jira ", fields=True, type="template")
    assert (none.names, none.found.is_exact) == ([], False)


WORDS = ["jira", "jira agile", "ledger", "ledgre", "zebra -agile"]


@pytest.mark.parametrize("as_of", [None, 5], ids=["now", "past"])
@pytest.mark.parametrize("tenant", [CLIENT, EVERYONE], ids=["client", "everyone"])
@pytest.mark.parametrize(
    ("text", "fields"),
    # Fields of anything are those of the first hundred templates there are: no index is needed.
    [*((text, False) for text in (*WORDS, "")), *((text, True) for text in WORDS)],
)
def test_everything_is_found_by_an_index(
    many: Connection[Any], tenant: Any, text: str, fields: bool, as_of: int | None
) -> None:
    for query in search(many, tenant, text, fields=fields, as_of=as_of, tag="agile").queries:
        plan = many.execute(f"EXPLAIN (FORMAT JSON) {query.sql}", query.parameters).fetchone()
        assert plan
        nodes = list(_nodes(plan[0][0]["Plan"]))
        assert any(node.get("Index Name", "").startswith("search_") for node in nodes)
        scanned = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
        assert scanned <= {"projection_generations"}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)


@settings(
    max_examples=rounds(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=60) | st.text("jira agle\"-_ '\\:*&|!<>()", max_size=40))
def test_there_is_no_text_that_postgres_cannot_search_for(many: Connection[Any], text: str) -> None:
    search(many, CLIENT, text)


@FEW
@given(HISTORIES)
def test_words_are_counted_as_a_clean_replay_counts_them(
    new_database: Databases, history: History
) -> None:
    with new_database() as url, RegistryApplication(url) as application:
        grow(url, application, history, batch=3)
        with psycopg.connect(url, autocommit=True) as connection:
            live = _words(connection)
            rebuild(connection, SEARCH)
            assert _words(connection) == live
            counted = connection.execute(
                "SELECT client_id, lexeme, count(*) FROM read_models.search,"
                " LATERAL unnest(lexemes) WHERE lexeme ~ '^\\w' GROUP BY 1, 2"
            ).fetchall()
            held = [(*entry[:2], entry[-1]) for entry in live if entry[-1] and entry[1].isalnum()]
            assert sorted(counted, key=str) == sorted(held, key=str)


def test_words_of_what_is_gone_are_known_for_looks_at_the_past(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    connector, template = new_connector(CLIENT, "Zanzibar"), new_template("quagga_herds")
    application.submit_all([connector, template])
    Projector(url, [SEARCH]).catch_up()
    application.submit_all(
        [
            submission(RemoveConnector(reason="gone"), connector.target, CLIENT),
            replace(template, command=RetireTemplate()),
        ]
    )
    Projector(url, [SEARCH]).catch_up()
    counts = {lexeme: count for _, lexeme, *_, count in _words(connection)}
    assert counts["zanzibar"] == 0
    assert counts["=status:retired"] == counts["quagga"] == 1


def test_a_template_that_cannot_be_folded_waits_and_the_others_are_found(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    def fails(before: Document, event: RecordedEvent) -> Document:
        if event.facts["definition"]["identity"]["dataset_type"] == "sick":
            raise ValueError("a defect")
        return template_registered(before, event)

    defective = replace(SEARCH, handlers={**SEARCH.handlers, "DatasetTemplateRegistered": fails})
    Projector(url, [defective]).catch_up()
    application.submit_all([new_template("sick"), new_template("well")])
    Projector(url, [defective]).catch_up()
    assert search(connection, CLIENT, "sick").names == []
    assert len(search(connection, CLIENT, "well").names) == 1
    live = Generation.find_live(connection, SEARCH)
    assert live
    [(key,)] = connection.execute("SELECT key FROM dead_letters").fetchall()
    assert live.reconsider(connection, key, skip=False) == 0
    assert len(search(connection, CLIENT, "sick").names) == 1
    kept = _words(connection)
    rebuild(connection, SEARCH)
    assert _words(connection) == kept


def _words(connection: Connection[Any]) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT * FROM read_models.search_words ORDER BY 1, 2").fetchall()
