"""Servers in processes of their own, to be killed."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import Response

from api.app import create_app
from api.command_side import CommandSide
from registry.settings import Settings

processes = get_context("forkserver")
processes.set_forkserver_preload(["pytest", "api.app"])


@contextmanager
def server(
    listener: socket.socket, url: str, data_dir: Path, *, dying: bool = False
) -> Iterator[BaseProcess]:
    """Run a server on a socket that outlives it; a dying one is killed before its first answer."""
    process = processes.Process(target=_serve, args=(listener, url, data_dir, dying))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def _serve(listener: socket.socket, url: str, data_dir: Path, dying: bool) -> None:
    if dying:
        CommandSide.reply = _reply_to_nobody  # type: ignore[assignment,method-assign]
    settings = Settings(_env_file=None, registry_data_dir=data_dir, run_projector=False)
    config = uvicorn.Config(create_app(settings, url), log_config=None, access_log=False)
    uvicorn.Server(config).run([listener])


_reply = CommandSide.reply


async def _reply_to_nobody(side: CommandSide, *args: Any, **kwargs: Any) -> Response:
    """Have the commands carried out, and be killed before anybody is told."""
    reply = await _reply(side, *args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
    return reply
