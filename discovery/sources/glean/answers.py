"""What Glean answers, as far as it is used here.

The shapes are those of Glean's published OpenAPI descriptions of its indexing and client APIs.
What is null counts as left out; what is of another type than described is refused.
"""

from typing import Any, TypeVar

import msgspec


class PropertyDefinition(msgspec.Struct, rename="camel"):
    """A custom property of the documents of one object type."""

    name: str = ""
    display_label: str = ""
    property_type: str = "TEXT"


class ObjectDefinition(msgspec.Struct, rename="camel"):
    """A kind of document of a custom datasource."""

    name: str = ""
    display_label: str = ""
    doc_category: str = ""
    property_definitions: list[PropertyDefinition] = []


class DatasourceConfig(msgspec.Struct, rename="camel"):
    """A custom datasource: `POST /api/index/v1/getdatasourceconfig`."""

    name: str = ""
    display_name: str = ""
    datasource_category: str = ""
    object_definitions: list[ObjectDefinition] = []


class TypeCount(msgspec.Struct, rename="camel"):
    """The number of documents of an object type."""

    object_type: str = ""
    count: int = 0


class Counts(msgspec.Struct, rename="camel"):
    """Documents by object type: those that were uploaded, and those that can be searched."""

    uploaded: list[TypeCount] = []
    indexed: list[TypeCount] = []


class Span(msgspec.Struct, rename="camel"):
    """An upload or its processing, by when it ended: `NA` for what still goes on."""

    end_time: str = ""


class DocumentStatus(msgspec.Struct, rename="camel"):
    """What is known of the documents of a custom datasource."""

    bulk_upload_history: list[Span] = []
    counts: Counts = msgspec.field(default_factory=Counts)
    processing_history: list[Span] = []


class DatasourceStatus(msgspec.Struct, rename="camel"):
    """The state of a custom datasource: `POST /api/index/v1/debug/{datasource}/status`."""

    documents: DocumentStatus = msgspec.field(default_factory=DocumentStatus)
    datasource_visibility: str = ""


class FacetValue(msgspec.Struct, rename="camel"):
    """A value that documents can be filtered by."""

    string_value: str = ""
    display_label: str = ""


class Bucket(msgspec.Struct, rename="camel"):
    """A value of a facet with the estimated number of its documents."""

    count: int = 0
    value: FacetValue = msgspec.field(default_factory=FacetValue)


class Facet(msgspec.Struct, rename="camel"):
    """A field that documents can be filtered by; `group_name` is the object type that has it."""

    source_name: str = ""
    buckets: list[Bucket] = []
    has_more_buckets: bool = False
    group_name: str = ""


class SearchAnswer(msgspec.Struct, rename="camel"):
    """The facets of what was searched: `POST /rest/api/v1/search`."""

    facet_results: list[Facet] = []


class DocumentsAnswer(msgspec.Struct, rename="camel"):
    """A page of documents: `POST /rest/api/v1/getdocumentsbyfacets`."""

    documents: list[dict[str, Any]] = []
    has_more_results: bool = False
    cursor: str = ""


class CredentialStatus(msgspec.Struct, rename="camel"):
    """The state of credentials: `GET /rest/api/v1/datasource/{instance}/credentialstatus`."""

    status: str = ""
    message: str = ""


Answer = TypeVar("Answer")


def answer_of(document: Any, kind: type[Answer]) -> Answer:
    """Return a JSON answer as the kind that it should be.

    Raises:
        msgspec.ValidationError: it is none, with the place.
    """
    return msgspec.convert(_without_nulls(document), kind, strict=True)


def _without_nulls(value: Any) -> Any:
    match value:
        case dict():
            return {
                key: _without_nulls(member) for key, member in value.items() if member is not None
            }
        case list():
            return [_without_nulls(element) for element in value]
        case _:
            return value
