"""The issuer's keys are fetched sparingly from a real server, and survive its absence."""

import asyncio
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
import structlog
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from api import jwks
from api.jwks import IssuerKeys, IssuerUnavailable, key_set
from api.tokens import TokenRefused, TokenVerifier

pytestmark = pytest.mark.anyio
FIRST = ECKey.generate_key("P-256", {"kid": "first"})
SECOND = ECKey.generate_key("P-256", {"kid": "second"})


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Issuer(ThreadingHTTPServer):
    """A server on loopback that publishes a key set, counts requests and can be made to hang."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Publication)
        self.requests = 0
        self.status = 200
        self.document = b""
        self.asked = Event()
        self.may_answer = Event()
        self.may_answer.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/jwks.json"

    def publish(self, *keys: ECKey) -> None:
        self.document = document(*keys)


class _Publication(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        self.server.requests += 1
        self.server.asked.set()
        self.server.may_answer.wait(timeout=30)
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.document)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def document(*keys: ECKey | RSAKey | OKPKey | OctKey) -> bytes:
    return json.dumps({"keys": [key.as_dict() for key in keys]}).encode()


def token_signed_with(key: ECKey) -> str:
    claims = {
        "iss": "https://issuer.example",
        "aud": "dataset-registry",
        "sub": "anna",
        "client_id": "registry-client",
        "exp": int(time.time()) + 300,
    }
    return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": "at+jwt"}, claims, key)


def ids(keys: KeySet) -> list[str | None]:
    return [key.kid for key in keys]


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        server.publish(FIRST)
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.may_answer.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_keys_are_fetched_once_and_kept_while_they_are_fresh(
    issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    assert issuer.requests == 0
    assert ids(await keys.current()) == ["first"]
    clock.now = jwks.MAX_AGE - 1
    await keys.current()
    assert issuer.requests == 1


async def test_keys_past_their_age_are_fetched_again_so_that_a_withdrawn_one_falls(
    issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    await keys.current()
    issuer.publish(SECOND)
    clock.now = jwks.MAX_AGE
    assert ids(await keys.current()) == ["second"]


async def test_looking_for_unknown_keys_fetches_once_per_cool_down(
    issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    await keys.current()
    issuer.publish(FIRST, SECOND)
    clock.now = jwks.COOL_DOWN
    for _ in range(5):
        assert ids(await keys.renewed()) == ["first", "second"]
    assert issuer.requests == 2
    clock.now += jwks.COOL_DOWN - 1
    await keys.renewed()
    assert issuer.requests == 2
    clock.now += 1
    await keys.renewed()
    assert issuer.requests == 3


async def test_a_token_signed_with_a_new_key_is_accepted_after_one_more_fetch(
    issuer: Issuer, clock: Clock
) -> None:
    verifier = TokenVerifier(
        IssuerKeys(issuer.url, clock=clock),
        issuer="https://issuer.example",
        audience="dataset-registry",
        client_id_claim="client_id",
        leeway=0,
    )
    assert (await verifier.caller(token_signed_with(FIRST))).subject == "anna"
    issuer.publish(FIRST, SECOND)
    clock.now = jwks.COOL_DOWN
    assert (await verifier.caller(token_signed_with(SECOND))).subject == "anna"
    for _ in range(5):
        with pytest.raises(TokenRefused, match="present keys"):
            await verifier.caller(token_signed_with(ECKey.generate_key(auto_kid=True)))
    assert issuer.requests == 2


async def test_many_requests_at_once_make_one_fetch(issuer: Issuer, clock: Clock) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    issuer.may_answer.clear()
    waiting = [asyncio.create_task(keys.current()) for _ in range(25)]
    waiting += [asyncio.create_task(keys.renewed()) for _ in range(25)]
    await asyncio.to_thread(issuer.asked.wait)
    issuer.may_answer.set()
    assert [ids(found) for found in await asyncio.gather(*waiting)] == [["first"]] * 50
    assert issuer.requests == 1


async def test_while_one_request_fetches_again_the_others_go_on(
    issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    await keys.current()
    issuer.publish(SECOND)
    issuer.asked.clear()
    issuer.may_answer.clear()
    clock.now = jwks.MAX_AGE
    fetching = asyncio.create_task(keys.current())
    await asyncio.to_thread(issuer.asked.wait)
    assert ids(await keys.current()) == ["first"]
    issuer.may_answer.set()
    assert ids(await fetching) == ["second"]


async def test_a_cancelled_fetch_is_made_again_by_the_next_request(
    issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    issuer.may_answer.clear()
    fetching = asyncio.create_task(keys.current())
    await asyncio.to_thread(issuer.asked.wait)
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    issuer.may_answer.set()
    assert ids(await keys.current()) == ["first"]


async def test_while_the_issuer_is_down_the_last_keys_still_serve(
    issuer: Issuer, clock: Clock
) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    await keys.current()
    issuer.shutdown()
    issuer.server_close()
    clock.now = jwks.MAX_AGE * 10
    with structlog.testing.capture_logs() as logs:
        assert ids(await keys.current()) == ["first"]
        assert ids(await keys.renewed()) == ["first"]
    assert [entry["event"] for entry in logs] == ["issuer_keys_not_fetched"]


@pytest.mark.parametrize(
    ("status", "published"),
    [
        (500, document(FIRST)),
        (302, document(FIRST)),
        (200, b"<html>"),
        (200, b'{"keys": []}'),
        (200, b"[" * 10_000),
        (200, document(FIRST) + b" " * jwks.MAX_SIZE),
    ],
)
async def test_an_answer_that_is_no_key_set_leaves_the_issuer_unavailable_until_after_the_cool_down(
    issuer: Issuer, clock: Clock, status: int, published: bytes
) -> None:
    keys = IssuerKeys(issuer.url, clock=clock)
    issuer.status, issuer.document = status, published
    for _ in range(2):
        with pytest.raises(IssuerUnavailable):
            await keys.current()
    assert issuer.requests == 1
    issuer.status = 200
    issuer.publish(FIRST)
    clock.now = jwks.COOL_DOWN
    assert ids(await keys.current()) == ["first"]


async def test_an_issuer_that_does_not_finish_in_time_is_given_up(issuer: Issuer) -> None:
    issuer.may_answer.clear()
    with pytest.raises(IssuerUnavailable):
        await IssuerKeys(issuer.url, timeout=0.05).current()


def test_a_key_set_keeps_the_keys_that_can_verify_and_leaves_out_the_rest() -> None:
    published = json.loads(document(FIRST, OKPKey.generate_key("Ed25519", {"kid": "second"})))
    published["keys"] += [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "AKP", "kid": "from the future"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"},
        {"kty": "EC"},
        {"kty": []},
        {},
        "text",
        None,
    ]
    assert ids(key_set(json.dumps(published).encode())) == ["first", "second"]


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_an_rsa_key_that_is_too_short_is_left_out() -> None:
    assert ids(key_set(document(RSAKey.generate_key(1024), FIRST))) == ["first"]
