"""What recommendation looks at of a template follows what people say of its fields."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from projections.recommendation.features import TEMPLATE_FEATURES
from registry.refined_schema import refined
from registry.refinement import JsonType, Pins
from registry.store import RecordedEvent

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEMPLATE = UUID(int=1)
SCHEMA = {
    "properties": {
        "id": {"type": "integer"},
        "number": {"type": "string"},
        "contact": {"type": "string"},
        "author": {"type": "object", "properties": {"mail_id": {"type": "string"}}},
    }
}
EMAIL = {"name": "email", "private": True, "certainty": 1.0}
FOUND = {"fields": [{"path": "contact", "semantic_class": EMAIL}]}
UNSURE = {"fields": [{"path": "id", "semantic_class": EMAIL | {"certainty": 0.5}}]}
KEY = {"keys": {"primary_keys": {"orders.csv": ["number"]}, "foreign_keys": []}}


def event(topic: str, **facts: Any) -> RecordedEvent:
    facts = {"template_id": str(TEMPLATE), "timestamp": NOW.isoformat(), **facts}
    return RecordedEvent(1, TEMPLATE, 1, topic, NOW, facts)


def registered(topic: str = "DatasetTemplateRegistered", **parts: Any) -> RecordedEvent:
    refined_schema = parts.pop("refined_schema", None)
    definition = {
        "identity": {"industry": "retail", "use_case": "shop", "dataset_type": "orders"},
        "name": "Orders",
        "description": "",
        "tags": [],
        "custom_fields": {},
        "schema": SCHEMA,
        "declared_schema": False,
        "statistics": {},
        "sample_data": [],
        "default_record_count": 0,
        "quality_rules": [],
        **parts,
    }
    return event(topic, definition=definition, refined_schema=refined_schema)


def said(**pins: Pins) -> RecordedEvent:
    shown = refined(SCHEMA, pins).schema
    fields: dict[str, Any] = {path: {} for path in pins}
    return event("TemplateRefined", fields=fields, refined_schema=shown)


def features(*events: RecordedEvent) -> dict[str, Any]:
    folding = TEMPLATE_FEATURES.fold({}, [("key", each) for each in events])
    assert not folding.poisoned, folding.poisoned
    version = folding.current["key"]
    assert version
    return version.document


def test_a_field_is_asked_for_by_what_its_values_stand_for() -> None:
    assert "email" in features(registered(statistics=FOUND))["fields"]
    assert "email" not in features(registered())["fields"]
    known = features(registered(), said(contact=Pins(semantic_class="email")))
    assert "email" in known["fields"]
    other = features(registered(statistics=FOUND), said(contact=Pins(semantic_class="car_name")))
    assert {"car_name", "contact"} <= set(other["fields"])
    assert "email" not in other["fields"]


def test_fields_that_people_say_are_not_there_are_not_asked_for() -> None:
    known = features(registered(), said(author=Pins(type=[JsonType.STRING])))
    assert "mail_id" not in known["fields"]
    assert "mail" not in known["references"]


@pytest.mark.parametrize(
    ("statistics", "pins", "key"),
    [
        ({}, {}, "id"),
        (KEY, {}, "number"),
        (KEY, {"contact": Pins(key=True)}, "contact"),
        (KEY, {"number": Pins(key=False)}, "id"),
        ({}, {"id": Pins(key=False)}, "number"),
        ({}, {"id": Pins(key=False), "number": Pins(key=False)}, None),
    ],
)
def test_the_key_is_the_one_that_is_said_or_found_or_told_by_its_name(
    statistics: Any, pins: dict[str, Pins], key: str | None
) -> None:
    assert features(registered(statistics=statistics), said(**pins))["key"] == key


@pytest.mark.parametrize(
    ("statistics", "declared", "pinned", "expected"),
    [
        ({}, None, None, False),
        (FOUND, None, None, True),
        (FOUND, False, None, False),
        ({}, True, None, True),
        ({}, False, "email", True),
        (FOUND, None, "order_number", False),
        (FOUND, None, "", False),
        (FOUND, False, "email", True),
        (FOUND, True, "order_number", True),
        (
            {"fields": [{"path": "id", "semantic_class": EMAIL | {"certainty": 0.5}}]},
            *[None] * 2,
            0,
        ),
    ],
)
def test_personal_data_are_told_by_people_before_they_are_by_values(
    statistics: Any, declared: bool | None, pinned: str | None, expected: bool
) -> None:
    custom = {} if declared is None else {"contains_personal_data": declared}
    events = [registered(statistics=statistics, custom_fields=custom)]
    if pinned is not None:
        events.append(said(contact=Pins(semantic_class=pinned)))
    assert features(*events)["personal_data"] == expected


def test_a_template_that_people_refined_tells_as_much_as_one_with_a_declared_schema() -> None:
    bare = features(registered())
    declared = features(registered(declared_schema=True))
    known = features(registered(), said(id=Pins(key=True)))
    assert bare["quality"] < declared["quality"] == known["quality"]
    both = features(registered(declared_schema=True), said(id=Pins(key=True)))
    assert both["quality"] == declared["quality"]


def test_a_later_scan_keeps_what_was_said_and_a_withdrawal_leaves_it_to_inference() -> None:
    first, pins = registered(statistics=FOUND), {"contact": Pins(semantic_class="car_name")}
    known = features(first, said(**pins))
    revised = "DatasetTemplateRevised"
    shown = refined(SCHEMA, pins).schema
    again = features(
        first, said(**pins), registered(revised, statistics=FOUND, refined_schema=shown)
    )
    assert again == known
    back = event("TemplateRefinementWithdrawn", field="contact", refined_schema=SCHEMA)
    assert features(first, said(**pins), back) == features(first)
