"""What Prometheus may know of the service: how requests go, and how far the read models are."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""The text format that every Prometheus reads."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the buckets of durations, in seconds."""

NO_ROUTE = "none"
"""Stands for all paths that no route matches, since there is no end of those."""

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Metrics:
    """The metrics of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "registry_http_requests",
            "Requests answered, by the route's template.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._durations = Histogram(
            "registry_http_request_duration_seconds",
            "Seconds until the answer began; a stream of events may go on for long after that.",
            ["method", "route"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._database_up = self._gauge("database_up", "Whether the database tells the following.")
        self._head = self._gauge("head_position", "Position of the last event.")
        self._followers = self._gauge("event_stream_followers", "Streams of events being sent.")
        self._of_projection = {
            "position": self._gauge(
                "projection_position", "Position that the read model reflects.", "projection"
            ),
            "lag_events": self._gauge(
                "projection_lag_events", "Positions not yet projected.", "projection"
            ),
            "lag_seconds": self._gauge(
                "projection_lag_seconds", "Age of the oldest event not yet projected.", "projection"
            ),
            "dead_letters": self._gauge(
                "projection_dead_letters", "Events set aside for their failing.", "projection"
            ),
        }
        self._observed: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request whose answer began after so many seconds."""
        key = method, route, status
        if (observed := self._observed.get(key)) is None:
            observed = (
                self._requests.labels(method, route, str(status)),
                self._durations.labels(method, route),
            )
            self._observed[key] = observed
        requests, durations = observed
        requests.inc()
        durations.observe(seconds)

    def exposition(
        self, followers: int, head: int | None, projections: Sequence[Mapping[str, Any]]
    ) -> bytes:
        """Return all metrics as text; without a `head` there is no news of the projections."""
        self._followers.set(followers)
        self._database_up.set(head is not None)
        self._head.set(head if head is not None else float("nan"))
        for value, gauge in self._of_projection.items():
            gauge.clear()
            for projection in projections:
                gauge.labels(projection["name"]).set(projection[value])
        return generate_latest(self._registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"registry_{name}", meaning, labels, registry=self._registry)


class RequestMetrics:
    """ASGI middleware that has each request counted under its route's template."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        is_counted = False

        def count(status: int) -> None:
            nonlocal is_counted
            is_counted = True
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = getattr(scope.get("route"), "path_format", NO_ROUTE)
            self._metrics.observe(method, route, status, time.perf_counter() - started)

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                count(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        except Exception:
            if not is_counted:
                count(500)  # as it is answered further out
            raise
