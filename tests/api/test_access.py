"""Routes let in whom they should, and tell the others what they lack."""

import json
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Security
from pydantic import ValidationError

from api import access, problem_reports
from api.access import PublicBindWithoutIssuer, caller, require_issuer_for_public_bind
from api.caller import Caller, Scope
from api.issuer import DevelopmentIssuer
from api.problems import MEDIA_TYPE, ProblemDetails, ProblemType
from registry.settings import Settings

pytestmark = pytest.mark.anyio
CLIENT = UUID(int=1)
METADATA = 'resource_metadata="http://registry.test/.well-known/oauth-protected-resource"'
EXTERNAL = {
    "oauth_issuer": "https://issuer.example",
    "oauth_jwks_url": "http://127.0.0.1:9/jwks.json",  # the discard port: nobody answers
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return app_with(Settings(registry_data_dir=tmp_path))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


def app_with(settings: Settings) -> FastAPI:
    app = FastAPI(title="Registry")
    problem_reports.install(app)
    access.install(app, settings)

    @app.get("/whoami")
    async def whoami(
        who: Annotated[Caller, Security(caller, scopes=[Scope.DATASETS_READ])],
    ) -> dict[str, Any]:
        return {"subject": who.subject, "client_id": who.client_id, "admin": who.is_admin}

    @app.post("/datasets")
    async def provision(
        who: Annotated[
            Caller, Security(caller, scopes=[Scope.DATASETS_READ, Scope.DATASETS_WRITE])
        ],
    ) -> str:
        return who.subject

    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://registry.test")


def bearer(data_dir: Path, scopes: Iterable[str]) -> dict[str, str]:
    token = DevelopmentIssuer(data_dir).token(CLIENT, scopes, subject="anna")
    return {"Authorization": f"Bearer {token}"}


async def test_a_token_with_the_scope_opens_the_route(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    response = await client.get("/whoami", headers=bearer(tmp_path, [Scope.DATASETS_READ]))
    assert response.json() == {"subject": "anna", "client_id": str(CLIENT), "admin": False}


async def test_the_admin_scope_opens_every_route(client: httpx.AsyncClient, tmp_path: Path) -> None:
    admin = bearer(tmp_path, [Scope.ADMIN])
    assert (await client.get("/whoami", headers=admin)).json()["admin"] is True
    assert (await client.post("/datasets", headers=admin)).status_code == 200


async def test_the_name_of_the_scheme_may_be_in_any_case(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    value = bearer(tmp_path, [Scope.DATASETS_READ])["Authorization"]
    response = await client.get("/whoami", headers={"Authorization": value.replace("B", "b", 1)})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}]
)
async def test_without_a_token_the_challenge_names_no_error(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    response = await client.get("/whoami", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == f"Bearer {METADATA}"
    assert_is_problem(response, ProblemType.UNAUTHORIZED)


async def test_a_bad_token_is_challenged_with_the_reason(client: httpx.AsyncClient) -> None:
    response = await client.get("/whoami", headers={"Authorization": "Bearer nonsense"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == (
        'Bearer error="invalid_token", '
        f'error_description="the token is not a well-formed JWT", {METADATA}'
    )
    assert_is_problem(response, ProblemType.UNAUTHORIZED)


async def test_a_token_without_the_scopes_is_told_which_the_route_needs(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    response = await client.post("/datasets", headers=bearer(tmp_path, [Scope.DATASETS_READ]))
    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_scope", '
        f'scope="dataops:datasets:read dataops:datasets:write", {METADATA}'
    )
    assert_is_problem(response, ProblemType.INSUFFICIENT_SCOPE)


async def test_a_quote_in_a_claims_name_cannot_break_out_of_the_challenge(tmp_path: Path) -> None:
    settings = Settings(registry_data_dir=tmp_path)
    app = app_with(settings)
    app.state.tokens = access.TokenVerifier(
        DevelopmentIssuer(tmp_path),
        issuer=access.issuer.ISSUER,
        audience=access.issuer.AUDIENCE,
        client_id_claim='tenant", scope="é',
        leeway=0,
    )
    async with client_of(app) as client:
        response = await client.get("/whoami", headers=bearer(tmp_path, [Scope.ADMIN]))
    assert (
        """error_description="Missing claim: 'tenant?, scope=??'", """
        in response.headers["WWW-Authenticate"]
    )


async def test_while_the_issuer_never_answered_the_service_asks_to_come_again(
    tmp_path: Path,
) -> None:
    async with client_of(app_with(Settings(**EXTERNAL))) as client:
        response = await client.get("/whoami", headers=bearer(tmp_path, [Scope.ADMIN]))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert_is_problem(response, ProblemType.UNAVAILABLE)


async def test_the_metadata_tells_where_tokens_come_from() -> None:
    async with client_of(app_with(Settings(**EXTERNAL))) as client:
        response = await client.get("/.well-known/oauth-protected-resource")
    assert response.json() == {
        "resource": "http://registry.test",
        "resource_name": "Registry",
        "authorization_servers": ["https://issuer.example"],
        "scopes_supported": [
            "dataops:datasets:read",
            "dataops:datasets:write",
            "dataops:templates:write",
            "dataops:admin",
        ],
        "bearer_methods_supported": ["header"],
    }


async def test_the_metadata_names_no_authorization_server_where_none_is_configured(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/.well-known/oauth-protected-resource")
    assert "authorization_servers" not in response.json()


def test_openapi_says_which_scopes_a_route_needs_and_what_they_permit(app: FastAPI) -> None:
    document = app.openapi()
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["scopes"] == {scope: scope.description for scope in Scope}
    assert flow["tokenUrl"]
    assert document["paths"]["/whoami"]["get"]["security"] == [
        {"oauth2": ["dataops:datasets:read"]}
    ]
    assert json.dumps(document)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_loopback_the_service_needs_no_issuer(host: str) -> None:
    require_issuer_for_public_bind(Settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "registry.example"])  # noqa: S104
def test_on_a_public_address_the_service_needs_an_issuer(host: str) -> None:
    with pytest.raises(PublicBindWithoutIssuer, match=f"does not listen on {host} without"):
        require_issuer_for_public_bind(Settings(host=host))
    require_issuer_for_public_bind(Settings(host=host, **EXTERNAL))


@pytest.mark.parametrize("name", EXTERNAL)
def test_an_issuer_and_its_keys_are_configured_together(name: str) -> None:
    with pytest.raises(ValidationError, match="set OAUTH_ISSUER and OAUTH_JWKS_URL together"):
        Settings(**{name: EXTERNAL[name]})


def assert_is_problem(response: httpx.Response, kind: ProblemType) -> None:
    assert response.headers["Content-Type"] == MEDIA_TYPE
    problem = ProblemDetails.model_validate_json(response.content)
    assert (problem.type, problem.status) == (kind.uri, response.status_code)
