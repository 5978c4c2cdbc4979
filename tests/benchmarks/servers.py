"""The servers that are measured: a throw-away PostgreSQL, and the product's own in a process."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from fastapi import Response

from api.app import create_app
from registry.database import migrate
from registry.embedded_postgres import EmbeddedPostgres
from registry.logs import configure_logs
from registry.settings import Settings


@contextlib.contextmanager
def postgres() -> Iterator[tuple[str, Path]]:
    """Yield the URL of a migrated database of its own, and the data directory it is in."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as folder:
        data_dir = Path(folder)
        with EmbeddedPostgres(data_dir) as url:
            migrate(url)
            yield url, data_dir


@contextlib.contextmanager
def service(url: str, data_dir: Path, *, projector: bool = True) -> Iterator[int]:
    """Run the service in a process of its own; yield its port once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "REGISTRY_DATA_DIR": str(data_dir),
        "RUN_PROJECTOR": str(projector).lower(),
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.servers", str(port)], env=environment
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/static", timeout=1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Serve the product with one more route, which is as cheap as a route can be."""
    settings = Settings()
    configure_logs(settings)
    assert settings.database_url
    app = create_app(settings, settings.database_url.get_secret_value())

    @app.get("/static")
    async def static() -> Response:
        return Response(b"{}", media_type="application/json")

    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
