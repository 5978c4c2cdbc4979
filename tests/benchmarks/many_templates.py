"""Many templates of twenty fields each, drawn from a vocabulary by a seed."""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import psycopg

from registry import events
from registry.events import Provenance
from registry.store import EVENTS_TABLE, EventMapper
from registry.template import TemplateDefinition, TemplateIdentity

FIELDS = 20
INDUSTRIES = """
    fintech healthcare retail technology insurance logistics energy education
""".split()  # noqa: SIM905
USE_CASES = [
    f"{whose}_{what}"
    for whose in ("developer", "patient", "customer", "store", "fraud", "supply", "claims", "staff")
    for what in ("support", "operations", "analytics", "onboarding", "compliance", "planning")
]
THINGS = """
    account address agent asset batch booking campaign card carrier case channel claim clinic
    contract customer delivery department device discount document employee event invoice
    issue item journal ledger location meter message order package patient payment payroll
    permit policy product project promotion provider quote refund region request return route
    sensor shipment site store subject subscription supplier survey task team tenant ticket
    trade transaction trip user vehicle vendor visit warehouse warranty
""".split()  # noqa: SIM905
PARTS = """
    amount balance category city code colour comment count country created currency date
    description duration email end grade height id index key kind label language latitude
    level limit longitude name note number origin owner phone price priority quantity rate
    rating reason reference score serial size source start state status step street summary
    target time title total type unit updated url value version weight zip
""".split()  # noqa: SIM905
SYSTEMS = """
    confluence jira slack salesforce zendesk github gong workday sap oracle hubspot
""".split()  # noqa: SIM905
CLASSES = ["email", "person_name", "phone_number", "iban", "postal_code"]


def template(number: int) -> TemplateDefinition:
    """Return the definition of a template, always the same for its number."""
    dice = random.Random(number)
    industry, use_case = dice.choice(INDUSTRIES), dice.choice(USE_CASES)
    system, thing = dice.choice(SYSTEMS), _often_early(dice, THINGS)
    names = {f"{_often_early(dice, THINGS)}_{_often_early(dice, PARTS)}" for _ in range(2 * FIELDS)}
    fields = sorted(names)[:FIELDS]
    return TemplateDefinition(
        identity=TemplateIdentity(
            industry=industry, use_case=use_case, dataset_type=f"{system}_{thing}s_{number}"
        ),
        name=f"{system.title()} {thing}s {number}",
        description=f"The {thing}s of {industry} as {system} has them, for {use_case}.",
        tags=[system, thing, dice.choice(["gold", "silver", "bronze"])],
        schema={
            "type": "object",
            "properties": {name: _schema(dice, name) for name in fields},
        },
        statistics={
            "fields": [
                {"path": name, "count": 50, "semantic_class": {"name": dice.choice(CLASSES)}}
                for name in fields[:3]
            ]
        },
        default_record_count=500,
    )


def write_templates(url: str, count: int) -> None:
    """Write the event of each template's registration straight into the log."""
    mapper = EventMapper()
    with psycopg.connect(url) as connection:
        copy_sql = (
            f"COPY {EVENTS_TABLE} (originator_id, originator_version, topic, state)"
            " FROM STDIN (FORMAT binary)"
        )
        with connection.cursor().copy(copy_sql) as copy:
            copy.set_types(["uuid", "int8", "text", "bytea"])
            for event in itertools.islice(_registrations(), count):
                copy.write_row(tuple(vars(mapper.to_stored_event(event)).values()))
        connection.execute(f"ANALYZE {EVENTS_TABLE}")


def _registrations() -> Iterator[events.DatasetTemplateRegistered]:
    provenance = Provenance(actor="bench", command_id=uuid4())
    for number in itertools.count():
        definition = template(number)
        template_id = definition.identity.template_id
        event = events.DatasetTemplateRegistered(
            template_id=template_id, definition=definition, source="bench", digest=str(number)
        )
        envelope = {
            "originator_id": template_id,
            "originator_version": 1,
            "timestamp": datetime(2026, 1, 1, tzinfo=UTC),
            "provenance": provenance,
        }
        for name, value in envelope.items():
            object.__setattr__(event, name, value)
        yield event


def _often_early(dice: random.Random, words: list[str]) -> str:
    """Draw a word, the earlier ones more often than the later, as in any language."""
    return words[int(len(words) * dice.random() ** 2)]


def _schema(dice: random.Random, name: str) -> dict[str, str]:
    kind = dice.choice(["string", "string", "number", "integer"])
    if dice.random() < 0.5:
        return {"type": kind}
    thing, part = name.split("_")
    return {"type": kind, "description": f"The {part} of the {thing}"}
