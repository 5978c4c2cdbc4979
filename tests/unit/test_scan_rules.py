"""The scans of a source: asked for, taken by one worker, and ended once."""

from dataclasses import replace

import pytest
from given import OTHER_SCAN, SCAN, SOURCE, given, given_no_source, replayed
from pydantic import ValidationError

from registry.commands import (
    FailScan,
    FinishScan,
    ListSource,
    RecordScanProgress,
    ReleaseScan,
    RequestScan,
    StartScan,
)
from registry.errors import (
    ScanNotFound,
    ScanRunning,
    ScanTakenOver,
    ScanWaiting,
    SourceNotListed,
)
from registry.events import (
    ScanFailed,
    ScanFinished,
    ScanProgressed,
    ScanReleased,
    ScanRequested,
    ScanStarted,
    SourceListed,
)
from registry.scan import MAX_TOLD_FAILURES, ScanOutcome, ScanStatus, ScanTrigger
from registry.scanned_source import ScannedSource
from registry.snapshots import restore, snapshot_of
from registry.store import EventMapper

FOUND = ScanOutcome(new=3, failed=1, failures=["a.csv: cannot be read"])

LISTED = SourceListed(source=SOURCE, kind="files", place="/data/shop", every=3600.0, watched=False)


def requested(scan_id=SCAN, trigger=ScanTrigger.REQUEST):
    return ScanRequested(source=SOURCE, scan_id=scan_id, trigger=trigger)


def started(scan_id=SCAN, worker="a"):
    return ScanStarted(source=SOURCE, scan_id=scan_id, worker=worker)


def finished(scan_id=SCAN):
    return ScanFinished(source=SOURCE, scan_id=scan_id, outcome=FOUND, mark="m1")


RUNNING = [LISTED, requested(), started()]


def test_a_watch_lists_the_sources_that_it_scans():
    command = ListSource(source=SOURCE, kind="files", place="/data/shop", every=3600)
    given_no_source().when(command).then(LISTED)


def test_a_source_listed_again_as_it_was_records_nothing():
    command = ListSource(source=SOURCE, kind="files", place="/data/shop", every=3600)
    given(LISTED).when(command).then()


def test_a_source_with_another_schedule_is_listed_anew():
    command = ListSource(source=SOURCE, kind="files", place="/data/shop", watched=True)
    given(LISTED).when(command).then(replace(LISTED, every=None, watched=True))


def test_a_source_that_no_watch_lists_is_never_scanned():
    given_no_source().when(RequestScan(source=SOURCE)).then(SourceNotListed(source=SOURCE))


def test_a_scan_of_a_listed_source_is_requested():
    given(LISTED).when(RequestScan(source=SOURCE)).then(requested())


def test_while_a_scan_waits_no_other_is_requested():
    given(LISTED, requested()).when(RequestScan(source=SOURCE), OTHER_SCAN).then(
        ScanWaiting(scan_id=SCAN, source=SOURCE)
    )


def test_while_a_scan_runs_another_may_be_requested_for_what_came_since():
    given(*RUNNING).when(RequestScan(source=SOURCE), OTHER_SCAN).then(requested(OTHER_SCAN))


def test_a_worker_takes_the_scan_that_waits():
    given(LISTED, requested()).when(StartScan(source=SOURCE, worker="a")).then(started())


def test_a_worker_takes_over_the_scan_of_a_lost_one():
    after = given(*RUNNING).when(StartScan(source=SOURCE, worker="b"))
    after.then(started(worker="b"))
    assert (after.outcome.entity.worker, after.outcome.entity.starts) == ("b", 2)


def test_what_waits_is_not_started_before_what_runs_has_ended():
    given(*RUNNING, requested(OTHER_SCAN)).when(
        StartScan(source=SOURCE, worker="b"), OTHER_SCAN
    ).then(ScanRunning(scan_id=SCAN, source=SOURCE))


def test_a_scan_that_has_ended_is_not_started_again():
    given(*RUNNING, finished()).when(StartScan(source=SOURCE, worker="b")).then(
        ScanNotFound(scan_id=SCAN, source=SOURCE)
    )


def test_progress_is_recorded_where_there_is_any():
    told = ScanProgressed(source=SOURCE, scan_id=SCAN, done=10, total=20)
    command = RecordScanProgress(source=SOURCE, worker="a", done=10, total=20)
    given(*RUNNING).when(command).then(told)
    given(*RUNNING, told).when(command).then()


def test_a_scan_ends_with_what_it_found():
    command = FinishScan(source=SOURCE, worker="a", outcome=FOUND, mark="m1")
    after = given(*RUNNING).when(command)
    after.then(finished())
    assert after.outcome.entity.status is ScanStatus.FINISHED
    assert after.outcome.entity.outcome == FOUND


def test_a_scan_ends_with_the_reason_why_it_found_nothing():
    command = FailScan(source=SOURCE, worker="a", reason="There is nothing at /data/shop")
    after = given(*RUNNING).when(command)
    after.then(ScanFailed(source=SOURCE, scan_id=SCAN, reason=command.reason, mark=""))
    assert after.outcome.entity.status is ScanStatus.FAILED


def test_a_worker_that_is_told_to_end_leaves_its_scan_to_the_next_and_that_is_no_failure():
    released = ScanReleased(source=SOURCE, scan_id=SCAN, reason="ended")
    after = given(*RUNNING).when(ReleaseScan(source=SOURCE, worker="a", reason="ended"))
    after.then(released)
    assert after.outcome.entity.status is ScanStatus.REQUESTED
    taken = given(*RUNNING, released).when(StartScan(source=SOURCE, worker="b"))
    taken.then(started(worker="b"))
    assert taken.outcome.entity.starts == 1


ENDS = [
    RecordScanProgress(source=SOURCE, worker="a", done=1, total=2),
    ReleaseScan(source=SOURCE, worker="a"),
    FinishScan(source=SOURCE, worker="a", outcome=FOUND),
    FailScan(source=SOURCE, worker="a", reason="gone"),
]


@pytest.mark.parametrize("command", ENDS, ids=lambda command: type(command).__name__)
def test_a_worker_whose_scan_was_taken_over_has_no_more_say_in_it(command):
    given(*RUNNING, started(worker="b")).when(command).then(
        ScanTakenOver(scan_id=SCAN, source=SOURCE)
    )


@pytest.mark.parametrize("command", ENDS, ids=lambda command: type(command).__name__)
def test_a_scan_ends_once(command):
    given(*RUNNING, finished()).when(command).then(ScanNotFound(scan_id=SCAN, source=SOURCE))


def test_a_source_is_known_from_a_snapshot_as_from_its_events():
    happened = [*RUNNING, finished(), requested(OTHER_SCAN), started(OTHER_SCAN)]
    source = replayed(ScannedSource(SOURCE), happened)
    mapper, again = EventMapper(), ScannedSource(SOURCE)
    restore(again, mapper.to_domain_event(mapper.to_stored_event(snapshot_of(source))))
    assert vars(again) == vars(source)


def test_only_some_failures_are_told_one_by_one():
    many = ScanOutcome(failed=100, failures=["x"] * (MAX_TOLD_FAILURES + 1))
    with pytest.raises(ValidationError, match="at most 20 failures"):
        FinishScan(source=SOURCE, worker="a", outcome=many)


@pytest.mark.parametrize("name", ["", "Shop", "../shop", "shop/orders", "1shop", "s" * 64, "s\n"])
def test_a_name_of_a_source_is_no_path(name):
    with pytest.raises(ValidationError):
        RequestScan(source=name)
