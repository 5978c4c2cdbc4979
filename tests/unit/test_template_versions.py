"""A template exists once, changes when its definition does, and can be out of use."""

import pytest
from given import (
    IDENTITY,
    TEMPLATE,
    definition,
    given,
    given_no_template,
    template_registered,
    template_revised,
)

from registry.commands import RegisterTemplate, RestoreTemplate, RetireTemplate
from registry.errors import TemplateNotFound, TemplateRetired
from registry.events import (
    DatasetTemplateRestored,
    DatasetTemplateRetired,
)
from registry.template import TemplateIdentity

FIRST, SECOND = definition(), definition(description="Every ticket.")
RETIRED = DatasetTemplateRetired(template_id=TEMPLATE, reason="superseded")
RESTORED = DatasetTemplateRestored(template_id=TEMPLATE, reason="needed again")
REVISED = template_revised(SECOND, "b.json")


def registration(of, source="a.json"):
    return RegisterTemplate(definition=of, source=source)


def test_a_template_is_registered_the_first_time():
    case = given_no_template().when(registration(FIRST))

    case.then(template_registered(FIRST))
    template = case.aggregate.template
    assert (template.definition, template.digest) == (FIRST, FIRST.digest)
    assert (template.version, template.retired) == (1, False)


def test_the_same_definition_again_records_nothing():
    case = given(template_registered(FIRST))

    case.when(registration(definition(), source="elsewhere.json")).then()
    assert case.outcome.version == 1


def test_another_definition_revises_the_template():
    case = given(template_registered(FIRST)).when(registration(SECOND, "b.json"))

    case.then(REVISED)
    template = case.aggregate.template
    assert (template.definition, template.source, template.version) == (SECOND, "b.json", 2)


def test_a_template_may_return_to_an_earlier_definition():
    case = given(template_registered(FIRST), REVISED).when(registration(FIRST))
    case.then(template_revised(FIRST))


def test_a_template_is_retired_once_and_restored_once():
    case = given(template_registered(FIRST))

    case.when(RetireTemplate(reason="superseded")).then(RETIRED)
    case.when(RetireTemplate(reason="again")).then()
    assert case.aggregate.template.retired
    case.when(RestoreTemplate(reason="needed again")).then(RESTORED)
    case.when(RestoreTemplate(reason="again")).then()
    assert not case.aggregate.template.retired


def test_a_retired_template_is_not_revised():
    case = given(template_registered(FIRST), RETIRED)

    case.when(registration(SECOND)).then(TemplateRetired(template_id=TEMPLATE))
    case.when(registration(FIRST)).then()


@pytest.mark.parametrize("command", [RetireTemplate(), RestoreTemplate()])
def test_what_was_never_registered_is_neither_retired_nor_restored(command):
    given_no_template().when(command).then(TemplateNotFound(template_id=TEMPLATE))


def test_an_identity_always_has_the_same_id():
    assert str(IDENTITY) == "retail/support/zendesk_tickets"
    assert str(TEMPLATE) == "3e20f573-d3d0-5125-b7c2-ec1874f2c1d5"
    other = TemplateIdentity(industry="retail", use_case="sales", dataset_type="zendesk_tickets")
    assert other.template_id != TEMPLATE


def test_the_digest_does_not_depend_on_the_order_of_keys():
    one = definition(schema={"type": "object", "required": ["a", "b"]})
    other = definition(schema={"required": ["a", "b"], "type": "object"})
    changed = definition(schema={"required": ["b", "a"], "type": "object"})

    assert one.digest == other.digest
    assert one.digest != changed.digest


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Issues"},
        {"declared_schema": True},
        {"tags": ["new"]},
        {"sample_data": [{"id": 1}]},
        {"custom_fields": {"owner": None}},
        {"default_record_count": 1},
        {"identity": TemplateIdentity(industry="retail", use_case="hr", dataset_type="forms")},
    ],
)
def test_any_change_of_the_definition_changes_the_digest(change):
    assert definition(**change).digest != definition().digest
