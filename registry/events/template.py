"""The events of a template."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from registry.compatibility import Mode
from registry.contradiction import Contradiction
from registry.events.event import Event
from registry.refinement import Pins
from registry.review import UnsureField
from registry.template import TemplateDefinition


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateEvent(Event):
    """An event of one template."""

    template_id: UUID


@dataclass(frozen=True, kw_only=True)
class SchemaStated:
    """What an event says after which the schema may be another.

    `schema_version` and `schema_digest` are those of the schema as it is shown from now on; 0 in
    events from before versions were counted. The schema is `refined_schema`, or where that is None
    that of the definition which the event has. `accepted_breaking` is why the break of the
    compatibility mode was accepted, if there was one. `unsure` are the fields to be reviewed, and
    `contradictions` what the data show against refinements, all there are now.
    """

    schema_version: int = 0
    schema_digest: str = ""
    refined_schema: dict[str, Any] | None = None
    accepted_breaking: str | None = None
    unsure: list[UnsureField] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRegistered(
    DatasetTemplateEvent, SchemaStated, topic="DatasetTemplateRegistered"
):
    """A template became known; `source` tells where it was found."""

    definition: TemplateDefinition
    digest: str
    source: str
    compatibility_mode: Mode = Mode.BACKWARD


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRevised(DatasetTemplateEvent, SchemaStated, topic="DatasetTemplateRevised"):
    """A template's definition changed; it is given whole, as it is now."""

    definition: TemplateDefinition
    digest: str
    source: str


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRetired(DatasetTemplateEvent, topic="DatasetTemplateRetired"):
    """A template was taken out of use."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRestored(DatasetTemplateEvent, topic="DatasetTemplateRestored"):
    """A retired template was taken back into use."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class TemplateRevisionRejected(DatasetTemplateEvent, topic="TemplateRevisionRejected"):
    """What was found at `source` has a schema that breaks the mode; the version before stays.

    `verdict` tells why, with a document as witness where there is one.
    """

    source: str
    schema: dict[str, Any]
    schema_digest: str
    mode: Mode
    verdict: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CompatibilityModeSet(DatasetTemplateEvent, topic="CompatibilityModeSet"):
    """What a new version of the template's schema has to keep was decided anew."""

    mode: Mode
    reason: str


@dataclass(frozen=True, kw_only=True)
class TemplateRefined(DatasetTemplateEvent, SchemaStated, topic="TemplateRefined"):
    """A person pinned or corrected fields; `fields` has all that is now said of them, by path."""

    fields: dict[str, Pins]
    reason: str


@dataclass(frozen=True, kw_only=True)
class TemplateRefinementWithdrawn(
    DatasetTemplateEvent, SchemaStated, topic="TemplateRefinementWithdrawn"
):
    """A person left a field to inference again."""

    field: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TemplateReviewed(DatasetTemplateEvent, topic="TemplateReviewed"):
    """A person approved what inference was unsure of."""

    approved: list[UnsureField]
    reason: str
