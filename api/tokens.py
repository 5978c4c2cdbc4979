"""Verification of access tokens: JSON Web Tokens after RFC 9068.

A token is accepted if one of the issuer's keys signed it with an algorithm listed here, its type
is ``at+jwt``, it comes from our issuer, is meant for us and is within its time. Verifying takes
about as long as serving a request, so its outcome is remembered, for a minute at most.
"""

import time
from collections.abc import Callable
from copy import copy
from typing import Any, Protocol
from uuid import UUID

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    DecodeError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from api.caller import Caller, granted

ALGORITHMS = ("ES256", "RS256", "Ed25519", "EdDSA")
MAX_LENGTH = 8192  # characters of a token
MAX_REMEMBERED = 4096  # tokens; 32 MiB if all had the greatest length
MAX_REMEMBERED_SECONDS = 60  # for so long a withdrawn key may still open the door


class TokenRefused(Exception):
    """The access token is not accepted; the message tells its holder why."""


class KeySource(Protocol):
    """Where the issuer's public keys come from."""

    async def current(self) -> KeySet:
        """Return the keys as they are known."""

    async def renewed(self) -> KeySet:
        """Return the keys again, after one was looked for in vain."""


class TokenVerifier:
    """Turns access tokens into callers.

    Args:
        keys: The issuer's public keys.
        issuer: The ``iss`` a token must have, character by character.
        audience: The name of this service, which must be in a token's ``aud``.
        client_id_claim: The claim that names the client (tenant).
        leeway: Seconds by which the issuer's clock may differ from ours.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        keys: KeySource,
        *,
        issuer: str,
        audience: str,
        client_id_claim: str,
        leeway: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self.issuer = issuer
        self._required = {"iss": issuer, "aud": audience}
        self._client_id_claim = client_id_claim
        self._clock = clock
        options: dict[str, jwt.ClaimsOption] = {
            name: {"essential": True} for name in ("exp", "sub", client_id_claim)
        }
        for name, value in self._required.items():
            options[name] = {"essential": True, "value": value}
        self._claims = jwt.JWTClaimsRegistry(lambda: int(clock()), leeway, **options)
        self._remembered: dict[str, tuple[Caller, float]] = {}

    async def caller(self, token: str) -> Caller:
        """Return who presents the token.

        Raises:
            TokenRefused: the token is not valid here and now.
            IssuerUnavailable: the issuer's keys were never to be had.
        """
        remembered = self._remembered.get(token)
        if remembered and self._clock() < remembered[1]:
            return remembered[0]
        self._remembered.pop(token, None)
        claims = await self._verified_claims(token)
        caller = self._caller_of(claims)
        self._remember(token, caller, claims["exp"])
        return caller

    def _remember(self, token: str, caller: Caller, expires_at: float) -> None:
        if len(self._remembered) >= MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]  # the one verified longest ago
        until = min(expires_at + self._claims.leeway, self._clock() + MAX_REMEMBERED_SECONDS)
        self._remembered[token] = caller, until

    async def _verified_claims(self, token: str) -> dict[str, Any]:
        if len(token) > MAX_LENGTH:
            raise TokenRefused(f"the token is longer than {MAX_LENGTH} characters")
        try:
            verified = await self._decoded(token)
            self._claims.validate(verified.claims)
        except JoseError as error:
            raise TokenRefused(self._reason(error)) from error
        media_type = verified.header.get("typ", "").lower()
        if media_type.removeprefix("application/") != "at+jwt":
            raise TokenRefused("the token's header must have the typ 'at+jwt'")
        return verified.claims

    async def _decoded(self, token: str) -> jwt.Token:
        try:
            return _decoded(token, await self._keys.current())
        except InvalidKeyIdError:
            return _decoded(token, await self._keys.renewed())

    def _caller_of(self, claims: dict[str, Any]) -> Caller:
        subject, scope = claims["sub"], claims.get("scope", "")
        if not subject.isprintable():
            raise TokenRefused("claim 'sub' must consist of printable characters")
        if not isinstance(scope, str):
            raise TokenRefused("claim 'scope' must be one string of scopes separated by spaces")
        return Caller(subject, _uuid(claims[self._client_id_claim]), granted(scope))

    def _reason(self, error: JoseError) -> str:
        match error:
            case ExpiredTokenError():
                return "the token has expired"
            case ClaimError(claim="iss" | "aud" as claim):
                return f"claim '{claim}' must be '{self._required[claim]}'"
            case ClaimError():
                return error.description
            case UnsupportedAlgorithmError():
                return f"the token must be signed with one of {', '.join(ALGORITHMS)}"
            case InvalidKeyIdError():
                return "the token is not signed with one of the issuer's present keys"
            case BadSignatureError():
                return "the token's signature is not valid"
        return "the token is not a well-formed JWT"


def _decoded(token: str, keys: KeySet) -> jwt.Token:
    try:
        return jwt.decode(token, keys, registry=_SIGNATURES)
    except (AttributeError, TypeError, ValueError) as error:
        # The library takes some parts of a header as they come, before any signature is checked.
        raise DecodeError from error


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text)
    except (AttributeError, TypeError, ValueError):
        return None


def _signatures() -> JWSRegistry:
    """Return a registry of the accepted algorithms alone: it has neither ``none`` nor HMAC."""
    # EdDSA is the name of Ed25519 before RFC 9864. The library's own EdDSA would accept Ed448
    # keys too, and warns at every use.
    eddsa = copy(JWSRegistry.algorithms["Ed25519"])
    eddsa.name = "EdDSA"
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    known = JWSRegistry.algorithms | {"EdDSA": eddsa}
    registry.algorithms = {name: known[name] for name in ALGORITHMS}
    return registry


_SIGNATURES = _signatures()
