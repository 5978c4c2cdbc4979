"""Queries answer with what matches, counted and in order, and with the position they reflect."""

from collections.abc import Callable, Iterator
from itertools import chain, combinations, product
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection

from projections.connectors import connector_by_id, connector_listing
from projections.datasets import dataset_by_id, dataset_listing
from projections.projector import Projector
from projections.quality_checks import quality_check_listing
from projections.query import EVERYONE, Query
from projections.templates import template_by_id, template_listing
from registry.application import RegistryApplication
from registry.dataset import Stage, Status
from registry.store import EventLog

from .submissions import checks, new_connector, new_dataset, new_template, status

CLIENTS = [UUID(int=1), UUID(int=2)]
JOURNEYS = [UUID(int=11), UUID(int=12)]
Row = tuple[Any, ...]
Ask = Callable[[Query], Row]


@pytest.fixture
def ask(connection: Connection[Any]) -> Ask:
    """Runs a query and returns its one row."""

    def ask(query: Query) -> Row:
        rows = connection.execute(query.sql, query.parameters).fetchall()
        assert len(rows) == 1
        return tuple(rows[0])

    return ask


@pytest.fixture
def datasets(application: RegistryApplication, url: str) -> None:
    """Datasets that differ in everything that can be asked for."""
    for client_id in CLIENTS:
        for number, stage in enumerate(Stage):
            for dataset_type in ("jira_issues", "slack_messages"):
                journey_id = JOURNEYS[number % 2]
                dataset = new_dataset(client_id, dataset_type, stage, journey_id=journey_id)
                after = [Status.FAILED, Status.VALIDATING, Status.RETIRED][number % 3]
                application.submit_all([dataset, status(dataset, after), checks(dataset)])
    Projector(url).catch_up()


DATASET_FILTERS = ("journey_id", "stage", "status", "dataset_type")


def subsets(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield every choice of filters, none and all included."""
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


@pytest.mark.usefixtures("datasets")
def test_datasets_are_narrowed_by_each_filter_and_by_every_combination(ask: Ask) -> None:
    _, total, everything = ask(dataset_listing.page(EVERYONE, 100, 0))
    assert total == len(everything) == 16
    for names, wanted in product(subsets(DATASET_FILTERS), everything[:3]):
        filters = {name: wanted[name] for name in names}
        matching = [one for one in everything if filters.items() <= one.items()]
        _, count, found = ask(dataset_listing.page(EVERYONE, 100, 0, **filters))
        assert (count, found) == (len(matching), matching), names


@pytest.mark.usefixtures("datasets")
def test_a_client_sees_its_own_datasets_and_no_others_whatever_it_asks_for(ask: Ask) -> None:
    _, _, everything = ask(dataset_listing.page(EVERYONE, 100, 0))
    for client_id, wanted in product(CLIENTS, everything):
        own = [one for one in everything if one["client_id"] == str(client_id)]
        filters = {name: wanted[name] for name in DATASET_FILTERS}
        matching = [one for one in own if filters.items() <= one.items()]
        _, count, found = ask(dataset_listing.page(client_id, 100, 0, **filters))
        assert (count, found) == (len(matching), matching)
        _, _, document = ask(dataset_by_id.of(client_id, wanted["dataset_id"]))
        assert document == (wanted if wanted in own else None)


@pytest.mark.usefixtures("datasets")
def test_a_filter_of_none_does_not_narrow(ask: Ask) -> None:
    assert ask(dataset_listing.page(EVERYONE, 100, 0, stage=None)) == ask(
        dataset_listing.page(EVERYONE, 100, 0)
    )


@pytest.mark.usefixtures("datasets")
def test_datasets_come_the_newest_first(ask: Ask) -> None:
    _, _, found = ask(dataset_listing.page(EVERYONE, 100, 0))
    keys = [(dataset["created_at"], dataset["dataset_id"]) for dataset in found]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.usefixtures("datasets")
def test_pages_together_give_everything_once_and_each_tells_the_total(ask: Ask) -> None:
    _, _, everything = ask(dataset_listing.page(EVERYONE, 100, 0))
    pages = [ask(dataset_listing.page(EVERYONE, 5, offset)) for offset in range(0, 20, 5)]
    assert [len(documents) for _, _, documents in pages] == [5, 5, 5, 1]
    assert [document for _, _, documents in pages for document in documents] == everything
    assert {total for _, total, _ in pages} == {16}


@pytest.mark.usefixtures("datasets")
def test_a_page_beyond_the_end_is_empty_and_still_tells_the_total(ask: Ask) -> None:
    _, total, documents = ask(dataset_listing.page(EVERYONE, 5, 20))
    assert (total, documents) == (16, None)


@pytest.mark.usefixtures("datasets")
def test_every_answer_tells_the_position_that_it_reflects(
    application: RegistryApplication, ask: Ask, connection: Connection[Any]
) -> None:
    head = EventLog(connection).head()
    assert application.submit(new_connector(CLIENTS[0])).position > head
    for query in (
        dataset_listing.page(EVERYONE, 5, 0),
        template_listing.page(EVERYONE, 5, 0),
        connector_listing.page(EVERYONE, 5, 0),
        quality_check_listing.page(EVERYONE, 5, 0),
        dataset_by_id.of(EVERYONE, uuid4()),
        template_by_id.of(EVERYONE, uuid4()),
        connector_by_id.of(EVERYONE, uuid4()),
    ):
        assert ask(query)[0] == head


def test_templates_are_narrowed_by_each_filter_and_come_in_the_order_of_their_identities(
    application: RegistryApplication, url: str, ask: Ask
) -> None:
    application.submit_all(
        [
            new_template(dataset_type, industry=industry, use_case=use_case)
            for industry in ("retail", "fintech", "health")
            for use_case in ("support", "billing")
            for dataset_type in ("slack_messages", "jira_issues")
        ]
    )
    Projector(url).catch_up()
    _, total, everything = ask(template_listing.page(EVERYONE, 100, 0))
    identities = [(one["industry"], one["use_case"], one["dataset_type"]) for one in everything]
    assert total == len(identities) == 12
    assert identities == sorted(identities)
    for names in subsets(("industry", "use_case", "dataset_type", "status")):
        filters = {name: everything[0][name] for name in names}
        matching = [one for one in everything if filters.items() <= one.items()]
        assert ask(template_listing.page(EVERYONE, 100, 0, **filters))[1:] == (
            len(matching),
            matching,
        )


@pytest.mark.parametrize(("tag", "count"), [("eu", 2), ("gold", 1), ("unknown", 0), ("e%", 0)])
def test_templates_are_found_by_a_tag(
    application: RegistryApplication, url: str, ask: Ask, tag: str, count: int
) -> None:
    application.submit_all(
        [
            new_template("jira_issues", tags=["eu", "gold"]),
            new_template("slack_messages", tags=["eu"]),
            new_template("zendesk_tickets"),
        ]
    )
    Projector(url).catch_up()
    _, total, documents = ask(template_listing.page(EVERYONE, 100, 0, tag=tag))
    assert (total, len(documents or [])) == (count, count)
    assert all(tag in document["tags"] for document in documents or [])


def test_a_list_of_templates_leaves_out_what_a_template_by_its_id_has(
    application: RegistryApplication, url: str, ask: Ask
) -> None:
    template = new_template(sample=[{"key": "A-1"}])
    application.submit(template)
    Projector(url).catch_up()
    _, _, (summary,) = ask(template_listing.page(EVERYONE, 1, 0))
    _, version, whole = ask(template_by_id.of(EVERYONE, template.target))
    assert version == 1
    assert whole["sample_data"] == [{"key": "A-1"}]
    assert summary == {name: value for name, value in whole.items() if name in summary}
    assert set(whole) - set(summary) == {
        "schema",
        "declared_schema",
        "statistics",
        "sample_data",
        "refinements",
        "contradictions",
        "rejection",
    }


def test_connectors_come_by_name_and_each_client_sees_its_own(
    application: RegistryApplication, url: str, ask: Ask
) -> None:
    for client_id in CLIENTS:
        for name in ("Zendesk", "Jira", "Slack"):
            application.submit(new_connector(client_id, name))
    Projector(url).catch_up()
    _, total, found = ask(connector_listing.page(CLIENTS[1], 100, 0))
    assert [connector["name"] for connector in found] == ["Jira", "Slack", "Zendesk"]
    assert {connector["client_id"] for connector in found} == {str(CLIENTS[1])}
    assert total == 3
    connector_id = UUID(found[0]["connector_id"])
    assert ask(connector_by_id.of(EVERYONE, connector_id))[2] == found[0]
    assert ask(connector_by_id.of(CLIENTS[0], connector_id))[2] is None


def test_reports_of_checks_are_all_kept_the_newest_first(
    application: RegistryApplication, url: str, ask: Ask
) -> None:
    dataset, other = new_dataset(CLIENTS[0]), new_dataset(CLIENTS[1])
    application.submit_all([dataset, other, checks(other)])
    for score in (90.0, 95.0, 99.0):
        application.submit(checks(dataset, score))
    Projector(url).catch_up()
    _, total, found = ask(quality_check_listing.page(EVERYONE, 2, 0, dataset_id=dataset.target))
    assert total == 3
    assert [report["quality_score"] for report in found] == [99.0, 95.0]
    assert [{check["passed"] for check in report["checks"]} for report in found] == [{True}, {True}]
    for client_id, count in zip(CLIENTS, (3, 1), strict=True):
        assert ask(quality_check_listing.page(client_id, 2, 0))[1] == count
