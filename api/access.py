"""Access to the service: an OAuth 2.0 resource server after RFC 6750, RFC 9068 and RFC 9728.

A route says who may use it with ``Annotated[Caller, Security(caller, scopes=[Scope.…])]``.
Where no issuer is configured, tokens come from the development issuer, on loopback only.
"""

import re
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, FastAPI, Request, Security
from fastapi.openapi.models import OAuth2, OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from pydantic import BaseModel

from api import issuer
from api.caller import Caller, Scope
from api.jwks import COOL_DOWN, IssuerKeys, IssuerUnavailable
from api.problems import Problem, ProblemType
from api.tokens import TokenRefused, TokenVerifier
from registry.settings import Settings, settings

METADATA_PATH = "/.well-known/oauth-protected-resource"

_UNQUOTABLE = re.compile(r"[^ !#-\[\]-~]")  # what RFC 6750 keeps out of a challenge's parameters


class PublicBindWithoutIssuer(Exception):
    """The service does not listen on {host} without an OAuth issuer, because development tokens
    are good on this machine only. Set OAUTH_ISSUER and OAUTH_JWKS_URL, or HOST=127.0.0.1."""

    def __init__(self, host: str) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()).format(host=host))


def require_issuer_for_public_bind(chosen: Settings) -> None:
    """Do nothing if the service has an issuer or is not reachable from outside this machine.

    Raises:
        PublicBindWithoutIssuer: it would be reachable with development tokens.
    """
    if chosen.oauth_issuer is None and not _is_loopback(chosen.host):
        raise PublicBindWithoutIssuer(chosen.host)


def install(app: FastAPI, chosen: Settings) -> None:
    """Give the application its token verifier, and publish what a client needs to get a token."""
    app.state.tokens = token_verifier(chosen)
    app.include_router(router)


def token_verifier(chosen: Settings) -> TokenVerifier:
    """Return a verifier of the configured issuer's tokens, else of the development issuer's."""
    if chosen.oauth_issuer is None:
        return TokenVerifier(
            issuer.DevelopmentIssuer(chosen.registry_data_dir),
            issuer=issuer.ISSUER,
            audience=issuer.AUDIENCE,
            client_id_claim=issuer.CLIENT_ID_CLAIM,
            leeway=chosen.oauth_leeway_seconds,
        )
    return TokenVerifier(
        IssuerKeys(str(chosen.oauth_jwks_url)),
        issuer=str(chosen.oauth_issuer),
        audience=chosen.oauth_audience,
        client_id_claim=chosen.oauth_client_id_claim,
        leeway=chosen.oauth_leeway_seconds,
    )


class AccessToken(SecurityBase):
    """The security scheme of the service, and the dependency that turns a token into a caller."""

    scheme_name = "oauth2"

    @property
    def model(self) -> OAuth2:  # type: ignore[override]
        """The scheme in OpenAPI, made when asked for: the issuer is not known on import."""
        chosen = settings()
        flow = OAuthFlowClientCredentials(
            # Every flow has to name a URI; without a token URL, the issuer is the nearest thing.
            tokenUrl=str(chosen.oauth_token_url or chosen.oauth_issuer or issuer.ISSUER),
            scopes={scope: scope.description for scope in Scope},
        )
        return OAuth2(flows=OAuthFlows(clientCredentials=flow))

    async def __call__(self, request: Request, required: SecurityScopes) -> Caller:
        """Return who makes the request, if its token is valid and grants the scopes.

        Raises:
            Problem: unauthorized, insufficient scope, or the issuer's keys are not to be had.
        """
        caller = await _authenticated(request)
        require_scopes(request, caller, *required.scopes)
        return caller


caller = AccessToken()

Reader = Annotated[Caller, Security(caller, scopes=[Scope.DATASETS_READ])]
"""A caller that may read, as a parameter of a route."""

Writer = Annotated[Caller, Security(caller, scopes=[Scope.DATASETS_WRITE])]
"""A caller that may change datasets and connectors."""

TemplateWriter = Annotated[Caller, Security(caller, scopes=[Scope.TEMPLATES_WRITE])]
"""A caller that may change templates."""

Admin = Annotated[Caller, Security(caller, scopes=[Scope.ADMIN])]
"""A caller that may do everything, for every client."""


def require_scopes(request: Request, caller: Caller, *scopes: str) -> None:
    """Do nothing if the caller was granted the scopes.

    Raises:
        Problem: one of them was not.
    """
    if not caller.scopes.issuperset(scopes):
        needed = " ".join(scopes)
        raise Problem(
            ProblemType.INSUFFICIENT_SCOPE,
            f"This needs a token with the scope {needed}.",
            headers=_challenge(request, error="insufficient_scope", scope=needed),
        )


router = APIRouter(tags=["access"])


class ProtectedResource(BaseModel):
    """What a client needs to know to get a token for this service (RFC 9728)."""

    resource: str
    resource_name: str
    authorization_servers: list[str] | None = None
    scopes_supported: list[str]
    bearer_methods_supported: list[str]


@router.get(METADATA_PATH, response_model_exclude_none=True)
async def protected_resource(request: Request) -> ProtectedResource:
    """Tell where tokens for this service come from, and which scopes there are."""
    tokens: TokenVerifier = request.app.state.tokens
    return ProtectedResource(
        resource=base_url(request),
        resource_name=request.app.title,
        authorization_servers=None if tokens.issuer == issuer.ISSUER else [tokens.issuer],
        scopes_supported=list(Scope),
        bearer_methods_supported=["header"],
    )


async def _authenticated(request: Request) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(
            ProblemType.UNAUTHORIZED,
            "Send an access token along, as in: Authorization: Bearer <token>",
            headers=_challenge(request),
        )
    tokens: TokenVerifier = request.app.state.tokens
    try:
        return await tokens.caller(token.strip())
    except TokenRefused as refusal:
        reason = str(refusal)
        raise Problem(
            ProblemType.UNAUTHORIZED,
            f"The access token is refused: {reason}.",
            headers=_challenge(request, error="invalid_token", error_description=reason),
        ) from refusal
    except IssuerUnavailable as error:
        raise Problem(
            ProblemType.UNAVAILABLE,
            "Tokens cannot be verified, because their issuer does not answer. Try again soon.",
            headers={"Retry-After": f"{COOL_DOWN:.0f}"},
        ) from error


def _challenge(request: Request, **parameters: str) -> dict[str, str]:
    """Return the header that tells a client which token is wanted (RFC 6750, section 3)."""
    parameters["resource_metadata"] = base_url(request) + METADATA_PATH
    quoted = (f'{name}="{_UNQUOTABLE.sub("?", value)}"' for name, value in parameters.items())
    return {"WWW-Authenticate": "Bearer " + ", ".join(quoted)}


def base_url(request: Request) -> str:
    """Return the URL under which the service is reached, without a slash at its end."""
    return str(request.base_url).rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
