"""Audits as users make them: replays, exports and verifications, from the command line."""

import copy
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from psycopg import Connection

from projections.ledger import LedgerKeeper
from registry.application import RegistryApplication
from registry.audit.export import export_log
from registry.audit.replay import NotReplayable, position_of, replay
from registry.commands import RecordConnectorHealth, RemoveConnector, RetireDataset, RetireTemplate
from registry.connector import Connector, Health
from registry.dataset import Dataset, Status
from registry.dataset_registry import DatasetRegistry
from registry.ledger.exported_log import manifest_path
from registry.ledger.signing_key import SigningKey
from registry.store.still_log import StillLog
from registry.template import Template

from .conftest import Run
from .histories import CLIENTS, HISTORIES, LAWS, Databases, History, is_new
from .submissions import checks, new_connector, new_dataset, new_template, status, submission
from .test_ledger import AT_ONCE, NEVER, unguarded

CLIENT, OTHER_CLIENT = UUID(int=1), UUID(int=2)


@pytest.fixture
def audit(invoke: Run, tmp_path: Path) -> Run:
    """Runs `python -m registry audit` within the test."""
    return partial(_audit, invoke, tmp_path / "data")


@pytest.fixture
def audit_process(run: Run, tmp_path: Path) -> Run:
    """Runs it in a process of its own: each command at least once, as its users do."""
    return partial(_audit, run, tmp_path / "data")


def _audit(run: Run, data_dir: Path, *arguments: object, **environment: str) -> Any:
    return run(
        "registry", "audit", *arguments, **{"REGISTRY_DATA_DIR": str(data_dir), **environment}
    )


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    """The key in the data directory that the command line uses."""
    return SigningKey.kept_in(tmp_path / "data")


@pytest.fixture
def chained(application: RegistryApplication, connection: Connection[Any], key: SigningKey) -> None:
    """Ten templates, in the ledger and signed up to the eighth."""
    application.submit_all([new_template(f"type_{number}") for number in range(8)])
    LedgerKeeper(key, 4, AT_ONCE).catch_up(connection)
    application.submit_all([new_template(f"type_{number}") for number in range(8, 10)])
    LedgerKeeper(key, 4, NEVER).catch_up(connection)


def alter(connection: Connection[Any], position: int) -> None:
    with unguarded(connection):
        connection.execute(
            "UPDATE registry_events SET state = state || ' ' WHERE notification_id = %s", [position]
        )


# Replay


@given(history=HISTORIES)
@LAWS
def test_a_replay_tells_of_any_position_what_the_registry_said_then(
    new_database: Databases, history: History
) -> None:
    with new_database() as url, RegistryApplication(url) as application:
        said: dict[int, list[DatasetRegistry]] = {}
        seen: set[UUID] = set()
        for submissions in history:
            done = application.submit_all([each for each in submissions if is_new(each, seen)])
            position = max((outcome.position for outcome in done), default=0)
            if position:
                said[position] = _registries(application)
        with StillLog.of(url) as log:
            for position, registries in said.items():
                for registry in registries:
                    things: list[Dataset | Connector] = [*registry.datasets.values()]
                    things += registry.connectors.values()
                    for thing in things:
                        kind = "dataset" if isinstance(thing, Dataset) else "connector"
                        replayed = replay(log, kind, thing.id, position, registry.client_id)
                        assert replayed.entity == thing
                        assert replayed.in_use
                        assert isinstance(replayed.aggregate, DatasetRegistry)
                        assert replayed.aggregate.version == registry.version
                        assert replayed.aggregate.total_datasets == registry.total_datasets


def _registries(application: RegistryApplication) -> list[DatasetRegistry]:
    loaded = application.load(map(DatasetRegistry, CLIENTS)).values()
    return [copy.deepcopy(each) for each in loaded if isinstance(each, DatasetRegistry)]


def test_a_dataset_is_shown_as_it_was_at_a_position_and_at_a_time(
    url: str, application: RegistryApplication
) -> None:
    dataset = new_dataset(CLIENT)
    steps = [dataset, status(dataset, Status.VALIDATING), checks(dataset, promote=True)]
    positions = [application.submit(step).position for step in steps]
    with StillLog.of(url) as log:
        times = [time for position in positions if (time := log.recorded_at(position))]
        for position, time, expected in zip(
            positions, times, (Status.PROVISIONING, Status.VALIDATING, Status.READY), strict=True
        ):
            assert position_of(log, time) == position
            entity = replay(log, "dataset", dataset.target, position).entity
            assert isinstance(entity, Dataset)
            assert entity.status == expected
        assert position_of(log, times[1] - timedelta(microseconds=1)) == positions[0]
        assert position_of(log, times[0] - timedelta(microseconds=1)) == 0
        assert position_of(log, None) == positions[-1]


def test_a_snapshot_that_was_tampered_with_does_not_deceive_a_replay(
    url: str, application: RegistryApplication, connection: Connection[Any]
) -> None:
    dataset = new_dataset(CLIENT)
    application.submit(dataset)
    for _ in range(60):
        application.submit_all([checks(dataset), checks(dataset)])
    assert connection.execute("SELECT count(*) FROM registry_snapshots").fetchone() == (1,)
    connection.execute("UPDATE registry_snapshots SET state = '{}'")
    with StillLog.of(url) as log:
        replayed = replay(log, "dataset", dataset.target, position_of(log, None))
    assert replayed.aggregate.version == 121


def test_what_is_retired_or_removed_is_shown_as_it_was_at_the_last(
    url: str, application: RegistryApplication
) -> None:
    dataset, connector, template = new_dataset(CLIENT), new_connector(CLIENT), new_template()
    health = RecordConnectorHealth(health=Health.DEGRADED, detail="slow")
    application.submit_all([dataset, connector, template])
    application.submit_all(
        [
            submission(RetireDataset(reason="old"), dataset.target, CLIENT),
            submission(health, connector.target, CLIENT),
            submission(RemoveConnector(), connector.target, CLIENT),
            submission(RetireTemplate(), template.target),
        ]
    )
    with StillLog.of(url) as log:
        position = position_of(log, None)
        retired = replay(log, "dataset", dataset.target, position)
        removed = replay(log, "connector", connector.target, position)
        out_of_use = replay(log, "template", template.target, position)
    assert isinstance(retired.entity, Dataset)
    assert isinstance(removed.entity, Connector)
    assert isinstance(out_of_use.entity, Template)
    assert (retired.entity.status, retired.entity.status_reason) == (Status.RETIRED, "old")
    assert (removed.entity.health, removed.entity.health_detail) == (Health.DEGRADED, "slow")
    assert out_of_use.entity.retired
    assert [each.in_use for each in (retired, removed, out_of_use)] == [False, False, True]


def test_an_id_that_two_clients_use_needs_the_client(
    url: str, application: RegistryApplication
) -> None:
    ours = new_dataset(CLIENT)
    theirs = submission(ours.command, ours.target, OTHER_CLIENT)
    application.submit_all([ours, theirs])
    with StillLog.of(url) as log:
        with pytest.raises(NotReplayable, match=f"--client: {CLIENT}, {OTHER_CLIENT}"):
            replay(log, "dataset", ours.target, 2)
        replayed = replay(log, "dataset", ours.target, 2, OTHER_CLIENT)
    assert isinstance(replayed.entity, Dataset)
    assert replayed.entity.client_id == OTHER_CLIENT


def test_a_client_whose_metadata_mention_a_dataset_is_not_taken_for_its_owner(
    url: str, application: RegistryApplication
) -> None:
    dataset = new_dataset(CLIENT)
    mention = new_dataset(OTHER_CLIENT, custom_fields={"dataset_id": str(dataset.target)})
    application.submit_all([dataset, mention])
    with StillLog.of(url) as log:
        entity = replay(log, "dataset", dataset.target, 2).entity
    assert isinstance(entity, Dataset)
    assert entity.client_id == CLIENT


def test_one_kind_is_not_taken_for_another(url: str, application: RegistryApplication) -> None:
    dataset = new_dataset(CLIENT)
    application.submit(dataset)
    with StillLog.of(url) as log:
        for kind in ("connector", "template"):
            with pytest.raises(NotReplayable, match=f"no {kind}"):
                replay(log, kind, dataset.target, 1, CLIENT)


def test_events_that_cannot_be_applied_are_named(
    url: str, application: RegistryApplication, connection: Connection[Any]
) -> None:
    dataset = new_dataset(CLIENT)
    application.submit_all([dataset, checks(dataset), checks(dataset)])
    for statement in (
        "UPDATE registry_events SET topic = 'NoSuchTopic' WHERE notification_id = 3",
        "UPDATE registry_events SET state = '{' WHERE notification_id = 3",
        "DELETE FROM registry_events WHERE notification_id = 2",
    ):
        with unguarded(connection):
            connection.execute(statement)
        with (
            StillLog.of(url) as log,
            pytest.raises(NotReplayable, match=r"^Version 3 of .* audit verify$"),
        ):
            replay(log, "dataset", dataset.target, 3)


def test_a_replay_is_printed_for_people_and_for_programs(
    audit_process: Run, application: RegistryApplication
) -> None:
    dataset = new_dataset(CLIENT, tags=["gold"])
    application.submit_all([dataset, status(dataset, Status.VALIDATING), checks(dataset)])
    text = audit_process("replay", "--dataset", dataset.target, "--at", 2)
    assert (text.returncode, text.stderr) == (0, "")
    lines = text.stdout.splitlines()
    assert lines[0].startswith("Dataset as of position 2 (20")
    assert [line.split() for line in lines if "status " in line] == [["status", "validating"]]
    assert [line.split() for line in lines if "registry_version" in line] == [
        ["registry_version", "2"]
    ]
    told = json.loads(
        audit_process("replay", "--dataset", dataset.target, "--client", CLIENT, "--json").stdout
    )
    assert (told["kind"], told["position"], told["in_use"]) == ("dataset", 3, True)
    assert told["dataset"]["metadata"]["tags"] == ["gold"]
    assert told["dataset"]["quality_score"] == 100.0
    assert told["registry"] == {
        "id": str(DatasetRegistry(CLIENT).id),
        "client_id": str(CLIENT),
        "registry_version": 3,
        "last_updated": told["dataset"]["updated_at"],
        "total_datasets": 1,
    }
    assert datetime.fromisoformat(told["recorded_at"]).tzinfo


def test_a_template_and_a_connector_are_printed_too(
    audit: Run, application: RegistryApplication
) -> None:
    template, connector = new_template(), new_connector(CLIENT)
    application.submit_all([template, connector])
    told = json.loads(audit("replay", "--template", template.target, "--json").stdout)
    assert told["template"]["definition"]["identity"]["dataset_type"] == "jira_issues"
    assert "registry" not in told
    told = json.loads(audit("replay", "--connector", connector.target, "--json").stdout)
    assert told["connector"]["name"] == "Jira"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "give one of"),
        (["--dataset", UUID(int=5), "--template", UUID(int=5)], "give one of"),
        (["--dataset", "x"], "--dataset"),
        (["--dataset", UUID(int=5), "--at", "yesterday"], "a position, or a time"),
        (["--dataset", UUID(int=5), "--at", "2026-01-31T12:00:00"], "with its zone"),
        (["--dataset", UUID(int=5), "--at", "9"], "lies in the future"),
        (["--dataset", UUID(int=5), "--at", "2999-01-31T12:00:00Z"], "lies in the future"),
        (["--dataset", UUID(int=5), "--at", "1999-01-31T12:00:00Z"], "no dataset"),
        (["--template", UUID(int=5)], "no template"),
    ],
)
def test_a_replay_that_cannot_be_made_exits_with_2_and_says_why(
    audit: Run, arguments: Sequence[object], complaint: str
) -> None:
    done = audit("replay", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


# Export and verification


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
@pytest.mark.usefixtures("chained")
def test_an_export_is_verified_where_there_is_no_database(
    audit_process: Run, key: SigningKey, tmp_path: Path, name: str
) -> None:
    exported = audit_process("export", "--out", name)
    assert (exported.returncode, exported.stderr) == (0, "")
    assert exported.stdout == "✅ Exported 10 events up to position 10\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "data",
        name,
        f"{name}.manifest.json",
    ]
    (tmp_path / "key.pem").write_text(audit_process("public-key").stdout)
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REGISTRY_DATA_DIR": "none"}
    done = audit_process("verify", name, "--public-key", "key.pem", **nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first == "✅ 10 events up to position 10 are as they were recorded"
    assert second.startswith("✅ Signed up to position 10 on ")
    assert second.endswith(key.public.hex())
    unchecked = audit_process("verify", name, **nowhere)
    assert unchecked.returncode == 0
    assert "⚠️ Whose key that is was not checked" in unchecked.stdout


def test_an_export_holds_events_that_the_ledger_has_yet_to_chain(
    audit: Run, application: RegistryApplication, tmp_path: Path
) -> None:
    application.submit(new_template())
    exported = audit("export", "--out", "log.jsonl")
    assert exported.stdout == "✅ Exported 1 events up to position 1\n"
    assert exported.stderr == "⚠️ The end is not signed: there is no key in the data directory\n"
    assert not (tmp_path / "data").exists()
    done = audit("verify", "log.jsonl")
    assert done.returncode == 0
    assert "⚠️ None of it is signed" in done.stdout


@pytest.mark.usefixtures("chained")
def test_an_export_of_what_came_after_a_position_goes_on_from_there(audit: Run) -> None:
    assert audit("export", "--out", "log.jsonl", "--after", 6).returncode == 0
    done = audit("verify", "log.jsonl", "--json")
    report = json.loads(done.stdout)
    assert report["intact"]
    assert (report["events"], report["after"], report["last_position"]) == (4, 6, 10)
    assert (report["signed_position"], report["unsigned_events"]) == (10, 0)


def test_an_empty_log_can_be_exported_and_verified(audit: Run, key: SigningKey) -> None:
    assert audit("export", "--out", "log.jsonl").returncode == 0
    for arguments in ([], ["log.jsonl"]):
        done = audit("verify", *arguments)
        assert done.returncode == 0
        assert done.stdout.startswith("✅ 0 events up to position 0 ")


@pytest.mark.usefixtures("chained")
def test_an_export_that_breaks_off_leaves_the_earlier_one_as_it_was(
    url: str, tmp_path: Path
) -> None:
    def break_off(position: int) -> None:
        if position == 5:
            raise KeyboardInterrupt

    out = tmp_path / "log.jsonl"
    for path in (out, manifest_path(out)):
        path.write_text("earlier")
    before = sorted(tmp_path.iterdir())
    with StillLog.of(url) as log, pytest.raises(KeyboardInterrupt):
        export_log(log, out, None, on_position=break_off)
    assert sorted(tmp_path.iterdir()) == before
    assert {path.read_text() for path in (out, manifest_path(out))} == {"earlier"}


@pytest.mark.usefixtures("chained")
def test_an_altered_event_is_a_line_with_its_position_and_exit_code_1(
    audit: Run, connection: Connection[Any]
) -> None:
    assert audit("verify").returncode == 0
    alter(connection, 7)
    done = audit("verify")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "❌ position 7 (after 6): altered:"
        " this event after position 6 has another hash than recorded",
        "❌ 1 finding in 10 events up to position 10",
    ]
    report = json.loads(audit("verify", "--json").stdout)
    assert (report["intact"], report["findings_total"]) == (False, 1)
    assert report["findings"][0]["position"] == 7
    assert report["findings"][0]["kind"] == "altered"


@pytest.mark.usefixtures("chained")
def test_an_altered_log_is_exported_as_evidence_and_its_end_not_signed(
    audit: Run, connection: Connection[Any], tmp_path: Path
) -> None:
    alter(connection, 7)
    exported = audit("export", "--out", "log.jsonl")
    assert exported.returncode == 1
    assert exported.stdout.startswith("❌ position 7 ")
    manifest = json.loads(manifest_path(tmp_path / "log.jsonl").read_text())
    assert [each["position"] for each in manifest["checkpoints"]] == [4, 8]
    verified = audit("verify", "log.jsonl")
    assert verified.returncode == 1
    assert verified.stdout == exported.stdout


@pytest.mark.usefixtures("chained")
def test_an_altered_export_is_found_by_its_position(audit: Run, tmp_path: Path) -> None:
    audit("export", "--out", "log.jsonl")
    lines = (tmp_path / "log.jsonl").read_text().splitlines(keepends=True)
    del lines[3]
    (tmp_path / "log.jsonl").write_text("".join(lines))
    done = audit("verify", "log.jsonl")
    assert done.returncode == 1
    assert "❌ position 4 (after 3): removed" in done.stdout
    assert "❌ position 5 (after 3): altered or removed" in done.stdout


@pytest.mark.usefixtures("chained")
def test_a_store_signed_by_a_key_other_than_the_data_directorys_is_found(
    audit: Run, tmp_path: Path
) -> None:
    SigningKey.kept_in(tmp_path / "other")
    done = audit("verify", REGISTRY_DATA_DIR=str(tmp_path / "other"))
    assert done.returncode == 1
    assert "position 4 (after 0): forged: the checkpoint is signed with" in done.stdout


@pytest.mark.usefixtures("chained")
def test_a_log_cut_off_with_all_that_was_signed_is_found_by_an_earlier_manifest(
    audit: Run, connection: Connection[Any]
) -> None:
    audit("export", "--out", "january.jsonl")
    with unguarded(connection):
        connection.execute("DELETE FROM registry_events WHERE notification_id > 6")
        connection.execute("DELETE FROM ledger WHERE position > 6")
        connection.execute("DELETE FROM ledger_checkpoints WHERE position > 6")
    assert audit("verify").returncode == 0
    done = audit("verify", "--against", "january.jsonl.manifest.json")
    assert done.returncode == 1
    assert "❌ position 10 (after 6): removed" in done.stdout


def test_what_is_not_in_the_ledger_cannot_be_checked(
    audit: Run, application: RegistryApplication
) -> None:
    application.submit(new_template())
    done = audit("verify")
    assert done.returncode == 2
    assert "No event is in the ledger" in done.stderr
    assert "python -m projections ledger" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["verify", "nowhere.jsonl"], "There is no manifest nowhere.jsonl.manifest.json"),
        (["verify", "--public-key", "nowhere.pem"], "nowhere.pem"),
        (["verify", "--public-key", "/dev/null"], "holds no public Ed25519 key"),
        (["verify", "--against", "nowhere.json"], "There is no manifest nowhere.json"),
        (["verify", "--sauce"], "--sauce"),
        (["export", "--out", "nowhere/log.jsonl"], "nowhere"),
        (["public-key"], "There is no key yet"),
    ],
)
def test_what_cannot_be_checked_exits_with_2_and_says_why(
    audit: Run, arguments: Sequence[object], complaint: str
) -> None:
    done = audit(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


def test_a_store_that_cannot_be_reached_exits_with_2(audit_process: Run) -> None:
    done = audit_process("verify", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (done.returncode, done.stdout) == (2, "")
    assert "❌ The event store cannot be read: " in done.stderr
