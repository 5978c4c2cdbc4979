"""Scans that find schemas which break what was promised."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.store import RecordedEvent

from .conftest import Run

Recorded = Callable[[], list[RecordedEvent]]

ORDERS = [{"order_id": f"A-{number:03}", "amount": number + 0.5} for number in range(40)]


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A source with orders, all of them with an amount."""
    file = tmp_path / "source" / "retail" / "shop" / "orders.jsonl"
    file.parent.mkdir(parents=True)
    write(file, ORDERS)
    return file


def write(file: Path, records: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(record) + "\n" for record in records))


def test_a_scan_rejects_a_breaking_schema_once_and_takes_it_when_told_why(
    invoke: Run, orders: Path, recorded: Recorded
) -> None:
    """The amount becomes a text, so that what readers relied on is not so any more."""
    source = orders.parents[2]
    assert invoke("discovery", "scan", "--source", source).returncode == 0
    write(orders, [{**order, "amount": f"{order['amount']} €"} for order in ORDERS])

    for _ in range(2):
        done = invoke("discovery", "scan", "--source", source)
        assert done.returncode == 1
        assert "breaks BACKWARD: it does not accept all that version 1 accepts" in done.stderr
        assert "version 1 stays (--accept-breaking REASON takes it)" in done.stderr
        assert "(1 rejected)" in done.stdout
    topics = [event.topic for event in recorded()]
    assert topics == ["DatasetTemplateRegistered", "TemplateRevisionRejected"]
    verdict = recorded()[-1].facts["verdict"]
    assert (verdict["outcome"], verdict["has_witness"]) == ("incompatible", True)

    done = invoke("discovery", "scan", "--source", source, "--accept-breaking", "amounts in euros")
    assert (done.returncode, done.stderr) == (0, "")
    last = recorded()[-1]
    assert (last.topic, last.facts["schema_version"]) == ("DatasetTemplateRevised", 2)
    assert last.facts["accepted_breaking"] == "amounts in euros"
    assert "(1 unchanged)" in invoke("discovery", "scan", "--source", source).stdout


def test_a_dry_run_tells_of_the_rejection_that_would_be_recorded(
    invoke: Run, orders: Path, recorded: Recorded
) -> None:
    source = orders.parents[2]
    invoke("discovery", "scan", "--source", source)
    write(orders, [{**order, "amount": None} for order in ORDERS])
    done = invoke("discovery", "scan", "--source", source, "--dry-run")
    assert done.stdout.startswith("TemplateRevisionRejected retail/shop/orders (version 2)\n")
    assert len(recorded()) == 1


def test_a_schema_that_accepts_more_is_a_new_version(
    invoke: Run, orders: Path, recorded: Recorded
) -> None:
    source = orders.parents[2]
    invoke("discovery", "scan", "--source", source)
    write(orders, [*ORDERS, {"order_id": "A-999", "amount": None}])
    done = invoke("discovery", "scan", "--source", source, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["changed"] == 1
    last = recorded()[-1]
    assert (last.topic, last.facts["schema_version"]) == ("DatasetTemplateRevised", 2)
    assert last.facts["accepted_breaking"] is None
