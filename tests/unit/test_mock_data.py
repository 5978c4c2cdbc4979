"""The sample templates that ship with the product."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

ROOT = Path(__file__).parents[2]
TREE = ROOT / "mock_data" / "templates"
FILES = sorted(path.relative_to(TREE).as_posix() for path in TREE.rglob("*.json"))
USE_CASES = {
    "fintech/developer_productivity": {"confluence_pages", "github_pull_requests", "jira_issues"},
    "fintech/client_onboarding": {"salesforce_accounts", "salesforce_opportunities"},
    "healthcare/patient_support": {"slack_messages", "zendesk_tickets"},
    "healthcare/clinical_operations": {"servicenow_incidents", "sharepoint_documents"},
    "retail/store_operations": {"google_drive_files", "servicenow_incidents", "zendesk_tickets"},
    "technology/platform_engineering": {"github_repositories", "jira_issues", "slack_messages"},
}
IDS = {
    "github_repositories": "full_name",
    "jira_issues": "key",
    "salesforce_accounts": "Id",
    "salesforce_opportunities": "Id",
    "servicenow_incidents": "number",
    "slack_messages": "client_msg_id",
}
REFERENCES = [
    ("fintech/developer_productivity/confluence_pages", "issue_keys", "jira_issues"),
    ("fintech/developer_productivity/github_pull_requests", "issue_keys", "jira_issues"),
    ("fintech/developer_productivity/jira_issues", "fields.pages", "confluence_pages"),
    ("fintech/client_onboarding/salesforce_opportunities", "AccountId", "salesforce_accounts"),
    ("fintech/client_onboarding/salesforce_accounts", "ParentId", "salesforce_accounts"),
    ("healthcare/patient_support/slack_messages", "mentions.zendesk_tickets", "zendesk_tickets"),
    ("healthcare/patient_support/slack_messages", "reply_to", "slack_messages"),
    ("healthcare/clinical_operations/servicenow_incidents", "knowledge", "sharepoint_documents"),
    ("retail/store_operations/servicenow_incidents", "knowledge", "google_drive_files"),
    ("retail/store_operations/google_drive_files", "incident_numbers", "servicenow_incidents"),
    ("retail/store_operations/zendesk_tickets", "incident_numbers", "servicenow_incidents"),
    ("technology/platform_engineering/github_repositories", "issue_keys", "jira_issues"),
    ("technology/platform_engineering/jira_issues", "fields.repositories", "github_repositories"),
    ("technology/platform_engineering/slack_messages", "mentions.jira_issues", "jira_issues"),
]


def load(file: str) -> Any:
    return json.loads((TREE / file).read_bytes())


def records(file: str) -> Any:
    document = load(file)
    if isinstance(document, list):
        return document
    return document[{"1": "records", "2": "sample_data"}[document["format_version"]]]


def ids(file: str) -> list[Any]:
    return [record[IDS.get(Path(file).stem, "id")] for record in records(file)]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar with its dotted path, which list positions are no part of."""
    match value:
        case dict():
            for key, item in value.items():
                yield from leaves(item, f"{path}.{key}".lstrip("."))
        case list():
            for item in value:
                yield from leaves(item, path)
        case _:
            yield path, value


def check(root: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mock_data.generate", "--check"]
    env = os.environ | variables
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def test_fifteen_templates_ship_for_six_use_cases_in_less_than_1_2_megabytes() -> None:
    expected = {f"{place}/{name}.json" for place, names in USE_CASES.items() for name in names}
    assert len(FILES) == 15
    assert set(FILES) == expected
    assert sum((TREE / file).stat().st_size for file in FILES) < 1_200_000


def test_ten_templates_are_of_the_first_format_four_of_the_second_and_one_is_bare() -> None:
    documents = [load(file) for file in FILES]
    versions = [each["format_version"] if isinstance(each, dict) else "bare" for each in documents]
    assert Counter(versions) == {"1": 10, "2": 4, "bare": 1}


def test_the_confluence_template_of_fintech_has_its_agreed_name_and_size() -> None:
    metadata = load("fintech/developer_productivity/confluence_pages.json")["metadata"]
    assert metadata["name"] == "FinTech Developer Productivity - Confluence"
    assert metadata["default_record_count"] == 500


@pytest.mark.parametrize("file", FILES)
def test_a_template_with_metadata_says_where_it_stands(file: str) -> None:
    document = load(file)
    if isinstance(document, dict):
        described = document.get("metadata") or document["template"]
        slugs = [described[key] for key in ("industry", "use_case", "dataset_type")]
        assert "/".join(slugs) + ".json" == file


@pytest.mark.parametrize("file", FILES)
def test_a_template_has_25_to_60_records_with_ids_of_their_own(file: str) -> None:
    assert 25 <= len(ids(file)) <= 60
    assert len(set(ids(file))) == len(ids(file))


@pytest.mark.parametrize("file", FILES)
def test_records_have_nested_and_optional_fields_and_nulls(file: str) -> None:
    found = records(file)
    keys = [set(record) | set(record.get("fields", ())) for record in found]
    assert any(isinstance(value, dict) for record in found for value in record.values())
    assert set.union(*keys) - set.intersection(*keys), "no field is ever absent"
    assert any(value is None for _, value in leaves(found)), "no field is ever null"


@pytest.mark.parametrize("file", FILES)
def test_texts_are_finished_and_vary(file: str) -> None:
    texts = [leaf for leaf in leaves(records(file)) if str(leaf[1]).count(" ") > 8]
    assert texts
    assert all("{" not in text for _, text in texts), "a slot was not filled"
    assert all(texts.count(text) <= 4 for text in texts)


@pytest.mark.parametrize("file", FILES)
def test_emails_and_addresses_stay_under_domains_reserved_for_examples(file: str) -> None:
    hosts = re.findall(r"(?:[\w.+-]+@|https?://)([\w.-]*\w)", json.dumps(records(file)))
    assert hosts
    for host in hosts:
        assert re.search(r"(^|\.)example(\.com|\.org|\.net)?$", host), host


@pytest.mark.parametrize(("source", "field", "target"), REFERENCES)
def test_references_across_the_templates_of_a_use_case_resolve(
    source: str, field: str, target: str
) -> None:
    referred = {value for path, value in leaves(records(f"{source}.json")) if path == field}
    assert referred
    assert referred <= set(ids(f"{source.rpartition('/')[0]}/{target}.json"))


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith("slack_messages.json")])
def test_an_answer_in_a_thread_is_later_than_its_question(file: str) -> None:
    times = dict(zip(ids(file), (message["ts"] for message in records(file)), strict=True))
    answers = [message for message in records(file) if "reply_to" in message]
    assert answers
    for answer in answers:
        assert answer["thread_ts"] == times[answer["reply_to"]] < answer["ts"]


def test_two_templates_declare_a_closed_schema_that_their_records_keep() -> None:
    declared = [file for file in FILES if "schema" in load(file)]
    assert [load(file)["format_version"] for file in declared] == ["1", "2"]
    for file in declared:
        schema = load(file)["schema"]
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for record in records(file):
            validator.validate(record)
            assert not validator.is_valid(record | {"unheard_of": 1})


def test_quality_rules_name_a_known_check_and_a_threshold_in_per_cent() -> None:
    known = {"schema_validation", "data_completeness", "connector_health", "sample_query_success"}
    documents = [load(file) for file in FILES if "quality_rules" in load(file)]
    assert documents
    for rule in (rule for document in documents for rule in document["quality_rules"]):
        assert rule["check"] in known
        assert 0 <= rule["threshold"] <= 100


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_generator_writes_the_committed_bytes_everywhere(seed: str) -> None:
    checked = check(PYTHONHASHSEED=seed, TZ="Asia/Tokyo", LC_ALL="C")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_changed_a_missing_and_a_stray_file_are_each_reported(tmp_path: Path) -> None:
    tree = tmp_path / "mock_data" / "templates"
    shutil.copytree(ROOT / "mock_data", tmp_path / "mock_data")
    (tree / FILES[0]).write_text("[]\n")
    (tree / FILES[1]).unlink()
    (tree / "stray.jsonl").write_text("{}\n")
    checked = check(tmp_path)
    assert checked.returncode == 1
    named = [line.partition(" ")[0] for line in checked.stdout.splitlines()]
    assert named == [FILES[0], FILES[1], "stray.jsonl"]
