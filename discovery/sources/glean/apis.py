"""The requests that are made of Glean: to its indexing API, and to its client API."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from discovery.sources.glean.answers import (
    CredentialStatus,
    DatasourceConfig,
    DatasourceStatus,
    DocumentsAnswer,
    Facet,
    SearchAnswer,
    answer_of,
)
from discovery.sources.glean.client import Client, GleanFailure, Refusal

DATASOURCE_FACETS: Final = ("datasource", "app")
"""What the facet is called whose values are the datasources."""

TYPE_FACET: Final = "type"
"""What the facet is called whose values are object types."""

_BUCKETS: Final = 100
_MOST_BUCKETS: Final = 3_200
_MOST_PAGES: Final = 20
_NOT_OF_THIS_API: Final = (httpx.codes.BAD_REQUEST, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND)

Answer = TypeVar("Answer")


class IndexingApi:
    """The API by which documents are pushed into custom datasources."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def config(self, datasource: str) -> DatasourceConfig | None:
        """Return what a custom datasource is; None if there is none of that name for the token.

        Raises:
            GleanFailure: whether there is one is not to be learnt.
        """
        path = "/api/index/v1/getdatasourceconfig"
        try:
            return _asked(self._client, path, {"datasource": datasource}, DatasourceConfig)
        except Refusal as refusal:
            if refusal.status in _NOT_OF_THIS_API:
                return None
            raise

    def status(self, datasource: str) -> DatasourceStatus:
        """Return how many documents a custom datasource has, and when they were uploaded.

        Raises:
            GleanFailure: that is not to be learnt.
        """
        path = f"/api/index/v1/debug/{quote(datasource, safe='')}/status"
        return _asked(self._client, path, {}, DatasourceStatus)


class ClientApi:
    """The API by which documents are searched."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def datasources(self) -> dict[str, int]:
        """Return the datasources that can be searched, with the estimated number of documents.

        Raises:
            GleanFailure: they are not to be learnt.
        """
        facets = self._facets({"fetchAllDatasourceCounts": True})
        return {
            bucket.value.string_value: bucket.count
            for facet in facets
            if facet.source_name in DATASOURCE_FACETS
            for bucket in facet.buckets
            if bucket.value.string_value
        }

    def facets(self, datasource: str) -> list[Facet]:
        """Return the fields by which the documents of a datasource can be filtered.

        Raises:
            GleanFailure: they are not to be learnt.
        """
        return self._facets({"datasourcesFilter": [datasource]})

    def documents(self, datasource: str, object_type: str, most: int) -> list[dict[str, Any]]:
        """Return documents of a datasource, of one type unless that is empty.

        Raises:
            GleanFailure: they are not to be learnt.
        """
        return list(islice(self._documents(datasource, object_type), most))

    def credentials(self, instance: str) -> CredentialStatus:
        """Return whether the credentials of an instance of a native connector are valid.

        Raises:
            GleanFailure: that is not to be learnt, or not with this token.
        """
        path = f"/rest/api/v1/datasource/{quote(instance, safe='')}/credentialstatus"
        return _asked(self._client, path, None, CredentialStatus, method="GET")

    def _facets(self, options: dict[str, Any]) -> list[Facet]:
        """Return facets with all of their buckets, as far as Glean is ready to tell them."""
        buckets = _BUCKETS
        while True:
            body = {
                "query": "",
                "pageSize": 0,
                "requestOptions": {
                    "facetBucketSize": buckets,
                    "responseHints": ["FACET_RESULTS", "ALL_RESULT_COUNTS"],
                    **options,
                },
            }
            facets = _asked(self._client, "/rest/api/v1/search", body, SearchAnswer).facet_results
            telling = (facet for facet in facets if facet.source_name in _FULL_FACETS)
            if buckets >= _MOST_BUCKETS or not any(facet.has_more_buckets for facet in telling):
                return facets
            buckets *= 2

    def _documents(self, datasource: str, object_type: str) -> Iterator[dict[str, Any]]:
        value = {"value": object_type, "relationType": "EQUALS"}
        filters = [{"fieldName": TYPE_FACET, "values": [value]}] if object_type else []
        body: dict[str, Any] = {
            "datasourcesFilter": [datasource],
            "filterSets": [{"filters": filters}],
        }
        for _ in range(_MOST_PAGES):
            path = "/rest/api/v1/getdocumentsbyfacets"
            page = _asked(self._client, path, body, DocumentsAnswer)
            yield from page.documents
            if not page.has_more_results or not page.cursor:
                return
            body["cursor"] = page.cursor


_FULL_FACETS: Final = (*DATASOURCE_FACETS, TYPE_FACET)
"""Facets of which every value counts."""


def _asked(
    client: Client, path: str, body: Any, kind: type[Answer], *, method: str = "POST"
) -> Answer:
    try:
        return answer_of(client.ask(method, path, body), kind)
    except msgspec.ValidationError as error:
        reason = f"answered with something else than is documented: {error}"
        raise GleanFailure(reason, f"{method} {path}") from None
