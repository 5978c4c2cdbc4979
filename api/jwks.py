"""The issuer's public keys (JSON Web Key Set, RFC 7517), fetched when needed and kept."""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import orjson
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

MAX_AGE = 300.0  # seconds after which the keys are fetched again
COOL_DOWN = 10.0  # seconds between two fetches, however many unknown key ids turn up
TIMEOUT = 5.0  # seconds for a whole fetch
MAX_SIZE = 256 * 1024  # bytes of a key set
MIN_RSA_BITS = 2048  # NIST SP 800-131A

_KEY_TYPES: dict[Any, type[ECKey | OKPKey | RSAKey]] = {"EC": ECKey, "OKP": OKPKey, "RSA": RSAKey}

log = structlog.get_logger()


class IssuerUnavailable(Exception):
    """The issuer's keys cannot be fetched, and none are known from before."""


class IssuerKeys:
    """The keys published at a URL.

    They are fetched by one request at a time, at most every `COOL_DOWN` seconds, and stay in use
    while the issuer does not answer.

    Args:
        url: Where the issuer publishes its key set (``jwks_uri``).
        timeout: Seconds for a whole fetch.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(
        self, url: str, *, timeout: float = TIMEOUT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = url
        self._timeout = timeout
        self._clock = clock
        self._keys: KeySet | None = None
        self._fresh_until = self._fetch_after = clock()
        self._one_at_a_time = asyncio.Lock()
        self._tls = ssl.create_default_context()  # takes milliseconds, so is made once

    async def current(self) -> KeySet:
        """Return the keys, fetched again if they are older than `MAX_AGE`.

        Raises:
            IssuerUnavailable: no keys were ever fetched.
        """
        if self._keys is None:
            return await self.renewed()
        # While one request fetches, the others go on with the keys there are.
        if self._clock() >= self._fresh_until and not self._one_at_a_time.locked():
            return await self.renewed()
        return self._keys

    async def renewed(self) -> KeySet:
        """Return the keys, fetched again unless that was tried less than `COOL_DOWN` ago.

        Raises:
            IssuerUnavailable: no keys were ever fetched.
        """
        async with self._one_at_a_time:
            if self._clock() >= self._fetch_after:
                await self._fetch()
        if self._keys is None:
            raise IssuerUnavailable
        return self._keys

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                self._keys = key_set(await self._document())
            self._fresh_until = self._clock() + MAX_AGE
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            log.warning("issuer_keys_not_fetched", url=self._url, error=repr(error))
        self._fetch_after = self._clock() + COOL_DOWN

    async def _document(self) -> bytes:
        # Uncompressed, so that MAX_SIZE is measured before anything can be blown up.
        headers = {
            "Accept": "application/jwk-set+json, application/json",
            "Accept-Encoding": "identity",
        }
        document = b""
        async with (
            httpx.AsyncClient(verify=self._tls, timeout=self._timeout) as client,
            client.stream("GET", self._url, headers=headers) as response,
        ):
            response.raise_for_status()
            async for chunk in response.aiter_raw():
                document += chunk
                if len(document) > MAX_SIZE:
                    raise ValueError(f"the key set is larger than {MAX_SIZE} bytes")
        return document


def key_set(document: bytes) -> KeySet:
    """Return the keys of a JWK Set that can verify signatures.

    Keys of other kinds, keys that cannot be read and RSA keys that are too short are left out: a
    key set may hold keys for others (RFC 7517, section 5).

    Raises:
        ValueError: the document is not a JWK Set or has no such key.
    """
    match orjson.loads(document):
        case {"keys": [*published]}:
            keys = [key for jwk in published if (key := _public_key(jwk))]
            if keys:
                return KeySet(keys)
    raise ValueError("the document is not a JWK Set with a key that verifies signatures")


def _public_key(jwk: Any) -> Key | None:
    with suppress(JoseError, AttributeError, KeyError, TypeError, ValueError):
        key = _KEY_TYPES[jwk["kty"]].import_key(jwk)
        if not isinstance(key, RSAKey) or key.raw_value.key_size >= MIN_RSA_BITS:
            return key
    return None
