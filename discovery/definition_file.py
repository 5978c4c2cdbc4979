"""Reading a custom definition: `*.template.yaml` or `*.template.json`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import ValidationError

from discovery.dataset_reading import ScanOptions
from discovery.files import UnreadableFile
from discovery.narrow_yaml import line_of, read_yaml
from registry.commands import RegisterTemplate
from registry.errors import InvalidValue
from registry.interchange.definition_file import DefinitionFile

MOST_BYTES: Final = 16 * 2**20


def read_definition(
    path: Path, identity: Mapping[str, str], options: ScanOptions, source: str
) -> RegisterTemplate | None:
    """Return the command that registers what a file defines; None if it has another layout.

    Args:
        path: of the file.
        identity: what is told of the identity elsewhere, where the file leaves it out.
        options: how the source is read; what is given there counts most.
        source: where the file was found.

    Raises:
        UnreadableFile: something in it is wrong, with its line and its place.
    """
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile(f"is larger than {MOST_BYTES // 2**20} MiB")
    content = path.read_bytes()
    said = _json(content) if path.suffix.lower() == ".json" else read_yaml(content)
    if isinstance(said, list) or (isinstance(said, dict) and "format_version" in said):
        return None
    if not isinstance(said, dict):
        raise UnreadableFile("must be a mapping of names to what is said of the template")
    try:
        definition = DefinitionFile.model_validate({**said, **options.identity})
        draft = definition.draft(**identity, samples=options.samples)
        return draft.registration(source)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            reason = "is no known name; python -m discovery definition-schema lists all"
        raise UnreadableFile(reason, _place(content, first["loc"])) from None
    except InvalidValue as error:
        steps = _steps(error.facts["place"])
        raise UnreadableFile(error.facts["reason"], _place(content, steps)) from None


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnreadableFile(f"invalid JSON: {error.msg}", place) from None


def _steps(place: str) -> list[str | int]:
    """Return what leads to a place such as `record 2/total`."""
    first, *others = place.split("/")
    if first.startswith("record "):
        first, others = "records", [str(int(first.removeprefix("record ")) - 1), *others]
    return [int(step) if step.isdigit() else step for step in (first, *others) if step]


def _place(content: bytes, steps: Sequence[str | int]) -> str:
    line = line_of(content, steps)
    named = "/".join(str(step) for step in steps)
    return ", ".join(filter(None, [f"line {line}" if line else "", named]))
