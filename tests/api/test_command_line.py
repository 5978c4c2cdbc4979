"""What is typed, set and composed: commands, settings and the files that explain them."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import typer
import yaml
from typer.testing import CliRunner

from api import server
from api.__main__ import app
from api.access import token_verifier
from api.caller import Caller, Scope
from discovery.__main__ import app as discovery_app
from projections.__main__ import app as projections_app
from registry.__main__ import app as registry_app
from registry.settings import Settings

ROOT = Path(__file__).parents[2]
CLIENT = "c0000000-0000-4000-8000-000000000001"
PROGRAMS = {
    "api": app,
    "discovery": discovery_app,
    "projections": projections_app,
    "registry": registry_app,
}


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run a command of the API; return its exit code and all that it printed."""
    result = CliRunner().invoke(app, arguments, env=environment)
    return result.exit_code, result.output


async def caller_of(token: str, data_dir: Path) -> Caller:
    return await token_verifier(Settings(registry_data_dir=data_dir)).caller(token)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


# Tokens


@pytest.mark.anyio
async def test_a_printed_token_is_good_for_the_client_and_scopes_asked_for(tmp_path: Path) -> None:
    code, token = run(
        "token",
        "--client-id",
        CLIENT,
        "--scope",
        f"{Scope.DATASETS_READ} {Scope.DATASETS_WRITE}",
        REGISTRY_DATA_DIR=str(tmp_path),
    )
    assert code == 0
    caller = await caller_of(token.strip(), tmp_path)
    assert caller.client_id == UUID(CLIENT)
    assert caller.scopes == {Scope.DATASETS_READ, Scope.DATASETS_WRITE}


@pytest.mark.anyio
async def test_a_token_may_only_read_unless_told_otherwise(tmp_path: Path) -> None:
    _, token = run("token", REGISTRY_DATA_DIR=str(tmp_path))
    caller = await caller_of(token.strip(), tmp_path)
    assert (caller.client_id, caller.scopes) == (server.EXAMPLE_CLIENT, {Scope.DATASETS_READ})


def test_an_unknown_scope_is_named_beside_those_there_are(tmp_path: Path) -> None:
    code, complaint = run("token", "--scope", "everything", REGISTRY_DATA_DIR=str(tmp_path))
    assert code == 2
    assert "Unknown scope everything" in complaint
    assert all(scope in complaint for scope in Scope)


@pytest.mark.parametrize("arguments", [("--client-id", "me"), ("--hours", "0"), ("--hours", "721")])
def test_a_token_out_of_bounds_is_refused(tmp_path: Path, arguments: tuple[str, str]) -> None:
    code, complaint = run("token", *arguments, REGISTRY_DATA_DIR=str(tmp_path))
    assert code == 2
    assert arguments[0] in complaint


def test_where_an_issuer_is_configured_no_token_is_printed(tmp_path: Path) -> None:
    code, complaint = run(
        "token",
        REGISTRY_DATA_DIR=str(tmp_path),
        OAUTH_ISSUER="https://issuer.test",
        OAUTH_JWKS_URL="https://issuer.test/keys",
    )
    assert code == 2
    assert "configured issuer" in complaint
    assert list(tmp_path.iterdir()) == []


# Serving


@pytest.mark.anyio
async def test_the_greeting_has_a_request_that_can_be_pasted(tmp_path: Path) -> None:
    greeting = server.greeting(Settings(registry_data_dir=tmp_path), port=8123)
    assert "http://127.0.0.1:8123/docs" in greeting
    command = re.search(r'^curl -H "Authorization: Bearer (\S+)" (\S+)$', greeting, re.MULTILINE)
    assert command
    token, address = command.groups()
    assert address == "http://127.0.0.1:8123/v1/dataops/templates"
    caller = await caller_of(token, tmp_path)
    assert caller.client_id == server.EXAMPLE_CLIENT
    assert not caller.is_admin


def test_the_greeting_gives_no_token_away_where_an_issuer_is_configured(tmp_path: Path) -> None:
    settings = Settings(
        registry_data_dir=tmp_path,
        host="::1",
        oauth_issuer="https://issuer.test",
        oauth_jwks_url="https://issuer.test/keys",
    )
    greeting = server.greeting(settings, port=8123)
    assert '"Authorization: Bearer $TOKEN" http://[::1]:8123/v1/dataops/templates' in greeting
    assert not (tmp_path / "issuer").exists()


def test_an_address_that_is_taken_is_named() -> None:
    with server.listen(Settings(port=0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(
            server.AddressUnavailable, match=rf"127\.0\.0\.1:{port}: address already"
        ):
            server.listen(Settings(port=port))


def test_an_address_that_is_not_of_this_machine_is_named() -> None:
    with pytest.raises(server.AddressUnavailable, match=r"192\.0\.2\.1:8000: cannot assign"):
        server.listen(Settings(host="192.0.2.1"))  # one for documentation, RFC 5737


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_an_ipv6_address_will_do() -> None:
    with server.listen(Settings(host="::1", port=0)) as listener:
        assert listener.family is socket.AF_INET6


# Help


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below a command, by what is typed to run it."""
    for part, subcommand in getattr(command, "commands", {}).items():
        yield from commands(subcommand, f"{name} {part}")
    if not hasattr(command, "commands"):
        yield name, command


ALL_COMMANDS = dict(
    pair
    for program, its_app in PROGRAMS.items()
    for pair in commands(typer.main.get_command(its_app), program)
)


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_every_command_explains_itself_and_each_option_and_gives_an_example(name: str) -> None:
    command = ALL_COMMANDS[name]
    assert command.help
    assert f"python -m {name}" in (command.epilog or "")
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{parameter.name} of {name} is not explained"


# Settings


def explained_settings() -> dict[str, str]:
    """The settings in `.env.example`, each with the comment before it."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    explained, comment = {}, ""
    for line in lines:
        if line.startswith("#"):
            comment += line
        elif line:
            explained[line.partition("=")[0]] = comment
            comment = ""
        else:
            comment = ""
    return explained


def test_every_setting_is_explained_in_the_example() -> None:
    explained = explained_settings()
    assert list(explained) == [name.upper() for name in Settings.model_fields]
    assert all(explained.values())


def test_the_example_has_the_defaults() -> None:
    assert Settings(_env_file=ROOT / ".env.example") == Settings()


# Composition


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composition: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return dict(composition["services"])


def test_the_composition_has_every_process(services: dict[str, Any]) -> None:
    assert services.keys() == {"postgres", "migrate", "projector", "api"}
    assert services["postgres"]["image"] == "postgres:18"


def test_every_process_that_lasts_has_a_health_check(services: dict[str, Any]) -> None:
    lasting = services.keys() - {"migrate"}
    assert {name for name, service in services.items() if "healthcheck" in service} == lasting
    assert "/health/ready" in services["api"]["healthcheck"]["test"][-1]


def test_every_process_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("api", "projector"):
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"}
        }


def test_every_composed_command_exists(services: dict[str, Any]) -> None:
    composed = [service["command"] for service in services.values() if "command" in service]
    composed.append(services["projector"]["healthcheck"]["test"][1:])
    for python, option, *command in composed:
        assert (python, option) == ("python", "-m")
        assert " ".join(command) in ALL_COMMANDS


def test_every_composed_setting_exists(services: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.model_fields} | {"PGPASSWORD"}
    for name in ("api", "migrate", "projector"):
        assert services[name]["environment"].keys() <= known


def test_the_composed_api_listens_in_public_and_leaves_projecting_to_the_projector(
    services: dict[str, Any],
) -> None:
    environment = services["api"]["environment"]
    assert environment["HOST"] == "0.0.0.0"  # noqa: S104
    assert environment["RUN_PROJECTOR"] == "false"
    for name in ("OAUTH_ISSUER", "OAUTH_JWKS_URL"):
        assert re.fullmatch(rf"\${{{name}:\?.+}}", environment[name])


def test_no_password_is_written_down(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert value.startswith("${POSTGRES_PASSWORD:?")
