"""A scan registers every template that can be read, and reports every file that cannot."""

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from discovery import scanner as scanner_module
from discovery.files import NoSuchSource
from discovery.report import as_json
from discovery.scan_report import Change
from discovery.scanner import Scanner
from registry.application import RegistryApplication
from registry.store import RecordedEvent

from .conftest import SHIPPED

JIRA = Path("fintech", "developer_productivity", "jira_issues.json")
Recorded = Callable[[], list[RecordedEvent]]


def test_a_scan_registers_all_shipped_templates_with_their_samples(
    application: RegistryApplication, recorded: Recorded
) -> None:
    report = Scanner(application).scan(str(SHIPPED))
    events = recorded()
    assert [event.topic for event in events] == ["DatasetTemplateRegistered"] * 15
    assert report.failures == []
    assert report.count(Change.NEW) == len(report.templates) == 15
    assert report.position == events[-1].position
    for event in events:
        definition = event.facts["definition"]
        assert definition["sample_data"]
        assert definition["statistics"]["fields"]
        assert definition["schema"]["properties"]
        assert event.facts["source"] == "{industry}/{use_case}/{dataset_type}.json".format(
            **definition["identity"]
        )


def test_a_second_scan_appends_no_event(
    application: RegistryApplication, recorded: Recorded
) -> None:
    first = Scanner(application).scan(str(SHIPPED))
    events = recorded()
    second = Scanner(application).scan(str(SHIPPED))
    assert recorded() == events
    assert second.count(Change.UNCHANGED) == 15
    assert second.position == first.position


def test_all_events_of_a_scan_tell_who_scanned_and_in_which_scan(
    application: RegistryApplication, recorded: Recorded
) -> None:
    Scanner(application).scan(str(SHIPPED))
    origins = [event.facts["provenance"] for event in recorded()]
    assert len({origin["correlation_id"] for origin in origins}) == 1
    assert len({origin["command_id"] for origin in origins}) == 15
    assert {origin["actor"].partition(":")[0] for origin in origins} == {"discovery"}


def test_a_dry_run_appends_nothing_and_tells_what_it_would_append(
    application: RegistryApplication, recorded: Recorded
) -> None:
    dry = Scanner(application, dry_run=True).scan(str(SHIPPED))
    assert recorded() == []
    wet = Scanner(application).scan(str(SHIPPED))
    told = [(event.type, one.template_id) for one in dry.templates for event in one.events]
    assert told == [(event.topic, event.originator_id) for event in recorded()]
    assert [one.events for one in dry.templates] == [one.events for one in wet.templates]


def test_a_changed_file_revises_its_template_and_no_other(
    application: RegistryApplication, repository: Path, recorded: Recorded
) -> None:
    Scanner(application).scan(str(repository))
    _rewrite(repository / JIRA, lambda records: records[:-1])
    report = Scanner(application).scan(str(repository))
    assert (report.count(Change.CHANGED), report.count(Change.UNCHANGED)) == (1, 14)
    last = recorded()[-1]
    assert (last.topic, last.originator_version) == ("DatasetTemplateRevised", 2)
    assert last.facts["source"] == str(JIRA)
    assert report.position == last.position


def test_a_file_that_is_only_formatted_anew_changes_nothing(
    application: RegistryApplication, repository: Path, recorded: Recorded
) -> None:
    Scanner(application).scan(str(repository))
    before = recorded()
    for path in repository.rglob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()), indent=7))
    assert Scanner(application).scan(str(repository)).count(Change.UNCHANGED) == 15
    assert recorded() == before


def test_each_file_that_is_no_template_is_reported_and_all_others_are_registered(
    application: RegistryApplication, repository: Path, recorded: Recorded
) -> None:
    folder = repository / "retail" / "broken"
    folder.mkdir()
    (folder / "cut_short.json").write_text('{"format_version": "1",\n "records": [')
    (folder / "empty.json").write_text("")
    (folder / "from_tomorrow.json").write_text('{"format_version": "99"}')
    (folder / "no_list.json").write_text('{"format_version": "1", "records": {}}')
    (outside := repository.parent / "outside.json").write_text("[1]")
    (folder / "leads_out.json").symlink_to(outside)
    (folder / "2024.json").write_text('[{"key": 1}]')
    (folder / "gone.json").symlink_to(repository / "nowhere.json")

    report = Scanner(application).scan(str(repository))

    assert len(recorded()) == len(report.templates) == 15
    assert {Path(failure.path).name: failure.place for failure in report.failures} == {
        "2024.json": "dataset_type",
        "cut_short.json": "line 2, column 14",
        "empty.json": "",
        "from_tomorrow.json": "/format_version",
        "gone.json": "",
        "leads_out.json": "",
        "no_list.json": "/records",
    }
    reasons = {Path(failure.path).name: failure.reason for failure in report.failures}
    assert reasons["empty.json"] == "the file is empty"
    assert "known are 1 and 2" in reasons["from_tomorrow.json"]
    assert reasons["leads_out.json"] == "the link leads out of the source"


def test_records_that_contradict_their_declared_schema_are_reported_with_their_place(
    application: RegistryApplication, tmp_path: Path, recorded: Recorded
) -> None:
    schema = {"type": "object", "properties": {"key": {"type": "string"}}}
    content = {"format_version": "1", "schema": schema, "records": [{"key": "A"}, {"key": 7}]}
    path = tmp_path / "fintech" / "support" / "jira_issues.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    (failure,) = Scanner(application).scan(str(tmp_path)).failures
    assert failure.place == "record 2/key"
    assert "contradicts the declared schema" in failure.reason
    assert recorded() == []


def test_a_template_found_twice_is_registered_from_the_first_file_and_reported_for_the_second(
    application: RegistryApplication, repository: Path, recorded: Recorded
) -> None:
    second = repository / "zzz.json"
    shutil.copy(repository / JIRA, second)
    document = json.loads(second.read_text())
    document.setdefault("metadata", {}).update(
        industry="fintech", use_case="developer_productivity", dataset_type="jira_issues"
    )
    second.write_text(json.dumps(document))
    (failure,) = (report := Scanner(application).scan(str(repository))).failures
    assert failure.path == "zzz.json"
    assert failure.reason == (
        f"fintech/developer_productivity/jira_issues was found in {JIRA} already"
    )
    assert len(recorded()) == len(report.templates) == 15


def test_one_file_can_be_scanned_by_itself(
    application: RegistryApplication, recorded: Recorded
) -> None:
    report = Scanner(application).scan(str(SHIPPED / JIRA))
    assert [template.identity for template in report.templates] == [
        "fintech/developer_productivity/jira_issues"
    ]
    assert len(recorded()) == 1


def test_a_scan_larger_than_a_batch_registers_everything(
    application: RegistryApplication, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "BATCH", 4)
    report = Scanner(application).scan(str(SHIPPED))
    assert len(recorded()) == len(report.templates) == 15
    assert report.position == recorded()[-1].position


def test_progress_is_told_file_by_file(application: RegistryApplication) -> None:
    sizes: list[int] = []
    told: list[tuple[int, int]] = []

    def progress(datasets: int, size: int) -> AbstractContextManager[Callable[[int], None]]:
        told.append((datasets, size))
        return nullcontext(sizes.append)

    Scanner(application, progress=progress).scan(str(SHIPPED))
    assert sorted(sizes) == sorted(path.stat().st_size for path in SHIPPED.rglob("*.json"))
    assert told == [(15, sum(sizes))]


def test_a_scan_of_nothing_finds_nothing(application: RegistryApplication, tmp_path: Path) -> None:
    report = Scanner(application).scan(str(tmp_path))
    assert (report.templates, report.failures) == ([], [])
    with pytest.raises(NoSuchSource):
        Scanner(application).scan(str(tmp_path / "nowhere"))


def test_the_report_for_programs_holds_all_that_happened(
    application: RegistryApplication, repository: Path
) -> None:
    (repository / "retail" / "store_operations" / "broken.json").write_text("[")
    reports = [Scanner(application).scan(str(repository))]
    document = json.loads(as_json(reports, dry_run=False))
    assert {name: document[name] for name in ("scanned", "new", "changed", "unchanged")} == {
        "scanned": 15,
        "new": 15,
        "changed": 0,
        "unchanged": 0,
    }
    assert [failure["path"] for failure in document["failed"]] == [
        "retail/store_operations/broken.json"
    ]
    first = document["templates"][0]
    assert UUID(first["template_id"])
    assert first["events"] == [{"type": "DatasetTemplateRegistered", "version": 1}]


def _rewrite(path: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    """Change the records of a template file."""
    document = json.loads(path.read_text())
    part = "records" if "records" in document else "sample_data"
    path.write_text(json.dumps({**document, part: change(document[part])}))
