"""Checking datasets for real: their files, their connectors, and what becomes of their status."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from discovery.checks.checker import CheckedDataset, Checker
from discovery.checks.locations import Locations
from discovery.checks.scheduled_checks import scheduled_checks
from discovery.configuration import ChecksTable
from discovery.scan_locks import ScanLocks
from registry.application import RegistryApplication
from registry.commands import (
    ChangeDatasetStatus,
    Command,
    RecordConnectorHealth,
    RegisterConnector,
    RegisterDataset,
)
from registry.connector import AuthMethod, ConnectorConfiguration, Health
from registry.dataset import DatasetMetadata, Stage, Status
from registry.events import Provenance
from registry.submission import Submission
from registry.template import TemplateIdentity

from .conftest import Run

CLIENT = UUID(int=7)
ORDERS = TemplateIdentity(industry="retail", use_case="sales", dataset_type="orders").template_id
TOKEN = "a-token-of-the-operator"


@pytest.fixture
def orders(tmp_path: Path, invoke: Run) -> Path:
    """A table whose template is registered."""
    path = tmp_path / "retail" / "sales" / "orders.csv"
    path.parent.mkdir(parents=True)
    rows = [f"{number},C{number % 7},{number}.5" for number in range(1, 41)]
    path.write_text("\n".join(["order_id,customer,amount", *rows]) + "\n")
    assert invoke("discovery", "scan", "--source", tmp_path).returncode == 0
    return path


@pytest.fixture
def submit(application: RegistryApplication) -> Any:
    def submit(command: Command, target: UUID) -> UUID:
        provenance = Provenance(actor="somebody", command_id=uuid4(), client_id=CLIENT)
        application.submit(
            Submission(command=command, target=target, provenance=provenance, client_id=CLIENT)
        )
        return target

    return submit


@pytest.fixture
def dataset(submit: Any) -> Any:
    """Registers a dataset that is being validated."""

    def dataset(
        source: Path | str | None, kind: str = "orders", template: UUID = ORDERS, **told: Any
    ) -> UUID:
        command = RegisterDataset(
            name=kind,
            dataset_type=kind,
            stage=Stage.STAGING,
            journey_id=UUID(int=2),
            template_id=template,
            source=str(source) if source else None,
            metadata=DatasetMetadata(custom_fields=told),
        )
        target: UUID = submit(command, uuid4())
        submit(ChangeDatasetStatus(status=Status.VALIDATING), target)
        return target

    return dataset


@pytest.fixture
def check(application: RegistryApplication, url: str, tmp_path: Path) -> Any:
    def check(*within: str, **options: Any) -> dict[UUID, CheckedDataset]:
        locations = Locations([str(tmp_path), *within])
        checker = Checker(application, url, locations, **options)
        return {checked.dataset.id: checked for checked in checker.check()}

    return check


@pytest.fixture
def endpoint() -> Iterator[str]:
    """A source system that lets in whoever has the token."""

    class Answers(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            has_token = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            self.send_response(200 if has_token else 401)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def scores(checked: CheckedDataset) -> dict[str, float]:
    return {str(check.check_type): check.score for check in checked.checks}


def test_a_dataset_whose_records_are_right_becomes_ready(
    orders: Path, dataset: Any, check: Any
) -> None:
    good = dataset(orders)
    checked = check(promote=True)[good]
    assert (set(scores(checked).values()), checked.problems) == ({100.0}, [])
    assert (checked.status, checked.is_good) == (Status.READY, True)


def test_a_ready_dataset_whose_records_broke_goes_back_to_validating(
    orders: Path, dataset: Any, check: Any
) -> None:
    target = dataset(orders)
    check(promote=True)
    broken = orders.read_text().splitlines()[:20] + ["x,,"] * 4
    orders.write_text("\n".join(broken) + "\n")
    checked = check(promote=True)[target]
    assert checked.status == Status.VALIDATING
    assert scores(checked)["schema_validation"] < 100
    assert scores(checked)["data_completeness"] < 60


def test_a_dataset_outside_of_what_is_allowed_keeps_its_scores_and_its_status(
    orders: Path, dataset: Any, check: Any, application: RegistryApplication, url: str
) -> None:
    """An operator who forgot to name a folder must not take datasets out of use."""
    target = dataset(orders)
    check(promote=True)
    elsewhere = Checker(application, url, Locations([]))
    [checked] = elsewhere.check([target])
    assert (checked.checks, checked.status) == ([], Status.READY)
    assert "--within" in checked.problems[0]
    assert not checked.is_good


def test_a_dataset_whose_data_are_gone_has_nothing_right(
    orders: Path, dataset: Any, check: Any
) -> None:
    gone = dataset(orders.with_name("gone.csv"))
    assert set(scores(check()[gone]).values()) == {0.0}


def test_a_dataset_without_a_template_or_a_source_is_told_and_not_scored(
    orders: Path, dataset: Any, check: Any
) -> None:
    unknown = dataset(orders, "unknown", template=UUID(int=5))
    nowhere = dataset(None, "nowhere")
    found = check()
    assert "template is not registered" in found[unknown].problems[0]
    assert "no source" in found[nowhere].problems[0]
    assert found[nowhere].checks == []


def test_declared_queries_and_counts_are_what_a_dataset_is_held_to(
    orders: Path, dataset: Any, check: Any
) -> None:
    queries = ["SELECT max(amount) FROM dataset", "FROM dataset WHERE amount > 1000"]
    target = dataset(orders, sample_queries=queries, expected_records=80)
    found = scores(check()[target])
    assert (found["sample_query_success"], found["data_completeness"]) == (50.0, 50.0)


def test_a_connector_is_asked_with_the_token_in_the_environment(
    orders: Path, dataset: Any, submit: Any, check: Any, endpoint: str, monkeypatch: Any
) -> None:
    connector = submit(_connector(endpoint), uuid4())
    submit(RecordConnectorHealth(health=Health.HEALTHY), connector)
    target = dataset(orders, connector="Shop")
    monkeypatch.setenv("SHOP_TOKEN", TOKEN)
    assert scores(check(endpoint)[target])["connector_health"] == 100.0
    monkeypatch.setenv("SHOP_TOKEN", "another")
    [health] = [each for each in check(endpoint)[target].checks if "lets_in" in each.details]
    assert (health.score, health.details["lets_in"]) == (75.0, False)
    assert "another" not in json.dumps(health.details)


def test_no_token_is_sent_to_an_endpoint_that_the_operator_did_not_name(
    orders: Path, dataset: Any, submit: Any, check: Any, endpoint: str, monkeypatch: Any
) -> None:
    submit(_connector(endpoint), uuid4())
    monkeypatch.setenv("SHOP_TOKEN", TOKEN)
    target = dataset(orders, connector="Shop")
    checked = check()[target]
    assert "connector_health" not in scores(checked)
    assert "private network" in checked.problems[0]


def test_a_connector_that_is_gone_or_named_by_nobody(
    orders: Path, dataset: Any, check: Any
) -> None:
    target = dataset(orders, connector="Nobody's")
    assert scores(check()[target])["connector_health"] == 0.0


def test_of_several_watches_one_checks_what_is_due(
    orders: Path, dataset: Any, application: RegistryApplication, url: str, tmp_path: Path, capsys
) -> None:
    dataset(orders)
    table = ChecksTable(every="1h", within=[str(tmp_path)])
    for _ in range(2):
        checks, locks = scheduled_checks(application, url, table), ScanLocks(url)
        assert checks is not None
        with closing(locks):
            checks.look(locks)
            checks.look(locks)
    assert capsys.readouterr().out.count("✅ orders") == 1


def test_checks_that_another_watch_is_at_are_left_to_it(
    orders: Path, dataset: Any, application: RegistryApplication, url: str, tmp_path: Path, capsys
) -> None:
    dataset(orders)
    checks = scheduled_checks(application, url, ChecksTable(every="1h", within=[str(tmp_path)]))
    assert checks is not None
    ours, others = ScanLocks(url), ScanLocks(url)
    with closing(ours), closing(others), others.held("quality checks"):
        checks.look(ours)
    assert capsys.readouterr().out == ""


def test_the_command_line_tells_scores_and_ends_with_1_unless_all_are_good(
    orders: Path, dataset: Any, invoke: Run, tmp_path: Path
) -> None:
    good, bad = dataset(orders), dataset(orders, "bad", expected_records=4_000)
    done = invoke("discovery", "check", "--all", "--within", tmp_path, "--json")
    told = {line["dataset_id"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert told[str(good)]["quality_score"] == 100
    assert told[str(bad)]["quality_score"] < 95
    done = invoke("discovery", "check", "--dataset", good, "--within", tmp_path, "--promote")
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        "✅ orders (staging orders): 100, ready",
    )


@pytest.mark.parametrize("arguments", [[], ["--all", "--dataset", UUID(int=3)]])
def test_one_says_which_datasets_are_checked(invoke: Run, arguments: list[Any]) -> None:
    assert invoke("discovery", "check", *arguments).returncode == 2


def test_a_dataset_that_there_is_not_is_told(invoke: Run) -> None:
    done = invoke("discovery", "check", "--dataset", UUID(int=3))
    assert done.returncode == 2
    assert "there is no dataset" in done.stderr


def _connector(endpoint: str) -> RegisterConnector:
    return RegisterConnector(
        name="Shop",
        configuration=ConnectorConfiguration(
            connector_type="shop",
            endpoint=f"{endpoint}/api",
            auth_method=AuthMethod.BEARER_TOKEN,
            config={"token": "env:SHOP_TOKEN"},
        ),
    )
