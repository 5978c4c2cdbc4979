"""People say what fields are; that holds over what is inferred, and data may contradict it."""

import jsonschema_rs
import pytest
from given import TEMPLATE, definition, given, template_registered
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from registry.commands import (
    RefineTemplate,
    RegisterTemplate,
    ReviewTemplate,
    SetCompatibilityMode,
    WithdrawRefinement,
)
from registry.compatibility import Mode
from registry.contradiction import Contradiction
from registry.dataset_template import DatasetTemplate
from registry.errors import (
    FieldNotFound,
    IncompatibleSchema,
    RefinementNotFound,
    TemplateRetired,
)
from registry.events import CompatibilityModeSet, DatasetTemplateRetired, TemplateReviewed
from registry.refined_schema import refined
from registry.refinement import JsonType, Pins
from registry.review import UnsureField
from registry.store import EventMapper
from registry.template_draft import TemplateDraft
from tests.rounds import rounds

MAPPER = EventMapper()
RECORDS = [
    {
        "zip": 10_115 + number,
        "state": ["open", "closed"][number % 2],
        "tags": ["a", "b"],
        "author": {"mail": f"a{number}@example.com"},
    }
    for number in range(24)
]


def draft(records=RECORDS):
    return TemplateDraft(
        industry="retail",
        use_case="support",
        dataset_type="zendesk_tickets",
        records=records,
        samples="raw",
    ).registration("a.json")


def registered():
    mode = CompatibilityModeSet(template_id=TEMPLATE, mode=Mode.NONE, reason="")
    return given(template_registered(draft().definition), mode)


def saying(reason="I know", **fields):
    named = {path.replace("__", "."): said for path, said in fields.items()}
    return RefineTemplate(fields=named, reason=reason)


def shown(case):
    return case.aggregate.template.schema


def test_a_field_is_what_a_person_says():
    case = registered().when(
        saying(
            zip={"type": "string", "description": "Postal code.", "required": False},
            author__mail={"semantic_class": "email", "key": True},
        )
    )
    properties = shown(case)["properties"]
    assert properties["zip"] == {"type": "string", "description": "Postal code."}
    assert "zip" not in shown(case)["required"]
    mail = properties["author"]["properties"]["mail"]
    assert (mail["x-semantic-class"], mail["x-key"]) == ("email", True)
    assert case.aggregate.template.schema_version == 2
    assert case.aggregate.template.definition == draft().definition


def test_what_is_said_later_adds_to_what_was_said_before():
    case = registered().when(saying(state={"enum": ["open", "closed", "new"]}))
    case.when(saying("also", state={"description": "Where it stands."}))
    assert shown(case)["properties"]["state"]["enum"] == ["open", "closed", "new"]
    case.when(saying("again", state={"description": "Where it stands."})).then()
    case.when(saying(state={"enum": []}))
    assert "enum" not in shown(case)["properties"]["state"]


def test_a_description_is_no_new_version_of_the_schema():
    case = registered().when(saying(zip={"description": "Postal code."}))
    assert case.aggregate.template.schema_version == 1
    assert shown(case)["properties"]["zip"]["description"] == "Postal code."


def test_a_refinement_passes_the_gate_like_any_other_change():
    case = given(template_registered(draft().definition))
    case.when(saying(zip={"type": "string"}))
    assert isinstance(case.outcome.error, IncompatibleSchema)
    accepted = saying(zip={"type": "string"}).model_copy(update={"accept_breaking": "it is text"})
    [event] = case.when(accepted).outcome.events
    assert event.accepted_breaking == "it is text"
    case.when(saying(zip={"type": ["string", "null"]}))
    assert case.outcome.error is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("postcode", {"type": "string"}),
        ("zip.part", {"type": "string"}),
        ("tags{}", {"type": "string"}),
        ("tags[]", {"required": True}),
        ("$", {"required": True}),
    ],
)
def test_a_field_that_is_not_there_cannot_be_refined(path, said):
    command = RefineTemplate(fields={path: said}, reason="I know")
    registered().when(command).then(FieldNotFound(template_id=TEMPLATE, field=path))


@pytest.mark.parametrize("path", ["", ".a", "a.", "a b", "a..b", "[", "a[0]"])
def test_what_is_no_path_is_told(path):
    with pytest.raises(ValueError, match=r"path of a field|at least 1 character"):
        RefineTemplate(fields={path: {"key": True}}, reason="I know")


def test_a_rescan_keeps_refinements_and_tells_what_contradicts_them():
    case = registered().when(
        saying(
            zip={"type": "string"},
            state={"enum": ["open", "closed"]},
            author__mail={"required": True},
        )
    )
    assert [each.field for each in case.aggregate.template.contradictions] == ["zip"]
    odd = {**RECORDS[0], "state": "lost"}
    case.when(draft([odd, *RECORDS, {**RECORDS[1], "author": {}}]))
    [event] = case.outcome.events
    assert event.contradictions == [
        Contradiction(field="author.mail", pin="required", found="some records lack it"),
        Contradiction(field="state", pin="enum", found='there are "lost"'),
        Contradiction(field="zip", pin="type", found="there are values of type integer"),
    ]
    assert shown(case)["properties"]["state"]["enum"] == ["open", "closed"]
    case.when(draft([{"zip": "10115"}] * 20))
    [event] = case.outcome.events
    assert [(each.field, each.pin) for each in event.contradictions] == [
        ("author.mail", "field"),
        ("state", "field"),
    ]


def test_values_that_contradict_a_format_are_told():
    command = RefineTemplate(fields={"tags[]": {"format": "date"}}, reason="I know")
    [event] = registered().when(command).outcome.events
    [found] = event.contradictions
    assert str(found) == 'tags[]: its format was refined, but there are "a", "b"'


def test_a_refinement_that_is_withdrawn_leaves_the_field_to_inference():
    case = registered()
    before = shown(case)
    case.when(saying(zip={"type": "string"}))
    case.when(WithdrawRefinement(field="zip", reason="they are numbers"))
    assert shown(case) == before
    assert case.aggregate.template.refinements == {}
    case.when(WithdrawRefinement(field="zip", reason="again"))
    assert isinstance(case.outcome.error, RefinementNotFound)


def test_a_retired_template_is_not_refined():
    retired = DatasetTemplateRetired(template_id=TEMPLATE, reason="")
    case = given(template_registered(draft().definition), retired)
    case.when(saying(zip={"key": True})).then(TemplateRetired(template_id=TEMPLATE))


def guessed(certainty=0.75, **other):
    fields = [
        {"path": path, "types": {"string": 2}, "class": "date", "certainty": sure}
        for path, sure in {"day": certainty, **other}.items()
    ]
    schema = {"type": "object", "properties": {each["path"]: {} for each in fields}}
    return definition(schema=schema, statistics={"fields": fields})


DAY = UnsureField(field="day", aspect="type", inferred="date", certainty=0.75)


def revision(of):
    return RegisterTemplate(definition=of)


def test_a_template_is_reviewed_once_until_something_else_is_unsure():
    case = given(template_registered(definition())).when(revision(guessed()))
    assert case.aggregate.template.unsure == [DAY]
    case.when(ReviewTemplate(reason="looked")).then(
        TemplateReviewed(template_id=TEMPLATE, approved=[DAY], reason="looked")
    )
    case.when(ReviewTemplate()).then()
    case.when(revision(guessed(0.8)))
    assert case.aggregate.template.unsure == []
    case.when(SetCompatibilityMode(mode=Mode.NONE))
    case.when(revision(guessed(hour=0.5)))
    assert [each.field for each in case.aggregate.template.unsure] == ["hour"]


def test_a_new_version_of_the_schema_asks_for_review_again():
    case = given(template_registered(definition())).when(revision(guessed()))
    case.when(ReviewTemplate())
    wider = guessed()
    wider.schema["properties"]["day"] = {"type": "string"}
    case.when(SetCompatibilityMode(mode=Mode.NONE)).when(revision(wider))
    assert case.aggregate.template.unsure == [DAY]


def test_a_refinement_settles_what_was_unsure_of_its_field():
    case = given(template_registered(definition())).when(revision(guessed(hour=0.5)))
    case.when(saying(day={"description": "The day."}))
    assert [each.field for each in case.aggregate.template.unsure] == ["hour"]
    case.when(WithdrawRefinement(field="day", reason="not so"))
    assert [each.field for each in case.aggregate.template.unsure] == ["day", "hour"]


TYPES = st.lists(st.sampled_from(JsonType), min_size=1, max_size=3, unique=True)
PINS = st.builds(
    Pins,
    type=st.none() | TYPES,
    format=st.sampled_from([None, "", "date"]),
    enum=st.none() | st.lists(st.sampled_from([1, "open", None, True]), max_size=3),
    required=st.sampled_from([None, True, False]),
    description=st.sampled_from([None, "", "Text."]),
    key=st.sampled_from([None, True, False]),
)
LEAVES = ["zip", "state", "tags[]", "author.mail"]
SAID = st.dictionaries(st.sampled_from([*LEAVES, "tags", "author", "$"]), PINS)
SCHEMA = {
    "type": "object",
    "properties": {
        "zip": {"type": "integer"},
        "state": {"type": ["string", "null"], "enum": ["open", None]},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}},
        "author": {"anyOf": [{"type": "object", "properties": {"mail": {}}}, {"type": "null"}]},
    },
    "required": ["zip"],
    "$defs": {"tag": {"type": "string", "format": "date"}},
}


@settings(max_examples=rounds(150), deadline=None)
@drawn(said=SAID)
def test_refining_twice_changes_nothing_and_gives_a_schema(said):
    once = refined(SCHEMA, said)
    again = {path: pins for path, pins in said.items() if path not in once.misplaced}
    assert refined(once.schema, again).schema == once.schema
    assert jsonschema_rs.meta.is_valid(once.schema)


@settings(max_examples=rounds(100), deadline=None)
@drawn(said=st.dictionaries(st.sampled_from(LEAVES), PINS), order=st.permutations(LEAVES))
def test_the_order_in_which_fields_are_refined_does_not_matter(said, order):
    one_by_one = SCHEMA
    for path in order:
        if path in said:
            one_by_one = refined(one_by_one, {path: said[path]}).schema
    assert one_by_one == refined(SCHEMA, said).schema


COMMANDS = st.one_of(
    st.sampled_from([RECORDS[:5], RECORDS, [{**RECORDS[0], "zip": "1"}], [{"zip": None}]]).map(
        draft
    ),
    st.builds(
        RefineTemplate,
        fields=st.dictionaries(
            st.sampled_from(LEAVES), PINS.filter(lambda pins: not pins.is_empty), min_size=1
        ),
        reason=st.just("I know"),
        accept_breaking=st.sampled_from([None, "yes"]),
    ),
    st.builds(WithdrawRefinement, field=st.sampled_from(LEAVES), reason=st.just("no")),
    st.builds(SetCompatibilityMode, mode=st.sampled_from(Mode)),
    st.builds(ReviewTemplate),
)


@settings(max_examples=rounds(25), deadline=None)
@drawn(commands=st.lists(COMMANDS, max_size=8))
def test_the_state_follows_from_the_events_whatever_is_asked(commands):
    case = given(template_registered(draft().definition))
    replica = given(template_registered(draft().definition)).aggregate
    for command in commands:
        for event in case.when(command).outcome.events:
            replica.apply(MAPPER.to_domain_event(MAPPER.to_stored_event(event)))
    assert isinstance(replica, DatasetTemplate)
    assert (replica.template, replica.schemas) == (case.aggregate.template, case.aggregate.schemas)
    assert replica.knows_all_schemas
