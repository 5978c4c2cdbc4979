"""What a look at one datasource of Glean finds: its object types, documents and health."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from discovery.sources.glean.access import Apis
from discovery.sources.glean.answers import (
    CredentialStatus,
    DatasourceConfig,
    DatasourceStatus,
    Facet,
    PropertyDefinition,
)
from discovery.sources.glean.apis import TYPE_FACET, ClientApi
from discovery.sources.glean.client import GleanFailure
from discovery.sources.glean.health import Look, look_at_credentials, look_at_uploads
from registry.connector import Health

DOCUMENTS: Final = 100
"""Documents of each type that are looked at."""

MOST_TYPES: Final = 500
"""Object types of a datasource that are looked at, the most frequent ones first."""

_HOPELESS: Final = 3
"""Types whose documents failed, with none before, after which no other one is asked for."""


@dataclass(frozen=True, kw_only=True)
class ObjectType:
    """A kind of document of a datasource; `name` is empty if it does not tell its kinds apart.

    Attributes:
        count: how many documents there are.
        is_estimate: whether that is an estimate.
        facets: the fields by which documents can be filtered.
        documents: some of them, as Glean gives them.
    """

    name: str
    title: str = ""
    category: str = ""
    properties: Sequence[PropertyDefinition] = ()
    count: int = 0
    is_estimate: bool = False
    facets: Sequence[str] = ()
    documents: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class Datasource:
    """A datasource, custom or native; `failures` are by object type what could not be learnt."""

    name: str
    is_custom: bool
    look: Look
    types: Sequence[ObjectType]
    title: str = ""
    category: str = ""
    failures: dict[str, GleanFailure] = field(default_factory=dict)


def look_at(name: str, apis: Apis) -> Datasource:
    """Return what there is to know of a datasource.

    It is a custom one if the indexing API knows it; what the client API knows is a native one.

    Raises:
        GleanFailure: what it is, or which object types it has, is not to be learnt.
    """
    config = apis.indexing.config(name) if apis.indexing else None
    if apis.indexing and config:
        status = apis.indexing.status(name)
        return _with_documents(_custom(name, config, status), apis.client)
    if apis.client:
        return _native(name, apis.client)
    raise GleanFailure("is no custom datasource that the indexing token may see")


def _custom(name: str, config: DatasourceConfig, status: DatasourceStatus) -> Datasource:
    counts = Counter({each.object_type: each.count for each in status.documents.counts.indexed})
    counts |= Counter({each.object_type: each.count for each in status.documents.counts.uploaded})
    declared = {each.name: each for each in config.object_definitions}
    types = [
        ObjectType(
            name=each.name,
            title=each.display_label,
            category=each.doc_category,
            properties=each.property_definitions,
            count=counts[each.name],
        )
        for each in declared.values()
    ]
    types += [ObjectType(name=each, count=counts[each]) for each in counts if each not in declared]
    return Datasource(
        name=name,
        is_custom=True,
        title=config.display_name,
        category=config.datasource_category,
        look=look_at_uploads(status),
        types=types,
    )


def _native(name: str, client: ClientApi) -> Datasource:
    facets = client.facets(name)
    types = [
        ObjectType(
            name=bucket.value.string_value,
            title=bucket.value.display_label,
            count=estimate(bucket.count),
            is_estimate=True,
            facets=_facets_of(bucket.value.string_value, facets),
        )
        for facet in facets
        if facet.source_name == TYPE_FACET
        for bucket in facet.buckets
        if bucket.value.string_value
    ]
    if not types:
        documents = client.datasources().get(name, 0)
        types = [ObjectType(name="", count=estimate(documents), is_estimate=True)]
    nothing = Look(Health.UNKNOWN, "")
    found = Datasource(name=name, is_custom=False, look=nothing, types=types)
    found = _with_documents(found, client)
    return replace(found, look=_credentials(found, client))


def _facets_of(object_type: str, facets: Iterable[Facet]) -> list[str]:
    """Return the fields by which documents of a type can be filtered: its own, and all types'."""
    names = {each.source_name for each in facets if each.group_name in ("", object_type)}
    return sorted(names - {TYPE_FACET, ""})


def _with_documents(found: Datasource, client: ClientApi | None) -> Datasource:
    """Return a datasource with some documents of each type; a type whose documents fail goes."""
    if client is None:
        return found
    types: list[ObjectType] = []
    failures: dict[str, GleanFailure] = {}
    for number, each in enumerate(sorted(found.types, key=lambda each: -each.count)):
        try:
            if number >= MOST_TYPES:
                raise GleanFailure(f"was not looked at: there are more than {MOST_TYPES} types")
            documents = client.documents(found.name, each.name, DOCUMENTS)
        except GleanFailure as failure:
            failures[each.name] = failure
            if not types and len(failures) == _HOPELESS:
                raise
        else:
            types.append(replace(each, documents=documents))
    return replace(found, types=types, failures=failures)


def _credentials(found: Datasource, client: ClientApi) -> Look:
    """Return whether the credentials of a native connector are valid, in each of its instances."""
    instances = {
        instance
        for each in found.types
        for document in each.documents
        if isinstance(metadata := document.get("metadata"), dict)
        if isinstance(instance := metadata.get("datasourceInstance"), str)
    }
    states: list[tuple[str, CredentialStatus]] = []
    for instance in sorted(instances) or [found.name]:
        try:
            states.append((instance, client.credentials(instance)))
        except GleanFailure as failure:
            states.append((instance, CredentialStatus("not told", str(failure))))
    return look_at_credentials(states)


def estimate(count: int) -> int:
    """Return an estimated count to two figures, lest a scan find it changed each time."""
    return round(count, min(0, 2 - len(str(count))))
