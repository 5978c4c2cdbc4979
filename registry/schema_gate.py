"""The gate that a new version of a schema passes: it keeps what the versions before promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from registry.compatibility import (
    Direction,
    Mode,
    Outcome,
    Verdict,
    compatibility,
    schema_digest,
)
from registry.contradiction import contradictions
from registry.errors import IncompatibleSchema, InvalidValue
from registry.refined_schema import refined
from registry.refinement import Pins
from registry.schema_place import JSONSchema
from registry.template import Template, TemplateDefinition
from registry.text import storable_json

REASONS_TOLD: Final = 20
"""How many reasons of a verdict are kept; one alone would be enough to refuse."""


@dataclass(frozen=True)
class StatedSchema:
    """A schema, and whether it was inferred from records rather than declared."""

    schema: JSONSchema
    is_inferred: bool = False

    @classmethod
    def of(cls, template: Template) -> Self:
        """Return the schema that a template shows."""
        return cls(template.schema, is_inferred=not template.definition.declared_schema)

    @property
    def meant(self) -> JSONSchema:
        """The schema with records as closed as they are meant.

        Inference leaves records open since it cannot know what else there may be, and not since
        anybody promised to send more. So what an inferred schema stands for are records of the
        properties seen, and a column that comes is no break.
        """
        return closed(self.schema) if self.is_inferred else self.schema


def passed(
    template: Template,
    versions: Mapping[int, StatedSchema],
    definition: TemplateDefinition,
    pins: Mapping[str, Pins],
    accept_breaking: str | None,
) -> dict[str, Any]:
    """Return what an event states of the schema that follows from a definition and refinements.

    Args:
        template: the template as it is.
        versions: the schemas that it had by their numbers.
        definition: what it is to say: its own definition, or a revision.
        pins: what people say of its fields from now on.
        accept_breaking: why a schema that breaks the mode is to be taken, None if it is not.

    Raises:
        IncompatibleSchema: it breaks the mode, and that is not accepted.
    """
    shown = refined(definition.schema, pins).schema
    before = template.schema_digest or schema_digest(template.schema)
    digest = before if shown == template.schema else schema_digest(shown)
    accepted = None
    if digest != before:
        new = StatedSchema(shown, is_inferred=not definition.declared_schema)
        verdict = judged(template.compatibility_mode, versions, new)
        if _is_broken(verdict):
            accepted = accept_breaking
            if accepted is None:
                raise IncompatibleSchema(
                    template_id=template.id,
                    mode=template.compatibility_mode,
                    why=why(verdict),
                    verdict=verdict,
                )
    return {
        "schema_version": template.schema_version + (digest != before),
        "schema_digest": digest,
        # Only a revision brings a definition along, whose own schema may be the one.
        "refined_schema": shown if pins or definition is template.definition else None,
        "accepted_breaking": accepted,
        "contradictions": contradictions(
            definition.schema, definition.statistics, definition.sample_data, pins
        ),
    }


def judged(mode: Mode, versions: Mapping[int, StatedSchema], new: StatedSchema) -> dict[str, Any]:
    """Return the verdict on a new schema, as plain JSON that an event can hold.

    Args:
        mode: what has to be kept.
        versions: the earlier schemas by their numbers; the last alone counts unless the mode is
            transitive.
        new: the schema that would follow.
    """
    numbers = sorted(versions)
    verdict = _verdict(mode, [versions[number] for number in numbers], new)
    return {
        "mode": str(mode),
        "outcome": str(verdict.outcome),
        "direction": verdict.direction and str(verdict.direction),
        "against_version": None if verdict.against is None else numbers[verdict.against],
        "reasons": [
            {"pointer": reason.pointer, "message": reason.message}
            for reason in verdict.reasons[:REASONS_TOLD]
        ],
        "undecided": verdict.construct or None,
        **_witness_of(verdict),
    }


def _verdict(mode: Mode, versions: Sequence[StatedSchema], new: StatedSchema) -> Verdict:
    """Return the verdict of the first direction that is not kept, or of the last one."""
    verdict = Verdict(outcome=Outcome.compatible)
    suffix = "_TRANSITIVE" if mode.is_transitive else ""
    for direction in mode.directions:
        if direction is Direction.backward:
            earlier = [each.meant for each in versions]
            verdict = compatibility(Mode(f"BACKWARD{suffix}"), earlier, new.schema)
        else:
            earlier = [each.schema for each in versions]
            verdict = compatibility(Mode(f"FORWARD{suffix}"), earlier, new.meant)
        if not verdict.is_compatible:
            break
    return verdict


def closed(schema: Any) -> Any:
    """Return an inferred schema in which objects have no other properties than those named."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    whole = {
        keyword: (
            {name: closed(each) for name, each in value.items()}
            if keyword in ("properties", "$defs") and isinstance(value, dict)
            else closed(value)
            if keyword in ("items", "prefixItems", "additionalProperties", "anyOf")
            else value
        )
        for keyword, value in schema.items()
    }
    if "properties" in whole:
        whole["additionalProperties"] = False
    return whole


def _witness_of(verdict: Verdict) -> dict[str, Any]:
    try:
        storable_json(verdict.witness)
    except InvalidValue:
        return {"has_witness": False, "witness": None}
    return {"has_witness": verdict.has_witness, "witness": verdict.witness}


def _is_broken(verdict: Mapping[str, Any]) -> bool:
    """Whether a schema may not pass; what cannot be decided counts as incompatible."""
    return bool(verdict["outcome"] != Outcome.compatible)


def why(verdict: Mapping[str, Any]) -> str:
    """Return in words why a schema may not pass."""
    if verdict["outcome"] == Outcome.unknown:
        return f"whether it does cannot be decided because of {verdict['undecided']}"
    older = f"version {verdict['against_version']}"
    accepts = (
        f"it does not accept all that {older} accepts"
        if verdict["direction"] == Direction.backward
        else f"it accepts what {older} does not"
    )
    first, *others = verdict["reasons"] or [None]
    if first is None:
        return accepts
    more = f" (and {len(others)} more)" if others else ""
    return f"{accepts}: {first['pointer'] or '/'}: {first['message'].rstrip('.')}{more}"
