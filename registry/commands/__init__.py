"""What may be asked of the registry.

A command that could be made is well-formed; whether the rules allow it, the aggregate decides.
"""

from registry.commands.command import Command
from registry.commands.connectors import (
    RecordConnectorHealth,
    RegisterConnector,
    RemoveConnector,
    ReviseConnector,
)
from registry.commands.datasets import (
    ChangeDatasetStatus,
    MetadataChanges,
    RecordQualityChecks,
    RegisterDataset,
    RetireDataset,
    ReviseDataset,
)
from registry.commands.recommendations import AdoptRecommendationModel, JudgeRecommendation
from registry.commands.scans import (
    FailScan,
    FinishScan,
    ListSource,
    RecordScanProgress,
    ReleaseScan,
    RequestScan,
    ScanCommand,
    StartScan,
)
from registry.commands.templates import (
    AcceptBreaking,
    RefineTemplate,
    RegisterTemplate,
    RestoreTemplate,
    RetireTemplate,
    ReviewTemplate,
    SetCompatibilityMode,
    WithdrawRefinement,
)

__all__ = [
    "AcceptBreaking",
    "AdoptRecommendationModel",
    "ChangeDatasetStatus",
    "Command",
    "FailScan",
    "FinishScan",
    "JudgeRecommendation",
    "ListSource",
    "MetadataChanges",
    "RecordConnectorHealth",
    "RecordQualityChecks",
    "RecordScanProgress",
    "RefineTemplate",
    "RegisterConnector",
    "RegisterDataset",
    "RegisterTemplate",
    "ReleaseScan",
    "RemoveConnector",
    "RequestScan",
    "RestoreTemplate",
    "RetireDataset",
    "RetireTemplate",
    "ReviewTemplate",
    "ReviseConnector",
    "ReviseDataset",
    "ScanCommand",
    "SetCompatibilityMode",
    "StartScan",
    "WithdrawRefinement",
]
