"""What a Croissant document (1.0 or 1.1) declares: the record sets, by the files they are in."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import unquote

from pydantic import BeforeValidator, Field

from registry.interchange.meanings import class_of
from registry.interchange.record_fields import RecordField, schema_of
from registry.interchange.resource import (
    DeclaredReference,
    DeclaredResource,
    DocumentModel,
    Names,
    listed,
    read_as,
)

_PREFIX: Final = re.compile(
    r"(?:cr|sc|schema|dct|ml):|https?://(?:schema\.org|mlcommons\.org/(?:croissant|schema))/"
)
"""What may stand before a term of the standard, depending on the context of the document."""

_TYPES: Final = {
    "Text": ("string", ""),
    "Integer": ("integer", ""),
    "Float": ("number", ""),
    "Number": ("number", ""),
    "Boolean": ("boolean", ""),
    "Date": ("string", "date"),
    "DateTime": ("string", "date-time"),
    "Time": ("string", "time"),
    "URL": ("string", "uri"),
    **{f"{sign}Int{bits}": ("integer", "") for sign in ("", "U") for bits in (8, 16, 32, 64)},
    **{f"Float{bits}": ("number", "") for bits in (16, 32, 64)},
}
"""Data types as type and format of JSON Schema; of others nothing is known."""

_MEMBER: Final = re.compile(r"\$(?:\[\*\])?\.(\w+)(?:\[\*\])?")
"""A JSONPath to a member of a record."""


def _text(value: Any) -> Any:
    """Return a text, whether it stands alone or by languages."""
    return next(iter(value.values()), "") if isinstance(value, dict) else value


Text = Annotated[str, BeforeValidator(_text)]


class _Identified(DocumentModel):
    id: Annotated[str, Field(alias="@id")]


class _Extract(DocumentModel):
    column: str | None = None
    json_path: Annotated[str | None, Field(alias="jsonPath")] = None


class _Source(DocumentModel):
    file_object: Annotated[_Identified | None, Field(alias="fileObject")] = None
    file_set: Annotated[_Identified | None, Field(alias="fileSet")] = None
    field: _Identified | None = None
    extract: _Extract = _Extract()

    @property
    def file(self) -> str:
        """The file or set of files that is the source; "" if it is a field."""
        file = self.file_object or self.file_set
        return file.id if file else ""


class _Field(DocumentModel):
    id: Annotated[str, Field(alias="@id")] = ""
    name: Text = ""
    description: Text = ""
    data_types: Annotated[Names, Field(alias="dataType")] = ()
    equivalents: Annotated[
        tuple[Any, ...], BeforeValidator(listed), Field(alias="equivalentProperty")
    ] = ()
    is_array: Annotated[bool, Field(alias="isArray")] = False
    repeated: bool = False
    source: _Source = _Source()
    references: _Source | None = None
    sub_fields: Annotated[
        tuple["_Field", ...], BeforeValidator(listed), Field(alias="subField")
    ] = ()

    @property
    def column(self) -> str:
        """The name of the field in records."""
        extract = self.source.extract
        if extract.column:
            return extract.column
        member = _MEMBER.fullmatch(extract.json_path or "")
        return member[1] if member else self.name or unquote(self.id.rpartition("/")[2])

    def declared(self) -> RecordField:
        """Return the field in the words of JSON Schema; what is required, Croissant cannot tell."""
        kind, form = "", ""
        for name in self.data_types:
            kind, form = _TYPES.get(_PREFIX.sub("", name, count=1), (kind, form))
        schema: dict[str, Any] = {}
        if self.sub_fields:
            members = schema_of(each.declared() for each in self.sub_fields)
            kind, form, schema = "object", "", {"properties": members["properties"]}
        if self.is_array or self.repeated:
            of = RecordField(name="", type=kind, format=form, schema=schema).as_schema()
            kind, form, schema = "array", "", {"items": of}
        return RecordField(
            name=self.column,
            type=kind,
            format=form,
            description=self.description,
            nullable=bool(kind),
            meaning=class_of(
                each.get("@id") if isinstance(each, dict) else each for each in self.equivalents
            ),
            schema=schema,
        )


class _RecordSet(DocumentModel):
    id: Annotated[str, Field(alias="@id")] = ""
    name: Text = ""
    description: Text = ""
    key: Annotated[tuple[_Identified, ...], BeforeValidator(listed)] = ()
    fields: Annotated[tuple[_Field, ...], BeforeValidator(listed), Field(alias="field")] = ()
    data: tuple[dict[str, Any], ...] = ()


class _File(DocumentModel):
    id: Annotated[str, Field(alias="@id")] = ""
    content_url: Annotated[str | None, Field(alias="contentUrl")] = None
    includes: Names = ()
    contained_in: Annotated[Any, Field(alias="containedIn")] = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Where its content is, as far as that is not in another file."""
        if self.contained_in:
            return ()
        return (self.content_url,) if self.content_url else self.includes


class _Dataset(DocumentModel):
    name: Text = ""
    description: Text = ""
    keywords: Names = ()
    distribution: Annotated[tuple[_File, ...], BeforeValidator(listed)] = ()
    record_sets: Annotated[
        tuple[_RecordSet, ...], BeforeValidator(listed), Field(alias="recordSet")
    ] = ()


def resources(document: Mapping[str, Any]) -> list[DeclaredResource]:
    """Return the record sets; one whose fields are in several files is a resource for each.

    Raises:
        InvalidValue: it is no Croissant document.
    """
    dataset = read_as(_Dataset, _plain(document))
    files = {file.id: file for file in dataset.distribution}
    sets = dataset.record_sets
    columns = {field.id: (_file_of(field), field.column) for each in sets for field in each.fields}
    return [
        _declared(each, file, files, columns, dataset, alone=len(sets) == 1)
        for each in sets
        for file in dict.fromkeys(map(_file_of, each.fields)) or [""]
    ]


def _declared(
    record_set: _RecordSet,
    file: str,
    files: Mapping[str, _File],
    columns: Mapping[str, tuple[str, str]],
    dataset: _Dataset,
    *,
    alone: bool,
) -> DeclaredResource:
    fields = [each for each in record_set.fields if _file_of(each) == file]
    names = {each.id: each.column for each in fields}
    key = [columns[each.id][1] for each in record_set.key if each.id in names]
    references = [
        DeclaredReference(fields=(each.column,), to=columns[to][0], to_fields=(columns[to][1],))
        for each in fields
        if each.references and each.references.field and (to := each.references.field.id) in columns
    ]
    return DeclaredResource(
        name=file or record_set.id or record_set.name,
        title=dataset.name if alone else record_set.name or record_set.id,
        description=dataset.description if alone else record_set.description,
        tags=dataset.keywords,
        paths=files[file].paths if file in files else (),
        schema=schema_of(each.declared() for each in fields),
        records=[
            {names.get(name, name): value for name, value in record.items()}
            for record in record_set.data
        ],
        primary_key=tuple(key) if len(key) == len(record_set.key) else (),
        references=tuple(references),
    )


def _file_of(field: _Field) -> str:
    """Return the file that a field is in; a field of parts is where its first part is."""
    if field.source.file or not field.sub_fields:
        return field.source.file
    return _file_of(field.sub_fields[0])


def _plain(value: Any) -> Any:
    """Return a document whose members have the names of the standard without prefixes."""
    match value:
        case dict():
            return {
                _PREFIX.sub("", name, count=1): member if name == "data" else _plain(member)
                for name, member in value.items()
                if name != "@context"
            }
        case list():
            return [_plain(element) for element in value]
        case _:
            return value
