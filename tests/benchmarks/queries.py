"""How fast the query side answers, beside a static route of the same server in the same run."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import psycopg
import uvloop

from api.issuer import DevelopmentIssuer
from projections.ledger import LedgerKeeper
from projections.projector import Projector
from registry.settings import Settings
from tests.benchmarks.history import client, template, write_history
from tests.benchmarks.http_load import Load, load
from tests.benchmarks.servers import postgres, service

CONNECTIONS = 16
SECONDS = 2.0
ROUNDS = 3
SIZES = (1_000, 100_000)
TEMPLATES = 100


def measure() -> Iterator[str]:
    """Load the routes in turn, with few and with many datasets."""
    p95: dict[int, list[float]] = {}
    for size in SIZES:
        yield f"{size} datasets, {CONNECTIONS} connections"
        static, detail, listing = _loads(size)
        for name, loads, goal in (
            ("/templates/{id}", detail, 0.4),
            ("/datasets?client_id&stage", listing, 0.3),
        ):
            ratio = statistics.median(
                one.per_second / other.per_second for one, other in zip(loads, static, strict=True)
            )
            rate = statistics.median(each.per_second for each in loads)
            slow = statistics.median(each.p95 for each in loads)
            usual = statistics.median(each.p95 for each in static)
            p95.setdefault(size, []).append(slow / usual)
            yield (
                f"  {name:26} {rate:7.0f}/s  p95 {slow:5.1f} ms"
                f"  {ratio:.2f} × static   (goal ≥ {goal} ×)"
            )
        rate = statistics.median(each.per_second for each in static)
        yield f"  static route               {rate:7.0f}/s"
    growth = [large / small for small, large in zip(*p95.values(), strict=True)]
    told = " and ".join(f"{each:.2f} ×" for each in growth)
    yield f"p95, beside that of the static route, grows by {told}   (goal < 1.5 ×)"


def _settle(url: str, data_dir: Path) -> None:
    """Do beforehand what a service that has run for a while has long done."""
    Projector(url).catch_up()
    with psycopg.connect(url, autocommit=True) as connection:
        LedgerKeeper.of(Settings(registry_data_dir=data_dir)).catch_up(connection)
        connection.execute("VACUUM ANALYZE")


def _loads(size: int) -> tuple[list[Load], list[Load], list[Load]]:
    with postgres() as (url, data_dir):
        write_history(url, size, TEMPLATES)
        _settle(url, data_dir)
        token = DevelopmentIssuer(data_dir).token(client(0), ["dataops:admin"])
        templates = [
            f"/v1/dataops/templates/{template(number).identity.template_id}"
            for number in range(TEMPLATES)
        ]
        datasets = [
            f"/v1/dataops/datasets?client_id={client(number)}&stage=staging"
            for number in range(size // 100)
        ]
        results: tuple[list[Load], list[Load], list[Load]] = ([], [], [])
        with service(url, data_dir) as port:
            for _ in range(ROUNDS):
                for paths, loads in zip((["/static"], templates, datasets), results, strict=True):
                    done = uvloop.run(load("127.0.0.1", port, paths, token, CONNECTIONS, SECONDS))
                    assert not done.failures, f"{done.failures} requests failed"
                    loads.append(done)
    return results
