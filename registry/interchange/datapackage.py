"""Data Package (version 2; 1 is read too): a resource of records with its Table Schema.

https://datapackage.org/standard/data-package/ and https://datapackage.org/standard/table-schema/
"""

import re
from typing import Annotated, Any, Final

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

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"

_FORMATS: Final = {"date": "date", "time": "time", "date-time": "datetime", "duration": "duration"}
"""Formats of texts that are types of their own in Table Schema."""

_TYPES: Final = {
    "string": ("string", ""),
    "number": ("number", ""),
    "integer": ("integer", ""),
    "boolean": ("boolean", ""),
    "object": ("object", ""),
    "geojson": ("object", ""),
    "array": ("array", ""),
    "list": ("array", ""),
    "year": ("integer", ""),
    "yearmonth": ("string", ""),
    "geopoint": ("string", ""),
    **{theirs: ("string", ours) for ours, theirs in _FORMATS.items()},
}
"""Types of Table Schema as type and format of JSON Schema; "any", and unknown ones, are neither."""

_TEXTS: Final = frozenset({"email", "uri", "uuid"})
_LIMITS: Final = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"),
)
_WHOLE_RECORD: Final = RecordField(name="record")
"""What stands for records without named fields, since a table has at least one."""

_LIMIT_FIELDS: Final = {
    *("minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "min_length", "max_length"),
}
_WHOLE: Final = re.compile(r"\^([^|^$]*[^|^$\\])\$")
"""A pattern for the whole text: Table Schema knows no others, and has no anchors."""


def describe(definition: TemplateDefinition, publication: Publication) -> Document:
    """Return a package of one resource, with the sample as its data."""
    fields = fields_of(definition.schema) or [_WHOLE_RECORD]
    key = known_key(definition, fields)
    sample = definition.sample_data
    is_flat = bool(sample) and all(isinstance(record, dict) and record for record in sample)
    name = definition.identity.dataset_type
    return {
        "$schema": PROFILE,
        "name": name,
        "id": f"urn:uuid:{definition.identity.template_id}",
        "title": definition.name,
        **({"description": definition.description} if definition.description else {}),
        **({"keywords": definition.tags} if definition.tags else {}),
        **({"homepage": publication.url} if publication.url else {}),
        **({"created": publication.issued} if publication.issued else {}),
        "resources": [
            {
                "name": name,
                "type": "table",
                "data": sample if is_flat else [[each.name for each in fields]],
                "schema": {
                    "fields": [_field(each) for each in fields],
                    **({"primaryKey": key} if key else {}),
                },
            }
        ],
    }


def _field(field: RecordField) -> Document:
    kind, form = field.type or "any", ""
    if field.type == "string" and field.format in _FORMATS:
        kind = _FORMATS[field.format]
    elif field.type == "string" and field.format in _TEXTS:
        form = field.format
    constraints = {name: field.bounds[name] for name in _LIMITS if name in field.bounds}
    whole = _WHOLE.fullmatch(str(field.bounds.get("pattern", "")))
    if kind == "string" and whole:
        constraints["pattern"] = whole[1]
    if field.allowed:
        constraints["enum"] = list(field.allowed)
    if field.required and not field.nullable:
        constraints = {"required": True, **constraints}
    return {
        "name": field.name,
        "type": kind,
        **({"format": form} if form else {}),
        **({"title": field.title} if field.title else {}),
        **({"description": field.description} if field.description else {}),
        **({"rdfType": term_of(field.meaning)} if field.meaning else {}),
        **({"constraints": constraints} if constraints else {}),
    }


class _Constraints(DocumentModel):
    required: bool = False
    unique: bool = False
    pattern: str | None = None
    enum: tuple[Any, ...] = ()
    minimum: Any = None
    maximum: Any = None
    exclusive_minimum: Annotated[Any, Field(alias="exclusiveMinimum")] = None
    exclusive_maximum: Annotated[Any, Field(alias="exclusiveMaximum")] = None
    min_length: Annotated[int | None, Field(alias="minLength", ge=0)] = None
    max_length: Annotated[int | None, Field(alias="maxLength", ge=0)] = None


class _Field(DocumentModel):
    name: str
    type: str = "string"
    format: str = "default"
    title: str = ""
    description: str = ""
    rdf_type: Annotated[Any, Field(alias="rdfType")] = None
    constraints: _Constraints = _Constraints()
    decimal: Annotated[Any, Field(alias="decimalChar")] = None
    group: Annotated[Any, Field(alias="groupChar")] = None
    bare: Annotated[Any, Field(alias="bareNumber")] = None
    true: Annotated[Any, Field(alias="trueValues")] = None
    false: Annotated[Any, Field(alias="falseValues")] = None

    @property
    def has_own_way(self) -> bool:
        """Whether values are declared to be written otherwise than is usual."""
        told = (self.decimal, self.group, self.bare, self.true, self.false)
        return any(each is not None for each in told) or self.type == "list"

    def declared(self, is_key: bool) -> RecordField:
        """Return the field in the words of JSON Schema."""
        limits = self.constraints
        kind, form = _TYPES.get(self.type, ("", ""))
        if self.type == "string" and self.format in _TEXTS:
            form = self.format
        elif form and self.format != "default":  # written in a way that JSON Schema cannot tell
            form = ""
        bounds = limits.model_dump(by_alias=True, include=_LIMIT_FIELDS, exclude_none=True)
        if kind == "string":  # the least and the most of dates and times
            bounds = {name: bound for name, bound in bounds.items() if "Length" in name}
        if limits.pattern is not None and kind == "string":
            bounds["pattern"] = f"^(?:{limits.pattern})$"
        required = limits.required or is_key
        return RecordField(
            name=self.name,
            type=kind,
            format=form,
            title=self.title,
            description=self.description,
            required=required,
            nullable=not required,
            allowed=limits.enum,
            bounds=bounds,
            meaning=class_of([self.rdf_type]),
        )


class _Reference(DocumentModel):
    resource: str = ""
    fields: Names


class _ForeignKey(DocumentModel):
    fields: Names
    reference: _Reference


class _Schema(DocumentModel):
    fields: tuple[_Field, ...] = ()
    primary_key: Annotated[Names, Field(alias="primaryKey")] = ()
    unique_keys: Annotated[tuple[Names, ...], Field(alias="uniqueKeys")] = ()
    foreign_keys: Annotated[tuple[_ForeignKey, ...], Field(alias="foreignKeys")] = ()
    missing_values: Annotated[tuple[Any, ...], Field(alias="missingValues")] = ("",)


class _Resource(DocumentModel):
    name: str = ""
    title: str = ""
    description: str = ""
    path: Names = ()
    data: Any = None
    table_schema: Annotated[_Schema, Field(alias="schema")] = _Schema()


class _Package(DocumentModel):
    title: str = ""
    name: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    resources: Annotated[tuple[_Resource, ...], Field(min_length=1)]


def resources(document: Document) -> list[DeclaredResource]:
    """Return the resources of a package.

    Raises:
        InvalidValue: it is no data package.
    """
    package = read_as(_Package, document)
    alone = len(package.resources) == 1
    return [_declared(each, package, alone=alone) for each in package.resources]


def _declared(resource: _Resource, package: _Package, *, alone: bool) -> DeclaredResource:
    schema = resource.table_schema
    key = schema.primary_key
    single = [(each.name,) for each in schema.fields if each.constraints.unique]
    title = resource.title or (package.title if alone else "")
    rows = resource.data if isinstance(resource.data, list) else []
    return DeclaredResource(
        name=resource.name,
        title=title,
        description=resource.description or (package.description if alone else ""),
        tags=package.keywords,
        paths=resource.path,
        schema=schema_of(each.declared(each.name in key) for each in schema.fields),
        records=rows if rows and isinstance(rows[0], dict) else [],
        primary_key=key,
        unique=(*single, *schema.unique_keys),
        references=tuple(
            DeclaredReference(
                fields=each.fields,
                to=each.reference.resource,
                to_fields=each.reference.fields,
            )
            for each in schema.foreign_keys
        ),
        own_way=frozenset(each.name for each in schema.fields if each.has_own_way),
        missing=frozenset(
            str(each["value"] if isinstance(each, dict) and "value" in each else each)
            for each in schema.missing_values
        ),
    )


DATA_PACKAGE: Final = Format(
    name="datapackage",
    media_type="application/vnd.datapackage+json",
    suffix=".datapackage.json",
    describe=describe,
    resources=resources,
)
