"""The aggregate that keeps one template."""

from uuid import UUID

from registry import commands, events
from registry.aggregate import Aggregate
from registry.errors import TemplateNotFound, TemplateRetired
from registry.template import Template


class DatasetTemplate(Aggregate):
    """One template. Its id follows from its identity, so no template can exist twice."""

    def __init__(self, template_id: UUID) -> None:
        super().__init__(template_id)
        self.template: Template | None = None

    def entity(self, entity_id: UUID) -> Template | None:
        """Return the template, if it was ever registered."""
        return self.template

    def register(self, template_id: UUID, command: commands.RegisterTemplate) -> None:
        """Register the definition, or revise the recorded one where they differ.

        Raises:
            TemplateRetired: the definition differs, but the template is out of use.
        """
        digest = command.definition.digest
        if self.template and self.template.digest == digest:
            return
        if self.template and self.template.retired:
            raise TemplateRetired(template_id=template_id)
        event_class = (
            events.DatasetTemplateRevised if self.template else events.DatasetTemplateRegistered
        )
        self.record(
            event_class(
                template_id=template_id,
                definition=command.definition,
                digest=digest,
                source=command.source,
            )
        )

    def retire(self, template_id: UUID, command: commands.RetireTemplate) -> None:
        """Take the template out of use; one that is out of use already stays so.

        Raises:
            TemplateNotFound: it was never registered.
        """
        if not self._template(template_id).retired:
            self.record(
                events.DatasetTemplateRetired(template_id=template_id, reason=command.reason)
            )

    def restore(self, template_id: UUID, command: commands.RestoreTemplate) -> None:
        """Take the template back into use; one that is in use already stays so.

        Raises:
            TemplateNotFound: it was never registered.
        """
        if self._template(template_id).retired:
            self.record(
                events.DatasetTemplateRestored(template_id=template_id, reason=command.reason)
            )

    def _template(self, template_id: UUID) -> Template:
        if self.template is None:
            raise TemplateNotFound(template_id=template_id)
        return self.template

    def evolve(self, event: events.Event) -> None:
        """Assign what the event states."""
        if isinstance(event, events.DatasetTemplateRegistered):
            self.template = Template(
                id=event.template_id,
                definition=event.definition,
                digest=event.digest,
                source=event.source,
                created_at=event.timestamp,
                updated_at=event.timestamp,
                version=event.originator_version,
            )
            return
        template = self._template(self.id)
        match event:
            case events.DatasetTemplateRevised():
                template.definition, template.digest = event.definition, event.digest
                template.source = event.source
            case events.DatasetTemplateRetired():
                template.retired = True
            case events.DatasetTemplateRestored():
                template.retired = False
        template.updated_at, template.version = event.timestamp, event.originator_version
