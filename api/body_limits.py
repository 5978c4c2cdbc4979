"""The bounds of request bodies, held to before anything else reads one."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BYTES = 8 * 1024 * 1024

MAX_NESTING = 200
"""How often arrays and objects may be inside each other.

Libraries further on fail from 250 on, some of them by a crash of the process.
"""


class BodyLimits:
    """ASGI middleware that hands on a body in one piece, or refuses it.

    The refusal is raised where the application reads the body, and so is reported like any other.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        body = bytearray()

        async def receive_whole() -> Message:
            while (message := await receive())["type"] == "http.request":
                body.extend(message.get("body", b""))
                if len(body) > MAX_BYTES:
                    raise HTTPException(413, f"A body may have {MAX_BYTES:,} bytes at most.")
                if not message.get("more_body", False):
                    _require_flatness(body)
                    return {"type": "http.request", "body": bytes(body), "more_body": False}
            return message

        await self._app(scope, receive_whole, send)


def _require_flatness(body: bytearray) -> None:
    if body.count(b"[") + body.count(b"{") > MAX_NESTING and _is_too_deep(body):
        detail = f"Arrays and objects may be inside each other {MAX_NESTING} times at most."
        raise HTTPException(422, detail)


def _is_too_deep(body: bytearray) -> bool:
    try:
        return _is_deeper(json.loads(body), MAX_NESTING)
    except RecursionError:
        return True
    except ValueError:
        return False  # what is no JSON is told so by whoever wanted JSON


def _is_deeper(value: Any, levels: int) -> bool:
    inside = [value]
    while inside and levels >= 0:
        inside = [
            child
            for parent in inside
            if isinstance(parent, (list, dict))
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        levels -= 1
    return bool(inside)
