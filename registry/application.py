"""Carries out commands: loads the aggregates, lets them decide, saves what they recorded."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import structlog
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, OperationalError, PersistenceError
from psycopg import Connection
from psycopg_pool import PoolTimeout

from registry.aggregate import Aggregate
from registry.aggregate_cache import AggregateCache
from registry.aggregate_reader import AggregateReader, is_wanted_whole
from registry.compatibility import Mode
from registry.dataset_template import DatasetTemplate
from registry.errors import (
    KeyInFlight,
    NotCarriedOut,
    OutcomeUnknown,
    RegistryError,
    StoreUnavailable,
    TooManyConflicts,
)
from registry.schema_place import JSONSchema
from registry.snapshots import snapshot_is_due, snapshot_of
from registry.store import EventMapper, EventRecorder, recorder_environment
from registry.store.receipts import IdempotencyKey, claim, keep, prune
from registry.submission import Outcome, Submission, decide

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Answer(NamedTuple):
    """What a caller is told; one that is to be `kept` is told again to the same request."""

    content: bytes
    kept: bool


class Answered(NamedTuple):
    """What a caller was told, and whether it was `replayed` from the first time."""

    content: bytes
    replayed: bool


@dataclass(frozen=True)
class _Request(Generic[T]):
    """Commands to carry out over one connection, with what comes first and last on it.

    A `repeatable` one may be tried again even when it may have been carried out already.
    """

    submissions: Sequence[Submission]
    atomic: bool
    connection: Callable[[], AbstractContextManager[Connection[Any]]]
    begin: Callable[[Connection[Any]], T | None]
    finish: Callable[[Connection[Any], list[Outcome]], T]
    repeatable: bool


class RegistryApplication(Application[UUID]):
    """The command side: the one door through which anything in the registry changes."""

    name = "registry"
    MAX_ATTEMPTS = 12
    recorder: EventRecorder
    mapper: EventMapper

    def __init__(self, url: str) -> None:
        super().__init__(recorder_environment(url))
        self._cache = AggregateCache()
        self._reader = AggregateReader(self.recorder, self.mapper)

    def construct_mapper(self) -> EventMapper:
        """Map events to plain JSON."""
        return EventMapper()

    def submit(self, submission: Submission) -> Outcome:
        """Carry out one command.

        Raises:
            RegistryError: the command was refused; nothing was recorded.
        """
        outcome = self.submit_all([submission])[0]
        if outcome.error:
            raise outcome.error
        return outcome

    def submit_all(
        self, submissions: Sequence[Submission], *, atomic: bool = False
    ) -> list[Outcome]:
        """Carry out commands in order and save what they recorded in one transaction.

        A refused command records nothing and does not hinder the others, unless `atomic`: then
        all or none are carried out. A race lost to another writer is run again on fresh state.

        Raises:
            TooManyConflicts: every attempt lost its race; nothing was recorded.
            StoreUnavailable: the database cannot be reached; nothing was recorded.
            OutcomeUnknown: the database went away while the events were being saved.
        """
        return self._carry_out(
            _Request(
                submissions,
                atomic,
                # Saving is one statement, so no transaction is needed around it.
                self.recorder.connection,
                begin=lambda _: None,
                finish=lambda _, outcomes: outcomes,
                repeatable=False,
            )
        )

    def submit_once(
        self,
        submissions: Sequence[Submission],
        key: IdempotencyKey,
        answer: Callable[[Sequence[Outcome]], Answer],
        *,
        atomic: bool = False,
    ) -> Answered:
        """Carry out commands as `submit_all` does, unless that was done under the key before.

        The answer is saved along with the events, so whoever asks again is told the same.

        Raises:
            KeyInFlight: the key is being used at this moment.
            KeyReused: the key was used for another request.
            TooManyConflicts: every attempt lost its race; nothing was recorded.
            StoreUnavailable: the database cannot be reached; nothing was recorded.
            OutcomeUnknown: the database stayed away; send the request again under its key.
        """

        def begin(connection: Connection[Any]) -> Answered | None:
            found = claim(connection, key)
            return Answered(found, replayed=True) if found is not None else None

        def finish(connection: Connection[Any], outcomes: list[Outcome]) -> Answered:
            content, kept = answer(outcomes)
            if kept:
                keep(connection, key, content)
            return Answered(content, replayed=False)

        return self._carry_out(
            _Request(submissions, atomic, self.recorder.transaction, begin, finish, repeatable=True)
        )

    def prune_receipts(self, hours: int) -> int:
        """Delete the receipts older than that; return how many."""
        with self.recorder.connection() as connection:
            return prune(connection, hours)

    def preview(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Return what would become of the submissions, and record nothing."""
        with self.recorder.connection() as connection:
            return self._decide_all(connection, submissions, believe_cache=False)[1]

    def load(self, aggregates: Iterable[Aggregate]) -> Mapping[UUID, Aggregate]:
        """Bring blank aggregates to their recorded state, all of them in two queries."""
        with self.recorder.connection() as connection:
            return self._reader.load(aggregates, connection)

    def judge(self, template_id: UUID, schema: JSONSchema, mode: Mode | None) -> dict[str, Any]:
        """Return what would become of a template's schema that were found now; record nothing.

        Raises:
            TemplateNotFound: there is no such template.
            StoreUnavailable: the database cannot be reached.
        """
        try:
            with self.recorder.connection() as connection:
                template = DatasetTemplate(template_id)
                self._reader.load([template], connection)
                if not template.knows_all_schemas:
                    template = self._reader.load_whole(template_id, connection)
        except OperationalError as error:
            raise StoreUnavailable from error
        return template.verdict(template_id, schema, mode)

    def _carry_out(self, request: _Request[T]) -> T:
        lost: OutcomeUnknown | None = None
        failure: RegistryError = TooManyConflicts(attempts=self.MAX_ATTEMPTS)
        for attempt in range(1, self.MAX_ATTEMPTS + 1):
            try:
                return self._attempt(request, believe_cache=attempt == 1)
            except _Outdated:
                continue
            except IntegrityError:
                failure = TooManyConflicts(attempts=self.MAX_ATTEMPTS)
            except OutcomeUnknown as error:
                if not request.repeatable:
                    raise
                lost = error
            except KeyInFlight:
                if not lost:
                    raise
                # Postgres may not have noticed yet that our connection is gone.
            except OperationalError as error:
                failure = StoreUnavailable()
                if isinstance(error.__cause__, PoolTimeout):
                    break  # it was waited for already
            time.sleep(random.uniform(0, 0.001 * 2**attempt))  # noqa: S311 - only jitter
        raise lost or failure

    def _attempt(self, request: _Request[T], *, believe_cache: bool) -> T:
        """Carry out the request on aggregates from the cache, or as they are in the log.

        What a cached aggregate decides is sound once its events are saved, for the store takes no
        version twice. A refusal or a command without effect proves nothing of the kind, and so is
        only believed of an aggregate that was just brought up to date.
        """
        saving = False
        try:
            with request.connection() as connection:
                if (early := request.begin(connection)) is not None:
                    return early
                aggregates, outcomes = self._decide_all(
                    connection, request.submissions, believe_cache
                )
                if believe_cache and not all(outcome.events for outcome in outcomes):
                    raise _Outdated
                if request.atomic and any(outcome.error for outcome in outcomes):
                    return request.finish(connection, list(map(_not_carried_out, outcomes)))
                due = [each for each in aggregates.values() if snapshot_is_due(each)]
                saving = True
                outcomes = self._save(connection, aggregates.values(), outcomes)
                result = request.finish(connection, outcomes)
        except OperationalError as error:
            if saving:
                raise OutcomeUnknown from error
            raise
        self._remember(aggregates.values(), due)
        return result

    def _decide_all(
        self, connection: Connection[Any], submissions: Sequence[Submission], believe_cache: bool
    ) -> tuple[Mapping[UUID, Aggregate], list[Outcome]]:
        deciders = [submission.blank_aggregate() for submission in submissions]
        aggregates = {blank.id: blank for blank in deciders}
        if believe_cache:
            aggregates = {id_: self._cache.take(blank) for id_, blank in aggregates.items()}
        self._reader.load([each for each in aggregates.values() if each.version == 0], connection)
        for id_, aggregate in aggregates.items():
            if is_wanted_whole(aggregate, submissions):
                aggregates[id_] = self._reader.load_whole(id_, connection)
        outcomes = [
            decide(aggregates[blank.id], submission)
            for blank, submission in zip(deciders, submissions, strict=True)
        ]
        return aggregates, outcomes

    def _save(
        self,
        connection: Connection[Any],
        aggregates: Iterable[Aggregate],
        outcomes: Sequence[Outcome],
    ) -> list[Outcome]:
        changed = [aggregate for aggregate in aggregates if aggregate.pending_events]
        if changed:
            position = self.save(*changed, connection=connection)[-1].notification.id
        else:
            position = self.recorder.head(connection)
        return [
            outcome if outcome.error else replace(outcome, position=position)
            for outcome in outcomes
        ]

    def _remember(self, aggregates: Iterable[Aggregate], due: Sequence[Aggregate]) -> None:
        try:
            if due and self.snapshots:
                self.snapshots.put([snapshot_of(aggregate) for aggregate in due])
        except PersistenceError as error:  # the events are saved; this was only to save time later
            log.warning("snapshot not taken", reason=str(error))
        for aggregate in aggregates:
            self._cache.put(aggregate)


class _Outdated(Exception):
    """An aggregate from the cache decided what its being out of date may explain."""


def _not_carried_out(outcome: Outcome) -> Outcome:
    return outcome if outcome.error else Outcome(target=outcome.target, error=NotCarriedOut())
