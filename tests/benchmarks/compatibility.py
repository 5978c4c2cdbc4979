"""How long it takes to hold two schemas of 500 properties against each other."""

import copy
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from registry.compatibility import containment, differences, schema_digest

RUNS = 15
KINDS: list[dict[str, Any]] = [
    {"type": "string", "maxLength": 50},
    {"type": ["integer", "null"], "minimum": 0},
    {"type": "string", "format": "date-time"},
    {"type": "string", "enum": ["open", "closed", "void"]},
    {"type": "array", "items": {"type": "number"}},
]


def measure() -> Iterator[str]:
    """Time pairs of schemas that are alike but for one or for all properties."""
    old = _schema()
    wider = copy.deepcopy(old)
    for each in wider["properties"].values():
        if "maxLength" in each:
            each["maxLength"] += 10
        elif "enum" in each:
            each["enum"] = [*each["enum"], "lost"]
        elif "items" in each:
            each["items"] = {"type": ["number", "null"]}
    broken = copy.deepcopy(old)
    broken["properties"]["column_499"] = {"type": "boolean"}
    pairs = {
        "one property broken, with witness": lambda: containment(old, broken),
        "300 properties widened, proved   ": lambda: containment(old, wider),
        "300 properties widened, refuted  ": lambda: containment(wider, old),
        "differences of 300 properties    ": lambda: differences(old, wider),
        "digest of one                    ": lambda: schema_digest(old),
    }
    for name, ask in pairs.items():
        goal = "(goal < 50 ms)" if "," in name else " " * 14
        yield f"500 properties, {name} {goal} {_milliseconds(ask):8.1f} ms"


def _schema() -> dict[str, Any]:
    names = [f"column_{number}" for number in range(500)]
    properties = {name: copy.deepcopy(KINDS[i % len(KINDS)]) for i, name in enumerate(names)}
    return {"type": "object", "properties": properties, "required": names[::2]}


def _milliseconds(ask: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000
