"""A custom definition: a template as people write it into a file of YAML or JSON."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from registry.commands import Command
from registry.interchange.record_fields import DIALECT
from registry.template import QualityRule
from registry.template_draft import TemplateDraft
from registry.text import JsonObject, Name, Slug, Tags, Text

SCHEMA_PATH: Final = "/schemas/definition.json"
"""Where the service publishes the JSON Schema of such files."""

JsonType = Literal["string", "integer", "number", "boolean", "object", "array"]


class FieldDefinition(Command):
    """A field of the records."""

    name: str = Field(min_length=1, max_length=1_000)
    type: JsonType | None = Field(None, description="Left out, any value may stand there.")
    format: Text = Field("", description='Of a text, such as "date", "date-time" or "email".')
    title: Text = ""
    description: Text = ""
    required: bool = Field(False, description="Whether no record is without the field.")
    nullable: bool = Field(False, description="Whether the field may be null.")
    enum: list[Any] = Field([], max_length=10_000, description="The only values there are.")
    minimum: int | float | None = None
    maximum: int | float | None = None
    min_length: Annotated[int | None, Field(alias="minLength", ge=0)] = None
    max_length: Annotated[int | None, Field(alias="maxLength", ge=0)] = None
    pattern: Text = Field("", description="A regular expression that is found in the text.")
    items: JsonObject | None = Field(None, description="The JSON Schema of an array's elements.")
    fields: list["FieldDefinition"] = Field([], description="The fields of an object.")

    def schema_of_value(self) -> dict[str, Any]:
        """Return what is said of the field's values as JSON Schema."""
        kind = self.type or ("object" if self.fields else "array" if self.items else None)
        told: dict[str, Any] = {
            "type": [kind, "null"] if kind and self.nullable else kind,
            "format": self.format or None,
            "title": self.title or None,
            "description": self.description or None,
            "enum": [*self.enum, *([None] if self.nullable else [])] if self.enum else None,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "minLength": self.min_length,
            "maxLength": self.max_length,
            "pattern": self.pattern or None,
            "items": self.items,
        }
        schema = {keyword: value for keyword, value in told.items() if value is not None}
        return with_fields(schema, self.fields) if self.fields else schema


class DefinitionFile(Command):
    """A template: who it is, what its records look like, and what is expected of them.

    The records are described by a JSON Schema, by fields, which add to it, or by records to learn
    from. Parts of the identity that are left out are those of the path,
    `{industry}/{use_case}/{dataset_type}`.
    """

    industry: Slug | None = None
    use_case: Slug | None = None
    dataset_type: Slug | None = None
    name: Name | None = Field(None, description="The name for people; told by the identity.")
    description: Text = ""
    tags: Tags = Field(default_factory=list)
    custom_fields: JsonObject = Field(default_factory=dict)
    json_schema: Annotated[
        JsonObject | None, Field(alias="schema", description="The JSON Schema of one record.")
    ] = None
    fields: list[FieldDefinition] = Field([], max_length=10_000)
    records: list[Any] = Field([], max_length=100_000, description="Records to learn from.")
    default_record_count: Annotated[int, Field(ge=0, le=2**53)] | None = None
    default_size_mb: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    quality_rules: list[QualityRule] = Field([], max_length=100)

    @model_validator(mode="after")
    def _says_something(self) -> "DefinitionFile":
        if self.json_schema is None and not self.fields and not self.records:
            raise ValueError("there is neither a schema, nor fields, nor records to learn from")
        return self

    def draft(self, **others: Any) -> TemplateDraft:
        """Return the template that is meant.

        Args:
            others: parts of the draft that are told elsewhere; a part of the identity counts
                where the file leaves it out.

        Raises:
            ValidationError: the parts do not make a template.
        """
        said = {name: getattr(self, name) for name in type(self).model_fields}
        given = {name: value for name, value in said.items() if value is not None}
        schema = given.pop("json_schema", None)
        fields = given.pop("fields")
        if fields:
            schema = with_fields(schema or {"$schema": DIALECT, "type": "object"}, fields)
        return TemplateDraft.model_validate({**others, **given, "schema": schema})


def with_fields(schema: Mapping[str, Any], fields: list[FieldDefinition]) -> dict[str, Any]:
    """Return a JSON Schema of objects, to which is added what is said of some fields."""
    found = schema.get("properties")
    properties = dict(found) if isinstance(found, dict) else {}
    for field in fields:
        before = properties.get(field.name)
        around = before if isinstance(before, dict) else {}
        properties[field.name] = {**around, **field.schema_of_value()}
    before = schema.get("required")
    names = [field.name for field in fields if field.required]
    required = [*(before if isinstance(before, list) else []), *names]
    return {
        **schema,
        "properties": properties,
        **({"required": list(dict.fromkeys(required))} if required else {}),
    }


def published_schema(base_url: str = "") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of such files, for editors that complete and check them."""
    return {
        "$schema": DIALECT,
        **({"$id": f"{base_url}{SCHEMA_PATH}"} if base_url else {}),
        **DefinitionFile.model_json_schema(),
        "title": "Dataset template",
    }
