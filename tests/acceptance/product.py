"""The product as its users run it: commands in processes of their own, and a data directory."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psutil

ROOT = Path(__file__).parents[2]
SHIPPED_TEMPLATES = ROOT / "mock_data" / "templates"

SECONDS = 60
"""How long a command may take, or a server until it is ready, on the slowest of machines."""


@dataclass(frozen=True)
class Server:
    """A server that is ready, and what it printed."""

    process: subprocess.Popen[str]
    greeting: str

    @property
    def printed_request(self) -> httpx.Request:
        """The request that the printed curl command makes."""
        [command] = re.findall(r"^curl .*$", self.greeting, re.MULTILINE)
        program, option, header, url = shlex.split(command)
        assert (program, option) == ("curl", "-H")
        name, _, value = header.partition(": ")
        return httpx.Request("GET", url, headers={name: value})

    def get(self, path: str) -> Any:
        """Return what the server answers at a path, to the holder of the printed token."""
        printed = self.printed_request
        answer = httpx.get(printed.url.join(path), headers=printed.headers)
        answer.raise_for_status()
        return answer.json()

    def catalogue(self) -> dict[str, Any]:
        """Return every template with all its details, by its id."""
        listed = self.get("/v1/dataops/templates?per_page=200")["templates"]
        return {
            template["template_id"]: self.get(template["_links"]["self"]["href"])
            for template in listed
        }

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, and return the exit code that follows."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@dataclass(frozen=True)
class Product:
    """The product with a data directory of its own, and no other settings but those given."""

    folder: Path

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start `python -m` with the arguments."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environment = {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "REGISTRY_DATA_DIR": str(self.data_dir),
            **settings,
        }
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=self.folder,  # where no `.env` is
                env=environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def run(self, *arguments: str, **settings: str) -> str:
        """Run a command that succeeds, and return what it printed."""
        with self.start(*arguments, **settings) as process:
            output, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, self.log()
        return output

    def fail(self, *arguments: str, **settings: str) -> tuple[int, str]:
        """Run a command that fails, and return its exit code and its complaint."""
        before = len(self.log())
        with self.start(*arguments, **settings) as process:
            process.communicate(timeout=SECONDS)
        assert process.returncode != 0
        return process.returncode, self.log()[before:]

    def kill(self, after: float, *arguments: str) -> None:
        """Start a command and kill it after some seconds, unless it has ended by then."""
        with self.start(*arguments) as process:
            try:
                process.communicate(timeout=after)
            except subprocess.TimeoutExpired:
                process.kill()

    @contextmanager
    def serving(self, **settings: str) -> Iterator[Server]:
        """Serve until left, on a port that is free unless told otherwise."""
        with self.start("api", "serve", **{"PORT": "0", **settings}) as process:
            assert process.stdout
            lines = []
            while not lines or not lines[-1].startswith("curl"):
                lines.append(process.stdout.readline())
                assert lines[-1], self.log()
            server = Server(process, "".join(lines))
            try:
                self._wait_until_ready(server)
                yield server
            finally:
                if process.poll() is None:
                    server.stop()

    def _wait_until_ready(self, server: Server) -> None:
        deadline = time.monotonic() + SECONDS
        ready = server.printed_request.url.join("/health/ready")
        while (answer := httpx.get(ready)).status_code != 200:
            assert answer.status_code == 503, self.log()
            assert time.monotonic() < deadline, answer.text

    def log(self) -> str:
        """Return all that the commands wrote to standard error."""
        return (self.folder / "log").read_text()

    def database_processes(self) -> list[psutil.Process]:
        """Return the processes of the database server that uses the data directory."""
        data = str(self.data_dir / "postgres")
        return [
            process
            for process in psutil.process_iter(["cmdline"])
            if data in (process.info["cmdline"] or [])
        ]


class FirstSteps(NamedTuple):
    """The product with the shipped templates scanned, and what it printed on the way."""

    product: Product
    migration: str
    scan: str
