"""What people say of fields counts in whatever is told of a template, from then on."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from registry.commands import RefineTemplate, RegisterTemplate, WithdrawRefinement
from registry.interchange import FORMATS
from registry.refinement import Pins
from tests.api.service import Service
from tests.api.test_search import found, names

ORDERS = "retail/shop/orders"
SCHEMA = {
    "type": "object",
    "properties": {
        "ref": {"type": "string"},
        "line_no": {"type": "integer"},
        "contact": {"type": "object", "properties": {"line": {"type": "string"}}},
    },
}
STATISTICS = {
    "keys": {"primary_keys": {"orders.csv": ["line_no"]}, "foreign_keys": []},
    "fields": [
        {"path": "ref", "semantic_class": {"name": "phone", "private": True, "certainty": 0.7}},
        {"path": "contact"},
        {"path": "contact.line"},
    ],
}


@pytest.fixture
def orders(service: Service) -> Any:
    """The id of a template whose references inference takes for telephone numbers."""
    template_id = register(service)
    refine(
        service,
        template_id,
        ref=Pins(semantic_class="order_number", key=True, description="Printed on the invoice."),
    )
    service.project()
    return template_id


def register(service: Service, **parts: Any) -> Any:
    described = {"name": "Orders", "schema": SCHEMA, "statistics": STATISTICS, **parts}
    return service.register_template(ORDERS, **described)


def refine(service: Service, template_id: Any, **fields: Pins) -> None:
    named = {path.replace("__", "."): pins for path, pins in fields.items()}
    outcome = service.submit(RefineTemplate(fields=named, reason="I know"), template_id)
    assert outcome.error is None


def withdraw(service: Service, template_id: Any, field: str) -> None:
    outcome = service.submit(WithdrawRefinement(field=field, reason="not so"), template_id)
    assert outcome.error is None


def test_search_finds_what_people_say_and_not_what_they_contradict(
    service: Service, orders: Any, reader: httpx.Client
) -> None:
    assert names(found(reader, "phone")) == []
    for q in ('"order number"', "invoice"):
        assert names(found(reader, q)) == ["Orders"]
    [hit] = found(reader, "invoice")["results"]
    assert hit["highlights"]["fields"] == [
        {
            "path": "ref",
            "type": "string",
            "description": "Printed on the <mark>invoice</mark>.",
            "semantic_class": "order_number",
            "found_class": "phone",
        }
    ]
    [field] = found(reader, '"order number"', type="field")["results"]
    assert (field["path"], field["semantic_class"]) == ("ref", "order_number")


def test_search_of_the_past_finds_what_was_known_then(orders: Any, reader: httpx.Client) -> None:
    assert names(found(reader, "phone", as_of=1)) == ["Orders"]
    assert names(found(reader, "invoice", as_of=1)) == []


def test_what_a_later_scan_finds_leaves_what_was_said_in_search(
    service: Service, orders: Any, reader: httpx.Client
) -> None:
    register(service, description="Of all shops.")
    service.project()
    assert names(found(reader, "invoice")) == ["Orders"]
    assert names(found(reader, "phone")) == []
    withdraw(service, orders, "ref")
    service.project()
    assert names(found(reader, "invoice")) == []
    assert names(found(reader, "phone")) == ["Orders"]


def test_a_class_may_be_denied_without_another(
    service: Service, orders: Any, reader: httpx.Client
) -> None:
    refine(service, orders, ref=Pins(semantic_class=""))
    service.project()
    assert names(found(reader, "phone")) == names(found(reader, '"order number"')) == []
    assert names(found(reader, "invoice")) == ["Orders"]


def recommended(reader: httpx.Client, **parameters: Any) -> set[str]:
    """What is recommended to who wants order numbers, and may have no personal data."""
    wishes = {"industry": "retail", "fields": ["orderNumber"], "compliance": ["GDPR"]}
    needs = {**wishes, "min_confidence": 0}
    answer = reader.post("/v1/dataops/templates/recommend", json=needs, params=parameters)
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["recommendations"]
    return {each["because"] for each in found["evidence"] if each["signal"] in SIGNALS}


SIGNALS = ("fields", "compliance")
REFINED = {"it has 1 of 1 fields: orderNumber", "it does not tell of GDPR"}
INFERRED = {"it has 0 of 1 fields", "it holds personal data, and does not tell of GDPR"}


def test_templates_are_recommended_by_what_people_say_of_fields_from_then_on(
    service: Service, orders: Any, reader: httpx.Client
) -> None:
    assert recommended(reader) == REFINED
    assert recommended(reader, as_of=1) == INFERRED
    register(service, description="Of all shops.")
    service.project()
    assert recommended(reader) == REFINED
    withdraw(service, orders, "ref")
    service.project()
    assert recommended(reader) == INFERRED


def exported(reader: httpx.Client, template_id: Any, name: str, **parameters: Any) -> Any:
    address = f"/v1/dataops/templates/{template_id}/export"
    answer = reader.get(address, params={"format": name, **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_export_says_what_people_say_of_fields_and_keys_from_then_on(
    service: Service, orders: Any, reader: httpx.Client
) -> None:
    schema = exported(reader, orders, "jsonschema")
    assert schema["properties"]["ref"] == {
        "type": "string",
        "description": "Printed on the invoice.",
        "x-semantic-class": "order_number",
        "x-key": True,
    }
    [table] = exported(reader, orders, "datapackage")["resources"]
    assert table["schema"]["primaryKey"] == ["ref"]
    assert table["schema"]["fields"][0]["description"] == "Printed on the invoice."
    assert exported(reader, orders, "jsonschema", as_of=1)["properties"] == SCHEMA["properties"]
    [table] = exported(reader, orders, "datapackage", as_of=1)["resources"]
    assert table["schema"]["primaryKey"] == ["line_no"]


def test_an_export_that_is_read_elsewhere_says_the_same_with_nothing_left_to_refine(
    service: Service, orders: Any, reader: httpx.Client
) -> None:
    copies = []
    for name in ("jsonschema", "croissant", "datapackage", "csvw"):
        read = FORMATS[name].read(exported(reader, orders, name))
        moved = replace(read, identity=replace(read.identity, use_case=name))
        copies.append(moved.identity.template_id)
        service.submit(RegisterTemplate(definition=moved), copies[-1])
    service.project()
    assert names(found(reader, "phone")) == []
    assert len(names(found(reader, '"order number"'))) == 5
    original = exported(reader, orders, "jsonschema")
    for template_id in copies:
        assert reader.get(f"/v1/dataops/templates/{template_id}").json()["refinements"] == []
        copy = exported(reader, template_id, "jsonschema")
        assert copy["properties"] == original["properties"]


def test_an_export_that_comes_back_leaves_the_schema_its_version_and_what_was_said(
    service: Service, orders: Any, reader: httpx.Client
) -> None:
    before = reader.get(f"/v1/dataops/templates/{orders}").json()
    read = FORMATS["jsonschema"].read(exported(reader, orders, "jsonschema"))
    service.submit(RegisterTemplate(definition=read), orders)
    service.project()
    after = reader.get(f"/v1/dataops/templates/{orders}").json()
    kept = ("schema", "schema_version", "schema_digest", "refinements", "contradictions")
    assert [after[part] for part in kept] == [before[part] for part in kept]
    assert names(found(reader, "invoice")) == ["Orders"]
