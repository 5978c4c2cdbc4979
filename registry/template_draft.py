"""A template as its author writes it, from which the full definition is made."""

from collections.abc import Iterable
from typing import Annotated, Any

import jsonschema_rs
import msgspec
import orjson
from pydantic import Field, model_validator

from registry.commands import AcceptBreaking, Command, RegisterTemplate
from registry.compatibility import Mode
from registry.errors import InvalidValue
from registry.inference import FieldStatistics, Shape, field_statistics, infer_schema
from registry.privacy import Privacy, SamplePolicy
from registry.sample import sample_of
from registry.template import QualityRule, TemplateDefinition, TemplateIdentity, title_of
from registry.text import JsonObject, Name, Slug, Tags, Text


class TemplateDraft(Command):
    """What an author says of a template: a JSON Schema of one record, or records to infer it from.

    A schema that is given is kept as declared, and the records have to be valid under it. Counts
    and sizes that are left out are those of the records. What tells of a person is masked in the
    sample and in the statistics, unless `samples` says otherwise.
    """

    industry: Slug
    use_case: Slug
    dataset_type: Slug
    name: Name | None = None
    description: Text = ""
    tags: Tags = Field(default_factory=list)
    custom_fields: JsonObject = Field(default_factory=dict)
    json_schema: Annotated[JsonObject | None, Field(alias="schema")] = None
    records: list[Any] = Field(default_factory=list, max_length=100_000)
    default_record_count: Annotated[int, Field(ge=0, le=2**53)] | None = None
    default_size_mb: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    quality_rules: list[QualityRule] = Field(default_factory=list, max_length=100)
    samples: Annotated[
        SamplePolicy, Field(description="What becomes of values that tell of a person.")
    ] = SamplePolicy.MASKED
    accept_breaking: AcceptBreaking = None

    @model_validator(mode="after")
    def _can_be_learnt_from(self) -> "TemplateDraft":
        if self.json_schema is None and not self.records:
            raise ValueError("there are neither records nor a schema to learn from")
        return self

    def registration(
        self, source: str, compatibility_mode: Mode = Mode.BACKWARD
    ) -> RegisterTemplate:
        """Return the command that registers the template, found at `source`, to keep a mode.

        Raises:
            InvalidValue: the schema is none, or a record contradicts it; with the place.
        """
        if self.json_schema is not None:
            check_records(self.json_schema, self.records)
        shape = Shape()
        shape.observe_all(self.records)
        statistics = field_statistics(shape)
        privacy = Privacy.of(statistics, self.samples)
        count = self.default_record_count
        if count is None:
            count = len(self.records)
        definition = TemplateDefinition(
            identity=TemplateIdentity(
                industry=self.industry, use_case=self.use_case, dataset_type=self.dataset_type
            ),
            name=self.name or title_of(vars(self)),
            description=self.description,
            tags=self.tags,
            custom_fields=self.custom_fields,
            schema=(
                privacy.schema(infer_schema(shape))
                if self.json_schema is None
                else self.json_schema
            ),
            declared_schema=self.json_schema is not None,
            statistics={"fields": described_fields(statistics, privacy)},
            sample_data=privacy.records(sample_of(self.records)),
            default_record_count=count,
            default_size_mb=self._size_mb(count),
            quality_rules=self.quality_rules,
        )
        return RegisterTemplate(
            definition=definition,
            source=source,
            compatibility_mode=compatibility_mode,
            accept_breaking=self.accept_breaking,
        )

    def _size_mb(self, count: int) -> float:
        if self.default_size_mb is not None or not self.records:
            return self.default_size_mb or 0.0
        try:
            mean_bytes = len(orjson.dumps(self.records)) / len(self.records)
        except TypeError:  # nested too deeply to be written
            return 0.0
        return round(mean_bytes * count / 1_000_000, 6)


def described_fields(
    statistics: Iterable[FieldStatistics], privacy: Privacy
) -> list[dict[str, Any]]:
    """Return the statistics of fields as plain JSON, each with its semantic class if it has one."""
    return [
        {
            **msgspec.to_builtins(each),
            "semantic_class": msgspec.to_builtins(privacy.classes.get(each.path)),
        }
        for each in privacy.statistics(statistics)
    ]


def check_records(schema: dict[str, Any], records: list[Any]) -> None:
    """Do nothing if every record is valid under the schema, formats included.

    Raises:
        InvalidValue: the schema is no JSON Schema or refers to one elsewhere, which is not
            fetched; or a record contradicts it.
    """
    validator = validator_of(schema)
    for number, record in enumerate(records, 1):
        try:
            fault = next(validator.iter_errors(record), None)
        except ValueError as error:  # nested too deeply, or half of a surrogate pair
            reason = f"it cannot be held against the declared schema: {error}"
            raise InvalidValue(place=f"record {number}", reason=reason) from None
        if fault:
            place = "/".join([f"record {number}", *map(str, fault.instance_path)])
            reason = f"it contradicts the declared schema: {fault.message:.200}"
            raise InvalidValue(place=place, reason=reason)


def validator_of(schema: dict[str, Any]) -> jsonschema_rs.Validator:
    """Return what validates values under a schema, formats included.

    Raises:
        InvalidValue: the schema is no JSON Schema or refers to one elsewhere, which is not fetched.
    """
    # Not jsonschema_rs.meta.validate, which fetches or opens whatever "$schema" names.
    try:
        return jsonschema_rs.validator_for(
            schema, validate_formats=True, retriever=_refuse_to_retrieve
        )
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        place = "/".join(["schema", *map(str, getattr(error, "instance_path", []))])
        reason = getattr(error, "message", str(error)).splitlines()[0]
        raise InvalidValue(place=place, reason=f"this is no JSON Schema: {reason:.200}") from None


def _refuse_to_retrieve(uri: str) -> Any:
    raise ValueError(f"schemas elsewhere are not fetched: {uri}")
