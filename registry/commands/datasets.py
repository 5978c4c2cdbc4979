"""Commands about datasets."""

from dataclasses import replace
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictBool, field_validator, model_validator

from registry.commands.command import Command
from registry.dataset import DatasetMetadata, Stage, Status
from registry.inquiry import Inquiry, RecommendationId
from registry.quality import DataQualityCheck
from registry.text import JsonObject, Name, Slug, Tags, Text


class RegisterDataset(Command):
    """Register a dataset; it starts as `provisioning` and holds the slot of its stage and type."""

    name: Name
    dataset_type: Slug
    stage: Stage
    journey_id: UUID
    template_id: UUID | None = None
    source: Text | None = None
    metadata: DatasetMetadata = DatasetMetadata()
    recommendation_id: RecommendationId | None = None

    @model_validator(mode="after")
    def _names_the_template_recommended(self) -> Self:
        if self.recommendation_id:
            Inquiry.of(self.recommendation_id)
            if self.template_id is None:
                raise ValueError("with a recommendation_id, name the template_id chosen from it")
        return self


class MetadataChanges(Command):
    """Parts of a dataset's metadata to be changed; what is left out stays."""

    industry: Slug | None = None
    use_case: Slug | None = None
    tags: Tags | None = None
    custom_fields: JsonObject | None = None


class ReviseDataset(Command):
    """Change a dataset's name, tags or other metadata; what is left out stays."""

    name: Name | None = None
    tags: Tags | None = None
    metadata: MetadataChanges = MetadataChanges()

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give a name, tags or metadata to change")
        return self

    def revised(self, metadata: DatasetMetadata) -> DatasetMetadata:
        """Return the metadata with the changes made.

        A null takes the industry or use case away, and empties tags and custom fields.
        """
        changes = {name: getattr(self.metadata, name) for name in self.metadata.model_fields_set}
        if "tags" in self.model_fields_set:
            changes["tags"] = self.tags
        for name, empty in (("tags", []), ("custom_fields", {})):
            if name in changes and changes[name] is None:
                changes[name] = empty
        return replace(metadata, **changes)


class ChangeDatasetStatus(Command):
    """Move a dataset along its life."""

    status: Status
    reason: Text = ""


class RetireDataset(Command):
    """Retire a dataset for good, freeing its slot."""

    reason: Text = ""


class RecordQualityChecks(Command):
    """Record results of quality checks.

    A READY dataset whose score falls below the threshold goes back to validating; with
    `promote` a validating one whose score reaches it becomes READY.
    """

    checks: Annotated[list[DataQualityCheck], Field(min_length=1, max_length=4)]
    promote: StrictBool = False

    @field_validator("checks")
    @classmethod
    def _one_result_each(cls, checks: list[DataQualityCheck]) -> list[DataQualityCheck]:
        if len({check.check_type for check in checks}) < len(checks):
            raise ValueError("each check type may be reported once")
        return checks
