"""A datasource of Glean as a find: templates of its object types, and a connector."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from discovery.dataset_reading import DatasetReading, Failure, FoundConnector, ScanOptions
from discovery.sources.glean.access import Access
from discovery.sources.glean.client import GleanFailure
from discovery.sources.glean.datasource import Datasource, look_at
from discovery.sources.glean.health import Look
from discovery.sources.glean.template import template_of
from discovery.unreadable import Unreadable
from registry.commands import RegisterTemplate
from registry.connector import AuthMethod, ConnectorConfiguration, Health

_FETCHED_BYTES = 2**20
"""About what is fetched of a datasource."""


@dataclass(frozen=True, kw_only=True)
class GleanDatasource:
    """A datasource that was found and not yet looked at."""

    access: Access
    instance: str
    name: str
    mark: str = field(default_factory=lambda: str(uuid4()))
    """New each time, for nothing tells without asking whether a datasource changed."""

    @property
    def path(self) -> str:
        """The name of the datasource."""
        return self.name

    @property
    def size(self) -> int:
        """What is fetched of it, roughly."""
        return _FETCHED_BYTES

    def read(self, known_digest: str, options: ScanOptions) -> DatasetReading:
        """Return a template for each object type, and the connector with its health.

        What fails is a failure of its object type, or of the datasource if that cannot be looked
        at; then the connector is not healthy, and no template is changed by half an answer.

        Raises:
            Unreadable: the industry was not given.
        """
        if "industry" not in options.identity:
            raise Unreadable("is not told by Glean: give --industry", "industry")
        try:
            with self.access.apis() as apis:
                found = look_at(self.name, apis)
        except GleanFailure as failure:
            return DatasetReading(
                path=self.path,
                size=self.size,
                connectors=[self._connector(Look(Health.UNHEALTHY, str(failure)))],
                failures=[Failure(path=self.path, place=failure.place, reason=failure.reason)],
            )
        failures = [
            Failure(path=self.path, place=place, reason=str(failure))
            for place, failure in found.failures.items()
        ]
        commands = list(self._templates(found, options, failures))
        digest = hashlib.sha256("".join(each.definition.digest for each in commands).encode())
        is_known = not failures and digest.hexdigest() == known_digest
        return DatasetReading(
            path=self.path,
            size=self.size,
            digest=digest.hexdigest(),
            is_known=is_known,
            commands=[] if is_known else commands,
            connectors=[self._connector(found.look)],
            failures=failures,
        )

    def _templates(
        self, found: Datasource, options: ScanOptions, failures: list[Failure]
    ) -> Iterator[RegisterTemplate]:
        """Yield the templates of the object types, and add what is none to the failures."""
        source = f"{self.access.base_url} {self.name}"
        for each in found.types:
            try:
                yield template_of(found, each, options.identity, source, options.samples)
            except Unreadable as problem:
                place = ": ".join(filter(None, [each.name, problem.place]))
                failures.append(Failure(path=self.path, place=place, reason=problem.reason))

    def _connector(self, look: Look) -> FoundConnector:
        """Return the connector, whose configuration does not depend on what Glean answers."""
        configuration = ConnectorConfiguration(
            connector_type="glean",
            endpoint=self.access.base_url,
            auth_method=AuthMethod.BEARER_TOKEN,
            config={
                "datasource": self.name,
                "indexing_token": f"env:{self.access.indexing_token}",
                "client_token": f"env:{self.access.client_token}",
            },
        )
        return FoundConnector(
            name=f"Glean {self.instance} {self.name}",
            configuration=configuration,
            health=look.health,
            detail=look.detail,
            last_sync_at=look.last_sync_at,
        )
