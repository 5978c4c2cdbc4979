"""The process of an embedded Postgres that all its others come from."""

import contextlib
from pathlib import Path

import psutil

from .waiting import until


def kill_postmaster(data_dir: Path) -> None:
    """Kill it, and wait until it is dead."""
    pid = int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    postmaster = psutil.Process(pid)
    postmaster.kill()
    until(lambda: _is_dead(postmaster))


def _is_dead(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    return True
