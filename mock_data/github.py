"""GitHub repositories and pull requests."""

from mock_data.scene import Record, Scene, slug
from mock_data.subject import Subject

CHANGE_KINDS = ("fix", "test", "docs")
REPOSITORY_KINDS = ("", "-client")
"""What the name of a repository ends in: the service itself, or the library that calls it."""


def github_pull_request(scene: Scene, subject: Subject) -> Record:
    """A pull request with its reviews; its body names the issue it belongs to."""
    dice, kind = scene.dice, subject.kind
    repository = scene.vocabulary.repository(subject.case)
    (issue,) = scene.related("jira_issues", subject, 1, 1)
    title = scene.text(subject, kind)
    is_open = subject.is_recent and dice.chance(0.6)
    is_merged = not is_open and dice.chance(0.9)
    ended = None if is_open else scene.after(subject.created, 3, 400)
    author, *reviewers = dice.some(scene.vocabulary.staff(), 2, 4)
    verdicts = ["APPROVED"] if is_merged else ["COMMENTED", "CHANGES_REQUESTED"]
    record: Record = {
        "id": f"{repository}#{subject.id}",
        "number": subject.id,
        "repository": repository,
        "title": f"{kind}({subject.case.area}): {title}",
        "body": scene.text(subject, "body", issue=issue),
        "state": "open" if is_open else "closed",
        "draft": is_open and dice.chance(0.3),
        "author": {"login": author.login, "email": author.email},
        "labels": sorted({kind, *dice.some(("needs-rollout", "security", "performance"), 0, 1)}),
        "issue_keys": [issue],
        "head": {"ref": slug(f"{issue} {subject.case.topic}"), "sha": dice.characters(40)},
        "additions": dice.skewed(4, 900),
        "deletions": dice.skewed(0, 400),
        "changed_files": dice.skewed(1, 30),
        "reviews": [
            {
                "user": reviewer.login,
                "state": dice.pick(verdicts),
                "body": scene.text(subject, "review") if dice.chance(0.7) else None,
            }
            for reviewer in reviewers
        ],
        "created_at": scene.stamp(subject.created),
        "updated_at": scene.stamp(ended or scene.after(subject.created, 1, 200)),
        "closed_at": scene.stamp(ended),
        "html_url": scene.url("git", f"{repository}/pull/{subject.id}"),
    }
    if is_merged:
        record["merge_commit_sha"] = dice.characters(40)
    return record


def github_repository(scene: Scene, subject: Subject) -> Record:
    """A service or its client library."""
    dice, is_service = scene.dice, subject.kind == ""
    name = subject.id.partition("/")[2]
    purpose = scene.text(subject, "service" if is_service else "client")
    language = dice.pick(("Go", "Python", "Rust", "TypeScript"))
    team = dice.pick(scene.vocabulary.teams)
    record: Record = {
        "full_name": subject.id,
        "name": name,
        "description": purpose,
        "private": dice.chance(0.8),
        "archived": dice.chance(0.1),
        "languages": {language: dice.skewed(9_000, 900_000), "Shell": dice.skewed(200, 9_000)},
        "topics": sorted({subject.case.area, slug(team)}),
        "license": {"spdx_id": "Apache-2.0"} if dice.chance(0.3) else None,
        "stargazers_count": dice.skewed(0, 140),
        "open_issues_count": dice.skewed(0, 60),
        "owners": [{"team": team, "contact": scene.colleague().email}],
        "issue_keys": scene.related("jira_issues", subject, 0, 3),
        "latest_release": f"v{dice.between(0, 24)}.{dice.between(0, 9)}",
        "readme": scene.text(subject, "readme", name=name, purpose=purpose, team=team),
        "created_at": scene.stamp(subject.created),
        "pushed_at": scene.stamp(scene.after(subject.created, 24, 9_000)),
        "html_url": scene.url("git", subject.id),
    }
    if is_service:
        availability = dice.pick((99.5, 99.9, 99.95))
        record["service_level"] = {"tier": dice.between(1, 3), "availability_percent": availability}
    return record
