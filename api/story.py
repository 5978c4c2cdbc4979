"""A thing's story: its events, each with who caused it and what it changed."""

from collections import deque
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from api.caller import Caller
from projections.read_model import Document, ReadModel, Version
from registry.store import RecordedEvent

MAX_PAGE_BYTES = 4 * 1024 * 1024
"""A page ends early when its events exceed this; a single one may be larger."""

_UNTOLD = {"version", "updated_at", "_links"}
"""Fields that say no more about a change than the event itself does."""

_PROVENANCE = ("actor", "client_id", "command_id", "correlation_id", "causation_id", "traceparent")

Changes = Mapping[str, Mapping[str, Any]]


class Story:
    """The events of one thing, folded as its read model folds them, to see what each changes."""

    def __init__(self, model: ReadModel) -> None:
        self._model = model
        self._versions: dict[str, Version] = {}
        self._blocked: set[str] = set()

    def changes(self, event: RecordedEvent) -> Changes | None:
        """Return, by field, what was there before the next event and after it.

        It is None for an event that the read model sets aside, since its handler fails, and for
        those behind it.
        """
        key = self._model.key_of(event)
        before = self._versions.get(key)
        known = {key: before} if before else {}
        folding = self._model.fold(known, [(key, event)], self._blocked)
        if folding.poisoned:
            self._blocked.add(key)
            return None
        after = folding.current[key]
        if after:
            self._versions[key] = after
        else:
            self._versions.pop(key, None)
        return _differences(before.document if before else {}, after.document if after else {})


def _differences(before: Document, after: Document) -> Changes:
    return {
        field: {"before": before.get(field), "after": after.get(field)}
        for field in {**before, **after}
        if field not in _UNTOLD and before.get(field) != after.get(field)
    }


def told(caller: Caller, event: RecordedEvent, changes: Changes | None) -> bytes:
    """Return the event as JSON, with all of it that the caller may know."""
    return orjson.dumps(
        {
            "position": event.position,
            "type": event.topic,
            "version": event.originator_version,
            "recorded_at": event.recorded_at,
            **provenance_for(caller, event),
            "reason": event.facts.get("reason"),
            "changes": changes,
        }
    )


def provenance_for(caller: Caller, event: RecordedEvent) -> Mapping[str, str | None]:
    """Return who caused an event and how, all None where the caller may not know it.

    Templates are shared, and so is what happens to them; who of another client did it is not.
    """
    known = event.facts.get("provenance") or {}
    whose = known.get("client_id")
    if whose and not caller.is_admin and UUID(whose) != caller.client_id:
        known = {}
    return {part: known.get(part) for part in _PROVENANCE}


class StoryPage:
    """A run of told events, bounded in number and bytes: the first of them, or the last."""

    def __init__(self, limit: int, *, newest_first: bool) -> None:
        self._limit = limit
        self._newest_first = newest_first
        self._told: deque[tuple[int, bytes]] = deque()
        self._bytes = 0
        self.has_next = False
        """Whether more was told than the page holds."""

    def add(self, position: int, event: bytes) -> None:
        """Take the next event; leave out what then belongs on another page."""
        self._told.append((position, event))
        self._bytes += len(event)
        while self._is_overfull:
            _, left_out = self._told.popleft() if self._newest_first else self._told.pop()
            self._bytes -= len(left_out)
            self.has_next = True

    @property
    def _is_overfull(self) -> bool:
        count = len(self._told)
        return count > self._limit or (count > 1 and self._bytes > MAX_PAGE_BYTES)

    @property
    def is_complete(self) -> bool:
        """Whether no later event can be on the page."""
        return self.has_next and not self._newest_first

    def events(self) -> tuple[bytes, int | None]:
        """Return the events as a JSON array in the order wanted, and the position of the last."""
        told = list(reversed(self._told)) if self._newest_first else list(self._told)
        return b"[%b]" % b",".join(event for _, event in told), told[-1][0] if told else None
