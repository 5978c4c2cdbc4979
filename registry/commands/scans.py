"""Commands about sources and their scans. All but the request come from the worker that scans."""

from typing import Annotated, Final

from pydantic import Field, field_validator

from registry.commands.command import Command
from registry.scan import MAX_TOLD_FAILURES, ScanOutcome, ScanTrigger, SourceName
from registry.text import Name, Text, storable_json

MAX_REASON: Final = 2_000

Reason = Annotated[Text, Field(max_length=MAX_REASON)]
Mark = Annotated[str, Field(max_length=100)]
Count = Annotated[int, Field(ge=0, lt=2**63)]


class ScanCommand(Command):
    """A command about a source, by its name in `discovery.toml`."""

    source: SourceName


class ListSource(ScanCommand):
    """Say that a watch scans the source; nothing is requested of sources that none lists."""

    kind: Name
    place: Text
    every: Annotated[float, Field(gt=0)] | None = None
    watched: bool = False


class RequestScan(ScanCommand):
    """Ask for a scan of the source."""

    trigger: ScanTrigger = ScanTrigger.REQUEST


class StartScan(ScanCommand):
    """Take a scan; only who holds the source's lock may, so one that runs has lost its worker."""

    worker: Name


class RecordScanProgress(ScanCommand):
    """Record how far the worker's scan has come."""

    worker: Name
    done: Count
    total: Count


class ReleaseScan(ScanCommand):
    """Leave the worker's scan to another one."""

    worker: Name
    reason: Reason = ""


class FinishScan(ScanCommand):
    """End the worker's scan with what it found."""

    worker: Name
    outcome: ScanOutcome
    mark: Mark = ""

    @field_validator("outcome")
    @classmethod
    def _is_bounded(cls, outcome: ScanOutcome) -> ScanOutcome:
        storable_json(outcome.failures)
        if len(outcome.failures) > MAX_TOLD_FAILURES:
            raise ValueError(f"at most {MAX_TOLD_FAILURES} failures are told")
        return outcome


class FailScan(ScanCommand):
    """End the worker's scan without a result."""

    worker: Name
    reason: Reason
    mark: Mark = ""
