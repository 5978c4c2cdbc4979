"""What a scan tells people, line by line, and what it tells programs."""

import json
from dataclasses import replace

import pytest
from given import TEMPLATE, definition, template_registered

from discovery.dataset_reading import Failure
from discovery.report import as_json, event_lines, failure_lines, summary_lines, warning_lines
from discovery.scan_report import Change, ScannedConnector, ScannedTemplate, ScanReport, appended
from registry.connector import Health
from registry.events import DatasetTemplateRevised

FAILURE = Failure(path="retail/a.json", place="line 3, column 5", reason="invalid JSON")


def templates(count, change=Change.NEW, *, has_sample=True, events=()):
    return [
        ScannedTemplate(
            path=f"retail/support/{change}_{number}.json",
            template_id=TEMPLATE,
            identity=f"retail/support/{change}_{number}",
            change=change,
            has_sample=has_sample,
            events=appended(events),
        )
        for number in range(count)
    ]


def report(*found, failures=()):
    every = [template for group in found for template in group]
    return [ScanReport(source="templates", templates=every, failures=[*failures], position=17)]


def test_15_new_templates_are_told_in_exactly_three_lines():
    assert summary_lines(report(templates(15)), dry_run=False) == [
        "✅ Scanned 15 dataset templates",
        "✅ Registered 15 templates in catalog",
        "✅ Sample data extracted for all templates",
    ]


def test_a_dry_run_tells_what_it_would_do():
    lines = summary_lines(report(templates(15)), dry_run=True)
    assert lines[1] == "✅ Would register 15 templates in catalog"


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ([templates(15, Change.UNCHANGED)], "Registered 0 templates in catalog (15 unchanged)"),
        ([templates(2, Change.CHANGED)], "Registered 0 templates in catalog (2 changed)"),
        (
            [templates(3), templates(2, Change.CHANGED), templates(1, Change.UNCHANGED)],
            "Registered 3 templates in catalog (2 changed, 1 unchanged)",
        ),
    ],
)
def test_templates_known_before_are_counted_apart(found, line):
    assert summary_lines(report(*found), dry_run=False)[1] == f"✅ {line}"


def test_failures_are_counted_with_the_scan():
    lines = summary_lines(report(templates(2), failures=[FAILURE, FAILURE]), dry_run=False)
    assert lines[0] == "✅ Scanned 2 dataset templates (2 failed)"


def test_templates_without_a_sample_are_told():
    found = report(templates(3), templates(2, has_sample=False))
    assert summary_lines(found, False)[2] == "⚠️ Sample data extracted for 3 of 5 templates"


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("line 3, column 5", "retail/a.json: line 3, column 5: invalid JSON"),
        ("", "retail/a.json: invalid JSON"),
    ],
)
def test_a_failure_is_told_with_its_place(place, line):
    assert str(Failure(path="retail/a.json", place=place, reason="invalid JSON")) == line


def events():
    of = definition()
    revised = DatasetTemplateRevised(
        template_id=TEMPLATE, definition=of, digest=of.digest, source="", originator_version=4
    )
    return templates(1, events=[template_registered(of)]) + templates(
        1, Change.CHANGED, events=[revised]
    )


def test_each_event_has_a_line():
    assert event_lines(report(events(), templates(1, Change.UNCHANGED))) == [
        "DatasetTemplateRegistered retail/support/new_0 (version 0)",
        "DatasetTemplateRevised retail/support/changed_0 (version 4)",
    ]


WARNINGS = [{"line": 7, "message": "3 cells\x1b, not 4"}, {"line": None, "message": "b"}]


@pytest.mark.parametrize(
    ("warnings", "line"),
    [
        (
            WARNINGS,
            "2 warnings, the first: line 7: 3 cells\N{REPLACEMENT CHARACTER}, not 4",
        ),
        (WARNINGS[1:], "1 warning: b"),
    ],
)
def test_what_is_doubtful_of_new_data_has_a_line(warnings, line):
    (one,) = templates(1)
    doubtful = replace(one, warnings=warnings, warning_count=len(warnings))
    known = replace(doubtful, change=Change.UNCHANGED)
    assert warning_lines(report([doubtful, known])) == [f"retail/support/new_0.json: {line}"]


def test_no_more_than_some_lines_tell_of_doubts_and_programs_are_told_all():
    some = [replace(each, warnings=WARNINGS, warning_count=2) for each in templates(25)]
    lines = warning_lines(report(some))
    assert (len(lines), lines[-1]) == (21, "5 more datasets have warnings; --json tells all")
    told = json.loads(as_json(report(some), dry_run=False))["templates"]
    assert [each["warnings"] for each in told] == [WARNINGS] * 25


def test_programs_are_told_everything_as_json():
    found = report(events(), failures=[FAILURE])
    told = json.loads(as_json(found, dry_run=True))

    assert told.pop("templates")[1] == {
        "path": "retail/support/changed_0.json",
        "template_id": str(TEMPLATE),
        "identity": "retail/support/changed_0",
        "change": "changed",
        "has_sample": True,
        "warnings": [],
        "warning_count": 0,
        "needs_review": False,
        "contradictions": [],
        "events": [{"type": "DatasetTemplateRevised", "version": 4}],
    }
    assert told == {
        "source": "templates",
        "dry_run": True,
        "scanned": 2,
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "rejected": 0,
        "failed": [
            {"path": "retail/a.json", "place": "line 3, column 5", "reason": "invalid JSON"}
        ],
        "position": 17,
        "connectors": [],
        "unclaimed_connectors": 0,
    }


def connector(name, change, events=()):
    return ScannedConnector(
        path=name,
        connector_id=TEMPLATE,
        name=name,
        health=Health.HEALTHY,
        change=change,
        events=appended(events),
    )


def test_connectors_are_counted_apart_from_templates():
    found = report(templates(1))
    found[0].connectors += [connector("jira", Change.NEW), connector("wiki", Change.UNCHANGED)]
    assert summary_lines(found, dry_run=False)[3:] == ["✅ Registered 1 connectors (1 unchanged)"]


def test_connectors_that_are_for_nobody_are_told_with_what_to_do():
    found = report(templates(1))
    found[0].unclaimed = 2
    assert summary_lines(found, dry_run=False)[3:] == [
        "⚠️ Found 2 connectors; give --client to register them for it"
    ]


def test_of_several_sources_each_failure_is_told_with_its_source():
    missing = ScanReport(source="nowhere", unreachable="There is nothing at nowhere")
    assert failure_lines([*report(failures=[FAILURE]), missing]) == [
        "templates: retail/a.json: line 3, column 5: invalid JSON",
        "There is nothing at nowhere",
    ]


def test_several_sources_are_told_to_programs_with_their_sums():
    told = json.loads(as_json(report(templates(2)) + report(templates(1)), dry_run=False))
    assert [each["scanned"] for each in told.pop("sources")] == [2, 1]
    assert told == {
        "dry_run": False,
        "scanned": 3,
        "new": 3,
        "changed": 0,
        "unchanged": 0,
        "rejected": 0,
        "failed": 0,
        "position": 17,
    }
