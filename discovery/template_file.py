"""Reading one template file: its layout is told by what it holds, and not by its name.

Layouts: an object with `format_version` "1" or "2", a bare array of records, JSON Lines, or what
this product exported in one of the formats of `registry.interchange`.
Records of which some are broken are no template, but may be read as data.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson

from discovery.readers.json_layout import JsonLayout, layout_of_head
from discovery.unreadable import Unreadable
from registry.errors import InvalidValue
from registry.template import TemplateDefinition

MAX_BYTES = 64 * 1024 * 1024
"""The largest template file that is read."""


EXTENSIONS = frozenset({"x-dataset-registry", "urn:dataset-registry:definition"})
"""The members that tell an export of this product (see `registry.interchange`)."""


class UnreadableTemplate(Unreadable):
    """A file that is no template, with the place in it (such as "line 3, column 5") and reason."""


class NoTemplate(UnreadableTemplate):
    """A file that does not even claim to be a template; it may be data, with flaws of its own."""


@dataclass(frozen=True, kw_only=True)
class TemplateFile:
    """What a template file holds: metadata as it stands there, and the records.

    A template that this product exported is in `definition`, which is whole.
    """

    metadata: dict[str, Any] = field(default_factory=dict)
    schema: dict[str, Any] | None = None
    records: list[Any] = field(default_factory=list)
    quality_rules: list[Any] = field(default_factory=list)
    definition: TemplateDefinition | None = None


def read_template(content: bytes) -> TemplateFile:
    """Return what a template file of that content holds.

    Raises:
        UnreadableTemplate: it is not JSON, of no known layout, or holds neither records nor schema.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        raise UnreadableTemplate("the file is empty")
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        found = _json_lines(content, error)
    else:
        found = _layout(document)
    if not found.records and found.schema is None and not found.definition:
        raise UnreadableTemplate("there are neither records nor a schema to learn from")
    return found


def _layout(document: Any) -> TemplateFile:
    if isinstance(document, list):
        return TemplateFile(records=document)
    if not isinstance(document, dict):
        raise UnreadableTemplate(f"a template is an object or an array, not {document!r:.40}")
    if document.keys() & EXTENSIONS:
        return TemplateFile(definition=_exported(document))
    if "format_version" not in document:
        reason = 'the object has no "format_version"; name it, or put records into an array'
        raise NoTemplate(reason, "/")
    version = str(document["format_version"])
    if version not in _VERSIONS:
        known = " and ".join(_VERSIONS)
        raise UnreadableTemplate(
            f"format_version {version!r:.40} is not known; known are {known}", "/format_version"
        )
    return _VERSIONS[version](document)


def _exported(document: dict[str, Any]) -> TemplateDefinition:
    from registry.interchange import format_of_export  # and all formats, which few files need

    exported = format_of_export(document)
    if exported is None:
        raise NoTemplate("it is marked as an export, but of no known format", "/")
    try:
        return exported.read(document)
    except InvalidValue as error:
        raise UnreadableTemplate(error.facts["reason"], error.facts["place"]) from None


def _version_1(document: dict[str, Any]) -> TemplateFile:
    return TemplateFile(
        metadata=_member(document, "metadata", dict, {}),
        schema=_member(document, "schema", dict, None),
        records=_member(document, "records", list, []),
        quality_rules=_member(document, "quality_rules", list, []),
    )


def _version_2(document: dict[str, Any]) -> TemplateFile:
    defaults = _member(document, "defaults", dict, {})
    named = {f"default_{name}": value for name, value in defaults.items()}
    return TemplateFile(
        metadata={**_member(document, "template", dict, {}), **named},
        schema=_member(document, "schema", dict, None),
        records=_member(document, "sample_data", list, []),
        quality_rules=_member(document, "quality_rules", list, []),
    )


_VERSIONS = {"1": _version_1, "2": _version_2}


def _member(document: dict[str, Any], name: str, kind: type, default: Any) -> Any:
    value = document.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        expected = "an object" if kind is dict else "an array"
        raise UnreadableTemplate(f"must be {expected}", f"/{name}")
    return value


def _json_lines(content: bytes, error: orjson.JSONDecodeError) -> TemplateFile:
    """Read JSON Lines, if that is what the content is; else report why it is no JSON."""
    records: list[Any] = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            records.append(orjson.loads(line))
        except orjson.JSONDecodeError as line_error:
            # Had the first line been a whole record, the rest was meant to be records as well.
            if records and isinstance(records[0], dict):
                error, place = line_error, f"line {number}, column {line_error.colno}"
            else:
                place = f"line {error.lineno}, column {error.colno}"
            break
    else:
        return TemplateFile(records=records)
    kind = NoTemplate if _are_records(content) else UnreadableTemplate
    raise kind(_reason(error), place)


def _are_records(content: bytes) -> bool:
    """Tell whether a text that is no JSON is meant as mere records, in lines or an array."""
    first = content.lstrip().partition(b"\n")[0]
    return layout_of_head(content) is not JsonLayout.DOCUMENT and b'"format_version"' not in first


def _reason(error: orjson.JSONDecodeError) -> str:
    return f"invalid JSON: {error.msg}"
