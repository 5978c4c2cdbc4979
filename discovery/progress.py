"""Showing how a scan gets on: datasets, bytes, rate and time to go on a terminal, else nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def scan_progress(datasets: int, size: int) -> Iterator[Callable[[int], None]]:
    """Yield what is told the size of each dataset that is done."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("Scanning"),
        bars.BarColumn(),
        bars.TextColumn("{task.fields[done]}/{task.fields[datasets]} datasets"),
        bars.DownloadColumn(binary_units=True),
        bars.TransferSpeedColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=size, done=0, datasets=datasets)

        def show(done: int) -> None:
            count = progress.tasks[0].fields["done"] + 1
            progress.update(task, advance=done, done=count)

        yield show
