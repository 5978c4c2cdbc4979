"""The aggregate that keeps one template."""

from typing import Any
from uuid import UUID

from registry import commands, events
from registry.aggregate import Aggregate
from registry.compatibility import Mode, schema_digest
from registry.errors import (
    FieldNotFound,
    IncompatibleSchema,
    RefinementNotFound,
    TemplateNotFound,
    TemplateRetired,
)
from registry.refined_schema import newly_misplaced, refined
from registry.refinement import Pins, Refinement
from registry.review import left_to_review
from registry.schema_gate import StatedSchema, judged, passed
from registry.schema_place import JSONSchema
from registry.template import Rejection, Template


class DatasetTemplate(Aggregate):
    """One template. Its id follows from its identity, so no template can exist twice.

    Rules: whatever changes the schema that readers see keeps the compatibility mode, or tells why
    not; what people said of fields holds over what is found later.
    """

    def __init__(self, template_id: UUID) -> None:
        super().__init__(template_id)
        self.template: Template | None = None
        self.schemas: dict[int, StatedSchema] = {}
        """The schemas of the versions, of all of them unless a snapshot was before them."""

    def adopt(self, template: Template) -> None:
        """Take over a state; the schemas of versions before it are not known then."""
        self.template = template
        self.schemas = {template.schema_version: StatedSchema.of(template)}

    @property
    def knows_all_schemas(self) -> bool:
        """Whether the schemas of all versions are known."""
        return self.template is None or len(self.schemas) == self.template.schema_version

    def entity(self, entity_id: UUID) -> Template | None:
        """Return the template, if it was ever registered."""
        return self.template

    def register(self, template_id: UUID, command: commands.RegisterTemplate) -> None:
        """Register the definition, or revise the recorded one where they differ.

        Raises:
            TemplateRetired: the definition differs, but the template is out of use.
            IncompatibleSchema: the schema breaks the mode, which is neither accepted nor recorded.
        """
        definition = command.definition
        digest = definition.digest
        if self.template is None:
            self._register_first(template_id, command, digest)
            return
        if self.template.digest == digest:
            return
        template = self._template_in_use(template_id)
        try:
            stated = passed(
                template, self.schemas, definition, template.pins, command.accept_breaking
            )
        except IncompatibleSchema as refusal:
            if not command.record_rejection:
                raise
            self._reject(template, command, refusal.facts["verdict"])
            return
        is_new = stated["schema_version"] != template.schema_version
        self.record(
            events.DatasetTemplateRevised(
                template_id=template_id,
                definition=definition,
                digest=digest,
                source=command.source,
                unsure=left_to_review(
                    definition.unsure, template.refinements, [] if is_new else template.approved
                ),
                **stated,
            )
        )

    def _register_first(
        self, template_id: UUID, command: commands.RegisterTemplate, digest: str
    ) -> None:
        self.record(
            events.DatasetTemplateRegistered(
                template_id=template_id,
                definition=command.definition,
                digest=digest,
                source=command.source,
                compatibility_mode=command.compatibility_mode,
                schema_version=1,
                schema_digest=schema_digest(command.definition.schema),
                unsure=command.definition.unsure,
            )
        )

    def _reject(
        self, template: Template, command: commands.RegisterTemplate, verdict: dict[str, Any]
    ) -> None:
        """Record that a revision was rejected, unless that very schema was before."""
        schema = refined(command.definition.schema, template.pins).schema
        digest = schema_digest(schema)
        if template.rejection is None or template.rejection.schema_digest != digest:
            self.record(
                events.TemplateRevisionRejected(
                    template_id=template.id,
                    source=command.source,
                    schema=schema,
                    schema_digest=digest,
                    mode=template.compatibility_mode,
                    verdict=verdict,
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

    # Versions of the schema

    def set_compatibility_mode(
        self, template_id: UUID, command: commands.SetCompatibilityMode
    ) -> None:
        """Decide what the next version of the schema has to keep; earlier ones stay as they are.

        Raises:
            TemplateNotFound: it was never registered.
        """
        if self._template(template_id).compatibility_mode is not command.mode:
            self.record(
                events.CompatibilityModeSet(
                    template_id=template_id, mode=command.mode, reason=command.reason
                )
            )

    def verdict(
        self, template_id: UUID, schema: JSONSchema, mode: Mode | None = None
    ) -> dict[str, Any]:
        """Return what would become of a schema that were found now, refinements applied.

        Raises:
            TemplateNotFound: it was never registered.
        """
        template = self._template(template_id)
        shown = refined(schema, template.pins).schema
        return judged(mode or template.compatibility_mode, self.schemas, StatedSchema(shown))

    # Refinement and review

    def refine(self, template_id: UUID, command: commands.RefineTemplate) -> None:
        """Pin or correct fields; what is said already records nothing.

        Raises:
            TemplateNotFound: it was never registered.
            TemplateRetired: it is out of use.
            FieldNotFound: the schema has no such field.
            IncompatibleSchema: the schema would break the mode, which is not accepted.
        """
        template = self._template_in_use(template_id)
        pins = template.pins
        joined = {
            path: pins.get(path, Pins()).joined(each) for path, each in command.fields.items()
        }
        fields = {path: each for path, each in joined.items() if pins.get(path) != each}
        if not fields:
            return
        later = {**pins, **fields}
        if path := newly_misplaced(template.definition.schema, pins, later):
            raise FieldNotFound(template_id=template_id, field=path)
        stated = passed(template, self.schemas, template.definition, later, command.accept_breaking)
        self.record(
            events.TemplateRefined(
                template_id=template_id,
                fields=fields,
                reason=command.reason,
                unsure=[each for each in template.unsure if each.field not in fields],
                **stated,
            )
        )

    def withdraw_refinement(self, template_id: UUID, command: commands.WithdrawRefinement) -> None:
        """Leave a field to inference again.

        Raises:
            TemplateNotFound: it was never registered.
            TemplateRetired: it is out of use.
            RefinementNotFound: nothing is said of the field.
            IncompatibleSchema: the schema would break the mode, which is not accepted.
        """
        template = self._template_in_use(template_id)
        pins = template.pins
        if pins.pop(command.field, None) is None:
            raise RefinementNotFound(field=command.field, template_id=template_id)
        stated = passed(template, self.schemas, template.definition, pins, command.accept_breaking)
        self.record(
            events.TemplateRefinementWithdrawn(
                template_id=template_id,
                field=command.field,
                reason=command.reason,
                unsure=left_to_review(template.definition.unsure, pins, template.approved),
                **stated,
            )
        )

    def review(self, template_id: UUID, command: commands.ReviewTemplate) -> None:
        """Approve of what inference is unsure of; with nothing to review nothing changes.

        Raises:
            TemplateNotFound: it was never registered.
        """
        if unsure := self._template(template_id).unsure:
            self.record(
                events.TemplateReviewed(
                    template_id=template_id, approved=unsure, reason=command.reason
                )
            )

    def _template(self, template_id: UUID) -> Template:
        if self.template is None:
            raise TemplateNotFound(template_id=template_id)
        return self.template

    def _template_in_use(self, template_id: UUID) -> Template:
        template = self._template(template_id)
        if template.retired:
            raise TemplateRetired(template_id=template_id)
        return template

    # Evolution

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
                compatibility_mode=event.compatibility_mode,
            )
        template = self._template(self.id)
        match event:
            case events.DatasetTemplateRevised():
                template.definition, template.digest = event.definition, event.digest
                template.source = event.source
                if event.schema_version != template.schema_version:
                    template.approved = []
            case events.DatasetTemplateRetired():
                template.retired = True
            case events.DatasetTemplateRestored():
                template.retired = False
        self._evolve_refinements(template, event)
        if isinstance(event, events.SchemaStated):
            self._evolve_schema(template, event)
        template.updated_at, template.version = event.timestamp, event.originator_version

    def _evolve_refinements(self, template: Template, event: events.Event) -> None:
        match event:
            case events.TemplateRefined():
                template.refinements = {
                    **template.refinements,
                    **{
                        path: Refinement(pins=pins, reason=event.reason, refined_at=event.timestamp)
                        for path, pins in event.fields.items()
                    },
                }
            case events.TemplateRefinementWithdrawn():
                template.refinements = {
                    path: each for path, each in template.refinements.items() if path != event.field
                }
            case events.TemplateReviewed():
                template.approved = [*template.approved, *event.approved]
                template.unsure = []
            case events.TemplateRevisionRejected():
                template.rejection = Rejection(
                    source=event.source,
                    schema_digest=event.schema_digest,
                    mode=event.mode,
                    verdict=event.verdict,
                    rejected_at=event.timestamp,
                )
            case events.CompatibilityModeSet():
                template.compatibility_mode = event.mode
                template.rejection = None

    def _evolve_schema(self, template: Template, event: events.SchemaStated) -> None:
        # Events from before versions were counted all belong to the first one.
        template.schema_version = event.schema_version or template.schema_version
        template.schema_digest = event.schema_digest
        template.refined_schema = event.refined_schema
        template.unsure, template.contradictions = event.unsure, event.contradictions
        template.rejection = None
        self.schemas[template.schema_version] = StatedSchema.of(template)
