"""What a scan tells people, and what it tells programs."""

from typing import Any

import msgspec

from discovery.scan_report import Change, ScanReport


def summary_lines(report: ScanReport, dry_run: bool) -> list[str]:
    """Return the lines that end a scan for people."""
    new, changed, unchanged = (report.count(change) for change in Change)
    total = len(report.templates)
    others = [
        f"{count} {word}"
        for count, word in ((changed, "changed"), (unchanged, "unchanged"))
        if count
    ]
    failed = f" ({len(report.failures)} failed)" if report.failures else ""
    sampled = sum(template.has_sample for template in report.templates)
    would = "Would register" if dry_run else "Registered"
    return [
        f"✅ Scanned {total} dataset templates{failed}",
        f"✅ {would} {new} templates in catalog{' (' + ', '.join(others) + ')' if others else ''}",
        "✅ Sample data extracted for all templates"
        if sampled == total
        else f"⚠️ Sample data extracted for {sampled} of {total} templates",
    ]


def event_lines(report: ScanReport) -> list[str]:
    """Return a line for each event that a scan appended or would append."""
    return [
        f"{event.TOPIC} {template.identity} (version {event.originator_version})"
        for template in report.templates
        for event in template.events
    ]


def as_json(report: ScanReport, dry_run: bool) -> str:
    """Return the whole report as JSON; a dry run's lists the events that it would append."""
    document: dict[str, Any] = {
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
                "events": [
                    {"type": event.TOPIC, "version": event.originator_version}
                    for event in template.events
                ],
            }
            for template in report.templates
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
