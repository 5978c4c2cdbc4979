"""Registering the connectors that a scan finds, and their health, for the client it is for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID, uuid5

from discovery.dataset_reading import Failure, FoundConnector
from discovery.scan_report import Change, ScannedConnector, appended
from registry.commands import Command, RecordConnectorHealth, RegisterConnector, ReviseConnector
from registry.errors import ConnectorIdTaken
from registry.events import Provenance
from registry.submission import Outcome, Submission

CONNECTORS: Final = UUID("5c0b3f0e-3f55-5d55-9d0c-6c1d8c7a2b11")
"""The namespace (RFC 9562, version 5) of the ids of connectors that were found."""

CarryOut = Callable[[Sequence[Submission]], list[Outcome]]


class ConnectorRegistrar:
    """Registers the connectors of one source for one client.

    The id of a connector follows from client, place and name, so that it is found again: then its
    configuration is brought up to date, and a name that a person gave it stays.
    """

    def __init__(self, client: UUID, place: str, carry_out: CarryOut) -> None:
        self._client = client
        self._place = place
        self._carry_out = carry_out

    def register(
        self, path: str, connectors: Iterable[FoundConnector], provenance: Provenance
    ) -> Iterator[ScannedConnector | Failure]:
        """Yield what became of each connector that was found at a path."""
        for found in connectors:
            target = uuid5(CONNECTORS, f"{self._client} {self._place} {found.name}")
            registered, revised, looked_at = self._carry_out(
                [
                    Submission(
                        command=command,
                        target=target,
                        client_id=self._client,
                        provenance=provenance,
                    )
                    for command in _commands(found)
                ]
            )
            known = isinstance(registered.error, ConnectorIdTaken)
            if error := (None if known else registered.error) or revised.error or looked_at.error:
                yield Failure(path=path, place=found.name, reason=str(error))
                continue
            yield ScannedConnector(
                path=path,
                connector_id=target,
                name=found.name,
                health=found.health,
                change=_change(registered, revised),
                events=appended([*registered.events, *revised.events, *looked_at.events]),
            )


def _commands(found: FoundConnector) -> Iterator[Command]:
    """Yield what registers a connector or, where it is registered already, revises it."""
    yield RegisterConnector(name=found.name, configuration=found.configuration)
    yield ReviseConnector(configuration=found.configuration)
    yield RecordConnectorHealth(
        health=found.health, detail=found.detail, last_sync_at=found.last_sync_at
    )


def _change(registered: Outcome, revised: Outcome) -> Change:
    if registered.events:
        return Change.NEW
    return Change.CHANGED if revised.events else Change.UNCHANGED
