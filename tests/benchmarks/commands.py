"""How fast commands are carried out, beside bare INSERTs with a commit each."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg

from registry import commands
from registry.application import RegistryApplication
from registry.events import Provenance
from registry.submission import Submission
from tests.benchmarks.servers import postgres

SECONDS = 2.0
ROUNDS = 3
CONNECTIONS = 4
BATCH = 500


def measure() -> Iterator[str]:
    """Run commands and bare INSERTs in turn: one stream, several, and batches."""
    with postgres() as (url, _), RegistryApplication(url) as application:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, state bytea)")
        for streams in (1, CONNECTIONS):
            rounds = [
                (_rate(streams, _commands(application)), _rate(streams, _inserts(url)))
                for _ in range(ROUNDS)
            ]
            rate = statistics.median(done for (done, _), _ in rounds)
            p50, p95 = (
                statistics.median(quantiles[n] for (_, quantiles), _ in rounds) for n in (49, 94)
            )
            ratio = statistics.median(done / bare for (done, _), (bare, _) in rounds)
            goal = "   (goal ≥ 0.5 ×)" if streams == 1 else ""
            yield (
                f"{streams} stream(s): {rate:6.0f} commands/s  p50 {p50:4.1f} ms"
                f"  p95 {p95:4.1f} ms  {ratio:.2f} × bare INSERT{goal}"
            )
        rate = statistics.median(_batch_rate(application) for _ in range(ROUNDS))
        yield f"batches of {BATCH}: {rate:6.0f} events/s   (goal ≥ 20 000)"


def _submission(client_id: UUID, dataset_id: UUID, command: commands.Command) -> Submission:
    provenance = Provenance(actor="bench", command_id=uuid4(), client_id=client_id)
    return Submission(
        command=command, target=dataset_id, client_id=client_id, provenance=provenance
    )


def _registered(application: RegistryApplication, count: int = 1) -> tuple[UUID, list[UUID]]:
    client_id, ids = uuid4(), [uuid4() for _ in range(count)]
    application.submit_all(
        [
            _submission(
                client_id,
                dataset_id,
                commands.RegisterDataset(
                    name="Bench", dataset_type=f"type_{number}", stage="sandbox", journey_id=uuid4()
                ),
            )
            for number, dataset_id in enumerate(ids)
        ]
    )
    return client_id, ids


def _checks(score: float) -> commands.RecordQualityChecks:
    return commands.RecordQualityChecks(
        checks=[{"check_type": "schema_validation", "score": score % 100}]
    )


def _commands(application: RegistryApplication) -> Callable[[], Callable[[int], object]]:
    def stream() -> Callable[[int], object]:
        client_id, (dataset_id,) = _registered(application)
        return lambda number: application.submit(
            _submission(client_id, dataset_id, _checks(number))
        )

    return stream


def _inserts(url: str) -> Callable[[], Callable[[int], object]]:
    def stream() -> Callable[[int], object]:
        connection = psycopg.connect(url, autocommit=True)
        return lambda number: connection.execute(
            "INSERT INTO bare (state) VALUES (%s)", [b"x" * 400], prepare=True
        )

    return stream


def _rate(streams: int, stream: Callable[[], Callable[[int], object]]) -> tuple[float, list[float]]:
    """Run streams side by side; return what they did per second and the quantiles in ms."""
    latencies: list[float] = []
    deadline = time.perf_counter() + SECONDS

    def run() -> None:
        do, number = stream(), 0
        while (started := time.perf_counter()) < deadline:
            do(number)
            number += 1
            latencies.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=run) for _ in range(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(latencies) / SECONDS, statistics.quantiles(latencies, n=100)


def _batch_rate(application: RegistryApplication) -> float:
    """Carry out batches of quality reports on a client's hundred datasets."""
    client_id, ids = _registered(application, 100)
    batches = [
        [_submission(client_id, ids[n % 100], _checks(n + batch)) for n in range(BATCH)]
        for batch in range(10)
    ]
    started = time.perf_counter()
    for batch in batches:
        application.submit_all(batch)
    return len(batches) * BATCH / (time.perf_counter() - started)
