"""Showing how a build gets on: a bar with rate and time to go on a terminal, nothing elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from projections.parts import Progress


@contextmanager
def build_progress(name: str) -> Iterator[Progress]:
    """Yield what is told the position reached and the head of the log."""
    if not sys.stderr.isatty():
        yield lambda position, head: None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn(f"Building {name}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None, rate="")

        def show(position: int, head: int) -> None:
            speed = progress.tasks[0].speed or 0
            progress.update(task, completed=position, total=head, rate=f"{speed:,.0f} events/s")

        yield show
