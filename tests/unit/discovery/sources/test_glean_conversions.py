"""What Glean answers is converted to schemas, records and health, case by case."""

from datetime import UTC, datetime

import msgspec
import pytest

from discovery.sources.glean import Glean
from discovery.sources.glean.answers import (
    CredentialStatus,
    DatasourceStatus,
    PropertyDefinition,
    SearchAnswer,
    answer_of,
)
from discovery.sources.glean.datasource import estimate
from discovery.sources.glean.document import record_of
from discovery.sources.glean.health import look_at_credentials, look_at_uploads
from discovery.sources.glean.schema import DOCUMENT, document_schema
from registry.connector import Health


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("TEXT", {"type": "string"}),
        ("DATE", {"type": "string", "format": "date", "x-type": "date"}),
        ("INT", {"type": "integer"}),
        ("USERID", {"type": "string", "x-type": "user"}),
        ("PICKLIST", {"type": "string", "x-type": "category"}),
        ("TEXTLIST", {"type": "array", "items": {"type": "string"}}),
        (
            "MULTIPICKLIST",
            {"type": "array", "items": {"type": "string"}, "x-type": "category"},
        ),
        ("A_LATER_TYPE", {}),
    ],
)
def test_a_property_has_the_schema_of_its_type(kind: str, schema: dict[str, object]) -> None:
    declared = PropertyDefinition(name="p", display_label="P", property_type=kind)

    assert document_schema("T", [declared])["properties"] == {
        **DOCUMENT,
        "p": {"title": "P", **schema},
    }


@pytest.mark.parametrize(
    ("kind", "custom", "value"),
    [
        ("TEXT", {"stringValue": "a"}, "a"),
        ("TEXT", "a", "a"),
        ("INT", {"numberValue": 4}, 4),
        ("INT", {"numberValue": 4.0}, 4),
        ("INT", {"stringValue": "-17"}, -17),
        ("INT", {"stringValue": "several"}, "several"),
        ("DATE", {"stringValue": "2026-01-31"}, "2026-01-31"),
        ("DATE", {"stringValue": "2026-01-31T10:00:00.000Z"}, "2026-01-31"),
        ("DATE", {"numberValue": 1_769_853_600}, "2026-01-31"),
        ("DATE", {"stringValue": "soon"}, "soon"),
        ("TEXTLIST", {"stringListValue": ["a", "b"]}, ["a", "b"]),
        ("MULTIPICKLIST", {"stringValue": "a"}, ["a"]),
        ("", {"booleanValue": False}, False),
        ("", {"numberValue": 0}, 0),
    ],
)
def test_a_custom_property_is_told_as_its_type(kind: str, custom: object, value: object) -> None:
    document = {"id": "D1", "metadata": {"customData": {"p": custom}}}

    assert record_of(document, {"p": kind}) == {"id": "D1", "p": value}


def test_a_document_is_told_by_its_own_fields_and_the_names_of_persons() -> None:
    document = {
        "id": "D1",
        "title": "Plan",
        "url": "",
        "content": {"fullTextList": ["long"]},
        "metadata": {
            "createTime": "2026-01-23T04:56:07.000Z",
            "author": {"name": "Ada", "obfuscatedId": "x"},
            "owner": {"obfuscatedId": "y"},
            "labels": [],
            "viewerInfo": {"role": "VIEWER"},
        },
    }

    assert record_of(document, {}) == {
        "id": "D1",
        "title": "Plan",
        "createTime": "2026-01-23T04:56:07.000Z",
        "author": "Ada",
    }


@pytest.mark.parametrize("metadata", [None, [], "text", {"customData": "text"}])
def test_a_document_of_another_form_is_told_as_far_as_it_goes(metadata: object) -> None:
    assert record_of({"id": "D1", "metadata": metadata}, {}) == {"id": "D1"}


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, 0), (7, 7), (99, 99), (104, 100), (12_345, 12_000), (12_678, 13_000), (99_999, 100_000)],
)
def test_an_estimate_has_two_figures(count: int, told: int) -> None:
    assert estimate(count) == told


STATUS = {
    "documents": {
        "bulkUploadHistory": [
            {"startTime": "2026-02-09T12:00:00Z", "endTime": "NA", "status": "ACTIVE"},
            {"startTime": "2026-02-08T12:00:00Z", "endTime": "2026-02-08T12:05:00.000Z"},
        ],
        "counts": {"uploaded": [{"objectType": "A", "count": 3}], "indexed": None},
        "processingHistory": None,
    },
    "datasourceVisibility": "ENABLED_FOR_TEST_GROUP",
}


@pytest.mark.parametrize(
    ("changes", "health", "last_sync"),
    [
        ({}, Health.HEALTHY, datetime(2026, 2, 8, 12, 5, tzinfo=UTC)),
        (
            {"datasourceVisibility": "NOT_ENABLED"},
            Health.DEGRADED,
            datetime(2026, 2, 8, 12, 5, tzinfo=UTC),
        ),
        ({"documents": {}}, Health.DEGRADED, None),
        ({"documents": None}, Health.DEGRADED, None),
    ],
    ids=["in use", "visible to nobody", "empty", "untold"],
)
def test_a_custom_datasource_is_healthy_if_its_documents_can_be_found(
    changes: dict[str, object], health: Health, last_sync: datetime | None
) -> None:
    look = look_at_uploads(answer_of({**STATUS, **changes}, DatasourceStatus))

    assert (look.health, look.last_sync_at) == (health, last_sync)


def test_a_native_connector_is_as_healthy_as_its_worst_instance() -> None:
    look = look_at_credentials(
        [("a", CredentialStatus("VALID")), ("b", CredentialStatus("INVALID", "expired"))]
    )

    assert look.health is Health.UNHEALTHY
    assert look.detail == "credentials of a: VALID; credentials of b: INVALID (expired)"


def test_an_answer_of_another_form_is_refused_with_its_place() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"facetResults\[0\].buckets\[0\].count"):
        answer_of({"facetResults": [{"buckets": [{"count": "many"}]}]}, SearchAnswer)


@pytest.mark.parametrize(
    ("text", "base_url"),
    [
        ("glean://acme", "https://acme-be.glean.com"),
        ("glean://acme?datasource=a,b", "https://acme-be.glean.com"),
        ("https://acme-be.glean.com", "https://acme-be.glean.com"),
        ("glean+https://glean.acme.example:8443", "https://glean.acme.example:8443"),
        ("glean+http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
    ],
)
def test_an_address_names_a_backend(text: str, base_url: str) -> None:
    assert Glean.takes(text)
    assert Glean(text=text).base_url == base_url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("glean://secret@acme", "holds no token"),
        ("glean+https://user:secret@host", "holds no token"),
        ("glean://acme/path", "has no path"),
        ("glean://acme?token=secret", "but no token"),
        ("glean://acme.example", "is a name such as acme"),
        ("glean://", "is a name such as acme"),
        ("glean+https://", "names a host"),
        ("glean+http://glean.acme.example", "not sent without encryption"),
    ],
)
def test_an_address_that_is_none_is_refused_without_showing_a_secret(
    text: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        Glean(text=text)
    assert "secret" not in str(refusal.value)
