"""What all commands have in common."""

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """The base of all commands: immutable, complete, with no unknown fields.

    Their validation errors do not repeat the input, for it may be a secret.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", revalidate_instances="always", hide_input_in_errors=True
    )
