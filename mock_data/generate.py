"""Write the sample templates: ``python -m mock_data.generate [--check]``."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mock_data import github, pages, salesforce, slack, tickets
from mock_data.scene import Record, Scene
from mock_data.subject import Subject, deal
from mock_data.vocabulary import USE_CASES, Vocabulary

FOLDER = Path(__file__).parent
TREE = FOLDER / "templates"

Write = Callable[[Scene, Subject], Record]

ONE_KIND = ("",)
WRITERS: dict[str, tuple[Write, tuple[str, ...]]] = {
    "confluence_pages": (pages.confluence_page, pages.PAGE_KINDS),
    "github_pull_requests": (github.github_pull_request, github.CHANGE_KINDS),
    "github_repositories": (github.github_repository, github.REPOSITORY_KINDS),
    "google_drive_files": (pages.google_drive_file, tuple(pages.MIME_TYPES)),
    "jira_issues": (tickets.jira_issue, tickets.ISSUE_TYPES),
    "salesforce_accounts": (salesforce.salesforce_account, ONE_KIND),
    "salesforce_opportunities": (salesforce.salesforce_opportunity, ONE_KIND),
    "servicenow_incidents": (tickets.servicenow_incident, ONE_KIND),
    "sharepoint_documents": (pages.sharepoint_document, tuple(pages.EXTENSIONS)),
    "slack_messages": (slack.slack_message, slack.MESSAGE_KINDS),
    "zendesk_tickets": (tickets.zendesk_ticket, ONE_KIND),
}
"""Who writes a record of each dataset type, and the kinds such records are of."""


def main() -> int:
    """Write the tree; with ``--check`` only compare, and return 1 if a file differs."""
    parser = argparse.ArgumentParser(prog="mock_data.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on any drift")
    is_check = parser.parse_args().check
    expected = {TREE / path: content for use_case in USE_CASES for path, content in files(use_case)}
    if not is_check:
        for path, content in expected.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return 0
    found = {path: path.read_bytes() for path in TREE.rglob("*") if path.is_file()}
    drifted = [path for path in sorted(expected | found) if expected.get(path) != found.get(path)]
    for path in drifted:
        name = path.relative_to(TREE).as_posix()
        print(f"{name} is not what the generator writes; run: python -m mock_data.generate")
    return 1 if drifted else 0


def files(use_case: str) -> Iterator[tuple[str, bytes]]:
    """The path below the tree and the bytes of each template of a use case."""
    vocabulary = Vocabulary.of(use_case)
    cast = {name: deal(vocabulary, name, WRITERS[name][1]) for name in vocabulary.templates}
    for name, subjects in cast.items():
        scene, (write, _) = Scene(vocabulary, name, cast), WRITERS[name]
        records = [write(scene, subject) for subject in subjects]
        written = json.dumps(document(vocabulary, name, records), indent=2, ensure_ascii=False)
        yield f"{vocabulary.industry}/{use_case}/{name}.json", f"{written}\n".encode()


def document(vocabulary: Vocabulary, dataset_type: str, records: list[Record]) -> Any:
    """The template in the format of its head: version 1, version 2, or bare records."""
    head = vocabulary.templates[dataset_type]
    schema = FOLDER / "schemas" / f"{dataset_type}.json"
    if schema.exists():
        head = head | {"schema": json.loads(schema.read_bytes())}
    match head:
        case {"metadata": {"default_record_count": count} as metadata}:
            sized = metadata | {"default_size_mb": size_in_mb(records, count)}
            return head | {"metadata": sized, "records": records}
        case {"defaults": {"record_count": count} as defaults}:
            sized = defaults | {"size_mb": size_in_mb(records, count)}
            return head | {"defaults": sized, "sample_data": records}
        case _:
            return records


def size_in_mb(records: list[Record], count: int) -> float:
    """The size of ``count`` records like these as compact UTF-8 JSON, in megabytes."""
    written = json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()
    return round(len(written) * count / len(records) / 1_000_000, 2)


if __name__ == "__main__":
    sys.exit(main())
