"""Commands about templates."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from registry.commands.command import Command
from registry.compatibility import Mode
from registry.field_path import FieldPath
from registry.refinement import Pins
from registry.template import TemplateDefinition
from registry.text import Reason, Text, storable_json

AcceptBreaking = Annotated[
    Reason | None,
    Field(
        description="Why a schema that breaks the compatibility mode is to be taken all the same."
    ),
]


class RegisterTemplate(Command):
    """Register a template, or revise it where its definition differs from the recorded one.

    A template begins with the `compatibility_mode`. A revision that breaks the template's mode is
    taken with `accept_breaking`; else it is refused, or with `record_rejection` that is recorded.
    """

    definition: TemplateDefinition
    source: Text = ""
    compatibility_mode: Mode = Mode.BACKWARD
    accept_breaking: AcceptBreaking = None
    record_rejection: bool = False

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


class SetCompatibilityMode(Command):
    """Decide what a new version of a template's schema has to keep."""

    mode: Mode
    reason: Text = ""


class RefineTemplate(Command):
    """Pin or correct fields of a template; what is said of a field adds to what was said before."""

    fields: Annotated[dict[FieldPath, Pins], Field(min_length=1, max_length=100)]
    reason: Reason
    accept_breaking: AcceptBreaking = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for path, pins in self.fields.items():
            if pins.is_empty:
                raise ValueError(f"nothing is said of the field {path}")
        return self


class WithdrawRefinement(Command):
    """Leave a field of a template to inference again."""

    field: FieldPath
    reason: Reason
    accept_breaking: AcceptBreaking = None


class ReviewTemplate(Command):
    """Approve of what inference is unsure of."""

    reason: Text = ""
