"""Connectors: names are unique without regard to case or encoding, every look is a fact."""

from datetime import UTC, datetime
from unicodedata import normalize

import pytest
from given import (
    CLIENT,
    CONNECTOR,
    OTHER_CONNECTOR,
    configuration,
    connected,
    given,
)
from hypothesis import example
from hypothesis import given as given_any
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.commands import (
    RecordConnectorHealth,
    RegisterConnector,
    RemoveConnector,
    ReviseConnector,
)
from registry.connector import Health, folded_name
from registry.errors import ConnectorIdTaken, ConnectorNameTaken, ConnectorNotFound
from registry.events import ConnectorHealthRecorded, ConnectorRemoved, ConnectorRevised

THIS = {"client_id": CLIENT, "connector_id": CONNECTOR}
REMOVED = ConnectorRemoved(reason="moved", **THIS)
SAME_NAMES = [
    ("Jira", "JIRA"),
    ("Jira", " jira "),
    ("Straße", "STRASSE"),
    ("Café", "Cafe\u0301"),
    ("ﬁles", "Files"),
    ("Ｊｉｒａ", "jira"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("K", "\N{KELVIN SIGN}"),
]


def registration(name, **parts):
    return RegisterConnector(name=name, configuration=configuration(**parts))


def test_a_connector_is_registered_with_its_health_unknown():
    case = given().when(registration("Jira", endpoint="https://jira.test"), CONNECTOR)

    case.then(connected("Jira", endpoint="https://jira.test"))
    connector = case.aggregate.connectors[CONNECTOR]
    assert (connector.health, connector.checked_at, connector.version) == ("unknown", None, 1)


def test_an_id_is_used_once():
    case = given(connected("Jira")).when(registration("Slack"), CONNECTOR)
    case.then(ConnectorIdTaken(connector_id=CONNECTOR))


@pytest.mark.parametrize(("taken", "name"), SAME_NAMES)
def test_a_name_is_taken_in_any_case_and_encoding(taken, name):
    error = ConnectorNameTaken(holder=CONNECTOR, name=name.strip())

    given(connected(taken)).when(registration(name), OTHER_CONNECTOR).then(error)
    both = given(connected(taken), connected("Slack", OTHER_CONNECTOR))
    both.when(ReviseConnector(name=name), OTHER_CONNECTOR).then(error)


@pytest.mark.parametrize(("taken", "name"), [("Jira", "Jira 2"), ("Cafe", "Café"), ("I", "ı")])
def test_other_names_are_free(taken, name):
    case = given(connected(taken)).when(registration(name), OTHER_CONNECTOR)
    case.then(connected(name, OTHER_CONNECTOR))


@given_any(st.text())
@example("\u1fb3\u0345")
@example("ß\u0301")
def test_folding_does_not_depend_on_case_or_normal_form(name):
    folded = folded_name(name)

    assert folded_name(folded) == folded
    assert folded_name(name.casefold()) == folded
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert folded_name(normalize(form, name)) == folded


def test_the_name_of_a_removed_connector_is_free_again():
    case = given(connected("Jira"), REMOVED).when(registration("jira"), OTHER_CONNECTOR)
    case.then(connected("jira", OTHER_CONNECTOR))


def test_a_connector_may_write_its_own_name_differently():
    case = given(connected("Jira")).when(ReviseConnector(name="JIRA"), CONNECTOR)
    case.then(ConnectorRevised(name="JIRA", configuration=configuration(), **THIS))


def test_what_a_revision_leaves_out_stays():
    new = configuration(endpoint="https://new.test")
    case = given(connected("Jira", endpoint="https://old.test"))

    case.when(ReviseConnector(configuration=new), CONNECTOR)
    case.then(ConnectorRevised(name="Jira", configuration=new, **THIS))
    case.when(ReviseConnector(name="Tickets"), CONNECTOR)
    case.then(ConnectorRevised(name="Tickets", configuration=new, **THIS))
    assert case.aggregate.connectors[CONNECTOR].version == 3


@pytest.mark.parametrize(
    "command", [ReviseConnector(name="Jira"), ReviseConnector(configuration=configuration())]
)
def test_a_revision_that_changes_nothing_records_nothing(command):
    given(connected("Jira")).when(command, CONNECTOR).then()


def test_every_look_at_a_connector_is_a_fact():
    look = RecordConnectorHealth(health=Health.DEGRADED, detail="slow")
    seen = ConnectorHealthRecorded(health=Health.DEGRADED, detail="slow", **THIS)
    case = given(connected("Jira"))

    case.when(look, CONNECTOR).then(seen)
    case.when(look, CONNECTOR).then(seen)
    connector = case.aggregate.connectors[CONNECTOR]
    assert (connector.health, connector.health_detail) == (Health.DEGRADED, "slow")
    assert connector.checked_at == connector.updated_at == case.aggregate.last_updated


def test_the_last_sync_is_remembered_when_a_look_does_not_tell_it():
    synced = datetime(2026, 2, 8, 12, 5, tzinfo=UTC)
    case = given(connected("Jira"))

    case.when(RecordConnectorHealth(health=Health.HEALTHY, last_sync_at=synced), CONNECTOR)
    case.when(RecordConnectorHealth(health=Health.UNHEALTHY), CONNECTOR)

    assert case.aggregate.connectors[CONNECTOR].last_sync_at == synced


@pytest.mark.parametrize(
    "moment", [0, "0", "2026-02-08", "2026-02-08T12:05:00", "9999-12-31T23:59:59-10:00", True]
)
def test_a_last_sync_is_a_date_time_with_an_offset(moment):
    with pytest.raises(ValidationError):
        RecordConnectorHealth(health=Health.HEALTHY, last_sync_at=moment)


def test_a_removed_connector_leaves_memory():
    case = given(connected("Jira")).when(RemoveConnector(reason="moved"), CONNECTOR)

    case.then(REMOVED)
    assert case.aggregate.connectors == {}
    assert case.outcome.version == 2


@pytest.mark.parametrize(
    "command",
    [
        ReviseConnector(name="Jira"),
        RecordConnectorHealth(health=Health.HEALTHY),
        RemoveConnector(),
    ],
)
def test_nothing_happens_to_a_connector_that_is_not_there(command):
    error = ConnectorNotFound(connector_id=CONNECTOR)

    given(connected("Jira"), REMOVED).when(command, CONNECTOR).then(error)
    given(connected("Jira", OTHER_CONNECTOR)).when(command, CONNECTOR).then(error)
