"""Issues, tickets and incidents: what three systems make of something that needs work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_data.scene import Record, Scene, capital, slug
from mock_data.subject import NOW, Subject
from mock_data.vocabulary import Person

ISSUE_TYPES = ("Bug", "Story", "Spike")
STATUSES = {
    "jira": {"new": ["To Do"], "open": ["In Progress", "In Review"], "done": ["Done"]},
    "zendesk": {"new": ["new"], "open": ["open", "pending", "hold"], "done": ["solved", "closed"]},
    "servicenow": {"new": ["New"], "open": ["In Progress", "On Hold"], "done": ["Closed"]},
}
COMMENTS = {
    "jira": ["confirmed", "plan", "estimate", "shipped"],
    "zendesk": ["promise", "note", "still", "found", "thanks"],
    "servicenow": ["called", "logs", "window", "vendor", "checked"],
}
"""The rules by which comments are written, in order; the last only when all is done."""

BY_REQUESTER = ("confirmed", "still", "thanks")
INTERNAL = ("note", "logs", "window")

TARGET_HOURS = {"1 - Critical": 4, "2 - High": 8, "3 - Moderate": 24, "4 - Low": 72}


@dataclass(frozen=True)
class Course:
    """The course a matter has taken up to now, whichever system keeps it."""

    status: str
    assignee: Person | None
    comments: list[Record]
    done: datetime | None
    updated: datetime


def _course(scene: Scene, subject: Subject, system: str, requester: Person) -> Course:
    """Draw a course, most likely a finished one for what began long ago."""
    dice, opened, rules = scene.dice, subject.created, COMMENTS[system]
    stages = {"new": 2, "open": 4, "done": 4} if subject.is_recent else {"open": 1, "done": 8}
    stage = dice.weigh(stages)
    status = dice.pick(STATUSES[system][stage])
    if stage == "new":
        return Course(status, None, [], None, opened)
    done = scene.after(opened, 2, 400) if stage == "done" else None
    minutes = ((done or NOW) - opened) // timedelta(minutes=1)
    spoken = [rule for rule in (rules if done else rules[:-1]) if dice.chance(0.6)]
    moments = sorted(opened + timedelta(minutes=dice.between(1, minutes)) for _ in spoken)
    assignee = scene.colleague()
    comments = [
        {
            "author": (requester if rule in BY_REQUESTER else assignee).email,
            "public": rule not in INTERNAL,
            "created_at": scene.stamp(moment),
            "body": scene.text(subject, rule),
        }
        for rule, moment in zip(spoken, moments, strict=True)
    ]
    return Course(status, assignee, comments, done, max([opened, *moments, done or opened]))


def jira_issue(scene: Scene, subject: Subject) -> Record:
    """A bug, story or spike with its comments and links."""
    dice, kind, reporter = scene.dice, subject.kind, scene.colleague()
    course = _course(scene, subject, "jira", reporter)
    fields: Record = {
        "summary": scene.text(subject, kind.lower()),
        "description": scene.text(subject, "description"),
        "issuetype": kind,
        "status": {"name": course.status, "is_final": course.done is not None},
        "priority": dice.weigh({"Highest": 1, "High": 4, "Medium": 8, "Low": 3}),
        "components": [subject.case.area],
        "labels": sorted(dice.some(("customer-impact", "tech-debt", "toil", "audit"), 0, 2)),
        "reporter": reporter.contact,
        "assignee": course.assignee.contact if course.assignee else None,
        "story_points": dice.pick((1, 2, 3, 5, 8)) if dice.chance(0.7) else None,
        "created": scene.stamp(subject.created),
        "updated": scene.stamp(course.updated),
        "resolved": scene.stamp(course.done),
        "comments": course.comments,
        "linked_issues": [
            {"type": dice.pick(("blocks", "relates to", "duplicates")), "key": key}
            for key in scene.related("jira_issues", subject, 0, 2)
        ],
        "pages": scene.related("confluence_pages", subject, 0, 2),
        "repositories": scene.related("github_repositories", subject, 0, 1),
    }
    if kind == "Story" and dice.chance(0.6):
        due = subject.created + timedelta(days=dice.between(14, 60))
        fields["due_date"] = due.date().isoformat()
    address = scene.url("issues", f"browse/{subject.id}")
    return {"key": subject.id, "url": address, "fields": fields}


def zendesk_ticket(scene: Scene, subject: Subject) -> Record:
    """A ticket with its conversation and, where one was given, a satisfaction rating."""
    dice, case, requester = scene.dice, subject.case, scene.outsider()
    course = _course(scene, subject, "zendesk", requester)
    agent = course.assignee
    record: Record = {
        "id": subject.id,
        "subject": scene.text(subject, "subject"),
        "description": scene.text(subject, "description"),
        "status": course.status,
        "priority": dice.weigh({"low": 3, "normal": 8, "high": 3, "urgent": 1}) if agent else None,
        "via": {"channel": dice.pick(("web", "email", "voice", "chat"))},
        "requester": requester.contact | {"locale": dice.pick(("en-US", "en-US", "en-GB", "es"))},
        "assignee": agent.contact if agent else None,
        "group": dice.pick(scene.vocabulary.teams),
        "tags": sorted({slug(case.topic), *dice.some(("callback", "vip", "repeat"), 0, 2)}),
        "custom_fields": {"site": subject.place, "consent_to_contact": dice.chance(0.85)},
        "incident_numbers": scene.related("servicenow_incidents", subject, 0, 1),
        "comments": course.comments,
        "created_at": scene.stamp(subject.created),
        "updated_at": scene.stamp(course.updated),
        "solved_at": scene.stamp(course.done),
        "url": scene.url("support", f"tickets/{subject.id}"),
    }
    if course.done and dice.chance(0.6):
        score = dice.weigh({"good": 4, "bad": 1})
        comment = scene.text(subject, score) if dice.chance(0.7) else None
        record["satisfaction_rating"] = {"score": score, "comment": comment}
    return record


def servicenow_incident(scene: Scene, subject: Subject) -> Record:
    """An incident with its work notes, the failing item and the service level."""
    dice, case, caller = scene.dice, subject.case, scene.colleague()
    course = _course(scene, subject, "servicenow", caller)
    priority = dice.pick(list(TARGET_HOURS))
    target = subject.created + timedelta(hours=TARGET_HOURS[priority])
    record: Record = {
        "number": subject.id,
        "short_description": f"{capital(case.problem)} ({subject.place})",
        "description": scene.text(subject, "description"),
        "state": course.status,
        "priority": priority,
        "category": dice.pick(("software", "hardware", "network", "inquiry")),
        "subcategory": case.area,
        "location": subject.place,
        "caller": caller.contact | {"vip": dice.chance(0.08)},
        "assignment_group": dice.pick(scene.vocabulary.teams),
        "assigned_to": course.assignee.email if course.assignee else None,
        "configuration_item": {
            "name": f"{slug(case.area)}-{dice.between(1, 24):02d}",
            "serial_number": dice.characters(10).upper() if dice.chance(0.5) else None,
        },
        "opened_at": scene.stamp(subject.created),
        "updated_at": scene.stamp(course.updated),
        "resolved_at": scene.stamp(course.done),
        "sla": {"due_at": scene.stamp(target), "breached": (course.done or NOW) > target},
        "work_notes": course.comments,
        "knowledge": scene.related("sharepoint_documents", subject, 0, 2)
        + scene.related("google_drive_files", subject, 0, 2),
        "url": scene.url("service", f"incident/{subject.id}"),
    }
    if course.done:
        record["close_code"] = dice.pick(("Solved (Permanently)", "Solved (Work Around)"))
        record["close_notes"] = scene.text(subject, "close_notes")
    return record
