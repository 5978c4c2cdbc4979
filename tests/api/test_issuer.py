"""The development issuer has one key per data directory, which its owner alone can read."""

import asyncio
import multiprocessing
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from stat import S_IMODE
from uuid import UUID

import pytest

from api.access import token_verifier
from api.caller import Caller, Scope
from api.issuer import DevelopmentIssuer
from api.tokens import TokenRefused
from registry.settings import Settings

CLIENT = UUID(int=1)
PROCESSES = 4


def caller_of(token: str, data_dir: Path) -> Caller:
    settings = Settings(registry_data_dir=data_dir, oauth_leeway_seconds=0)
    return asyncio.run(token_verifier(settings).caller(token))


def test_its_tokens_open_the_service_that_shares_its_data_directory(tmp_path: Path) -> None:
    token = DevelopmentIssuer(tmp_path).token(CLIENT, [Scope.DATASETS_READ], subject="anna")
    assert caller_of(token, tmp_path) == Caller("anna", CLIENT, frozenset({Scope.DATASETS_READ}))


def test_its_tokens_do_not_open_a_service_with_another_data_directory(tmp_path: Path) -> None:
    token = DevelopmentIssuer(tmp_path / "one").token(CLIENT, [])
    with pytest.raises(TokenRefused, match="present keys"):
        caller_of(token, tmp_path / "two")


def test_its_tokens_expire(tmp_path: Path) -> None:
    token = DevelopmentIssuer(tmp_path).token(CLIENT, [], lifetime=timedelta(seconds=-1))
    with pytest.raises(TokenRefused, match="expired"):
        caller_of(token, tmp_path)


def test_nobody_but_the_owner_can_read_the_key(tmp_path: Path) -> None:
    DevelopmentIssuer(tmp_path / "data")
    directory = tmp_path / "data" / "issuer"
    assert S_IMODE(directory.stat().st_mode) == 0o700
    assert [(file.name, S_IMODE(file.stat().st_mode)) for file in directory.iterdir()] == [
        ("key.pem", 0o600)
    ]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    together = spawn.Barrier(PROCESSES)
    processes = [
        spawn.Process(target=issue_together, args=(together, tmp_path, f"{number}.jwt"))
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    for data_dir in data_dirs(tmp_path):
        tokens = [path.read_text() for path in data_dir.glob("*.jwt")]
        assert len(tokens) == PROCESSES
        assert {caller_of(token, data_dir).client_id for token in tokens} == {CLIENT}


def issue_together(together: Barrier, parent: Path, name: str) -> None:
    for data_dir in data_dirs(parent):
        together.wait(timeout=30)
        token = DevelopmentIssuer(data_dir).token(CLIENT, [])
        (data_dir / name).write_text(token)


def data_dirs(parent: Path) -> list[Path]:
    """Return enough directories that processes meet in some of them at the worst moment."""
    return [parent / str(number) for number in range(25)]
