"""Small logs with their chains, and what is found in them."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import HealthCheck, settings

from registry.ledger.chain import ORIGIN, LoggedEvent, chained, microseconds
from registry.ledger.verification import Entry
from tests.rounds import rounds

EVENT = LoggedEvent(
    position=42,
    originator_id=UUID("0d6e2a4c-95a5-5f0b-8f2e-0f3f6f8c2b77"),
    originator_version=7,
    topic="DatasetRegistered",
    recorded_at=microseconds(datetime(2026, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC)),
    state=b'{"name":"Jira"}',
)
QUICK = settings(
    deadline=None,
    max_examples=rounds(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def log_of(*positions):
    """Return events at these positions, alike in all else."""
    return [
        EVENT._replace(position=position, originator_version=version)
        for version, position in enumerate(positions, 1)
    ]


def entries_of(events):
    """Return events with the hashes that a ledger has of them."""
    links = chained(ORIGIN, events)
    return [
        Entry(event.position, event, link.hash) for event, link in zip(events, links, strict=True)
    ]


def found(verification):
    """Return what was found: kind, last position before it, position."""
    return [(finding.kind, finding.after, finding.position) for finding in verification.findings]
