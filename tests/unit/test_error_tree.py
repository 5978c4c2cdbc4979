"""Errors: drawn as a tree in the module's docstring, each with a sentence for its reader."""

import string

import pytest
from given import DATASET, given

from registry import errors
from registry.commands import RetireDataset
from registry.errors import DatasetNotFound, RegistryError


def below(error):
    """Yield every class below an error's."""
    for child in error.__subclasses__():
        yield child
        yield from below(child)


def drawn(error, indent=""):
    """Yield the lines of the tree below an error's class."""
    children = error.__subclasses__()
    for child in children:
        is_last = child is children[-1]
        yield f"{indent}{'└' if is_last else '├'}── {child.__name__}"
        yield from drawn(child, indent + ("    " if is_last else "│   "))


def facts_in(error):
    return [name for _, name, _, _ in string.Formatter().parse(error.__doc__) if name]


def test_the_tree_in_the_docstring_shows_exactly_the_errors_there_are():
    _, tree = errors.__doc__.rstrip().split("\n\n")
    assert tree.splitlines() == ["RegistryError", *drawn(RegistryError)]


@pytest.mark.parametrize("error", [RegistryError, *below(RegistryError)])
def test_an_error_says_its_docstring_with_its_facts(error):
    facts = {name: f"<the {name}>" for name in facts_in(error)}

    message = str(error(**facts))

    assert message.endswith(".")
    assert "\n" not in message
    assert "{" not in message
    assert all(fact in message for fact in facts.values())


@pytest.mark.parametrize("error", [each for each in below(RegistryError) if facts_in(each)])
def test_an_error_is_not_made_without_its_facts(error):
    with pytest.raises(KeyError):
        error()


def test_what_a_fact_contains_is_said_as_it_is():
    assert "{dataset_id} {0}" in str(DatasetNotFound(dataset_id="{dataset_id} {0}"))


def test_an_error_keeps_its_facts_for_programs():
    case = given().when(RetireDataset())
    assert case.outcome.error.facts == {"dataset_id": DATASET}
