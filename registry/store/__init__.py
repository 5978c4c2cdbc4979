"""The event store: the only place of the registry that knows Postgres."""

from registry.store.log import WHOLE, EventLog, Part, RecordedEvent, Slice
from registry.store.mapper import EventMapper
from registry.store.recorder import CHANNEL, EVENTS_TABLE, EventRecorder, recorder_environment

__all__ = [
    "CHANNEL",
    "EVENTS_TABLE",
    "WHOLE",
    "EventLog",
    "EventMapper",
    "EventRecorder",
    "Part",
    "RecordedEvent",
    "Slice",
    "recorder_environment",
]
