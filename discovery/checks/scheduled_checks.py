"""The quality checks of all datasets from time to time, by one watch of however many there are."""

import time
from datetime import UTC, datetime, timedelta

import typer

from discovery.checks.checker import Checker
from discovery.checks.locations import Locations
from discovery.checks.report import checked_as_text
from discovery.configuration import ChecksTable
from discovery.scan_locks import ScanLocks
from registry.application import RegistryApplication

_LOCK = "quality checks"
"""No source has a name with a space in it."""


class ScheduledChecks:
    """Checks all datasets every so many seconds, and tells of each.

    What another watch has checked in the meantime is left out.
    """

    def __init__(self, checker: Checker, every: float) -> None:
        self._checker = checker
        self._every = every
        self._next = 0.0

    def look(self, locks: ScanLocks) -> None:
        """Carry out the checks if they are due, unless another watch is at it."""
        if time.monotonic() < self._next:
            return
        before = datetime.now(UTC) - timedelta(seconds=self._every)
        with locks.held(_LOCK) as is_ours:
            if is_ours:
                for checked in self._checker.check(before=before):
                    typer.echo(checked_as_text(checked))
        self._next = time.monotonic() + self._every


def scheduled_checks(
    application: RegistryApplication, url: str, table: ChecksTable | None
) -> ScheduledChecks | None:
    """Return the checks that a configuration asks for, if it does."""
    if table is None:
        return None
    locations = Locations(table.within)
    checker = Checker(application, url, locations, most=table.records, promote=table.promote)
    return ScheduledChecks(checker, table.every)
