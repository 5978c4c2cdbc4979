"""The answer of a search for a document: one, none, or not known."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found.

    Attributes:
        is_found: whether there is a document.
        document: the document.
        doubt: a construct that was passed over. With a document: it has to be checked against that
            construct. Without one: there may be a document all the same.
    """

    is_found: bool
    document: Any = None
    doubt: str = ""

    @property
    def is_none(self) -> bool:
        """Whether there is certainly no document."""
        return not self.is_found and not self.doubt

    @property
    def is_sure(self) -> bool:
        """Whether there is certainly a document."""
        return self.is_found and not self.doubt


NONE: Final = Answer(False)


def better(one: Answer, other: Answer) -> Answer:
    """Return the answer to whether either search has found something."""
    if one.is_sure or other.is_none:
        return one
    if other.is_sure or one.is_none:
        return other
    return one if one.is_found else other
