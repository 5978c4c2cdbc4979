"""A small load generator: keep-alive connections that each send the next request at once."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a load achieved: requests per second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p95: float
    failures: int


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], deadline: float, latencies: list[float]) -> None:
        self._requests = requests
        self._deadline = deadline
        self._latencies = latencies
        self._buffer = b""
        self.failures = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._started = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        now = time.perf_counter()
        self._latencies.append(now - self._started)
        self.failures += not head.startswith(b"HTTP/1.1 2")
        self._buffer = b""
        if now < self._deadline:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set_result(None)


async def load(
    host: str, port: int, paths: Iterable[str], token: str, connections: int, seconds: float
) -> Load:
    """Request the paths round and round over some connections for some seconds."""
    requests = itertools.cycle(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        for path in paths
    )
    latencies: list[float] = []
    started = time.perf_counter()
    loop = asyncio.get_running_loop()
    protocols = [
        (
            await loop.create_connection(
                lambda: _Connection(requests, started + seconds, latencies), host, port
            )
        )[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for protocol in protocols))
    elapsed = time.perf_counter() - started
    quantiles = statistics.quantiles(latencies, n=100)
    return Load(
        per_second=len(latencies) / elapsed,
        p50=quantiles[49] * 1000,
        p95=quantiles[94] * 1000,
        failures=sum(protocol.failures for protocol in protocols),
    )
