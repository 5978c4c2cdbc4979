"""YAML as people write it into small files: read safely, with the places of what is wrong."""

from collections.abc import Sequence
from typing import Any

import yaml

from discovery.files import UnreadableFile


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """Reads YAML without references, with which a few lines can stand for gigabytes.

    Dates stay texts, as JSON has no others.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="references are not read", problem_mark=mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(content: bytes) -> Any:
    """Return what a YAML file says.

    Raises:
        UnreadableFile: it is no YAML, has references, or is nested too deeply; with the line.
    """
    try:
        return yaml.load(content, _Loader)  # noqa: S506 - a safe loader, but narrower
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise UnreadableFile(f"invalid YAML: {reason}", place) from None
    except RecursionError:
        raise UnreadableFile("invalid YAML: it is nested too deeply") from None


def line_of(content: bytes, steps: Sequence[str | int]) -> int | None:
    """Return the line, from 1, of a value in a file of YAML or JSON.

    Of a value that is missing it is the line of what should have it.

    Args:
        content: of the file.
        steps: the names and numbers that lead to the value.
    """
    try:
        node = yaml.compose(content, _Loader)
    except (yaml.YAMLError, RecursionError):  # tabs, say, which JSON may be indented with
        return None
    line: int | None = None
    for step in ["", *steps]:
        if step != "":
            node = _below(node, step)
        if node is None:
            return line
        line = node.start_mark.line + 1
    return line


def _below(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        found = [value for name, value in node.value if name.value == str(step)]
        return found[-1] if found else None
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
