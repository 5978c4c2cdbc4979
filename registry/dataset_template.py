"""The aggregate that keeps one template's definition."""

from uuid import UUID

from registry import commands, events
from registry.aggregate import Aggregate


class DatasetTemplate(Aggregate):
    """One template. Its id follows from its identity, so no template can exist twice.

    Of the definition it remembers the digest, which is all it needs to tell a change.
    """

    def __init__(self, template_id: UUID) -> None:
        super().__init__(template_id)
        self.digest: str | None = None

    def entity_version(self, entity_id: UUID) -> int:
        """Return the template's version, 0 for one never registered."""
        return self.version

    def register(self, template_id: UUID, command: commands.RegisterTemplate) -> None:
        """Register the definition, or revise the recorded one where they differ."""
        digest = command.definition.digest
        if digest == self.digest:
            return
        event_class = (
            events.DatasetTemplateRevised if self.version else events.DatasetTemplateRegistered
        )
        self.record(
            event_class(
                template_id=template_id,
                definition=command.definition,
                digest=digest,
                source=command.source,
            )
        )

    def evolve(self, event: events.Event) -> None:
        """Assign what the event states."""
        match event:
            case events.DatasetTemplateRegistered() | events.DatasetTemplateRevised():
                self.digest = event.digest
