"""The catalogue of templates, as its readers get it over HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from registry.compatibility import schema_digest
from registry.quality import CheckType
from registry.template import QualityRule
from tests.api.service import Service

TEMPLATES = "/v1/dataops/templates"
JIRA = "fintech/developer_productivity/jira_issues"
IDENTITIES = [  # in the order of lists
    JIRA,
    "healthcare/patient_support/slack_messages",
    "healthcare/patient_support/zendesk_tickets",
    "retail/store_operations/zendesk_tickets",
    "technology/platform_engineering/jira_issues",
]
DEFINITION: dict[str, Any] = {
    "name": "Jira issues",
    "description": "Issues of product teams.",
    "tags": ["agile", "issues"],
    "custom_fields": {"owner": {"team": "payments"}},
    "schema": {"type": "object", "properties": {"key": {"type": "string"}}},
    "declared_schema": True,
    "statistics": {"record_count": 2},
    "sample_data": [{"key": "PAY-1"}, {"key": "PAY-2"}],
    "default_record_count": 2_500,
    "default_size_mb": 12.5,
    "quality_rules": [
        QualityRule(
            name="complete",
            check=CheckType.DATA_COMPLETENESS,
            threshold=97.5,
            description="Fields are filled.",
        )
    ],
}


@pytest.fixture
def catalogue(service: Service) -> Service:
    for identity in IDENTITIES:
        service.register_template(identity, tags=identity.split("/"))
    service.project()
    return service


def identities(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [
        f"{template['industry']}/{template['use_case']}/{template['dataset_type']}"
        for template in answer.json()["templates"]
    ]


def links(answer: httpx.Response) -> dict[str, str]:
    return {relation: link["href"] for relation, link in answer.json()["_links"].items()}


def followed(reader: httpx.Client, relation: str, start: str) -> Iterator[httpx.Response]:
    """Get the start and then whatever the relation leads to, until it leads no further."""
    address: str | None = start
    while address:
        answer = reader.get(address)
        yield answer
        address = links(answer).get(relation)


def test_a_list_of_templates_is_exactly_as_described(
    service: Service, reader: httpx.Client
) -> None:
    template_id = str(service.register_template(JIRA, **DEFINITION))
    service.project()
    answer = reader.get(TEMPLATES)
    [template] = answer.json()["templates"]
    assert template.pop("created_at") == template.pop("updated_at")
    assert template == {
        "template_id": template_id,
        "name": "Jira issues",
        "description": "Issues of product teams.",
        "industry": "fintech",
        "use_case": "developer_productivity",
        "dataset_type": "jira_issues",
        "tags": ["agile", "issues"],
        "custom_fields": {"owner": {"team": "payments"}},
        "default_record_count": 2_500,
        "default_size_mb": 12.5,
        "quality_rules": [
            {
                "name": "complete",
                "check": "data_completeness",
                "threshold": 97.5,
                "description": "Fields are filled.",
            }
        ],
        "status": "active",
        "source": "",
        "schema_version": 1,
        "schema_digest": schema_digest(DEFINITION["schema"]),
        "compatibility_mode": "BACKWARD",
        "needs_review": False,
        "unsure": [],
        "version": 1,
        "_links": {
            "self": {"href": f"{TEMPLATES}/{template_id}"},
            "collection": {"href": TEMPLATES},
            "versions": {"href": f"{TEMPLATES}/{template_id}/versions"},
        },
    }
    first = {"href": f"{TEMPLATES}?page=1"}
    assert {part: value for part, value in answer.json().items() if part != "templates"} == {
        "total_count": 1,
        "pagination": {"page": 1, "per_page": 50, "total_count": 1, "total_pages": 1},
        "_links": {"self": first, "first": first, "last": first},
    }


def test_a_template_shows_what_lists_leave_out(service: Service, reader: httpx.Client) -> None:
    template_id = service.register_template(JIRA, **DEFINITION)
    service.project()
    [summary] = reader.get(TEMPLATES).json()["templates"]
    template = reader.get(f"{TEMPLATES}/{template_id}").json()
    details = {name: template.pop(name) for name in template.keys() - summary.keys()}
    assert template == summary
    assert details == {
        name: DEFINITION[name]
        for name in ("schema", "declared_schema", "statistics", "sample_data")
    } | {"refinements": [], "contradictions": [], "rejection": None}


def test_an_empty_catalogue_is_a_page_of_nothing(service: Service, reader: httpx.Client) -> None:
    service.project()
    answer = reader.get(TEMPLATES)
    assert identities(answer) == []
    assert answer.json()["pagination"] == {
        "page": 1,
        "per_page": 50,
        "total_count": 0,
        "total_pages": 1,
    }


def test_every_filter_narrows_the_list(
    catalogue: Service, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    expectations: list[tuple[dict[str, str], list[str]]] = [
        ({}, IDENTITIES),
        ({"industry": "healthcare"}, IDENTITIES[1:3]),
        ({"use_case": "store_operations"}, [IDENTITIES[3]]),
        ({"dataset_type": "zendesk_tickets"}, [IDENTITIES[2], IDENTITIES[3]]),
        ({"tag": "jira_issues"}, [IDENTITIES[0], IDENTITIES[4]]),
        ({"industry": "healthcare", "dataset_type": "zendesk_tickets"}, [IDENTITIES[2]]),
        ({"industry": "fintech", "tag": "retail"}, []),
        ({"industry": "aerospace"}, []),
    ]
    for filters, expected in expectations:
        with subtests.test(**filters):
            answer = reader.get(TEMPLATES, params=filters)
            assert identities(answer) == expected
            assert answer.json()["total_count"] == len(expected)


def test_next_leads_through_all_pages_and_prev_leads_back(
    catalogue: Service, reader: httpx.Client
) -> None:
    pages = list(followed(reader, "next", f"{TEMPLATES}?per_page=2"))
    assert [identities(page) for page in pages] == [IDENTITIES[:2], IDENTITIES[2:4], IDENTITIES[4:]]
    assert [page.json()["pagination"]["page"] for page in pages] == [1, 2, 3]
    back = list(followed(reader, "prev", links(pages[-1])["self"]))
    assert [page.json() for page in back] == [page.json() for page in reversed(pages)]


def test_first_and_last_lead_to_the_ends(catalogue: Service, reader: httpx.Client) -> None:
    middle = links(reader.get(TEMPLATES, params={"per_page": 2, "page": 2}))
    assert identities(reader.get(middle["first"])) == IDENTITIES[:2]
    assert identities(reader.get(middle["last"])) == IDENTITIES[4:]
    assert "prev" not in links(reader.get(middle["first"]))
    assert "next" not in links(reader.get(middle["last"]))


def test_links_keep_the_filters(catalogue: Service, reader: httpx.Client) -> None:
    filters = {"industry": "healthcare", "per_page": "1"}
    pages = followed(reader, "next", f"{TEMPLATES}?{httpx.QueryParams(filters)}")
    assert [identities(page) for page in pages] == [[IDENTITIES[1]], [IDENTITIES[2]]]


def test_a_page_beyond_the_end_is_empty_and_leads_back(
    catalogue: Service, reader: httpx.Client
) -> None:
    answer = reader.get(TEMPLATES, params={"per_page": 2, "page": 10_000_000})
    assert identities(answer) == []
    assert answer.json()["pagination"]["total_pages"] == 3
    assert "next" not in links(answer)
    assert identities(reader.get(links(answer)["prev"])) == IDENTITIES[4:]


def test_a_page_may_have_two_hundred_items(catalogue: Service, reader: httpx.Client) -> None:
    answer = reader.get(TEMPLATES, params={"per_page": 200})
    assert identities(answer) == IDENTITIES
    assert answer.json()["pagination"]["per_page"] == 200


def test_a_parameter_out_of_bounds_is_named(
    reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    out_of_bounds = {
        "page": ["0", "10000001", "1.5"],
        "per_page": ["201", "0", "-1", "many"],
        "industry": ["Fintech"],
        "use_case": [""],
        "dataset_type": ["x" * 64],
        "tag": ["a b", "\x00"],
    }
    for parameter, values in out_of_bounds.items():
        for value in values:
            with subtests.test(parameter=parameter, value=value):
                answer = reader.get(TEMPLATES, params={parameter: value})
                assert answer.status_code == 422
                assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_the_links_of_a_template_lead_to_it_and_to_all(
    catalogue: Service, reader: httpx.Client
) -> None:
    summary = reader.get(TEMPLATES, params={"tag": "fintech"}).json()["templates"][0]
    template = reader.get(summary["_links"]["self"]["href"]).json()
    assert template["template_id"] == summary["template_id"]
    assert identities(reader.get(template["_links"]["collection"]["href"])) == IDENTITIES


def test_a_revised_template_has_a_new_version_etag_and_position(
    service: Service, reader: httpx.Client
) -> None:
    template_id = service.register_template(JIRA)
    service.project()
    before = reader.get(f"{TEMPLATES}/{template_id}")
    service.register_template(JIRA, description="Issues, and who raised them.")
    service.project()
    after = reader.get(f"{TEMPLATES}/{template_id}")
    assert (before.headers["ETag"], after.headers["ETag"]) == ('"1"', '"2"')
    assert before.headers["X-Registry-Position"] == "1"
    assert after.headers["X-Registry-Position"] == "2"
    assert after.json()["version"] == 2
    assert after.json()["description"] == "Issues, and who raised them."
    assert after.json()["created_at"] == before.json()["created_at"]
    assert after.json()["updated_at"] > before.json()["updated_at"]


def test_a_list_tells_the_position_it_reflects(catalogue: Service, reader: httpx.Client) -> None:
    catalogue.register_template("retail/loyalty/salesforce_accounts")  # not projected yet
    answer = reader.get(TEMPLATES)
    assert answer.headers["X-Registry-Position"] == str(len(IDENTITIES))
    assert identities(answer) == IDENTITIES


def test_text_of_any_script_comes_back_as_it_was(service: Service, reader: httpx.Client) -> None:
    text = 'Ärger "mit" Zeichen \\ / <b>&amp; 表 🚀 \u2028 \x1f'
    template_id = service.register_template(
        JIRA, description=text, sample_data=[{text: [text, 1e300, -0.5, None]}]
    )
    service.project()
    template = reader.get(f"{TEMPLATES}/{template_id}").json()
    assert template["description"] == text
    assert template["sample_data"] == [{text: [text, 1e300, -0.5, None]}]


def test_an_unknown_template_is_not_found(catalogue: Service, reader: httpx.Client) -> None:
    answer = reader.get(f"{TEMPLATES}/00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such template."


def test_an_id_that_is_no_uuid_is_invalid(reader: httpx.Client) -> None:
    answer = reader.get(f"{TEMPLATES}/jira_issues")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "template_id"


@pytest.mark.never_built_read_models
def test_before_any_read_model_is_built_the_catalogue_is_unavailable(reader: httpx.Client) -> None:
    answer = reader.get(TEMPLATES)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert "projector" in answer.json()["detail"]
