"""What agents send, and where to."""

from typing import Any

from registry.quality import CheckType
from tests.api.service import JOURNEY

DATASETS = "/v1/dataops/datasets"
CONNECTORS = "/v1/dataops/connectors"
TEMPLATES = "/v1/dataops/templates"
COMMANDS = "/v1/dataops/commands"

Body = dict[str, Any]


def dataset(dataset_type: str = "jira_issues", **parts: Any) -> Body:
    """Describe a dataset to be registered."""
    return {
        "name": "Issues of payments",
        "dataset_type": dataset_type,
        "stage": "development",
        "journey_id": str(JOURNEY),
        **parts,
    }


def connector(name: str = "Jira", **parts: Any) -> Body:
    """Describe a connector to be registered."""
    return {"name": name, "configuration": {"connector_type": "jira", **parts}}


def template(dataset_type: str, **parts: Any) -> Body:
    """Describe a template to be registered, by a schema unless by something else."""
    identity = {"industry": "fintech", "use_case": "support", "dataset_type": dataset_type}
    return {**identity, **(parts or {"schema": {"type": "object"}})}


def checks(score: float, **parts: Any) -> Body:
    """Report all four checks with the same score."""
    return {"checks": [{"check_type": kind, "score": score} for kind in CheckType], **parts}


def command(kind: str, target: str | None = None, /, **body: Any) -> Body:
    """Make a command one of a batch."""
    aimed = {"id": target} if target else {}
    return {"command": kind, **aimed, "body": body}
