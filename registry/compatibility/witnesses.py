"""Documents that one schema accepts and another rejects, as the validator sees it."""

from functools import cached_property
from typing import Any, Final

import jsonschema_rs

from registry.compatibility.resources import RawSchema
from registry.compatibility.verdict import Reason
from registry.text import pointer_of

MAX_REASONS: Final = 20
"""Reasons that are given for one document."""


class Witnesses:
    """Holds documents against two schemas, formats included, as every record is held."""

    def __init__(self, part: RawSchema, whole: RawSchema):
        self._part = part
        self._whole = whole

    def is_one(self, document: Any) -> bool:
        """Tell whether the part accepts a document and the whole rejects it."""
        try:
            return self._inner.is_valid(document) and not self._outer.is_valid(document)
        except (ValueError, jsonschema_rs.ReferencingError):  # no schema, or no document for it
            return False

    def reasons(self, document: Any) -> tuple[Reason, ...]:
        """Return why the whole rejects a document, each reason once."""
        found: dict[Reason, None] = {}
        for error in self._outer.iter_errors(document):
            pointer = pointer_of(error.schema_path)
            found[Reason(pointer=pointer, message=f"{error.message:.300}")] = None
            if len(found) == MAX_REASONS:
                break
        return tuple(found)

    @cached_property
    def _inner(self) -> jsonschema_rs.Validator:
        return _validator(self._part)

    @cached_property
    def _outer(self) -> jsonschema_rs.Validator:
        return _validator(self._whole)


def _validator(schema: RawSchema) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schema, validate_formats=True, retriever=_refuse_to_retrieve)


def _refuse_to_retrieve(uri: str) -> Any:
    raise ValueError(f"schemas elsewhere are not fetched: {uri}")
