"""What people say of fields counts in whatever is told of a template, from then on."""

from typing import Any

import httpx
import pytest

from registry.commands import RefineTemplate, WithdrawRefinement
from registry.refinement import Pins
from tests.api.service import Service
from tests.api.test_search import found, names

ORDERS = "retail/shop/orders"
SCHEMA = {
    "type": "object",
    "properties": {
        "ref": {"type": "string"},
        "contact": {"type": "object", "properties": {"line": {"type": "string"}}},
    },
}
STATISTICS = {
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
