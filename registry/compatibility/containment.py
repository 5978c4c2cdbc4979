"""Whether one schema accepts all that another accepts, and the modes that are made of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from registry.compatibility.graph import Graph
from registry.compatibility.reader import read_schema
from registry.compatibility.resources import RawSchema
from registry.compatibility.undecided import Undecided
from registry.compatibility.verdict import Direction, Mode, Outcome, Policy, Verdict

COMPATIBLE = Verdict(outcome=Outcome.compatible)


def containment(part: RawSchema, whole: RawSchema, policy: Policy = Policy.semantic) -> Verdict:
    """Decide whether every document that is valid under `part` is valid under `whole`."""
    graph = Graph()
    try:
        inner, outer = read_schema(part, graph), read_schema(whole, graph)
        if graph.class_of(inner) == graph.class_of(outer):
            return COMPATIBLE
        raise Undecided("schemas that differ")
    except Undecided as undecided:
        return Verdict(outcome=Outcome.unknown, construct=undecided.construct)


def compatibility(
    mode: Mode,
    earlier: Sequence[RawSchema],
    new: RawSchema,
    policy: Policy = Policy.semantic,
) -> Verdict:
    """Decide whether a new version of a schema keeps a mode.

    Args:
        mode: what has to be kept.
        earlier: the versions so far, the oldest first.
        new: the version to come.
        policy: by what a pair is judged.

    Returns:
        The first verdict that is not `compatible`, `incompatible` before `unknown` and the newest
        version first, with its direction and the index of the version it does not hold with.
    """
    found = COMPATIBLE
    for verdict in _verdicts(mode, earlier, new, policy):
        if verdict.outcome is Outcome.incompatible:
            return verdict
        if found.is_compatible:
            found = verdict
    return found


def _verdicts(
    mode: Mode, earlier: Sequence[RawSchema], new: RawSchema, policy: Policy
) -> Iterator[Verdict]:
    last = len(earlier) - 1
    first = 0 if mode.is_transitive else max(last, 0)
    for index in range(last, first - 1, -1):
        for direction in mode.directions:
            pair = (earlier[index], new)
            part, whole = pair if direction is Direction.backward else pair[::-1]
            verdict = containment(part, whole, policy)
            if not verdict.is_compatible:
                yield replace(verdict, direction=direction, against=index)
