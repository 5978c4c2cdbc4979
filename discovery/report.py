"""What scans tell people, and what they tell programs."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from discovery.scan_report import Change, ScannedTemplate, ScanReport

MOST_LINES: Final = 20
"""Datasets of whose warnings people are told line by line."""


def summary_lines(reports: Sequence[ScanReport], dry_run: bool) -> list[str]:
    """Return the lines that end a round of scans for people."""
    new, *others = (sum(each.count(change) for each in reports) for change in Change)
    templates = [template for report in reports for template in report.templates]
    failures = sum(len(report.failures) for report in reports)
    failed = f" ({failures} failed)" if failures else ""
    sampled = sum(template.has_sample for template in templates)
    would = "Would register" if dry_run else "Registered"
    return [
        f"✅ Scanned {len(templates)} dataset templates{failed}",
        f"✅ {would} {new} templates in catalog{_others(others)}",
        "✅ Sample data extracted for all templates"
        if sampled == len(templates)
        else f"⚠️ Sample data extracted for {sampled} of {len(templates)} templates",
        *_connector_lines(reports, would),
    ]


def _connector_lines(reports: Sequence[ScanReport], would: str) -> list[str]:
    changes = [connector.change for report in reports for connector in report.connectors]
    new, *others = (changes.count(change) for change in Change)
    unclaimed = sum(report.unclaimed for report in reports)
    lines = []
    if changes:
        lines.append(f"✅ {would} {new} connectors{_others(others)}")
    if unclaimed:
        lines.append(f"⚠️ Found {unclaimed} connectors; give --client to register them for it")
    return lines


def _others(counts: Sequence[int]) -> str:
    """Return the counts of all changes but the first in words."""
    named = zip(counts, list(Change)[1:], strict=True)
    words = [f"{count} {change}" for count, change in named if count]
    return f" ({', '.join(words)})" if words else ""


def failure_lines(reports: Sequence[ScanReport]) -> list[str]:
    """Return a line for each source that was not reached, and each dataset that failed."""
    several = len(reports) > 1
    return [
        line
        for report in reports
        for line in (
            *([report.unreachable] if report.unreachable else []),
            *(f"{report.source}: {each}" if several else str(each) for each in report.failures),
        )
    ]


def warning_lines(reports: Sequence[ScanReport]) -> list[str]:
    """Return a line for each thing that a person should look at, of what is new or changed."""
    templates = [template for report in reports for template in report.templates]
    doubtful = [
        template
        for template in templates
        if template.warning_count and template.change is not Change.UNCHANGED
    ]
    lines = [_warning_line(template) for template in doubtful[:MOST_LINES]]
    if len(doubtful) > MOST_LINES:
        lines.append(f"{len(doubtful) - MOST_LINES} more datasets have warnings; --json tells all")
    lines += [
        f"{template.identity}: {contradiction}"
        for template in templates
        for contradiction in template.contradictions
    ]
    unsure = sum(
        template.needs_review and template.change is not Change.UNCHANGED for template in templates
    )
    if unsure:
        lines.append(f"{unsure} templates need review: GET /templates?needs_review=true")
    return lines


def _warning_line(template: ScannedTemplate) -> str:
    count, first = template.warning_count, template.warnings[0]
    place = f"line {first['line']}: " if first["line"] else ""
    message = "".join(letter if letter.isprintable() else "�" for letter in first["message"])
    counted = "1 warning" if count == 1 else f"{count} warnings, the first"
    return f"{template.path}: {counted}: {place}{message}"


def event_lines(reports: Sequence[ScanReport]) -> list[str]:
    """Return a line for each event that scans appended or would append."""
    return [
        f"{event.type} {name} (version {event.version})"
        for report in reports
        for name, events in (
            *((template.identity, template.events) for template in report.templates),
            *((connector.name, connector.events) for connector in report.connectors),
        )
        for event in events
    ]


def as_json(reports: Sequence[ScanReport], dry_run: bool) -> str:
    """Return everything as JSON; a dry run's lists the events that it would append.

    Of one source it is its report, of several an object with their `sources` and the sums.
    """
    documents = [_document(report, dry_run) for report in reports]
    document = documents[0] if len(documents) == 1 else _together(documents, dry_run)
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _document(report: ScanReport, dry_run: bool) -> dict[str, Any]:
    return {
        "source": report.source,
        "dry_run": dry_run,
        "scanned": len(report.templates),
        **{str(change): report.count(change) for change in Change},
        "failed": report.failures,
        "position": report.position,
        "templates": [
            {
                "path": template.path,
                "template_id": template.template_id,
                "identity": template.identity,
                "change": template.change,
                "has_sample": template.has_sample,
                "warnings": template.warnings,
                "warning_count": template.warning_count,
                "needs_review": template.needs_review,
                "contradictions": template.contradictions,
                "events": template.events,
            }
            for template in report.templates
        ],
        "connectors": [
            {
                "path": connector.path,
                "connector_id": connector.connector_id,
                "name": connector.name,
                "health": connector.health,
                "change": connector.change,
                "events": connector.events,
            }
            for connector in report.connectors
        ],
        "unclaimed_connectors": report.unclaimed,
        **({"unreachable": report.unreachable} if report.unreachable else {}),
    }


def _together(documents: Sequence[dict[str, Any]], dry_run: bool) -> dict[str, Any]:
    summed = ("scanned", *map(str, Change))
    return {
        "sources": documents,
        "dry_run": dry_run,
        **{name: sum(document[name] for document in documents) for name in summed},
        "failed": sum(len(document["failed"]) for document in documents),
        "position": max(document["position"] for document in documents),
    }
