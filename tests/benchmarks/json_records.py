"""How fast nested JSON Lines are profiled, and small JSON files inferred, on two processes."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import orjson

from discovery.records import ByteRange, Reading, line_ranges, shape_of_files, shape_of_range
from registry.inference import field_statistics, infer_schema

PROCESSES = 2
MEGABYTES = 200
FILES = 5_000
RUNS = 2


def measure() -> Iterator[str]:
    """Compare the full nested profile with parsing and a plain walk, in the same processes."""
    with TemporaryDirectory() as folder, ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(time.sleep, [0.1] * PROCESSES))  # all processes are up before time counts
        path = Path(folder, "orders.jsonl")
        _write_orders(path, MEGABYTES * 1_000_000)
        size = path.stat().st_size
        ranges = list(line_ranges(path, size // PROCESSES + 1))
        plain = min(_seconds(lambda: list(pool.map(_walk_lines, ranges))) for _ in range(RUNS))
        ours = min(_seconds(lambda: _profile(pool, ranges)) for _ in range(RUNS))
        megabytes = size / 1e6
        yield f"orjson.loads and a plain walk      {megabytes / plain:8.0f} MB/s"
        yield (
            f"full nested profile                {megabytes / ours:8.0f} MB/s"
            f"   {plain / ours:5.2f} times as fast (goal >= 1.5)"
        )
        files = _write_files(Path(folder))
        parts = [files[part::PROCESSES] for part in range(PROCESSES)]
        seconds = min(_seconds(lambda: _infer(pool, parts)) for _ in range(RUNS))
        rate = FILES / seconds
        yield f"{FILES} small files, inferred          {rate:8.0f} files/s   (goal >= 40000)"


def _profile(pool: ProcessPoolExecutor, ranges: list[ByteRange]) -> None:
    readings = list(pool.map(shape_of_range, ranges))
    field_statistics(reduce(Reading.merge, readings).shape)


def _infer(pool: ProcessPoolExecutor, parts: list[list[str]]) -> None:
    readings = list(pool.map(shape_of_files, parts))
    infer_schema(reduce(Reading.merge, readings).shape)


def _walk_lines(part: ByteRange) -> Counter[tuple[str, str]]:
    seen: Counter[tuple[str, str]] = Counter()
    for block in part.blocks():
        for line in block.splitlines():
            _walk(orjson.loads(line), "$", seen)
    return seen


def _walk(value: Any, path: str, seen: Counter[tuple[str, str]]) -> None:
    seen[path, type(value).__name__] += 1
    if isinstance(value, dict):
        for key, member in value.items():
            _walk(member, f"{path}.{key}", seen)
    elif isinstance(value, list):
        for element in value:
            _walk(element, f"{path}[]", seen)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _write_orders(path: Path, size: int) -> None:
    draw = random.Random(5)
    with path.open("wb") as file:
        number = 0
        while file.tell() < size:
            number += 1
            file.write(orjson.dumps(_order(number, draw)) + b"\n")


def _order(number: int, draw: random.Random) -> dict[str, Any]:
    name = f"{draw.choice('ABCDEFGH')}{draw.randrange(9999)} {draw.choice('KLMNOP')}son"
    return {
        "id": number,
        "reference": str(UUID(int=draw.getrandbits(128))),
        "placed_at": f"2025-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}T10:00:00Z",
        "is_paid": draw.random() < 0.5,
        "rating": None if draw.random() < 0.4 else draw.random() * 5,
        "customer": {
            "name": name,
            "email": f"{name.replace(' ', '.').lower()}@example.org",
            "address": {
                "city": draw.choice(["Berlin", "Lyon", "Porto", "Graz", "Oslo"]),
                "zip": f"{draw.randrange(100_000):05}",
                "position": {"lat": draw.uniform(-90, 90), "lon": draw.uniform(-180, 180)},
            },
        },
        "labels": draw.sample(["new", "gift", "bulk", "web", "shop"], draw.randrange(4)),
        "lines": [
            {
                "article": f"A-{draw.randrange(50_000):06}",
                "quantity": draw.randint(1, 9),
                "price": round(draw.uniform(1, 500), 2),
            }
            for _ in range(draw.randint(1, 4))
        ],
    }


def _write_files(folder: Path) -> list[str]:
    draw = random.Random(6)
    paths = []
    for number in range(FILES):
        event = {
            "id": number,
            "kind": draw.choice(["created", "changed", "removed"]),
            "at": f"2025-03-{draw.randint(1, 28):02}T08:00:00Z",
            "actor": {"name": f"user{draw.randrange(500)}", "roles": ["reader"]},
            "amount": round(draw.uniform(0, 100), 2),
        }
        path = os.path.join(folder, f"event-{number}.json")
        Path(path).write_bytes(orjson.dumps(event))
        paths.append(path)
    return paths
