"""What every source is: a place, named by a text, at which datasets are found and then read."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict

from discovery.dataset_reading import DatasetReading, Failure, ScanOptions
from discovery.unreadable import Unreadable

Names = Annotated[
    list[str], BeforeValidator(lambda given: given.split(",") if isinstance(given, str) else given)
]
"""A setting that is a list; in one text, commas stand between its parts."""


class Find(Protocol):
    """A dataset that was found and not yet read; it can be pickled, for it is read in a worker."""

    @property
    def path(self) -> str:
        """Where it lies in its source; no other find of the source has the same path."""

    @property
    def mark(self) -> str:
        """What changes with the content, as far as that can be told without reading it.

        A find whose mark is as it was at the last scan is not read. A source that can tell nothing
        gives a new mark every time (`uuid4`), and relies on the digest.
        """

    @property
    def size(self) -> int:
        """Its bytes, roughly: for progress, and for reading small ones many at a time."""

    def read(self, known_digest: str, options: ScanOptions) -> DatasetReading:
        """Return what it gives: `is_known` and nothing else, if its content has that digest.

        Raises:
            Unreadable: it gives nothing. (Any other error is reported as a failure as well.)
        """


class Source(BaseModel, ABC):
    """A source of one kind. Its fields other than `text` are what the kind can be told.

    The fields come from `discovery.toml` or `--set NAME=VALUE`, each with a description; a secret
    is never among them, but the name of the environment variable that holds it. The first line of
    the class's docstring tells people what the kind is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    FORM: ClassVar[str]
    """How such a source is written, such as `glean://INSTANCE`."""

    NEEDS: ClassVar[str] = ""
    """What must be there, such as an environment variable or a package; empty for nothing."""

    IS_WATCHED: ClassVar[bool] = False
    """Whether `finds` is cheap and its marks are true, so that it can be looked at every second."""

    text: str

    def __str__(self) -> str:
        """Return the source for people, reports and logs: without a secret, if it holds one."""
        return self.text

    @property
    def place(self) -> str:
        """The source by a name that does not depend on where or how one looks at it."""
        return self.text

    @classmethod
    @abstractmethod
    def takes(cls, text: str) -> bool:
        """Tell by its form alone whether a text names a source of this kind."""

    @abstractmethod
    def finds(self) -> Iterable[Find]:
        """Yield all that is there, in an order that stays.

        Raises:
            NoSuchSource: there is nothing there, or no way to get there.
        """


@dataclass(frozen=True)
class ReadingTask:
    """A find to be read; it gives nothing new if its content has the digest that is known."""

    find: Find
    known_digest: str = ""


def read_finds(tasks: Sequence[ReadingTask], options: ScanOptions) -> list[DatasetReading]:
    """Return what reading each find gives; what cannot be read is a failure."""
    return [_read(task.find, task.known_digest, options) for task in tasks]


def _read(find: Find, known_digest: str, options: ScanOptions) -> DatasetReading:
    try:
        return find.read(known_digest, options)
    except Unreadable as problem:
        failure = Failure(path=find.path, place=problem.place, reason=problem.reason)
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        failure = Failure(path=find.path, place="", reason=reason)
    except Exception as error:
        # One dataset must not keep all others from being registered, whatever reading makes of it.
        told_by = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        failure = Failure(path=find.path, place="", reason=f"cannot be read: {told_by:.300}")
    return DatasetReading(path=find.path, size=find.size, failures=[failure])
