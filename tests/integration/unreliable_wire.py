"""A wire to Postgres that breaks at a chosen word, before it arrives or before its answer does."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from psycopg.conninfo import conninfo_to_dict

READY = b"Z\x00\x00\x00\x05"
"""How a server's message "ready for the next query" begins; it ends every answer."""


@dataclass
class UnreliableWire:
    """A Unix socket behind which a Postgres seems to be; what is said is passed on as it is.

    Once broken, it works again for later connections.
    """

    url: str
    _server: str
    breaks: int = 0
    _word: bytes = b""
    _lost: Literal["request", "answer"] = "answer"

    def lose(self, what: Literal["request", "answer"], word: bytes) -> None:
        """Break at the next request that holds the word: lose the request, or only its answer."""
        self._word, self._lost = word, what

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                connection = _Connection(self, client, server)
                for pump in (connection.pass_requests, connection.pass_answers):
                    threading.Thread(target=pump, daemon=True).start()

    def breaks_at(self, request: bytes) -> str | None:
        """Return what is lost with this request, if anything."""
        if not self._word or self._word not in request:
            return None
        self._word = b""
        self.breaks += 1
        return self._lost


@dataclass
class _Connection:
    wire: UnreliableWire
    client: socket.socket
    server: socket.socket
    answer_is_lost: bool = False

    def pass_requests(self) -> None:
        with contextlib.suppress(OSError):
            while request := self.client.recv(1 << 20):
                lost = self.wire.breaks_at(request)
                if lost == "request":
                    break
                self.answer_is_lost = self.answer_is_lost or lost == "answer"
                self.server.sendall(request)
        self.hang_up()

    def pass_answers(self) -> None:
        with contextlib.suppress(OSError):
            while answer := self.server.recv(1 << 20):
                if not self.answer_is_lost:
                    self.client.sendall(answer)
                elif answer[-6:-1] == READY:
                    break
        self.hang_up()

    def hang_up(self) -> None:
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def unreliable_wire(url: str, folder: Path) -> Iterator[UnreliableWire]:
    """Lay a wire to the database behind the URL, with its end in the folder."""
    known = conninfo_to_dict(url)
    wire = UnreliableWire(
        url=f"postgresql://postgres@/{known['dbname']}?host={folder}",
        _server=f"{known['host']}/.s.PGSQL.5432",
    )
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/.s.PGSQL.5432")
        listener.listen()
        server = threading.Thread(target=wire.serve, args=[listener])
        server.start()
        try:
            yield wire
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            server.join()
