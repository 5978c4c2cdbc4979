"""What a document of a format declares of a dataset, in the words of this product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from registry.errors import InvalidValue


@dataclass(frozen=True, kw_only=True)
class DeclaredReference:
    """A declared foreign key: fields whose values are those of fields of another resource.

    `to` is the name of the other resource, "" for the same one.
    """

    fields: tuple[str, ...]
    to: str
    to_fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeclaredResource:
    """A dataset that a document declares.

    Attributes:
        name: by which the document speaks of it.
        title: its name for people.
        paths: the files that hold its records, as the document writes them.
        schema: the JSON Schema of one record.
        records: those that stand in the document itself.
        primary_key: the fields that tell records apart; empty if none are declared.
        unique: fields, one or several together, of which no two records have the same values.
        references: the foreign keys.
        missing: the texts that stand for no value in text tables.
        own_way: the fields whose texts are declared to be written otherwise than is usual.
    """

    name: str = ""
    title: str = ""
    description: str = ""
    tags: Sequence[str] = ()
    paths: tuple[str, ...] = ()
    schema: Mapping[str, Any] = field(default_factory=dict)
    records: Sequence[Any] = ()
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[DeclaredReference, ...] = ()
    missing: frozenset[str] = frozenset({""})
    own_way: frozenset[str] = frozenset()

    @property
    def parts(self) -> dict[str, Any]:
        """The parts of a template's definition that are said here, by their names."""
        return {
            "name": self.title,
            "description": self.description,
            "tags": list(self.tags),
            "schema": dict(self.schema),
            "sample_data": list(self.records),
        }


def listed(value: Any) -> Any:
    """Return a value in a list, if it is none already: JSON-LD tells one thing in either way."""
    return value if isinstance(value, list | tuple) else [value]


Names = Annotated[tuple[str, ...], BeforeValidator(listed)]
"""One name, or several."""


class DocumentModel(BaseModel):
    """The base of what is read of foreign documents: the members that count, others as they are."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, populate_by_name=True)


Model = TypeVar("Model", bound=DocumentModel)


def read_as(model: type[Model], document: Any) -> Model:
    """Return a document as a model.

    Raises:
        InvalidValue: a member is missing or wrong, with its place.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(["", *(str(step) for step in first["loc"])]) or "/"
        reason = first["msg"].removeprefix("Value error, ")
        raise InvalidValue(place=place, reason=reason) from None
