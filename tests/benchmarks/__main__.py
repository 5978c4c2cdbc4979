"""Runs the measurements that are named, or all: `python -m tests.benchmarks [NAME …]`."""

import sys

from tests.benchmarks import (
    commands,
    compatibility,
    json_records,
    look_back,
    projector,
    queries,
    recommend,
    scan,
    search,
    tables,
)

MEASUREMENTS = {
    "scan": scan.measure,
    "projector": projector.measure,
    "queries": queries.measure,
    "look_back": look_back.measure,
    "search": search.measure,
    "commands": commands.measure,
    "tables": tables.measure,
    "json": json_records.measure,
    "compatibility": compatibility.measure,
    "recommend": recommend.measure,
}


def main() -> None:
    """Print what each measurement found, beside its goal."""
    names = sys.argv[1:] or list(MEASUREMENTS)
    for name in names:
        sys.stdout.write(f"\n{name}\n")
        for line in MEASUREMENTS[name]():
            sys.stdout.write(f"  {line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
