"""Requests to Glean: with a token, within limits of size and time, and again where that helps."""

import time
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self

import httpx
import orjson
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from discovery.unreadable import Unreadable

ATTEMPTS: Final = 5
"""How often a request is made before it is given up."""

MOST_WAITING_SECONDS: Final = 60.0
"""The longest pause before another attempt; a server that asks for more is not asked again."""

MOST_BYTES: Final = 32 * 2**20
"""The largest answer that is read."""

_BACKOFF: Final = wait_exponential_jitter(multiplier=0.25, max=10, jitter=0.25)
_MOST_MESSAGE: Final = 300


class GleanFailure(Unreadable):
    """Glean did not answer what was asked; the place is the request."""


class Refusal(GleanFailure):
    """Glean answered with a status other than 200.

    Attributes:
        status: the HTTP status.
        pause: the seconds that Glean asks to wait before the next attempt; None if it does not.
    """

    def __init__(self, reason: str, place: str, status: int, pause: float | None) -> None:
        super().__init__(reason, place)
        self.status = status
        self.pause = pause

    @property
    def passes(self) -> bool:
        """Whether another attempt may succeed, and may be made soon."""
        is_busy = self.status == httpx.codes.TOO_MANY_REQUESTS or self.status >= 500
        return is_busy and (self.pause or 0) <= MOST_WAITING_SECONDS


class Client:
    """Makes requests to one of Glean's two APIs; a context manager that closes its connections.

    Requests are made again after a pause when Glean is busy (429, 5xx), cannot be reached, or is
    too slow; the pause is what `Retry-After` says, or grows from attempt to attempt. Redirections
    are not followed, for they would carry the token elsewhere.

    Args:
        base_url: the address that paths are appended to.
        token: the bearer token; it appears in no error.
        token_name: the environment variable that the token is from, to be named in errors.
        act_as: the e-mail address of the user for whom a global token asks; empty for none.
        seconds: how long to wait for a connection, for more of an answer, and for all of it.
    """

    def __init__(
        self, base_url: str, token: str, token_name: str, *, act_as: str = "", seconds: float = 30
    ) -> None:
        self._token = token
        self._token_name = token_name
        self._seconds = seconds
        self._http = httpx.Client(
            base_url=base_url,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                **({"X-Glean-ActAs": act_as} if act_as else {}),
            },
            timeout=seconds,
        )
        self._attempts = Retrying(
            retry=retry_if_exception(_may_pass),
            wait=_pause,
            stop=stop_after_attempt(ATTEMPTS),
            reraise=True,
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON that a request is answered with.

        Raises:
            Refusal: the answer has another status than 200, after all attempts.
            GleanFailure: there is no answer, or one that is too large or no JSON.
        """
        place = f"{method} {path}"
        try:
            content: bytes = self._attempts(self._answer, method, path, body, place)
        except httpx.TimeoutException:
            reason = f"gave no answer within {self._seconds:g} s, {ATTEMPTS} times"
            raise GleanFailure(reason, place) from None
        except httpx.HTTPError as error:
            reason = f"cannot be reached: {self._told(str(error) or type(error).__name__)}"
            raise GleanFailure(reason, place) from None
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise GleanFailure(f"answered with what is no JSON: {error}", place) from None

    def _answer(self, method: str, path: str, body: Any, place: str) -> bytes:
        with self._http.stream(method, path, json=body) as response:
            content = self._content(response, place)
        if response.status_code == httpx.codes.OK:
            return content
        pause = _asked_pause(response.headers.get("Retry-After", ""))
        reason = self._reason(response, content)
        if pause and pause > MOST_WAITING_SECONDS:
            reason += f", and asks to wait {pause:.0f} s"
        raise Refusal(reason, place, response.status_code, pause)

    def _content(self, response: httpx.Response, place: str) -> bytes:
        """Return the body of a response, which may trickle in for a limited time only."""
        content = bytearray()
        end = time.monotonic() + self._seconds
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > MOST_BYTES:
                raise GleanFailure(f"answered with more than {MOST_BYTES // 2**20} MiB", place)
            if time.monotonic() > end:
                raise httpx.ReadTimeout("the answer trickles in", request=response.request)
        return bytes(content)

    def _reason(self, response: httpx.Response, content: bytes) -> str:
        status = f"{response.status_code} {response.reason_phrase}".strip()
        match response.status_code:
            case httpx.codes.UNAUTHORIZED:
                status += f": the token in {self._token_name} is not valid here"
            case httpx.codes.FORBIDDEN:
                status += f": the token in {self._token_name} may not do this"
        message = self._told(_message(content))
        return f"answered {status}{f' ({message})' if message else ''}"

    def _told(self, text: str) -> str:
        """Return a text of others in one line, without the token, should they repeat it."""
        line = " ".join(text.replace(self._token, "…").split())
        return line if len(line) <= _MOST_MESSAGE else line[:_MOST_MESSAGE] + "…"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()


def _may_pass(error: BaseException) -> bool:
    return error.passes if isinstance(error, Refusal) else isinstance(error, httpx.TransportError)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Refusal) and error.pause is not None:
        return error.pause
    return _BACKOFF(state)


def _asked_pause(retry_after: str) -> float | None:
    """Return the seconds that a `Retry-After` says (RFC 9110, section 10.2.3); None for nothing."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None


def _message(content: bytes) -> str:
    """Return what an answer says of a failure: Glean's errors are problem details, or texts."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return content.decode(errors="replace")
    if isinstance(document, dict):
        told = (document.get(name) for name in ("detail", "message", "errorMessage", "title"))
        return next((text for text in told if isinstance(text, str)), "")
    return document if isinstance(document, str) else ""
