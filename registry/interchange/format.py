"""A format of interchange: how a template is written in it, and read from it again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import msgspec
from pydantic import TypeAdapter, ValidationError

from registry.errors import InvalidValue
from registry.interchange.resource import DeclaredResource
from registry.template import TemplateDefinition

Document = dict[str, Any]
"""A JSON document of some format."""

Parts = Mapping[str, Any]
"""Some parts of a template's definition by their names, as plain JSON."""

EXTENSION: Final = "x-dataset-registry"
"""The member in which a document carries what its format has no words for."""

_PARTS: Final = frozenset(field.name for field in fields(TemplateDefinition))
_DEFINITION: Final = TypeAdapter(TemplateDefinition)


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Where a template is published and since when, for the formats that tell it.

    `url` is the template's address, under which its exports are too; the times are RFC 3339.
    """

    url: str = ""
    issued: str = ""
    modified: str = ""
    version: int = 0


UNPUBLISHED: Final = Publication()


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format by the two directions that are peculiar to it.

    A document says natively what its format has words for, and carries the other parts of the
    definition in an extension of this product, as they are. So a reader of the format understands
    all that it can, and a document that is read back gives the same definition.

    Attributes:
        name: by which it is asked for.
        media_type: of the documents.
        suffix: what the names of their files end with.
        describe: Returns the native document of a definition.
        resources: Returns what a document, of this product or not, declares natively; None for a
            format that is not read.
        key: the member that is the extension.
        as_text: whether the extension is JSON in a text, where a format permits no other values.
    """

    name: str
    media_type: str
    suffix: str
    describe: Callable[[TemplateDefinition, Publication], Document]
    resources: Callable[[Document], list[DeclaredResource]] | None = None
    key: str = EXTENSION
    as_text: bool = False

    def write(
        self, definition: TemplateDefinition, publication: Publication = UNPUBLISHED
    ) -> Document:
        """Return a definition as a document of the format."""
        document = self.describe(definition, publication)
        if self.resources is None:
            return document
        said = self._said(document)
        extension = {
            "format": self.name,
            **document.get(self.key, {}),
            **{
                name: part
                for name, part in msgspec.to_builtins(definition).items()
                if name not in said or not _same(said[name], part)
            },
        }
        return {**document, self.key: self._packed(extension)}

    def is_written_in(self, document: Document) -> bool:
        """Tell whether this product wrote a document, in this format."""
        extension = document.get(self.key)
        told = isinstance(extension, dict) and extension.get("format") == self.name
        return told or (self.as_text and extension is not None)

    def read(self, document: Document) -> TemplateDefinition:
        """Return the definition that a document of this product was written from.

        Where somebody has changed since what the document says natively, that counts, and no
        longer what the extension says of the same part.

        Raises:
            InvalidValue: the document does not carry a template, or a wrong one.
        """
        if self.resources is None or not self.is_written_in(document):
            raise InvalidValue(place="/", reason=f"it has no {self.key}, so it is no export")
        extension = self._unpacked(document[self.key])
        native = {**document, self.key: extension}
        said = self._said(native)
        carried = {name: part for name, part in extension.items() if name in _PARTS}
        definition = _definition({**said, **carried})
        again = self._said(self.describe(definition, UNPUBLISHED))
        changed = {name for name in said if not _same(said[name], again.get(name))}
        if not changed & carried.keys():
            return definition
        kept = {name: part for name, part in carried.items() if name not in changed}
        return _definition({**said, **kept})

    def _said(self, document: Document) -> Parts:
        """Return what a document of this product, which declares one resource, says natively."""
        resources = self.resources(document) if self.resources else []
        if not resources:
            raise InvalidValue(place="/", reason="it declares no dataset")
        return resources[0].parts

    def _packed(self, extension: Document) -> Any:
        if not self.as_text:
            return extension
        return {"@value": msgspec.json.encode(extension).decode(), "@type": "json"}

    def _unpacked(self, extension: Any) -> Document:
        if self.as_text and isinstance(extension, dict):
            try:
                extension = msgspec.json.decode(str(extension.get("@value")))
            except msgspec.DecodeError as error:
                raise InvalidValue(place=f"/{self.key}", reason=f"is no JSON: {error}") from None
        if not isinstance(extension, dict):
            raise InvalidValue(place=f"/{self.key}", reason="must be an object")
        return extension


def _definition(parts: Parts) -> TemplateDefinition:
    try:
        return _DEFINITION.validate_python(dict(parts))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(step) for step in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise InvalidValue(place=place, reason=reason) from None


def _same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are the same, as 1 and true are not, which Python equates."""
    return msgspec.json.encode(one, order="sorted") == msgspec.json.encode(other, order="sorted")
