"""Answers to batches of commands."""

from api.responses.answer import Answer
from api.responses.connectors import Connector
from api.responses.datasets import Dataset
from api.responses.templates import Template
from api.responses.verdict import Verdict


class RefusedCommand(Answer):
    """Why a command of a batch was refused, as its own request would have been told."""

    type: str
    title: str
    status: int
    detail: str
    verdict: Verdict | None = None


class CommandOutcome(Answer):
    """What became of one command of a batch: the thing as it is now, or the problem."""

    status: int
    version: int | None = None
    result: Dataset | Connector | Template | None = None
    problem: RefusedCommand | None = None


class BatchResult(Answer):
    """What became of a batch, command by command, and the position that shows it all."""

    position: int
    outcomes: list[CommandOutcome]
