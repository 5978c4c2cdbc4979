"""A schema has versions; a new one keeps what the mode promises, or somebody answers for it."""

from dataclasses import replace

import pytest
from given import TEMPLATE, definition, given, replayed, template_registered, template_revised

from registry.commands import RegisterTemplate, SetCompatibilityMode
from registry.compatibility import Mode, schema_digest
from registry.dataset_template import DatasetTemplate
from registry.errors import IncompatibleSchema
from registry.events import (
    CompatibilityModeSet,
    DatasetTemplateRegistered,
    DatasetTemplateRevised,
    TemplateRevisionRejected,
)
from registry.snapshots import restore, snapshot_of


def declaring(properties, required=(), **parts):
    schema = {"type": "object", "properties": properties, "required": sorted(required)}
    return definition(schema=schema, declared_schema=True, **parts)


TEXT, ANY = {"type": "string"}, {"type": ["string", "null"]}
NARROW = declaring({"key": TEXT}, ["key"])
WIDE = declaring({"key": ANY})
WIDER = declaring({"key": {}})


def registration(of, **how):
    return RegisterTemplate(definition=of, source="a.json", **how)


def mode(of):
    return CompatibilityModeSet(template_id=TEMPLATE, mode=of, reason="")


def test_a_schema_that_accepts_more_is_the_next_version():
    case = given(template_registered(NARROW)).when(registration(WIDE))
    case.then(template_revised(WIDE, schema_version=2))
    assert case.aggregate.template.schema_version == 2


def test_another_description_or_another_wording_of_the_schema_is_no_version():
    reworded = declaring({"key": {**TEXT, "title": "Key", "description": "Its key."}}, ["key"])
    case = given(template_registered(NARROW))
    case.when(registration(replace(NARROW, description="Tickets.")))
    case.then(template_revised(replace(NARROW, description="Tickets."), schema_version=1))
    case.when(registration(reworded)).then(template_revised(reworded, schema_version=1))


def test_a_revision_that_breaks_the_mode_is_refused_with_a_witness():
    case = given(template_registered(WIDE)).when(registration(NARROW))
    error = case.outcome.error
    assert isinstance(error, IncompatibleSchema)
    assert not case.aggregate.pending_events
    verdict = error.facts["verdict"]
    assert (verdict["mode"], verdict["outcome"]) == ("BACKWARD", "incompatible")
    assert (verdict["direction"], verdict["against_version"]) == ("backward", 1)
    assert verdict["reasons"][0].keys() == {"pointer", "message"}
    assert verdict["has_witness"]
    assert verdict["witness"].get("key") is None


def test_the_break_is_taken_when_somebody_answers_for_it():
    case = given(template_registered(WIDE))
    case.when(registration(NARROW, accept_breaking="keys were never null"))
    case.then(template_revised(NARROW, schema_version=2, accepted_breaking="keys were never null"))


def test_nobody_answers_for_a_break_that_is_none():
    case = given(template_registered(NARROW)).when(registration(WIDE, accept_breaking="in case"))
    case.then(template_revised(WIDE, schema_version=2))


def test_a_scan_records_a_rejection_once_and_the_version_before_stays():
    case = given(template_registered(WIDE))
    case.when(registration(NARROW, record_rejection=True))
    [event] = case.outcome.events
    assert isinstance(event, TemplateRevisionRejected)
    assert (event.schema, event.schema_digest) == (NARROW.schema, schema_digest(NARROW.schema))
    template = case.aggregate.template
    assert (template.definition, template.schema_version) == (WIDE, 1)
    assert template.rejection.verdict == event.verdict

    case.when(registration(replace(NARROW, description="Again."), record_rejection=True)).then()
    case.when(registration(WIDER)).then(template_revised(WIDER, schema_version=2))
    assert case.aggregate.template.rejection is None


def test_what_was_rejected_is_decided_anew_under_another_mode():
    case = given(template_registered(WIDE))
    case.when(registration(NARROW, record_rejection=True))
    case.when(SetCompatibilityMode(mode=Mode.FORWARD)).then(mode(Mode.FORWARD))
    case.when(SetCompatibilityMode(mode=Mode.FORWARD)).then()
    case.when(registration(NARROW)).then(template_revised(NARROW, schema_version=2))


@pytest.mark.parametrize(
    ("kept", "is_taken"),
    [
        (Mode.NONE, True),
        (Mode.BACKWARD, True),
        (Mode.FORWARD, False),
        (Mode.FULL, False),
        (Mode.BACKWARD_TRANSITIVE, True),
        (Mode.FULL_TRANSITIVE, False),
    ],
)
def test_each_mode_promises_something_else(kept, is_taken):
    case = given(template_registered(NARROW), mode(kept)).when(registration(WIDE))
    assert isinstance(case.outcome.error, IncompatibleSchema) is not is_taken


@pytest.mark.parametrize("from_snapshot", [False, True])
def test_a_transitive_mode_looks_at_all_versions_and_the_others_at_the_last(from_snapshot):
    """The second version broke the first, on record; the third keeps the second alone."""
    happened = [
        template_registered(WIDER),
        template_revised(NARROW, schema_version=2, accepted_breaking="never sent"),
    ]
    case = given(*happened)
    if from_snapshot:
        blank = DatasetTemplate(TEMPLATE)
        restore(blank, snapshot_of(case.aggregate))
        assert not blank.knows_all_schemas
        assert case.aggregate.knows_all_schemas
    case.when(SetCompatibilityMode(mode=Mode.BACKWARD_TRANSITIVE))
    case.when(registration(WIDE))
    assert case.outcome.error.facts["verdict"]["against_version"] == 1
    case.when(SetCompatibilityMode(mode=Mode.BACKWARD))
    case.when(registration(WIDE)).then(template_revised(WIDE, schema_version=3))


def inferred(properties, required=()):
    return replace(declaring(properties, required), declared_schema=False)


def test_a_property_that_comes_to_inferred_records_is_no_break_unless_it_is_required():
    """Inference leaves records open; nobody promised that more might be in them."""
    before = inferred({"key": TEXT}, ["key"])
    more = {"key": TEXT, "points": {"type": "integer"}}
    case = given(template_registered(before)).when(registration(inferred(more, ["key", "points"])))
    assert isinstance(case.outcome.error, IncompatibleSchema)
    case.when(registration(inferred(more, ["key"])))
    assert case.aggregate.template.schema_version == 2


def test_a_property_that_comes_to_declared_records_may_be_in_them_already():
    case = given(template_registered(NARROW))
    case.when(registration(declaring({"key": TEXT, "points": {"type": "integer"}}, ["key"])))
    witness = case.outcome.error.facts["verdict"]["witness"]
    assert not isinstance(witness["points"], int)


def test_events_from_before_versions_were_counted_are_the_first_version():
    old = {"template_id": TEMPLATE, "source": "a.json"}
    aggregate = replayed(
        DatasetTemplate(TEMPLATE),
        [
            DatasetTemplateRegistered(definition=NARROW, digest=NARROW.digest, **old),
            DatasetTemplateRevised(definition=WIDE, digest=WIDE.digest, **old),
        ],
    )
    assert (aggregate.template.schema_version, aggregate.template.schema) == (1, WIDE.schema)
    again = given(template_registered(WIDE)).aggregate.verdict(TEMPLATE, NARROW.schema)
    assert aggregate.verdict(TEMPLATE, NARROW.schema)["reasons"] == again["reasons"]
