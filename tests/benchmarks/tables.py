"""How fast a text table is read, typed and profiled, beside DuckDB's SUMMARIZE of the file."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from discovery.table import read_table
from tests.benchmarks.table_files import write_orders

RUNS = 5
THREADS = 2
SIZE = 200_000_000
LARGE = 2_000_000_000


def measure() -> Iterator[str]:
    """Time both on one file in turns, then weigh a process that profiles a large file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.csv")
        rows = write_orders(path, SIZE)
        pa.set_cpu_count(THREADS)
        pairs = [(_profiled(path), _summarized(path)) for _ in range(RUNS)]
        ours, theirs = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
        ratio = statistics.median(other / own for own, other in pairs)
        yield f"{rows:,} rows, 200 MB: dialect, types, full profile {ours:8.2f} s"
        yield f"DuckDB SUMMARIZE of the same file                     {theirs:8.2f} s"
        yield f"ratio, median of {RUNS} pairs (goal >= 1.0)               {ratio:8.2f} x"
        rows = write_orders(path, LARGE)
        command = [sys.executable, "-m", "tests.benchmarks.tables", str(path)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, peak = map(float, answer.stdout.split())
        yield f"{rows:,} rows, 2 GB, in a process of its own       {seconds:8.2f} s"
        yield f"its greatest resident memory (goal <= 1 000 MB)       {peak:8.0f} MB"


def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "threads": THREADS,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


def _profiled(path: Path) -> float:
    with _connection() as connection:
        started = time.perf_counter()
        read_table(path, connection=connection).close()
        return time.perf_counter() - started


def _summarized(path: Path) -> float:
    with _connection() as connection:
        started = time.perf_counter()
        connection.execute("SUMMARIZE SELECT * FROM read_csv(?)", [str(path)]).fetchall()
        return time.perf_counter() - started


def main() -> None:
    """Profile one file and print the seconds and the greatest resident memory in megabytes."""
    started = time.perf_counter()
    read_table(Path(sys.argv[1])).close()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    sys.stdout.write(f"{seconds} {peak}\n")


if __name__ == "__main__":
    main()
