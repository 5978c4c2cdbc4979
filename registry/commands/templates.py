"""Commands about templates."""

from pydantic import field_validator

from registry.commands.command import Command
from registry.template import TemplateDefinition
from registry.text import Text, storable_json


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
