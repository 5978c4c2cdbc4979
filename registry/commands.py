"""What may be asked of the registry.

A command that could be made is well-formed; whether the rules allow it, the aggregate decides.
"""

from dataclasses import replace
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator, model_validator

from registry.connector import ConnectorConfiguration, Health, refuse_secrets
from registry.dataset import DatasetMetadata, Stage, Status
from registry.quality import DataQualityCheck
from registry.template import TemplateDefinition
from registry.text import JsonObject, Name, Slug, Tags, Text, storable_json


class Command(BaseModel):
    """The base of all commands: immutable, complete, with no unknown fields.

    Their validation errors do not repeat the input, for it may be a secret.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", revalidate_instances="always", hide_input_in_errors=True
    )


class RegisterDataset(Command):
    """Register a dataset; it starts as `provisioning` and holds the slot of its stage and type."""

    name: Name
    dataset_type: Slug
    stage: Stage
    journey_id: UUID
    template_id: UUID | None = None
    source: Text | None = None
    metadata: DatasetMetadata = DatasetMetadata()


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


class RegisterConnector(Command):
    """Register a connector under a name that no other connector of the client has."""

    name: Name
    configuration: ConnectorConfiguration

    @field_validator("configuration")
    @classmethod
    def _holds_no_secret(cls, configuration: ConnectorConfiguration) -> ConnectorConfiguration:
        refuse_secrets(configuration)
        return configuration


class ReviseConnector(Command):
    """Change a connector's name or configuration; what is left out stays."""

    name: Name | None = None
    configuration: ConnectorConfiguration | None = None

    @field_validator("configuration")
    @classmethod
    def _holds_no_secret(
        cls, configuration: ConnectorConfiguration | None
    ) -> ConnectorConfiguration | None:
        if configuration:
            refuse_secrets(configuration)
        return configuration

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.name is None and self.configuration is None:
            raise ValueError("give a name or a configuration to change")
        return self


class RecordConnectorHealth(Command):
    """Record what a look at the source system found."""

    health: Health
    detail: Text = ""


class RemoveConnector(Command):
    """Remove a connector, freeing its name."""

    reason: Text = ""


class RegisterTemplate(Command):
    """Register a template, or revise it where its definition differs from the recorded one."""

    definition: TemplateDefinition
    source: Text = ""

    @field_validator("definition")
    @classmethod
    def _sample_is_storable(cls, definition: TemplateDefinition) -> TemplateDefinition:
        storable_json(definition.sample_data)
        return definition


class RetireTemplate(Command):
    """Take a template out of use; it can be restored."""

    reason: Text = ""


class RestoreTemplate(Command):
    """Take a retired template back into use."""

    reason: Text = ""
