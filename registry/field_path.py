"""Paths: how a field of a record is named, by the statistics and by people.

`author.email` is a member of a member, `labels[]` the elements of an array, `prices{}` the values
of a map, `$` the record.
"""

import json
import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from registry.text import storable

_STEP: Final = re.compile(r'\[\]|\{\}|(?:^|(?<!^)\.)("(?:[^"\\]|\\.)*"|[^\s.\[\]{}"]+)')
_RECORD: Final = "$"


def steps_of(path: str) -> list[str]:
    """Return the steps of a path: `[]`, `{}`, or the name of a member between quotes or not.

    Raises:
        ValueError: it is no path of a field.
    """
    rest = path.removeprefix(_RECORD) if re.match(r"\$(?:$|\[|\{)", path) else path
    found = list(_STEP.finditer(rest))
    if "".join(step[0] for step in found) != rest or (not rest and path != _RECORD):
        raise ValueError("must be the path of a field, such as author.email, labels[] or $")
    return [step[0].removeprefix(".") for step in found]


def member_of(step: str) -> str:
    """Return the name of the member that a step leads to."""
    name: str = json.loads(step) if step.startswith('"') else step
    return name


def _is_path(path: str) -> str:
    steps_of(path)
    return path


FieldPath = Annotated[
    str, Field(min_length=1, max_length=1_000), AfterValidator(storable), AfterValidator(_is_path)
]
"""The path of a field."""
