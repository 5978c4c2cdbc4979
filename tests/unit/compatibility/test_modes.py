"""The modes of schema registries, and the policies by which a pair is judged."""

import pytest

from registry.compatibility import Mode, Outcome, Policy, compatibility, containment

NARROW, WIDE, WIDEST = ({"type": "string", "maxLength": length} for length in (5, 10, 20))


@pytest.mark.parametrize(
    ("mode", "is_kept"),
    [
        (Mode.NONE, True),
        (Mode.BACKWARD, True),
        (Mode.FORWARD, False),
        (Mode.FULL, False),
        (Mode.BACKWARD_TRANSITIVE, False),
        (Mode.FORWARD_TRANSITIVE, False),
        (Mode.FULL_TRANSITIVE, False),
    ],
)
def test_a_version_wider_than_the_last_but_not_than_the_first_keeps_some_modes(mode, is_kept):
    assert compatibility(mode, [WIDEST, NARROW], WIDE).is_compatible is is_kept


def test_what_breaks_a_mode_is_told_with_direction_and_version():
    verdict = compatibility(Mode.BACKWARD_TRANSITIVE, [WIDEST, NARROW], WIDE)
    assert (verdict.outcome, verdict.direction, verdict.against) == ("incompatible", "backward", 0)
    assert verdict.witness == "a" * 11
    assert [each.pointer for each in verdict.reasons] == ["/maxLength"]


@pytest.mark.parametrize("mode", list(Mode))
def test_the_first_version_keeps_every_mode(mode):
    assert compatibility(mode, [], NARROW).is_compatible


def test_a_broken_version_is_told_before_one_that_cannot_be_decided():
    elsewhere = {"$ref": "https://example.com/elsewhere"}
    verdict = compatibility(Mode.BACKWARD_TRANSITIVE, [WIDEST, elsewhere], WIDE)
    assert (verdict.outcome, verdict.against) == (Outcome.incompatible, 0)
    verdict = compatibility(Mode.BACKWARD_TRANSITIVE, [NARROW, elsewhere], WIDE)
    assert (verdict.outcome, verdict.against) == (Outcome.unknown, 1)


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ({"type": "string"}, {"type": "string", "pattern": "[a-z]*"}),
        ({"type": "null", "maximum": 9}, {"type": "null", "maximum": 5}),
        (
            {"anyOf": [{"type": "string"}, {"maxLength": 9}]},
            {"anyOf": [{"type": "string"}, {"maxLength": 5}]},
        ),
    ],
)
def test_a_moot_restriction_is_refused_by_the_keyword_only(part, whole):
    assert containment(part, whole).is_compatible
    verdict = containment(part, whole, Policy.keywordwise)
    assert (verdict.outcome, verdict.has_witness) == (Outcome.incompatible, False)
    assert verdict.reasons
    assert containment(whole, part, Policy.keywordwise).is_compatible
