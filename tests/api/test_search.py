"""Searching by words, over HTTP."""

from typing import Any

import httpx
import pytest

from api.caller import Scope
from tests.api.service import OTHER_CLIENT, Service

SEARCH = "/v1/dataops/search"


def found(reader: httpx.Client, q: str = "", **filters: object) -> Any:
    answer = reader.get(SEARCH, params={"q": q, **filters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(page: Any) -> list[str]:
    return [result["name"] for result in page["results"]]


@pytest.fixture
def catalogue(service: Service) -> Service:
    schema = {
        "type": "object",
        "properties": {"accountId": {"type": "string", "description": "Who <b>pays</b>"}},
    }
    service.register_template("fintech/payments/jira_issues", name="Payment issues", schema=schema)
    service.register_template(
        "retail/support/zendesk_tickets", name="Tickets", description="Account requests & more"
    )
    service.register_dataset(name="Issues of ours")
    service.register_dataset(name="Zeppelin issues", client_id=OTHER_CLIENT)
    service.project()
    return service


def test_words_find_things_by_their_names_and_fields(
    catalogue: Service, reader: httpx.Client
) -> None:
    assert names(found(reader, "issue")) == ["Issues of ours", "Payment issues"]
    assert set(names(found(reader, "account"))) == {"Payment issues", "Tickets"}
    assert names(found(reader, "accountId")) == ["Payment issues"]


def test_what_was_found_is_marked_and_everything_else_escaped(
    catalogue: Service, reader: httpx.Client
) -> None:
    [hit] = found(reader, "pays")["results"]
    assert hit["highlights"]["fields"] == [
        {
            "path": "accountId",
            "type": "string",
            "description": "Who &lt;b&gt;<mark>pays</mark>&lt;/b&gt;",
        }
    ]
    [hit] = found(reader, "requests")["results"]
    assert hit["highlights"]["description"] == "Account <mark>requests</mark> &amp; more"


def test_another_clients_words_are_neither_found_nor_told(
    catalogue: Service, reader: httpx.Client
) -> None:
    for q in ("zeppelin", "zepp", "zepelin"):
        page = found(reader, q)
        assert page["results"] == []
        assert page["unknown"] == [q]
        assert page["corrected"] == {}
    theirs = catalogue.client(OTHER_CLIENT, Scope.DATASETS_READ)
    assert names(found(theirs, "zepelin")) == ["Zeppelin issues"]


def suggested(reader: httpx.Client, q: str) -> list[str]:
    answer = reader.get(f"{SEARCH}/suggest", params={"q": q})
    assert answer.status_code == 200, answer.text
    return [each["text"] for each in answer.json()["suggestions"]]


def test_words_are_suggested_while_they_are_typed(catalogue: Service, reader: httpx.Client) -> None:
    assert suggested(reader, "payment iss") == ["payment issues"]
    assert suggested(reader, "acco") == ["account"]
    assert suggested(reader, "acount") == ["account"]
    assert suggested(reader, "") == []


def test_no_word_of_another_client_is_suggested(catalogue: Service, reader: httpx.Client) -> None:
    for q in ("z", "zepp", "zepelin"):
        assert "zeppelin" not in suggested(reader, q)
    theirs = catalogue.client(OTHER_CLIENT, Scope.DATASETS_READ)
    assert suggested(theirs, "zepp") == ["zeppelin"]
