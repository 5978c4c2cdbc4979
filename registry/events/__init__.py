"""Every event of the registry: one page for each aggregate.

An event is a fact in the past tense. Its fields are plain: nothing is validated when it is read
back, so a rule that tightens later can never make an old stream unreadable. The envelope (which
aggregate, which version, when, on whose behalf) is filled in when the event is recorded.

A class's topic is what the store knows it by, and never changes. New fields need a default.
"""

from registry.events.event import Event, Provenance, facts
from registry.events.recommendation import RecommendationJudged, RecommendationModelFitted
from registry.events.registry import (
    ConnectorHealthRecorded,
    ConnectorRegistered,
    ConnectorRemoved,
    ConnectorRevised,
    DatasetRegistered,
    DatasetRegistryEvent,
    DatasetRevised,
    DatasetStatusChanged,
    QualityScored,
)
from registry.events.scan import (
    ScanEvent,
    ScanFailed,
    ScanFinished,
    ScanProgressed,
    ScanReleased,
    ScanRequested,
    ScanStarted,
    SourceListed,
)
from registry.events.template import (
    CompatibilityModeSet,
    DatasetTemplateEvent,
    DatasetTemplateRegistered,
    DatasetTemplateRestored,
    DatasetTemplateRetired,
    DatasetTemplateRevised,
    SchemaStated,
    TemplateRefined,
    TemplateRefinementWithdrawn,
    TemplateReviewed,
    TemplateRevisionRejected,
)

__all__ = [
    "CompatibilityModeSet",
    "ConnectorHealthRecorded",
    "ConnectorRegistered",
    "ConnectorRemoved",
    "ConnectorRevised",
    "DatasetRegistered",
    "DatasetRegistryEvent",
    "DatasetRevised",
    "DatasetStatusChanged",
    "DatasetTemplateEvent",
    "DatasetTemplateRegistered",
    "DatasetTemplateRestored",
    "DatasetTemplateRetired",
    "DatasetTemplateRevised",
    "Event",
    "Provenance",
    "QualityScored",
    "RecommendationJudged",
    "RecommendationModelFitted",
    "ScanEvent",
    "ScanFailed",
    "ScanFinished",
    "ScanProgressed",
    "ScanReleased",
    "ScanRequested",
    "ScanStarted",
    "SchemaStated",
    "SourceListed",
    "TemplateRefined",
    "TemplateRefinementWithdrawn",
    "TemplateReviewed",
    "TemplateRevisionRejected",
    "facts",
]
