"""A small Glean: it answers over a real socket as documented, and fails as it is told."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

INDEXING_TOKEN = "glean-indexing-0123456789"
CLIENT_TOKEN = "glean-client-9876543210"

Reply = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""

CONFIGS: dict[str, Any] = {
    "runbooks": {
        "name": "runbooks",
        "displayName": "Runbooks",
        "datasourceCategory": "KNOWLEDGE_HUB",
        "homeUrl": "https://runbooks.example.com",
        "urlRegex": "https://runbooks.example.com/.*",
        "isUserReferencedByEmail": True,
        "objectDefinitions": [
            {
                "name": "Runbook",
                "displayLabel": "Runbook",
                "docCategory": "KNOWLEDGE_HUB",
                "propertyDefinitions": [
                    {"name": "service", "displayLabel": "Service", "propertyType": "TEXT"},
                    {"name": "reviewed", "displayLabel": "Reviewed on", "propertyType": "DATE"},
                    {"name": "steps", "displayLabel": "Steps", "propertyType": "INT"},
                    {"name": "keeper", "displayLabel": "Keeper", "propertyType": "USERID"},
                    {"name": "severity", "displayLabel": "Severity", "propertyType": "PICKLIST"},
                    {"name": "tools", "displayLabel": "Tools", "propertyType": "TEXTLIST"},
                    {"name": "teams", "displayLabel": "Teams", "propertyType": "MULTIPICKLIST"},
                ],
                "summarizable": True,
            },
            {"name": "Postmortem", "displayLabel": "Post-mortem", "propertyDefinitions": None},
        ],
    }
}

STATUSES: dict[str, Any] = {
    "runbooks": {
        "documents": {
            "bulkUploadHistory": [
                {
                    "uploadId": "upload-2",
                    "startTime": "2026-02-08T12:00:00.000Z",
                    "endTime": "2026-02-08T12:05:00.000Z",
                    "status": "SUCCESSFUL",
                },
                {"uploadId": "upload-3", "startTime": "2026-02-09T12:00:00.000Z", "endTime": "NA"},
            ],
            "counts": {
                "uploaded": [
                    {"objectType": "Runbook", "count": 42},
                    {"objectType": "Postmortem", "count": 7},
                ],
                "indexed": [{"objectType": "Runbook", "count": 40}],
            },
            "processingHistory": [
                {"startTime": "2026-02-08T12:05:00.000Z", "endTime": "2026-02-08T12:06:00.000Z"}
            ],
        },
        "identity": {"users": {"bulkUploadHistory": [], "counts": {"uploaded": 5}}},
        "datasourceVisibility": "ENABLED_FOR_ALL",
    }
}

TYPES: dict[str, dict[str, int]] = {
    "jira": {"Bug": 12_345, "Story": 6_789},
    "confluence": {"Page": 1_204},
    "runbooks": {"Runbook": 40},
}
"""Estimated counts of what can be searched, by datasource and object type."""


def runbook(number: int) -> dict[str, Any]:
    """Return a document of a custom datasource."""
    return {
        "id": f"RUNBOOKS_{number}",
        "datasource": "runbooks",
        "docType": "Runbook",
        "title": f"Restart service {number}",
        "url": f"https://runbooks.example.com/{number}",
        "metadata": {
            "datasource": "runbooks",
            "objectType": "Runbook",
            "createTime": "2026-01-23T04:56:07.000Z",
            "updateTime": "2026-02-01T10:00:00.000Z",
            "author": {"name": "Ada Lovelace", "obfuscatedId": "abc"},
            "customData": {
                "service": {"displayLabel": "Service", "stringValue": f"service-{number % 3}"},
                "reviewed": {"stringValue": f"2026-01-{number % 28 + 1:02}T00:00:00Z"},
                "steps": {"numberValue": number},
                "keeper": {"stringValue": "ada.lovelace@example.com"},
                "severity": {"stringValue": "high"},
                "tools": {"stringListValue": ["kubectl", "psql"]},
                "teams": {"stringListValue": ["platform"]},
            },
        },
    }


def issue(datasource: str, object_type: str, number: int) -> dict[str, Any]:
    """Return a document of a native connector."""
    return {
        "id": f"{datasource.upper()}_{object_type}_{number}",
        "datasource": datasource,
        "connectorType": "API_CRAWL",
        "docType": object_type,
        "title": f"{object_type} number {number}",
        "url": f"https://{datasource}.example.com/{number}",
        "metadata": {
            "datasource": datasource,
            "datasourceInstance": f"{datasource}_abc123",
            "objectType": object_type,
            "container": "EN",
            "createTime": "2026-01-23T04:56:07.000Z",
            "updateTime": "2026-02-01T10:00:00.000Z",
            "author": {"name": "Grace Hopper", "obfuscatedId": "def"},
            "status": "Done" if number % 2 else "Open",
            "components": ["Backend", "Networking"],
        },
    }


class GleanServer:
    """A Glean that is running.

    Attributes:
        requests: each request as method, path and body.
        replies: what to answer next on a path, instead of what is documented; first come first.
        always: what to answer on a path every time.
        silent: paths on which nothing is answered.
        page: documents to a page.
    """

    def __init__(self, port: int) -> None:
        self.address = f"glean+http://127.0.0.1:{port}"
        self.requests: list[tuple[str, str, Any]] = []
        self.replies: dict[str, list[Reply]] = {}
        self.always: dict[str, Reply] = {}
        self.silent: set[str] = set()
        self.page = 30
        self.pending = threading.Event()

    def asked(self, path: str) -> int:
        """Return how often a path was asked for."""
        return Counter(each for _, each, _ in self.requests)[path]

    def reply(self, method: str, path: str, token: str, body: Any) -> Reply | None:
        """Return the answer to a request; None for none at all."""
        self.requests.append((method, path, body))
        if path in self.silent:
            return None
        if special := self.replies.get(path):
            return special.pop(0)
        if path in self.always:
            return self.always[path]
        is_indexing = path.startswith("/api/index/")
        if token != (INDEXING_TOKEN if is_indexing else CLIENT_TOKEN):
            return failure(401, f"no such token: {token}")
        for beginning, answer in _ANSWERS.items():
            if path.startswith(beginning):
                return answer(self, path, body)
        return failure(404, "no such path")


def json_reply(document: Any, status: int = 200, **headers: str) -> Reply:
    """Return a reply in JSON."""
    return status, {"Content-Type": "application/json", **headers}, json.dumps(document).encode()


def failure(status: int, detail: str, **headers: str) -> Reply:
    """Return a refusal in the documented form, that of problem details."""
    return json_reply({"title": "Refused", "status": status, "detail": detail}, status, **headers)


def _config(server: GleanServer, path: str, body: Any) -> Reply:
    name = body["datasource"]
    return json_reply(CONFIGS[name]) if name in CONFIGS else failure(400, "unknown datasource")


def _status(server: GleanServer, path: str, body: Any) -> Reply:
    return json_reply(STATUSES[path.split("/")[-2]])


def _search(server: GleanServer, path: str, body: Any) -> Reply:
    options = body["requestOptions"]
    if body["pageSize"] != 0 or "FACET_RESULTS" not in options["responseHints"]:
        return failure(400, "this server only tells facets")
    if options.get("fetchAllDatasourceCounts"):
        counts = {name: sum(types.values()) for name, types in TYPES.items()}
        return json_reply({"results": [], "facetResults": [_facet("datasource", counts, options)]})
    [name] = options["datasourcesFilter"]
    facets = [
        _facet("type", TYPES[name], options),
        _facet("from", {"Grace Hopper": 12, "Ada Lovelace": 3}, options),
        {**_facet("priority", {"P1": 4}, options), "groupName": next(iter(TYPES[name]))},
    ]
    return json_reply({"results": [], "facetResults": facets})


def _facet(name: str, counts: dict[str, int], options: Any) -> dict[str, Any]:
    size = options["facetBucketSize"]
    buckets = [
        {"count": count, "percentage": 10, "value": {"stringValue": value}}
        for value, count in counts.items()
    ]
    return {
        "sourceName": name,
        "operatorName": "SelectMultiple",
        "buckets": buckets[:size],
        "hasMoreBuckets": len(buckets) > size,
        "groupName": "",
    }


def _documents(server: GleanServer, path: str, body: Any) -> Reply:
    [name] = body["datasourcesFilter"]
    [filters] = body["filterSets"]
    [asked] = filters["filters"]
    kind = asked["values"][0]["value"]
    total = 60 if kind != "Postmortem" else 0
    start = int(body.get("cursor", "0"))
    numbers = range(start, min(total, start + server.page))
    documents = [runbook(n) if name == "runbooks" else issue(name, kind, n) for n in numbers]
    more = {"hasMoreResults": True, "cursor": str(numbers.stop)} if numbers.stop < total else {}
    return json_reply({"documents": documents, "hasMoreResults": False, **more})


def _credentials(server: GleanServer, path: str, body: Any) -> Reply:
    return json_reply({"status": "VALID", "message": None, "lastRotatedAt": "2026-01-01T00:00:00Z"})


_ANSWERS: dict[str, Callable[[GleanServer, str, Any], Reply]] = {
    "/api/index/v1/getdatasourceconfig": _config,
    "/api/index/v1/debug/": _status,
    "/rest/api/v1/search": _search,
    "/rest/api/v1/getdocumentsbyfacets": _documents,
    "/rest/api/v1/datasource/": _credentials,
}


@contextmanager
def glean_server() -> Iterator[GleanServer]:
    """Yield a server on a free port, which is gone afterwards."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._reply(json.loads(self.rfile.read(length) or b"null"))

        def do_GET(self) -> None:
            self._reply(None)

        def _reply(self, body: Any) -> None:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            reply = running.reply(self.command, self.path, token, body)
            if reply is None:  # until the test is over
                running.pending.wait()
                self.close_connection = True
                return
            status, headers, content = reply
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        running = GleanServer(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running
        finally:
            running.pending.set()
            server.shutdown()
            thread.join()
