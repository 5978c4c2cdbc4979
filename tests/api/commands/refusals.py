"""What a refusal has to be like, whatever was wrong."""

import httpx

from tests.api.commands.bodies import Body

SECRET = "hunter2-sesame"
INTERNALS = ("Traceback", 'File "', "psycopg", "SELECT ", "INSERT ", "registry_events", SECRET)
"""What neither answers nor logs may hold."""

JSON = {"Content-Type": "application/json"}


def refused(answer: httpx.Response, *statuses: int) -> Body:
    """Return the problem that the answer reports."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: Body = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"].startswith("urn:dataset-registry:problem:")
    for text in INTERNALS:
        assert text not in answer.text
    return problem


def places(problem: Body) -> list[str]:
    """Return where in the request something is wrong."""
    return [error.get("pointer") or error["parameter"] for error in problem["errors"]]


def nested(levels: int) -> str:
    """Write an array in an array, so many in all."""
    return "[" * levels + "]" * levels
