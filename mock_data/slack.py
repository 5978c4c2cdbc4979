"""Slack messages: questions, answers in threads, and what bots announce."""

from dataclasses import replace

from mock_data.scene import Record, Scene, slug
from mock_data.subject import Subject

MESSAGE_KINDS = ("question", "answer", "update", "alert")
REACTIONS = ("eyes", "white_check_mark", "thumbsup", "raised_hands", "rotating_light", "pray")
MENTIONED = ("zendesk_tickets", "jira_issues", "github_repositories")


def slack_message(scene: Scene, subject: Subject) -> Record:
    """A message of a public channel; an answer stands in the thread of the last question."""
    dice, question = scene.dice, _question(scene, subject)
    if question:
        answered = scene.after(question.created, 1, 30)
        subject = replace(subject, case=question.case, created=answered)
    channel = slug(subject.case.area)
    mentioned = {name: scene.related(name, subject, 0, 1) for name in MENTIONED}
    reactions = dice.some(REACTIONS, 0, 3)
    message: Record = {
        "client_msg_id": subject.id,
        "ts": _timestamp(subject),
        "thread_ts": _timestamp(question) if question else None,
        "channel": {"name": channel, "is_private": False},
        "posted_at": scene.stamp(subject.created),
        "text": scene.text(subject, subject.kind),
        "mentions": {name: ids for name, ids in mentioned.items() if ids},
        "reactions": [{"name": name, "count": dice.skewed(1, 12)} for name in reactions],
        "permalink": scene.url("chat", f"archives/{channel}/{subject.id}"),
    }
    if question:
        message["reply_to"] = question.id
    if subject.kind == "alert":
        message["bot"] = {"name": dice.pick(("pager", "status")), "app_version": 3}
    else:
        message["user"] = scene.colleague().contact
    if dice.chance(0.2):
        name = f"{channel}-{dice.pick(('screenshot.png', 'export.csv', 'notes.pdf'))}"
        message["files"] = [{"name": name, "size": dice.skewed(4_000, 3_000_000)}]
    return message


def _question(scene: Scene, subject: Subject) -> Subject | None:
    """What an answer answers: the last question before it, if there is one."""
    messages = scene.cast["slack_messages"]
    earlier = messages[: messages.index(subject)] if subject.kind == "answer" else []
    return next((asked for asked in reversed(earlier) if asked.kind == "question"), None)


def _timestamp(subject: Subject) -> str:
    """The second of a message, and six digits that tell it from others of the same second."""
    return f"{subject.created.timestamp():.0f}.{int(subject.id[:4], 16):06d}"
