"""How fast search and suggestions answer among many templates, beside a static route."""

import itertools
import statistics
import time
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import uvloop

from api.issuer import DevelopmentIssuer
from projections.projector import Projector
from projections.search.model import SEARCH
from projections.templates import TEMPLATES
from tests.benchmarks.history import client
from tests.benchmarks.http_load import Load, load
from tests.benchmarks.many_templates import PARTS, THINGS, write_templates
from tests.benchmarks.servers import postgres, service

SIZES = (10_000, 100_000)
SECONDS = 15.0
ROUNDS = 3
ASKED = [
    "account",
    "customer status",
    "account_id",
    '"payment amount"',
    "jira iss",
    "confluence account",
    "custo",
    "custmer",
    "paymnt status",
    "8123",
    "ticket -zendesk",
    "zip weight vendor",
    "email",
    "the amount of the account",
    *(f"{thing} {part}" for thing, part in zip(THINGS[::3], PARTS[::3], strict=False)),
]
GOALS = {"static route": "", "/search": "< 30 ms", "/search/suggest": "< 10 ms"}
NARROWED = ["&industry=fintech", "&tag=gold", "&type=field", "", "", ""]
SEARCHES = [
    f"/v1/dataops/search?q={quote(text)}{narrowed}"
    for text, narrowed in itertools.product(ASKED, NARROWED)
]
SUGGESTIONS = [
    f"/v1/dataops/search/suggest?q={quote(text[:length])}"
    for text in ASKED
    for length in (1, 3, 5)
    if len(text) >= length
]


def measure() -> Iterator[str]:
    """Load the routes over one connection, with few and with many templates."""
    p95: dict[int, tuple[float, float]] = {}
    for size in SIZES:
        yield from _measured(size, p95)
    growth = [large / small for small, large in zip(*p95.values(), strict=True)]
    told = " and ".join(f"{each:.2f} ×" for each in growth)
    yield f"their p95 grow by {told}   (goal < 2 ×)"


def _measured(size: int, p95: dict[int, tuple[float, float]]) -> Iterator[str]:
    with postgres() as (url, data_dir):
        write_templates(url, size)
        building = _seconds(url)
        yield (
            f"{size} templates of 20 fields, built in {building[0]:.1f} s,"
            f" {building[0] / building[1]:.1f} × the templates' own read model"
        )
        token = DevelopmentIssuer(data_dir).token(client(0), ["dataops:datasets:read"])
        loads: dict[str, list[Load]] = {}
        with service(url, data_dir, projector=False) as port:
            for _ in range(ROUNDS):
                for name, paths in (
                    ("static route", ["/static"]),
                    ("/search", SEARCHES),
                    ("/search/suggest", SUGGESTIONS),
                ):
                    done = uvloop.run(load("127.0.0.1", port, paths, token, 1, SECONDS / ROUNDS))
                    assert not done.failures, f"{done.failures} requests failed"
                    loads.setdefault(name, []).append(done)
    for name, goal in (
        ("static route", ""),
        ("/search", "< 30 ms"),
        ("/search/suggest", "< 10 ms"),
    ):
        p50, slow = (
            statistics.median(getattr(each, part) for each in loads[name])
            for part in ("p50", "p95")
        )
        aim = f"   (goal {goal})" if goal else ""
        yield f"  {name:16} p50 {p50:5.1f} ms  p95 {slow:5.1f} ms{aim}"
    p95[size] = (_p95(loads["/search"]), _p95(loads["/search/suggest"]))


def _seconds(url: str) -> list[float]:
    """Build the read model of search and, to compare, that of the templates."""
    seconds = []
    for model in (SEARCH, TEMPLATES):
        started = time.perf_counter()
        Projector(url, [model]).catch_up()
        seconds.append(time.perf_counter() - started)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return seconds


def _p95(loads: list[Load]) -> float:
    return statistics.median(each.p95 for each in loads)
