"""What agents do over and over."""

from typing import Any
from uuid import uuid4

import httpx

from api.caller import Scope
from tests.api.commands.bodies import COMMANDS, Body

AGENT = (Scope.DATASETS_READ, Scope.DATASETS_WRITE, Scope.TEMPLATES_WRITE)
"""The scopes of an agent."""


def registered(agent: httpx.Client, collection: str, body: Body) -> str:
    """Register a thing; return its address once it is shown there."""
    answer = agent.post(collection, json=body)
    assert answer.status_code == 201, answer.text
    address = str(answer.headers["Location"])
    shown(agent, address, answer.json()["position"])
    return address


def shown(agent: httpx.Client, address: str, position: int = 0) -> Body:
    """Return what is shown at an address, from a position on."""
    answer = agent.get(address, params={"min_position": position})
    assert answer.status_code == 200, answer.text
    body: Body = answer.json()
    return body


def post_batch(agent: httpx.Client, *commands: Body, **parts: Any) -> httpx.Response:
    """Send a batch under a key of its own."""
    headers = {"Idempotency-Key": uuid4().hex}
    return agent.post(COMMANDS, json={"commands": commands, **parts}, headers=headers)


def statuses_in(answer: httpx.Response) -> list[int]:
    """Return what became of each command of a batch."""
    return [outcome["status"] for outcome in answer.json()["outcomes"]]
