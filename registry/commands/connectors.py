"""Commands about connectors."""

from typing import Self

from pydantic import field_validator, model_validator

from registry.commands.command import Command
from registry.connector import ConnectorConfiguration, Health, refuse_secrets
from registry.text import Moment, Name, Text


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
    """Record what a look at the source system found.

    `last_sync_at` is when its data were last brought up to date; without it, what is known stays.
    """

    health: Health
    detail: Text = ""
    last_sync_at: Moment | None = None


class RemoveConnector(Command):
    """Remove a connector, freeing its name."""

    reason: Text = ""
