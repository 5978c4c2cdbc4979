"""An access token is accepted for the right reasons, and refused for each wrong one."""

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from api import tokens
from api.caller import Caller, Scope
from api.problems import Problem
from api.tokens import TokenRefused, TokenVerifier
from projections.query import EVERYONE

NOW = 1_800_000_000
LEEWAY = 30
CLIENT = UUID("0b6f2c1e-7a52-4f0e-9a41-1f4f2f6f0c11")
OTHER = UUID(int=7)
CLAIMS = {
    "iss": "https://issuer.example",
    "aud": "dataset-registry",
    "sub": "anna",
    "client_id": str(CLIENT),
    "scope": "dataops:datasets:read profile",
    "iat": NOW,
    "exp": NOW + 300,
}
EC = ECKey.generate_key("P-256", {"kid": "ec"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
ED25519 = OKPKey.generate_key("Ed25519", {"kid": "ed25519"})
ED448 = OKPKey.generate_key("Ed448", {"kid": "ed448"})
P384 = ECKey.generate_key("P-384", {"kid": "p384"})


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


class KeyRing:
    """Public keys held in memory, which counts how often it is asked for them."""

    def __init__(self, *keys: Key) -> None:
        self.keys = KeySet(list(keys))
        self.asked = 0

    async def current(self) -> KeySet:
        self.asked += 1
        return self.keys

    async def renewed(self) -> KeySet:
        return self.keys


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing(EC, RSA, ED25519, ED448, P384)


@pytest.fixture
def verifier(keys: KeyRing, clock: Clock) -> TokenVerifier:
    return verifier_with(keys, clock)


def verifier_with(keys: KeyRing, clock: Clock, client_id_claim: str = "client_id") -> TokenVerifier:
    return TokenVerifier(
        keys,
        issuer="https://issuer.example",
        audience="dataset-registry",
        client_id_claim=client_id_claim,
        leeway=LEEWAY,
        clock=clock,
    )


def signed(
    alg: str = "ES256", key: Key = EC, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    """Return a token with the usual header and claims but for these; None leaves one out."""
    payload = {name: value for name, value in (CLAIMS | claims).items() if value is not None}
    header = {"alg": alg, "kid": key.kid, "typ": "at+jwt"} | (header or {})
    return compact(header, payload, lambda text: JWSRegistry.algorithms[alg].sign(text, key))


def compact(header: Any, payload: Any, sign: Callable[[bytes], bytes]) -> str:
    text = b".".join(base64url(json.dumps(part).encode()) for part in (header, payload))
    return (text + b"." + base64url(sign(text))).decode()


def base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def accept(verifier: TokenVerifier, token: str) -> Caller:
    return asyncio.run(verifier.caller(token))


@pytest.mark.parametrize(
    ("alg", "key"), [("ES256", EC), ("RS256", RSA), ("Ed25519", ED25519), ("EdDSA", ED25519)]
)
def test_each_listed_algorithm_is_accepted(verifier: TokenVerifier, alg: str, key: Key) -> None:
    caller = accept(verifier, signed(alg, key))
    assert caller == Caller("anna", CLIENT, frozenset({"dataops:datasets:read", "profile"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"header": {"typ": "application/at+jwt"}},
        {"header": {"typ": "AT+JWT"}},
        {"header": {"an": "unknown header parameter"}},
        {"aud": ["other-service", "dataset-registry"]},
        {"exp": NOW - LEEWAY + 1},
        {"nbf": NOW + LEEWAY, "iat": NOW + LEEWAY},
        {"scope": None},
        {"jti": "one"},
    ],
)
def test_what_the_standards_allow_is_accepted(
    verifier: TokenVerifier, changes: dict[str, Any]
) -> None:
    assert accept(verifier, signed(**changes)).client_id == CLIENT


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": NOW - LEEWAY}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"exp": float("nan")}, "exp"),
        ({"nbf": NOW + LEEWAY + 1}, "not yet valid"),
        ({"iat": NOW + LEEWAY + 1}, "issued in the future"),
        ({"iss": "https://issuer.example/"}, "'iss' must be 'https://issuer.example'"),
        ({"iss": None}, "iss"),
        ({"aud": "other-service"}, "'aud' must be 'dataset-registry'"),
        ({"aud": ["other-service"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": "nul\0"}, "'sub' must consist of printable characters"),
        ({"client_id": None}, "client_id"),
        ({"scope": ["dataops:admin"]}, "'scope' must be one string"),
        ({"header": {"typ": "JWT"}}, "typ"),
        ({"header": {"typ": None}}, "not a well-formed JWT"),
        ({"header": {"kid": "unknown"}}, "not signed with one of the issuer's present keys"),
        ({"header": {"crit": ["exp"], "exp": 0}}, "not a well-formed JWT"),
        ({"header": {"crit": 5}}, "not a well-formed JWT"),
        ({"header": {"alg": "ES384"}, "key": P384, "alg": "ES384"}, "signed with one of ES256"),
        ({"header": {"alg": "ES256"}, "key": P384, "alg": "ES384"}, "not a well-formed JWT"),
        ({"header": {"alg": "RS256"}}, "not a well-formed JWT"),
        ({"alg": "EdDSA", "key": ED448}, "not a well-formed JWT"),
        ({"filler": "x" * tokens.MAX_LENGTH}, "longer than 8192 characters"),
    ],
)
def test_a_token_with_a_fault_is_refused_and_told_which(
    verifier: TokenVerifier, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenRefused, match=reason):
        accept(verifier, signed(**changes))


def test_a_token_without_a_typ_is_refused(verifier: TokenVerifier) -> None:
    token = compact(
        {"alg": "ES256", "kid": "ec"},
        CLAIMS,
        lambda text: JWSRegistry.algorithms["ES256"].sign(text, EC),
    )
    with pytest.raises(TokenRefused, match="typ"):
        accept(verifier, token)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_an_unsigned_token_is_refused(verifier: TokenVerifier, alg: str) -> None:
    header = {"alg": alg, "kid": "ec", "typ": "at+jwt"}
    with pytest.raises(TokenRefused, match="must be signed with one of"):
        accept(verifier, compact(header, CLAIMS, lambda _: b""))


@pytest.mark.parametrize("key", [EC, RSA, ED25519])
@pytest.mark.parametrize("kid", ["own", None])
def test_a_token_signed_by_hmac_with_the_public_key_is_refused(
    verifier: TokenVerifier, key: ECKey | RSAKey | OKPKey, kid: str | None
) -> None:
    header = {"alg": "HS256", "kid": key.kid if kid else None, "typ": "at+jwt"}
    header = {name: value for name, value in header.items() if value}
    for secret in (key.as_pem(), key.as_der(), json.dumps(key.as_dict(private=False)).encode()):
        forged = compact(header, CLAIMS, lambda text, s=secret: hmac.digest(s, text, "sha256"))
        with pytest.raises(TokenRefused, match="must be signed with one of"):
            accept(verifier, forged)


def test_a_token_signed_with_another_key_of_the_same_id_is_refused(verifier: TokenVerifier) -> None:
    impostor = ECKey.generate_key("P-256", {"kid": "ec"})
    with pytest.raises(TokenRefused, match="signature is not valid"):
        accept(verifier, signed(key=impostor))


def test_a_token_changed_after_signing_is_refused(verifier: TokenVerifier) -> None:
    header, _, signature = signed().split(".")
    payload = base64url(json.dumps(CLAIMS | {"scope": "dataops:admin"}).encode()).decode()
    with pytest.raises(TokenRefused, match="signature is not valid"):
        accept(verifier, f"{header}.{payload}.{signature}")


def test_a_token_that_carries_its_own_key_is_refused(verifier: TokenVerifier) -> None:
    impostor = ECKey.generate_key("P-256", {"kid": "theirs"})
    token = signed(key=impostor, header={"jwk": impostor.as_dict(private=False)})
    with pytest.raises(TokenRefused, match="not signed with one of the issuer's present keys"):
        accept(verifier, token)


def test_a_client_id_that_is_no_uuid_gives_a_caller_without_a_client(
    verifier: TokenVerifier,
) -> None:
    caller = accept(verifier, signed(client_id="operations-console"))
    assert caller.client_id is None
    with pytest.raises(Problem, match="names no client"):
        caller.tenant()


def test_the_client_id_may_come_from_another_claim(keys: KeyRing, clock: Clock) -> None:
    verifier = verifier_with(keys, clock, client_id_claim="https://example.com/tenant")
    token = signed(**{"https://example.com/tenant": str(OTHER)})
    assert accept(verifier, token).client_id == OTHER
    with pytest.raises(TokenRefused, match=r"https://example\.com/tenant"):
        accept(verifier, signed())


def test_the_admin_scope_implies_the_others_and_crosses_clients(verifier: TokenVerifier) -> None:
    admin = accept(verifier, signed(scope="dataops:admin"))
    assert admin.is_admin
    assert admin.scopes == set(Scope)
    assert admin.tenant(OTHER) == OTHER
    assert admin.tenant() is EVERYONE


def test_any_other_caller_stays_with_its_client(verifier: TokenVerifier) -> None:
    caller = accept(verifier, signed())
    assert caller.tenant() == caller.tenant(CLIENT) == CLIENT
    with pytest.raises(Problem, match="needs the scope dataops:admin"):
        caller.tenant(OTHER)


def test_a_token_is_verified_once_a_minute(
    verifier: TokenVerifier, keys: KeyRing, clock: Clock
) -> None:
    token = signed()
    accept(verifier, token)
    clock.now += tokens.MAX_REMEMBERED_SECONDS - 1
    accept(verifier, token)
    assert keys.asked == 1
    clock.now += 1
    accept(verifier, token)
    assert keys.asked == 2


def test_a_remembered_token_still_expires(verifier: TokenVerifier, clock: Clock) -> None:
    token = signed(exp=NOW + 10)
    clock.now += 10 + LEEWAY - 1
    accept(verifier, token)
    clock.now += 1
    with pytest.raises(TokenRefused, match="expired"):
        accept(verifier, token)


def test_a_remembered_token_falls_a_minute_after_its_key_is_withdrawn(
    verifier: TokenVerifier, keys: KeyRing, clock: Clock
) -> None:
    token = signed()
    accept(verifier, token)
    keys.keys = KeySet([RSA])
    clock.now += tokens.MAX_REMEMBERED_SECONDS
    with pytest.raises(TokenRefused, match="present keys"):
        accept(verifier, token)


def test_the_token_verified_longest_ago_makes_room(
    verifier: TokenVerifier, keys: KeyRing, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MAX_REMEMBERED", 3)
    first, second, third, fourth = (signed(jti=name) for name in "abcd")
    half = tokens.MAX_REMEMBERED_SECONDS / 2
    accept(verifier, first)
    clock.now += half
    accept(verifier, second)
    clock.now += half
    for token in (first, third, fourth):
        accept(verifier, token)
    assert keys.asked == 5
    accept(verifier, first)
    assert keys.asked == 5
    accept(verifier, second)
    assert keys.asked == 6


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=5,
)


@given(st.text() | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*"))
def test_no_text_whatever_gets_more_than_a_refusal(text: str) -> None:
    with pytest.raises(TokenRefused):
        accept(verifier_with(KeyRing(EC), Clock()), text)


@given(
    json_values
    | st.fixed_dictionaries(
        {},
        optional={
            name: json_values | st.just("ES256") for name in ("alg", "kid", "crit", "b64", "typ")
        },
    )
)
def test_no_header_whatever_gets_more_than_a_refusal(header: Any) -> None:
    with pytest.raises(TokenRefused):
        accept(verifier_with(KeyRing(EC), Clock()), compact(header, CLAIMS, lambda _: b"forged"))


@given(st.dictionaries(st.sampled_from([*CLAIMS, "nbf", "jti"]), json_values))
def test_whatever_an_issuer_puts_into_a_claim_is_accepted_or_refused(
    claims: dict[str, Any],
) -> None:
    try:
        caller = accept(verifier_with(KeyRing(EC), Clock()), signed(**claims))
    except TokenRefused:
        return
    assert caller.subject.isprintable()
