"""Templates and the catalogue in the formats of other tools, over HTTP."""

import warnings
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from api.caller import Scope
from registry.interchange import FORMATS
from registry.template import TemplateDefinition, TemplateIdentity
from tests.api.service import CLIENT, OTHER_CLIENT, Service
from tests.api.test_templates import DEFINITION, JIRA, TEMPLATES

EXPORT = "/v1/dataops/export"
READ = [name for name, each in FORMATS.items() if each.resources]
SUFFIXES = {
    "jsonschema": "jira_issues.schema.json",
    "croissant": "jira_issues.croissant.json",
    "datapackage": "jira_issues.datapackage.json",
    "csvw": "jira_issues-metadata.json",
    "dcat": "jira_issues.dcat.jsonld",
}


def defined(**parts: Any) -> TemplateDefinition:
    identity = TemplateIdentity(
        industry="fintech", use_case="developer_productivity", dataset_type="jira_issues"
    )
    return TemplateDefinition(identity=identity, **{**DEFINITION, **parts})


def test_an_export_is_the_template_in_every_format_that_is_read(
    service: Service, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    template_id = service.register_template(JIRA, **DEFINITION)
    service.project()
    for name in READ:
        with subtests.test(name):
            answer = reader.get(f"{TEMPLATES}/{template_id}/export", params={"format": name})
            assert answer.status_code == 200, answer.text
            assert FORMATS[name].read(answer.json()).digest == defined().digest


def test_an_export_has_the_media_type_of_its_format_and_a_name_for_its_file(
    service: Service, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    template_id = service.register_template(JIRA)
    service.project()
    for name, file_name in SUFFIXES.items():
        with subtests.test(name):
            answer = reader.get(f"{TEMPLATES}/{template_id}/export", params={"format": name})
            assert answer.headers["Content-Type"] == FORMATS[name].media_type
            disposition = answer.headers["Content-Disposition"]
            assert disposition == f'attachment; filename="{file_name}"'


def test_a_reader_that_has_an_export_is_not_sent_it_again(
    service: Service, reader: httpx.Client
) -> None:
    template_id = service.register_template(JIRA)
    service.project()
    export = f"{TEMPLATES}/{template_id}/export"
    known = {"If-None-Match": reader.get(export).headers["ETag"]}
    assert reader.get(export, headers=known).status_code == 304
    assert reader.get(f"{export}?format=csvw", headers=known).status_code == 200
    service.register_template(JIRA, name="Another name")
    service.project()
    assert reader.get(export, headers=known).status_code == 200


def test_an_export_may_be_of_the_past(service: Service, reader: httpx.Client) -> None:
    template_id = service.register_template(JIRA, name="first")
    service.register_template(JIRA, name="second")
    service.project()
    for position, name in enumerate(["first", "second"], 1):
        answer = reader.get(f"{TEMPLATES}/{template_id}/export", params={"as_of": position})
        assert answer.json()["title"] == name
        assert answer.headers["X-Registry-Position"] == str(position)


def test_an_unknown_format_is_refused_with_those_that_there_are(
    service: Service, reader: httpx.Client
) -> None:
    template_id = service.register_template(JIRA)
    service.project()
    answer = reader.get(f"{TEMPLATES}/{template_id}/export", params={"format": "xml"})
    assert answer.status_code == 422
    assert "jsonschema, croissant, datapackage, csvw, dcat" in answer.text


def test_there_is_no_export_of_no_template(service: Service, reader: httpx.Client) -> None:
    service.project()
    answer = reader.get(f"{TEMPLATES}/00000000-0000-4000-8000-000000000000/export")
    assert answer.status_code == 404


def titles(document: Any) -> list[str]:
    return [node["dct:title"] for node in document["dcat:dataset"]]


def test_the_catalogue_has_all_templates_and_the_datasets_of_the_caller_only(
    service: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    template_id = service.register_template(JIRA)
    service.register_dataset(name="mine", template_id=template_id)
    service.register_dataset(name="theirs", client_id=OTHER_CLIENT)
    service.project()
    answer = reader.get(EXPORT)
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert titles(answer.json()) == [JIRA, "mine"]
    assert answer.json()["hydra:totalItems"] == 2
    template, dataset = answer.json()["dcat:dataset"]
    assert dataset["dct:conformsTo"]["@id"] == template["@id"]
    assert reader.get(template["@id"]).json()["name"] == JIRA
    assert reader.get(template["dcat:distribution"][0]["@id"]).status_code == 200
    assert titles(admin.get(EXPORT).json()) == [JIRA, "theirs", "mine"]
    assert titles(admin.get(EXPORT, params={"client_id": OTHER_CLIENT}).json()) == [JIRA, "theirs"]
    assert reader.get(EXPORT, params={"client_id": OTHER_CLIENT}).status_code == 403
    nobody = service.client(CLIENT, Scope.DATASETS_WRITE)
    assert nobody.get(EXPORT).status_code == 403


@pytest.mark.parametrize("per_page", [1, 2, 3, 5])
def test_the_pages_of_the_catalogue_have_everything_once(
    service: Service, reader: httpx.Client, per_page: int
) -> None:
    for name in ("a", "b", "c"):
        service.register_template(f"fintech/{name}{name}/jira_issues", name=name)
    for name in ("e", "d"):
        service.register_dataset(f"type_{name}", name=name)
    service.project()
    found: list[str] = []
    address: str | None = f"{EXPORT}?per_page={per_page}"
    while address:
        document = reader.get(address).json()
        assert len(document["dcat:dataset"]) <= per_page
        found += titles(document)
        address = document["hydra:view"].get("hydra:next", {}).get("@id")
    assert found == ["a", "b", "c", "d", "e"]


def test_the_catalogue_may_be_of_the_past(service: Service, reader: httpx.Client) -> None:
    service.register_template(JIRA)
    service.register_dataset(name="later")
    service.project()
    assert titles(reader.get(EXPORT, params={"as_of": 1}).json()) == [JIRA]


def test_the_catalogue_is_linked_data(service: Service, reader: httpx.Client) -> None:
    service.register_template(JIRA, **DEFINITION)
    service.register_dataset()
    service.project()
    body = reader.get(EXPORT).content
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from rdflib import Graph

        graph = Graph().parse(data=body, format="json-ld")
    kinds = {str(kind).rpartition("#")[2] for kind in graph.objects() if "dcat#" in str(kind)}
    assert kinds == {"Catalog", "Dataset", "Distribution"}


def test_editors_get_the_schema_of_custom_definitions_without_a_token(service: Service) -> None:
    answer = service.client_with(None).get("/schemas/definition.json")
    assert answer.headers["Content-Type"] == "application/schema+json"
    schema = answer.json()
    assert schema["$id"] == f"{service.base_url}/schemas/definition.json"
    validator = Draft202012Validator(schema)
    whole = {"industry": "retail", "fields": [{"name": "total", "type": "number"}]}
    assert validator.is_valid(whole)
    assert not validator.is_valid({**whole, "industrie": "retail"})
