"""Every kind of source there is. A new one is a module beside this, and a line here."""

from collections.abc import Mapping
from typing import Any, Final

from discovery.sources.files import Files
from discovery.sources.glean import Glean
from discovery.sources.source import Source
from discovery.sources.sql import Sql

SOURCES: Final[Mapping[str, type[Source]]] = {
    "glean": Glean,
    "sql": Sql,
    "files": Files,
}
"""The kinds by name. A text is a source of the first that takes it; files take what is left."""


def kind_of(text: str) -> type[Source]:
    """Return the kind of source that a text names."""
    return next(kind for kind in SOURCES.values() if kind.takes(text))


def source_of(text: str, settings: Mapping[str, Any] | None = None) -> Source:
    """Return the source that a text names, with what else it was told.

    Raises:
        pydantic.ValidationError: a setting is not known to that kind of source, or wrong.
    """
    return kind_of(text).model_validate({**(settings or {}), "text": text})
