"""The shapes of the answers, for the OpenAPI document; tests hold real answers to them."""

from api.responses.answer import Answer, Link, Links, Pagination
from api.responses.batches import BatchResult, CommandOutcome, RefusedCommand
from api.responses.connectors import ChangedConnector, Configuration, Connector, ConnectorPage
from api.responses.datasets import (
    ChangedDataset,
    Dataset,
    DatasetPage,
    Metadata,
    QualityCheck,
    QualityReport,
    QualityReportPage,
    QualityResult,
)
from api.responses.history import Change, CloudEvent, HistoricEvent, History
from api.responses.operations import Live, Progress, ProjectionState, Ready, Rebuild
from api.responses.recommendations import (
    Bundle,
    Evidence,
    Judgement,
    KeyLink,
    Recommendation,
    Recommendations,
    RecommendedTemplate,
)
from api.responses.scans import Found, RequestedScan, Scan, ScanPage
from api.responses.search import FieldHit, Hit, SearchPage, Suggestion, Suggestions
from api.responses.templates import (
    ChangedTemplate,
    QualityRule,
    Template,
    TemplatePage,
    TemplateSummary,
)

__all__ = [
    "Answer",
    "BatchResult",
    "Bundle",
    "Change",
    "ChangedConnector",
    "ChangedDataset",
    "ChangedTemplate",
    "CloudEvent",
    "CommandOutcome",
    "Configuration",
    "Connector",
    "ConnectorPage",
    "Dataset",
    "DatasetPage",
    "Evidence",
    "FieldHit",
    "Found",
    "HistoricEvent",
    "History",
    "Hit",
    "Judgement",
    "KeyLink",
    "Link",
    "Links",
    "Live",
    "Metadata",
    "Pagination",
    "Progress",
    "ProjectionState",
    "QualityCheck",
    "QualityReport",
    "QualityReportPage",
    "QualityResult",
    "QualityRule",
    "Ready",
    "Rebuild",
    "Recommendation",
    "Recommendations",
    "RecommendedTemplate",
    "RefusedCommand",
    "RequestedScan",
    "Scan",
    "ScanPage",
    "SearchPage",
    "Suggestion",
    "Suggestions",
    "Template",
    "TemplatePage",
    "TemplateSummary",
]
