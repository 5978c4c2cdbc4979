"""The events of a template."""

from dataclasses import dataclass
from uuid import UUID

from registry.events.event import Event
from registry.template import TemplateDefinition


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateEvent(Event):
    """An event of one template."""

    template_id: UUID


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRegistered(DatasetTemplateEvent, topic="DatasetTemplateRegistered"):
    """A template became known; `source` tells where it was found."""

    definition: TemplateDefinition
    digest: str
    source: str


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRevised(DatasetTemplateEvent, topic="DatasetTemplateRevised"):
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
