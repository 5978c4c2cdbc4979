"""Searching by words, over HTTP."""

from typing import Any

import httpx
import pytest

from api.caller import Scope
from registry.commands import RecordQualityChecks, RetireTemplate, ReviseDataset
from registry.quality import CheckType, DataQualityCheck
from tests.api.service import CLIENT, OTHER_CLIENT, Service

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


def test_where_nothing_has_all_words_what_has_most_of_them_is_found(
    catalogue: Service, reader: httpx.Client
) -> None:
    page = found(reader, "account tickets fintech")
    assert (page["matched"], set(names(page))) == ("some", {"Tickets", "Payment issues"})
    page = found(reader, "payment account banana")
    assert (page["matched"], names(page), page["unknown"]) == (
        "some",
        ["Payment issues"],
        ["banana"],
    )
    page = found(reader, "payment account")
    assert (page["matched"], names(page)) == ("all", ["Payment issues"])
    page = found(reader, "payment -account")
    assert (page["matched"], names(page)) == ("all", [])


def test_pages_of_what_has_some_words_follow_each_other(
    catalogue: Service, reader: httpx.Client
) -> None:
    first = found(reader, "tickets banana payment", limit=1)
    second = reader.get(first["_links"]["next"]["href"]).json()
    assert {*names(first), *names(second)} == {"Tickets", "Payment issues"}
    assert second["matched"] == "some"
    assert "next" not in second["_links"]


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


def test_fields_are_found_with_the_templates_that_have_them(
    catalogue: Service, reader: httpx.Client
) -> None:
    [hit] = found(reader, "acount pays", type="field")["results"]
    assert (hit["path"], hit["data_type"], hit["template_count"]) == ("accountId", "string", 1)
    assert [each["name"] for each in hit["templates"]] == ["Payment issues"]
    assert hit["highlights"]["path"] == "<mark>account</mark>Id"
    again = reader.get(hit["_links"]["templates"]["href"]).json()
    assert names(again) == ["Payment issues"]


def test_facets_count_what_was_found_and_narrow_it(
    catalogue: Service, reader: httpx.Client
) -> None:
    page = found(reader, "issues")
    assert page["total"] == {"count": 2, "relation": "exact"}
    assert page["facets"]["type"] == [
        {"value": "dataset", "count": 1},
        {"value": "template", "count": 1},
    ]
    for facet in page["facets"]:
        for each in page["facets"][facet]:
            narrowed = found(reader, "issues", **{facet: each["value"]})
            assert narrowed["total"]["count"] == each["count"]


def test_pages_follow_each_other_and_are_not_changed_by_what_comes_meanwhile(
    catalogue: Service, reader: httpx.Client
) -> None:
    for number in range(7):
        catalogue.register_template(f"retail/support/slack_{number}", name=f"Issues {number}")
    catalogue.project()
    first = reader.get(SEARCH, params={"q": "issues", "limit": 4})
    assert first.links["next"]["url"] == first.json()["_links"]["next"]["href"]
    position = first.headers["X-Registry-Position"]
    shown = names(first.json())
    answer = first
    while "next" in answer.links:
        catalogue.register_template(f"retail/loyalty/new_{len(shown)}", name="Issues issues")
        catalogue.project()
        answer = reader.get(answer.links["next"]["url"])
        assert answer.headers["X-Registry-Position"] == position
        shown += names(answer.json())
    assert sorted(shown) == sorted(
        [*(f"Issues {number}" for number in range(7)), "Payment issues", "Issues of ours"]
    )


def test_a_search_as_of_the_past_finds_what_was_there_then(
    catalogue: Service, reader: httpx.Client
) -> None:
    head = int(reader.get(SEARCH).headers["X-Registry-Position"])
    template_id = catalogue.register_template("retail/support/slack_x", name="Later issues")
    catalogue.submit(RetireTemplate(), template_id)
    catalogue.project()
    assert "Later issues" not in names(found(reader, "issues", as_of=head))
    assert "Later issues" in names(found(reader, "issues", as_of=head + 1))
    assert "Later issues" not in names(found(reader, "issues"))
    assert names(found(reader, "later", status="retired")) == ["Later issues"]


@pytest.mark.parametrize(
    ("parameters", "at_fault"),
    [
        ({"q": "x" * 301}, "q"),
        ({"type": "planet"}, "type"),
        ({"tag": "No Tag"}, "tag"),
        ({"min_quality": "101"}, "min_quality"),
        ({"cursor": "!"}, "cursor"),
        ({"cursor": "e30"}, "cursor"),
        ({"limit": "0"}, "limit"),
        ({"sort": "color"}, "sort"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused_with_its_parameter(
    service: Service, reader: httpx.Client, parameters: dict[str, str], at_fault: str
) -> None:
    answer = reader.get(SEARCH, params=parameters)
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [at_fault]


@pytest.mark.parametrize("sort", ["relevance", "newest", "quality"])
def test_results_come_in_the_order_asked_for(
    catalogue: Service, reader: httpx.Client, sort: str
) -> None:
    good, newest = (
        catalogue.register_dataset(kind, name=f"Issues {kind}") for kind in ("good", "newest")
    )
    checks = [DataQualityCheck(check_type=kind, score=99) for kind in CheckType]
    catalogue.submit(RecordQualityChecks(checks=checks), good, CLIENT)
    catalogue.submit(ReviseDataset(name="Newest issues issues"), newest, CLIENT)
    catalogue.project()
    hits = found(reader, "issues", sort=sort)["results"]
    key = {
        "relevance": lambda hit: hit["score"],
        "newest": lambda hit: hit["updated_at"],
        "quality": lambda hit: hit["quality_score"] or 0,
    }[sort]
    assert len(hits) == 4
    assert [*map(key, hits)] == sorted(map(key, hits), reverse=True)
    assert [hit["name"] for hit in found(reader, min_quality=90)["results"]] == ["Issues good"]
