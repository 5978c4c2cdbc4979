"""What `discovery.toml` says: the sources that a watch scans, each by a name, and when."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from discovery.checks.places import CHECKED_RECORDS
from discovery.dataset_reading import ScanOptions
from discovery.planned_scan import PlannedScan
from discovery.sources.sources import SOURCES, kind_of, source_of
from discovery.spans import seconds_of
from registry.privacy import SamplePolicy
from registry.scan import SourceName
from registry.text import Slug

Span = Annotated[float, BeforeValidator(lambda span: seconds_of(str(span)))]
"""A span of time such as `30s`, `10m` or `1h`, in seconds."""


class WrongConfiguration(Exception):
    """A configuration that cannot be used, with a line for each thing that is wrong in it."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class SourceTable(BaseModel):
    """A table `[sources.NAME]`; what is named otherwise is a setting of the kind of source."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    source: Annotated[str, Field(min_length=1)]
    every: Span | None = None
    watch: bool = False
    industry: Slug | None = None
    use_case: Slug | None = None
    dataset_type: Slug | None = None
    samples: SamplePolicy = SamplePolicy.MASKED
    client: UUID | None = None

    @model_validator(mode="after")
    def _has_one_schedule(self) -> Self:
        if self.every and self.watch:
            raise ValueError("every and watch exclude each other: give one of them")
        if self.watch and not kind_of(self.source).IS_WATCHED:
            raise ValueError("such a source cannot be watched: give every instead")
        return self


class ChecksTable(BaseModel):
    """The table `[checks]`: how often the quality of datasets is checked, and where it may look."""

    model_config = ConfigDict(extra="forbid")

    every: Span
    within: Annotated[list[str], Field(min_length=1)] = ["."]
    records: Annotated[int, Field(ge=1)] = CHECKED_RECORDS
    promote: bool = False


class Tables(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    sources: Annotated[dict[SourceName, SourceTable], Field(min_length=1)]
    checks: ChecksTable | None = None


@dataclass(frozen=True, kw_only=True)
class ListedSource:
    """A source by its name, and when it is scanned: on request, and by schedule if it has one.

    `every` is in seconds from the start of one scan to that of the next; `watched` means whenever
    something there comes, goes or changes.
    """

    name: str
    plan: PlannedScan
    every: float | None
    watched: bool

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return next(name for name, kind in SOURCES.items() if isinstance(self.plan.source, kind))


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What a watch is to do: the sources by their names, and the checks if there are any."""

    sources: Mapping[str, ListedSource]
    checks: ChecksTable | None = None


def read_configuration(path: Path) -> Configuration:
    """Return what a file says.

    Raises:
        WrongConfiguration: it cannot be read, or something in it is wrong: each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise WrongConfiguration([f"{path} cannot be read: {error.strerror}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongConfiguration([f"{path} is no TOML: {error}"]) from None
    wrong: list[str] = []
    listed: dict[str, ListedSource] = {}
    try:
        tables = Tables.model_validate(document)
    except ValidationError as error:
        raise WrongConfiguration(_told(path, text, error, ())) from None
    for name, table in tables.sources.items():
        try:
            listed[name] = _listed(name, table)
        except ValidationError as error:
            wrong += _told(path, text, error, ("sources", name))
    if wrong:
        raise WrongConfiguration(wrong)
    return Configuration(sources=listed, checks=tables.checks)


def _listed(name: str, table: SourceTable) -> ListedSource:
    identity = {
        part: value
        for part in ("industry", "use_case", "dataset_type")
        if (value := getattr(table, part)) is not None
    }
    plan = PlannedScan(
        source=source_of(table.source, table.model_extra),
        options=ScanOptions(identity, table.samples),
        client=table.client,
    )
    return ListedSource(name=name, plan=plan, every=table.every, watched=table.watch)


def _told(
    path: Path, text: str, error: ValidationError, place: tuple[str | int, ...]
) -> Sequence[str]:
    lines = []
    for each in error.errors(include_url=False, include_input=False):
        where = tuple(part for part in (*place, *each["loc"]) if part != "[key]")
        line = _line_of(text, where)
        reason = each["msg"].removeprefix("Value error, ")
        if each["type"] == "extra_forbidden":
            reason = "is known neither to discovery.toml nor to that kind of source"
        lines.append(f"{path}, line {line}: {'.'.join(map(str, where))}: {reason}")
    return lines


def _line_of(text: str, where: Sequence[Any]) -> int:
    """Return the line of a key, or of the table that it should be in; 1 where there is neither."""
    names = [str(part) for part in where]
    found, table = 1, []
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+([^\]]*)\]", line):
            table = [part.strip().strip("\"'") for part in header[1].split(".")]
            if table == names[: len(table)]:
                found = number
        key = re.match(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=", line)
        if key and [*table, key[1]] == names[: len(table) + 1]:
            return number
    return found
