"""Answers about whether a schema keeps what earlier ones promised."""

from typing import Any

from pydantic import Field

from api.responses.answer import Answer
from registry.compatibility import Direction, Mode, Outcome


class VerdictReason(Answer):
    """A place in a schema, and why it refuses what the other schema accepts."""

    pointer: str = Field(description="JSON Pointer into the schema that refuses.")
    message: str


class Verdict(Answer):
    """Whether a schema keeps a mode; if not, why, with a document that shows it."""

    mode: Mode
    outcome: Outcome = Field(description="`unknown` counts as incompatible.")
    direction: Direction | None = Field(
        description="What is not kept: `backward`, that the new schema accepts what the old one"
        " does, or `forward`, the other way round."
    )
    against_version: int | None = Field(description="The version that it is not kept with.")
    reasons: list[VerdictReason]
    undecided: str | None = Field(description="What could not be decided.")
    has_witness: bool = Field(description="Whether `witness` is one; null is a document too.")
    witness: Any = Field(description="A document that one schema accepts and the other does not.")
