"""Glean is scanned over a real socket: custom datasources, native connectors, and its failures."""

import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from discovery.dataset_reading import FoundConnector, ScanOptions
from discovery.files import NoSuchSource
from discovery.registrar import ScanContext
from discovery.scan_report import Change, ScanReport
from discovery.scanner import Scanner
from discovery.sources.glean.apis import ClientApi
from discovery.sources.glean.client import Client
from discovery.sources.sources import source_of
from registry.application import RegistryApplication
from registry.commands import RegisterConnector
from registry.connector import Health
from registry.privacy import SamplePolicy
from registry.store import RecordedEvent

from .glean_server import (
    CLIENT_TOKEN,
    INDEXING_TOKEN,
    TYPES,
    GleanServer,
    Reply,
    failure,
    glean_server,
    json_reply,
    runbook,
)

Recorded = Callable[[], list[RecordedEvent]]
Scan = Callable[..., ScanReport]

CONFIG = "/api/index/v1/getdatasourceconfig"
STATUS = "/api/index/v1/debug/runbooks/status"
SEARCH = "/rest/api/v1/search"
DOCUMENTS = "/rest/api/v1/getdocumentsbyfacets"
CREDENTIALS = "/rest/api/v1/datasource/jira_abc123/credentialstatus"


@pytest.fixture
def glean(monkeypatch: pytest.MonkeyPatch) -> Iterator[GleanServer]:
    """A Glean that is running, with its tokens in the environment."""
    monkeypatch.setenv("GLEAN_INDEXING_TOKEN", INDEXING_TOKEN)
    monkeypatch.setenv("GLEAN_CLIENT_TOKEN", CLIENT_TOKEN)
    with glean_server() as server:
        yield server


@pytest.fixture
def scan(application: RegistryApplication, glean: GleanServer) -> Scan:
    """Scans the Glean."""

    def scan(query: str = "", samples: SamplePolicy = SamplePolicy.MASKED, **told: Any) -> Any:
        options = ScanOptions({"industry": "fintech"}, samples)
        return Scanner(application, options=options).scan(source_of(glean.address + query, told))

    return scan


def identities(report: ScanReport) -> list[str]:
    return [template.identity for template in report.templates]


def definition(recorded: Recorded, dataset_type: str) -> dict[str, Any]:
    """Return the definition of a template as it was registered."""
    definitions = [event.facts["definition"] for event in recorded()]
    [found] = [each for each in definitions if each["identity"]["dataset_type"] == dataset_type]
    return found


def test_each_object_type_of_each_datasource_becomes_a_template(scan: Scan) -> None:
    report = scan()

    assert report.failures == []
    assert sorted(identities(report)) == [
        "fintech/enterprise_search/confluence_page",
        "fintech/enterprise_search/jira_bug",
        "fintech/enterprise_search/jira_story",
        "fintech/enterprise_search/runbooks_postmortem",
        "fintech/enterprise_search/runbooks_runbook",
    ]


def test_a_custom_type_has_the_schema_that_its_definition_declares(
    scan: Scan, recorded: Recorded
) -> None:
    scan("?datasource=runbooks")
    runbook = definition(recorded, "runbooks_runbook")

    assert runbook["declared_schema"]
    assert runbook["schema"]["properties"]["reviewed"] == {
        "title": "Reviewed on",
        "type": "string",
        "format": "date",
        "x-type": "date",
    }
    assert runbook["schema"]["properties"]["tools"]["items"] == {"type": "string"}
    assert runbook["default_record_count"] == 42
    assert runbook["name"] == "Runbooks Runbook"
    assert not runbook["custom_fields"]["glean"]["record_count_is_estimate"]


def test_a_native_type_has_the_schema_of_its_documents_and_an_estimated_count(
    scan: Scan, recorded: Recorded
) -> None:
    scan("?datasource=jira")
    bug = definition(recorded, "jira_bug")

    assert not bug["declared_schema"]
    assert bug["schema"]["properties"]["createTime"]["format"] == "date-time"
    assert bug["schema"]["properties"]["components"]["type"] == "array"
    assert bug["default_record_count"] == 12_000
    assert bug["custom_fields"]["glean"] == {
        "datasource": "jira",
        "object_type": "Bug",
        "connector": "native",
        "category": "",
        "record_count_is_estimate": True,
        "facets": ["from", "priority"],
    }
    assert definition(recorded, "jira_story")["custom_fields"]["glean"]["facets"] == ["from"]


def test_documents_are_read_page_by_page(scan: Scan, glean: GleanServer) -> None:
    scan("?datasource=confluence")

    pages = [body for _, path, body in glean.requests if path == DOCUMENTS]
    assert [page.get("cursor") for page in pages] == [None, "30"]


def test_all_buckets_of_a_facet_are_asked_for(
    glean: GleanServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TYPES, "jira", {f"Type {number}": 1 for number in range(230)})
    base_url = glean.address.removeprefix("glean+")

    with Client(base_url, CLIENT_TOKEN, "GLEAN_CLIENT_TOKEN") as client:
        [types, *_] = ClientApi(client).facets("jira")

    assert len(types.buckets) == 230
    assert glean.asked(SEARCH) == 3


def test_what_tells_of_persons_is_masked_in_samples(scan: Scan, recorded: Recorded) -> None:
    scan()

    told = str([event.facts for event in recorded()])
    for private in ("Lovelace", "Hopper", "ada.lovelace@example.com"):
        assert private not in told
    assert "kubectl" in told


def test_documents_that_contradict_a_declared_type_are_a_warning_and_not_shown(
    scan: Scan, glean: GleanServer, recorded: Recorded
) -> None:
    wrong = runbook(1)
    wrong["metadata"]["customData"]["steps"] = {"stringValue": "several"}
    page = json_reply({"documents": [runbook(0), wrong], "hasMoreResults": False})
    glean.replies[DOCUMENTS] = [page]

    report = scan("?datasource=runbooks")
    found = definition(recorded, "runbooks_runbook")

    assert report.failures == []
    assert found["statistics"]["warnings"] == [
        {"line": None, "message": "1 of 2 documents contradict the declared schema"}
    ]
    assert [record["steps"] for record in found["sample_data"]] == [0]


def test_an_unchanged_datasource_gives_no_new_version(scan: Scan, recorded: Recorded) -> None:
    scan()
    before = recorded()

    report = scan()

    assert report.count(Change.UNCHANGED) == len(report.templates) == 5
    assert recorded() == before


def test_estimates_that_waver_give_no_new_version(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan("?datasource=jira")
    monkeypatch.setitem(TYPES, "jira", {"Bug": 12_378, "Story": 6_805})

    assert scan("?datasource=jira").count(Change.UNCHANGED) == 2


def test_a_datasource_is_known_by_its_digest(glean: GleanServer) -> None:
    options = ScanOptions({"industry": "fintech"})
    [find] = source_of(f"{glean.address}?datasource=jira").finds()
    first = find.read("", options)
    again = find.read(first.digest, options)

    assert (first.is_known, again.is_known) == (False, True)
    assert again.commands == []
    assert again.connectors == first.connectors


def test_a_datasource_can_be_looked_at_in_another_process(glean: GleanServer) -> None:
    [find] = source_of(f"{glean.address}?datasource=jira").finds()

    assert pickle.loads(pickle.dumps(find)) == find  # noqa: S301 - just made
    assert CLIENT_TOKEN.encode() not in pickle.dumps(find)


# Connectors


def connector(address: str) -> FoundConnector:
    [find] = source_of(address).finds()
    [found] = find.read("", ScanOptions({"industry": "fintech"})).connectors
    return found


def test_a_datasource_is_a_connector_that_names_its_tokens_and_holds_none(
    glean: GleanServer,
) -> None:
    found = connector(f"{glean.address}?datasource=jira")

    assert found.name == f"Glean {glean.address.removeprefix('glean+http://')} jira"
    assert found.configuration.endpoint == glean.address.removeprefix("glean+")
    assert found.configuration.config["client_token"] == "env:GLEAN_CLIENT_TOKEN"
    assert RegisterConnector(name=found.name, configuration=found.configuration)
    assert CLIENT_TOKEN not in str(found)


def test_a_custom_datasource_tells_its_last_sync(glean: GleanServer) -> None:
    found = connector(f"{glean.address}?datasource=runbooks")

    assert found.health is Health.HEALTHY
    assert found.detail == "40 of 49 documents indexed; visible to all"
    assert found.last_sync_at == datetime(2026, 2, 8, 12, 6, tzinfo=UTC)


def test_connectors_are_registered_with_health_and_last_sync_and_found_again(
    application: RegistryApplication, glean: GleanServer, recorded: Recorded
) -> None:
    options = ScanOptions({"industry": "fintech"})

    for query in ("?datasource=runbooks", ""):
        context = ScanContext(client=UUID(int=7))
        report = Scanner(application, options=options).scan(glean.address + query, context)
        assert report.failures == []

    events = [event for event in recorded() if event.topic.startswith("Connector")]
    registered = [event.facts for event in events if event.topic == "ConnectorRegistered"]
    looks = [event.facts for event in events if event.topic == "ConnectorHealthRecorded"]
    assert len({each["connector_id"] for each in registered}) == len(registered) == 3
    assert [look["health"] for look in looks] == ["healthy"] * 4
    assert looks[0]["last_sync_at"] == "2026-02-08T12:06:00Z"


@pytest.mark.parametrize(
    ("status", "health"),
    [
        ("VALID", Health.HEALTHY),
        ("VALID_WITH_WARNINGS", Health.DEGRADED),
        ("INVALID", Health.UNHEALTHY),
        ("SOMETHING_NEW", Health.UNKNOWN),
    ],
)
def test_a_native_connector_is_as_healthy_as_its_credentials(
    glean: GleanServer, status: str, health: Health
) -> None:
    glean.always[CREDENTIALS] = json_reply({"status": status, "message": "see the admin console"})

    found = connector(f"{glean.address}?datasource=jira")

    assert found.health is health
    assert found.detail == f"credentials of jira_abc123: {status} (see the admin console)"


def test_health_that_the_token_may_not_see_is_unknown_and_no_failure(
    glean: GleanServer, scan: Scan
) -> None:
    glean.always[CREDENTIALS] = failure(403, "needs the ADMIN scope")

    assert connector(f"{glean.address}?datasource=jira").health is Health.UNKNOWN
    assert scan("?datasource=jira").failures == []


def test_a_datasource_that_fails_is_an_unhealthy_connector(glean: GleanServer) -> None:
    glean.always[STATUS] = failure(404, "no such datasource")

    found = connector(f"{glean.address}?datasource=runbooks")

    assert found.health is Health.UNHEALTHY
    assert "404" in found.detail


# Failures


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, which are not waited for."""
    pauses: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", pauses.append)
    return pauses


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_glean_is_asked_again(
    scan: Scan, glean: GleanServer, impatient: list[float], status: int
) -> None:
    glean.replies[CONFIG] = [failure(status, "busy"), failure(status, "busy")]

    report = scan("?datasource=runbooks")

    assert report.failures == []
    assert glean.asked(CONFIG) == 3
    assert 0.25 <= impatient[0] <= 0.5 <= impatient[1] <= 0.75


def test_glean_is_asked_again_when_it_says(
    scan: Scan, glean: GleanServer, impatient: list[float]
) -> None:
    glean.replies[CONFIG] = [
        failure(429, "busy", Retry_After="7"),
        failure(503, "busy", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
    ]

    assert scan("?datasource=runbooks").failures == []
    assert impatient == [7.0, 0.0]


def test_a_glean_that_stays_busy_fails_the_datasource_and_no_other(
    scan: Scan, glean: GleanServer, impatient: list[float]
) -> None:
    glean.always[STATUS] = failure(500, "out of order")

    report = scan()

    assert list(map(str, report.failures)) == [
        "runbooks: POST /api/index/v1/debug/runbooks/status:"
        " answered 500 Internal Server Error (out of order)"
    ]
    assert glean.asked(STATUS) == 5
    assert len(report.templates) == 3


def test_a_glean_that_asks_for_a_long_pause_is_not_asked_again(
    scan: Scan, glean: GleanServer, impatient: list[float]
) -> None:
    glean.always[STATUS] = failure(429, "come back tomorrow", Retry_After="86400")

    [problem] = scan("?datasource=runbooks").failures

    assert "429 Too Many Requests (come back tomorrow)" in problem.reason
    assert "wait 86400 s" in problem.reason
    assert glean.asked(STATUS) == 1


def test_an_object_type_that_fails_is_one_line_and_the_others_are_registered(
    scan: Scan, glean: GleanServer
) -> None:
    glean.replies[DOCUMENTS] = [failure(404, "gone")]

    report = scan("?datasource=jira")

    assert [problem.place for problem in report.failures] == ["Bug"]
    assert identities(report) == ["fintech/enterprise_search/jira_story"]


def test_a_token_that_is_refused_is_named_and_never_shown(
    scan: Scan, glean: GleanServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLEAN_INDEXING_TOKEN", "a-stolen-token-42")

    [problem] = scan("?datasource=runbooks").failures

    assert "401" in problem.reason
    assert "GLEAN_INDEXING_TOKEN is not valid" in problem.reason
    assert "no such token: …" in problem.reason
    assert glean.asked(CONFIG) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {}, b'{"objectDefinitions": ['), "answered with what is no JSON"),
        ((200, {}, b'{"objectDefinitions": 4}'), "answered with something else"),
        ((200, {}, b" " * (33 * 2**20)), "answered with more than 32 MiB"),
        ((302, {"Location": "https://elsewhere.example"}, b""), "answered 302"),
    ],
    ids=["broken", "undocumented", "endless", "redirection"],
)
def test_an_answer_that_is_none_fails_the_datasource(
    scan: Scan, glean: GleanServer, answer: Reply, reason: str
) -> None:
    glean.always[CONFIG] = answer

    report = scan("?datasource=runbooks")

    assert [problem.reason.startswith(reason) for problem in report.failures] == [True]
    assert glean.asked(CONFIG) == 1


def test_a_glean_that_never_answers_is_given_up(
    scan: Scan, glean: GleanServer, impatient: list[float]
) -> None:
    glean.silent = {STATUS}

    report = scan(seconds=0.05)

    assert list(map(str, report.failures)) == [
        "runbooks: POST /api/index/v1/debug/runbooks/status: gave no answer within 0.05 s, 5 times"
    ]
    assert len(report.templates) == 3


def test_a_glean_that_is_not_there_is_no_source(
    scan: Scan, glean: GleanServer, impatient: list[float]
) -> None:
    with glean_server() as gone:
        pass
    with pytest.raises(NoSuchSource, match="POST /rest/api/v1/search: cannot be reached"):
        list(source_of(gone.address).finds())


# What is looked at


def test_without_a_client_token_named_datasources_are_looked_at_without_documents(
    scan: Scan, glean: GleanServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GLEAN_CLIENT_TOKEN")

    assert len(scan("?datasource=runbooks").templates) == 2
    assert glean.asked(DOCUMENTS) == 0
    with pytest.raises(NoSuchSource, match="without GLEAN_CLIENT_TOKEN, name the custom"):
        scan()


def test_without_an_indexing_token_every_datasource_is_looked_at_as_a_native_one(
    scan: Scan, glean: GleanServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GLEAN_INDEXING_TOKEN")

    assert len(scan().templates) == 4
    assert glean.asked(CONFIG) == 0


def test_tokens_may_be_in_variables_of_other_names(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GLEAN_CLIENT_TOKEN")
    monkeypatch.setenv("ACME_TOKEN", CLIENT_TOKEN)

    assert len(scan(client_token="ACME_TOKEN").templates) == 5


def test_named_datasources_are_added_to_those_that_can_be_searched_by_a_star(
    glean: GleanServer,
) -> None:
    def names(query: str) -> list[str]:
        return [find.path for find in source_of(glean.address + query).finds()]

    assert names("") == ["confluence", "jira", "runbooks"]
    assert names("?datasource=hidden,jira") == ["hidden", "jira"]
    assert names("?datasource=hidden,*") == ["confluence", "hidden", "jira", "runbooks"]


def test_the_industry_has_to_be_given(application: RegistryApplication, glean: GleanServer) -> None:
    report = Scanner(application).scan(f"{glean.address}?datasource=confluence")

    assert list(map(str, report.failures)) == [
        "confluence: industry: is not told by Glean: give --industry"
    ]
