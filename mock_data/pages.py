"""Pages, documents and files: what people write down for the next person."""

from datetime import timedelta

from mock_data.scene import Record, Scene, capital, slug
from mock_data.subject import Subject

PAGE_KINDS = ("runbook", "decision", "review", "design", "agreement")
EXTENSIONS = {"Policy": "docx", "Procedure": "docx", "Checklist": "xlsx", "Audit report": "pdf"}
MIME_TYPES = {
    "guide": "application/vnd.google-apps.document",
    "tracker": "application/vnd.google-apps.spreadsheet",
    "photographs": "image/jpeg",
    "vendor manual": "application/pdf",
}


def confluence_page(scene: Scene, subject: Subject) -> Record:
    """A runbook, decision, review, design note or working agreement."""
    dice, case, kind = scene.dice, subject.case, subject.kind
    updated = scene.after(subject.created, 1, 6_000)
    parents = [capital(case.topic), f"{capital(kind)}s"]
    record: Record = {
        "id": subject.id,
        "status": dice.weigh({"current": 12, "draft": 2, "archived": 1}),
        "title": scene.text(subject, f"{kind} title"),
        "space": {"key": scene.vocabulary.key, "name": f"{scene.vocabulary.company} Engineering"},
        "ancestors": parents[: dice.between(1, 2)],
        "labels": sorted({kind, case.area, *dice.some(("on-call", "audit", "faq"), 0, 2)}),
        "author": scene.colleague().contact,
        "version": {
            "number": dice.skewed(1, 40),
            "by": scene.colleague().email,
            "minor_edit": dice.chance(0.3),
            "message": scene.text(subject, "message") if dice.chance(0.5) else None,
        },
        "created_at": scene.stamp(subject.created),
        "updated_at": scene.stamp(updated),
        "body": {"format": "storage", "value": scene.text(subject, f"{kind} body")},
        "issue_keys": scene.related("jira_issues", subject, 0, 3),
        "view_count": dice.skewed(3, 2_400),
        "url": scene.url("wiki", f"spaces/{scene.vocabulary.key}/pages/{subject.id}"),
    }
    if kind in ("runbook", "agreement"):
        record["review_due"] = (updated + timedelta(days=dice.between(60, 240))).date().isoformat()
    return record


def sharepoint_document(scene: Scene, subject: Subject) -> Record:
    """A controlled document with its approval, sensitivity and review date."""
    dice, kind, extension = scene.dice, subject.kind, EXTENSIONS[subject.kind]
    name = f"{slug(f'{kind} {subject.case.topic}')}.{extension}"
    library = "Controlled Documents" if kind in ("Policy", "Procedure") else "Evidence"
    author, editor = scene.colleague(), scene.colleague()
    modified = scene.after(subject.created, 1, 5_000)
    status = dice.weigh({"Approved": 7, "In Review": 3, "Draft": 2, "Superseded": 1})
    is_approved = status in ("Approved", "Superseded")
    effective = (modified + timedelta(days=dice.between(5, 40))).date()
    record: Record = {
        "id": subject.id,
        "name": name,
        "library": library,
        "file": {
            "extension": extension,
            "size": dice.skewed(18_000, 4_800_000),
            "sha256": dice.characters(64),
            "page_count": None if extension == "xlsx" else dice.skewed(1, 60),
        },
        "created_by": author.contact,
        "created_at": scene.stamp(subject.created),
        "last_modified_by": editor.contact,
        "last_modified_at": scene.stamp(modified),
        "fields": {
            "document_number": f"{scene.vocabulary.key}-{dice.between(100, 999)}",
            "department": author.team,
            "status": status,
            "effective_on": effective.isoformat() if is_approved else None,
            "review_on": (effective + timedelta(days=365)).isoformat() if is_approved else None,
            "applies_to": sorted(dice.some(scene.vocabulary.places, 1, 4)),
        },
        "sensitivity": dice.weigh({"Internal": 6, "Confidential": 3, "Public": 1}),
        "summary": scene.text(subject, kind.lower()),
        "web_url": scene.url("files", f"sites/operations/{slug(library)}/{name}"),
    }
    if status == "In Review":
        due = modified + timedelta(days=dice.between(3, 30))
        record["checked_out_to"] = {"email": editor.email, "until": due.date().isoformat()}
    return record


def google_drive_file(scene: Scene, subject: Subject) -> Record:
    """A file; one with bytes of its own has a size and a checksum, a photograph its place."""
    dice, kind, created = scene.dice, subject.kind, subject.created
    is_native = "google-apps" in MIME_TYPES[kind]
    owner = scene.colleague()
    modified = scene.after(created, 1, 4_000)
    readers = [
        {"type": "user", "role": role, "email": scene.colleague().email}
        for role in dice.some(("writer", "commenter", "reader"), 0, 2)
    ]
    if dice.chance(0.3):
        readers.append({"type": "domain", "role": "reader", "domain": scene.vocabulary.domain})
    record: Record = {
        "id": subject.id,
        "name": f"{capital(subject.case.topic)} {kind} {created:%Y-%m}",
        "mime_type": MIME_TYPES[kind],
        "path": ["Store Operations", dice.pick((subject.case.area, owner.team))],
        "owners": [owner.contact],
        "last_modifying_user": scene.colleague().contact,
        "created_time": scene.stamp(created),
        "modified_time": scene.stamp(modified),
        "viewed_by_me_time": scene.stamp(modified) if dice.chance(0.5) else None,
        "version": dice.skewed(1, 300),
        "size": None if is_native else dice.skewed(40_000, 9_000_000),
        "permissions": [{"type": "user", "role": "owner", "email": owner.email}, *readers],
        "labels": sorted(dice.some(("rollout", "training", "peak-season", "supplier"), 0, 2)),
        "incident_numbers": scene.related("servicenow_incidents", subject, 0, 2),
        "text": scene.text(subject, kind),
        "web_view_link": scene.url("drive", f"file/{subject.id}/view"),
    }
    if not is_native:
        record["md5_checksum"] = dice.characters(32)
    if kind == "photographs":
        latitude, longitude = dice.between(500_000, 549_999), dice.between(-39_999, 0)
        location = {"latitude": latitude / 10_000, "longitude": longitude / 10_000}
        record["image"] = {"width": 4032, "height": 3024, "location": location}
    return record
