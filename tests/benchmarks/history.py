"""A long, mixed history, written straight into the log as the application would have written it."""

import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from registry import events
from registry.dataset import DatasetMetadata, Stage, Status
from registry.dataset_registry import DatasetRegistry
from registry.events import Event, Provenance
from registry.quality import CheckType, DataQualityCheck
from registry.store import EVENTS_TABLE, EventMapper
from registry.template import TemplateDefinition, TemplateIdentity

DATASETS_PER_CLIENT = 100


def write_history(url: str, datasets: int, templates: int = 0) -> int:
    """Write datasets with five events each, and templates with two; return how many events.

    A dataset is registered, validated, measured, made ready and revised; of every client's
    hundred datasets each has a type of its own, spread over the four stages.
    """
    return write(url, itertools.chain(_templates(templates), _datasets(datasets)))


def write(url: str, history: Iterable[Event]) -> int:
    """Write events into the log as they are; return how many."""
    mapper = EventMapper()
    count = 0
    with psycopg.connect(url) as connection:
        copy_sql = (
            f"COPY {EVENTS_TABLE} (originator_id, originator_version, topic, state) FROM STDIN"
        )
        with connection.cursor().copy(copy_sql + " (FORMAT binary)") as copy:
            copy.set_types(["uuid", "int8", "text", "bytea"])
            for event in history:
                stored = mapper.to_stored_event(event)
                copy.write_row(tuple(vars(stored).values()))
                count += 1
        connection.execute(f"ANALYZE {EVENTS_TABLE}")
    return count


def client(number: int) -> UUID:
    """Return the id of a client of the history."""
    return UUID(int=number + 1, version=4)


def template(number: int) -> TemplateDefinition:
    """Return the definition of a template of the history, of some twenty fields."""
    fields = {f"field_{index}": {"type": "string"} for index in range(20)}
    return TemplateDefinition(
        identity=TemplateIdentity(
            industry="fintech", use_case=f"use_case_{number % 97}", dataset_type=f"type_{number}"
        ),
        name=f"Template {number}",
        schema={"type": "object", "properties": fields},
        statistics={"fields": [{"path": name, "count": 50} for name in fields]},
        sample_data=[dict.fromkeys(fields, "value " * 4)] * 5,
        default_record_count=500,
    )


def _datasets(count: int) -> Iterator[Event]:
    dice = random.Random(7)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(0, count, DATASETS_PER_CLIENT):
        client_id = client(number // DATASETS_PER_CLIENT)
        stream = DatasetRegistry(client_id).id
        ids = [UUID(int=dice.getrandbits(128), version=4) for _ in range(DATASETS_PER_CLIENT)]
        steps = [
            [_registered(client_id, dataset_id, index) for index, dataset_id in enumerate(ids)],
            [_status(client_id, each, Status.PROVISIONING, Status.VALIDATING) for each in ids],
            [_scored(client_id, each) for each in ids],
            [_status(client_id, each, Status.VALIDATING, Status.READY) for each in ids],
            [_revised(client_id, each) for each in ids],
        ]
        for version, event in enumerate(itertools.chain.from_iterable(steps), 1):
            now += timedelta(milliseconds=1)
            yield recorded(event, stream, version, now)


def _templates(count: int) -> Iterator[Event]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        definition = template(number)
        template_id = definition.identity.template_id
        facts = {"template_id": template_id, "definition": definition, "source": "bench"}
        first = events.DatasetTemplateRegistered(**facts, digest="0")
        second = events.DatasetTemplateRevised(**facts, digest="1")
        yield recorded(first, template_id, 1, now)
        yield recorded(second, template_id, 2, now)


def recorded(event: Event, stream: UUID, version: int, now: datetime) -> Event:
    envelope = {"originator_id": stream, "originator_version": version, "timestamp": now}
    provenance = Provenance(actor="bench", command_id=uuid4())
    for name, value in {**envelope, "provenance": provenance}.items():
        object.__setattr__(event, name, value)
    return event


def _registered(client_id: UUID, dataset_id: UUID, index: int) -> Event:
    return events.DatasetRegistered(
        client_id=client_id,
        dataset_id=dataset_id,
        name=f"Dataset {index}",
        dataset_type=f"type_{index}",
        stage=list(Stage)[index % 4],
        journey_id=client_id,
        template_id=None,
        source="https://source.example/data",
        metadata=DatasetMetadata(industry="fintech", tags=["bench"]),
    )


def _status(client_id: UUID, dataset_id: UUID, before: Status, after: Status) -> Event:
    return events.DatasetStatusChanged(
        client_id=client_id, dataset_id=dataset_id, before=before, after=after, reason="bench"
    )


def _scored(client_id: UUID, dataset_id: UUID) -> Event:
    checks = [DataQualityCheck(check_type=kind, score=97.5) for kind in CheckType]
    return events.QualityScored(
        client_id=client_id, dataset_id=dataset_id, checks=checks, score=97.5
    )


def _revised(client_id: UUID, dataset_id: UUID) -> Event:
    return events.DatasetRevised(
        client_id=client_id,
        dataset_id=dataset_id,
        name="Revised",
        metadata=DatasetMetadata(industry="fintech", use_case="bench", tags=["bench", "revised"]),
    )
