"""CSV on the Web: metadata of a table with one column for each field of a record.

https://www.w3.org/TR/tabular-metadata/
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from pydantic import Field

from registry.interchange.format import Document, Format, Publication
from registry.interchange.known_keys import known_key
from registry.interchange.meanings import class_of, term_of
from registry.interchange.record_fields import RecordField, fields_of, schema_of
from registry.interchange.resource import (
    DeclaredReference,
    DeclaredResource,
    DocumentModel,
    Names,
    read_as,
)
from registry.template import TemplateDefinition

CONTEXT: Final = "http://www.w3.org/ns/csvw"

_FORMATS: Final = {
    "date": "date",
    "time": "time",
    "date-time": "datetime",
    "duration": "duration",
    "uri": "anyURI",
}
"""Formats of texts that are datatypes of their own."""

_DATATYPES: Final = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "object": "json",
    "array": "json",
    "": "json",
}
_INTEGERS: Final = (
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    *("nonPositiveInteger", "negativeInteger", "gYear"),
)
_DECLARED: Final = {
    **dict.fromkeys(_INTEGERS, ("integer", "")),
    **dict.fromkeys(("number", "decimal", "double", "float"), ("number", "")),
    "boolean": ("boolean", ""),
    "json": ("", ""),
    "datetime": ("string", "date-time"),
    "dateTime": ("string", "date-time"),
    "dateTimeStamp": ("string", "date-time"),
    "date": ("string", "date"),
    "time": ("string", "time"),
    "anyURI": ("string", "uri"),
}
"""Datatypes as type and format of JSON Schema; those that are not here are texts."""

_BOUNDS: Final = ("minimum", "maximum", "minLength", "maxLength")


def describe(definition: TemplateDefinition, publication: Publication) -> Document:
    """Return the metadata of a table of the template's records."""
    fields = fields_of(definition.schema)
    key = known_key(definition, fields)
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{definition.identity.template_id}",
        "url": f"{definition.identity.dataset_type}.csv",
        "dc:title": definition.name,
        **({"dc:description": definition.description} if definition.description else {}),
        **({"dcat:keyword": definition.tags} if definition.tags else {}),
        **({"dcat:landingPage": {"@id": publication.url}} if publication.url else {}),
        "tableSchema": {
            "columns": [_column(each) for each in fields],
            **({"primaryKey": [_column_name(name) for name in key]} if key else {}),
        },
    }


def _column(field: RecordField) -> Document:
    base = _FORMATS.get(field.format) if field.type == "string" else None
    base = base or _DATATYPES[field.type]
    bounded = base in ("string", "integer", "number")
    bounds = {name: field.bounds[name] for name in _BOUNDS if bounded and name in field.bounds}
    description = field.description or field.title
    return {
        "name": _column_name(field.name),
        "titles": field.name,
        **({"dc:description": description} if description else {}),
        "datatype": {"base": base, **bounds} if bounds else base,
        **({"propertyUrl": term_of(field.meaning)} if field.meaning else {}),
        **({"required": True} if field.required and not field.nullable else {}),
    }


def _column_name(name: str) -> str:
    """Return a name as the variable of a URI template (RFC 6570, section 2.3)."""
    quoted = quote(name, safe="")
    for character in "-.~":  # which URLs may have, but such variables not everywhere
        quoted = quoted.replace(character, f"%{ord(character):02X}")
    return f"%5F{quoted[1:]}" if quoted.startswith("_") else quoted


class _Datatype(DocumentModel):
    base: str = "string"
    format: Any = None
    minimum: Any = None
    maximum: Any = None
    min_length: Annotated[int | None, Field(alias="minLength", ge=0)] = None
    max_length: Annotated[int | None, Field(alias="maxLength", ge=0)] = None


class _Column(DocumentModel):
    name: str | None = None
    titles: Any = None
    description: Annotated[Any, Field(alias="dc:description")] = ""
    datatype: _Datatype | str = "string"
    property_url: Annotated[Any, Field(alias="propertyUrl")] = None
    required: bool = False
    virtual: bool = False


class _Reference(DocumentModel):
    resource: str | None = None
    column_reference: Annotated[Names, Field(alias="columnReference")]


class _ForeignKey(DocumentModel):
    column_reference: Annotated[Names, Field(alias="columnReference")]
    reference: _Reference


class _Schema(DocumentModel):
    columns: tuple[_Column, ...] = ()
    primary_key: Annotated[Names, Field(alias="primaryKey")] = ()
    foreign_keys: Annotated[tuple[_ForeignKey, ...], Field(alias="foreignKeys")] = ()


class _Table(DocumentModel):
    url: str
    title: Annotated[Any, Field(alias="dc:title")] = ""
    description: Annotated[Any, Field(alias="dc:description")] = ""
    keywords: Annotated[Names, Field(alias="dcat:keyword")] = ()
    null: Names = ("",)
    table_schema: Annotated[_Schema, Field(alias="tableSchema")] = _Schema()


class _TableGroup(DocumentModel):
    tables: Annotated[tuple[_Table, ...], Field(min_length=1)]
    table_schema: Annotated[_Schema | None, Field(alias="tableSchema")] = None


def resources(document: Document) -> list[DeclaredResource]:
    """Return the tables of a group, or the only table that there is.

    Raises:
        InvalidValue: it is no metadata of tables.
    """
    if "tables" not in document:
        return [_declared(read_as(_Table, document), None)]
    group = read_as(_TableGroup, document)
    return [_declared(table, group.table_schema) for table in group.tables]


def _declared(table: _Table, inherited: _Schema | None) -> DeclaredResource:
    schema = table.table_schema if table.table_schema.columns else inherited or table.table_schema
    columns = [each for each in schema.columns if not each.virtual]
    titles = {_name_of(each): _title_of(each) for each in columns}
    key = _titles(schema.primary_key, titles)
    return DeclaredResource(
        name=table.url,
        title=_text(table.title),
        description=_text(table.description),
        tags=table.keywords,
        paths=(table.url,),
        schema=schema_of(_record_field(each, _title_of(each) in key) for each in columns),
        primary_key=key,
        references=tuple(
            DeclaredReference(
                fields=_titles(each.column_reference, titles),
                to=each.reference.resource or "",
                to_fields=each.reference.column_reference,
            )
            for each in schema.foreign_keys
        ),
        own_way=frozenset(_title_of(each) for each in columns if _has_own_way(each)),
        missing=frozenset(table.null),
    )


def _record_field(column: _Column, is_key: bool) -> RecordField:
    datatype = column.datatype
    if isinstance(datatype, str):
        datatype = _Datatype(base=datatype)
    kind, form = _DECLARED.get(datatype.base, ("string", ""))
    if datatype.format is not None:  # written in a way that JSON Schema cannot tell
        form = ""
    bounds = datatype.model_dump(
        by_alias=True, include={"minimum", "maximum", "min_length", "max_length"}, exclude_none=True
    )
    wanted = ("minLength", "maxLength") if kind == "string" else ("minimum", "maximum")
    required = column.required or is_key
    return RecordField(
        name=_title_of(column),
        type=kind,
        format=form,
        description=_text(column.description),
        required=required,
        nullable=not required and bool(kind),
        bounds={name: bounds[name] for name in wanted if name in bounds},
        meaning=class_of([column.property_url]),
    )


def _has_own_way(column: _Column) -> bool:
    """Tell whether values are declared to be written otherwise than is usual."""
    datatype = column.datatype
    return isinstance(datatype, _Datatype) and datatype.format is not None


def _name_of(column: _Column) -> str:
    return column.name or quote(_title_of(column))


def _title_of(column: _Column) -> str:
    """Return what stands in the header of the table."""
    titles = column.titles
    if isinstance(titles, dict):  # by language
        titles = next(iter(titles.values()), None)
    if isinstance(titles, list):
        titles = titles[0] if titles else None
    return titles if isinstance(titles, str) else unquote(column.name or "")


def _titles(names: Iterable[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(titles.get(name, unquote(name)) for name in names)


def _text(value: Any) -> str:
    """Return a text of JSON-LD, whether it stands alone, with its language or among others."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value", "")
    return value if isinstance(value, str) else ""


CSVW: Final = Format(
    name="csvw",
    media_type="application/csvm+json",
    suffix="-metadata.json",
    describe=describe,
    resources=resources,
    key="urn:dataset-registry:definition",
    as_text=True,
)
