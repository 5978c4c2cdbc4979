"""The rules of a client's registry, held against the log by nothing but what its events say."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from registry.connector import folded_name
from registry.quality import DEFAULT_WEIGHTS
from registry.store import RecordedEvent

INACTIVE = {"failed", "retired"}


def assert_the_rules_hold(events: Iterable[RecordedEvent]) -> None:
    """Follow the log, and fail at the first event that leaves a state which the rules forbid."""
    versions: dict[object, int] = {}
    datasets: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    for event in events:
        assert event.originator_version == versions.get(event.originator_id, 0) + 1
        versions[event.originator_id] = event.originator_version
        facts = event.facts
        match event.topic:
            case "DatasetRegistered":
                slot = facts["client_id"], facts["stage"], facts["dataset_type"]
                datasets[facts["dataset_id"]] = {"slot": slot, "status": "", "scores": {}}
                _enter(datasets, facts["dataset_id"], "provisioning")
            case "DatasetStatusChanged":
                assert datasets[facts["dataset_id"]]["status"] == facts["before"] != "retired"
                _enter(datasets, facts["dataset_id"], facts["after"])
            case "QualityScored":
                scores = {each["check_type"]: each["score"] for each in facts["checks"]}
                datasets[facts["dataset_id"]]["scores"] |= scores
            case "ConnectorRegistered" | "ConnectorRevised":
                names[facts["connector_id"]] = folded_name(facts["name"])
                assert len(set(names.values())) == len(names)
            case "ConnectorRemoved":
                del names[facts["connector_id"]]


def _enter(datasets: dict[str, dict[str, Any]], dataset_id: str, status: str) -> None:
    dataset = datasets[dataset_id]
    dataset["status"] = status
    if status == "provisioning":
        dataset["scores"] = {}
    if status == "ready":
        scores = {kind: Decimal(repr(score)) for kind, score in dataset["scores"].items()}
        assert scores.keys() == DEFAULT_WEIGHTS.keys()
        assert sum(DEFAULT_WEIGHTS[kind] * score for kind, score in scores.items()) >= 95
    active = [each["slot"] for each in datasets.values() if each["status"] not in INACTIVE]
    assert len(set(active)) == len(active)
