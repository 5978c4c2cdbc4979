"""The event store: the only place of the registry that knows Postgres."""

from registry.store.log import EventLog, RecordedEvent, Slice
from registry.store.mapper import EventMapper
from registry.store.recorder import CHANNEL, EVENTS_TABLE, EventRecorder, recorder_environment

__all__ = [
    "CHANNEL",
    "EVENTS_TABLE",
    "EventLog",
    "EventMapper",
    "EventRecorder",
    "RecordedEvent",
    "Slice",
    "recorder_environment",
]
