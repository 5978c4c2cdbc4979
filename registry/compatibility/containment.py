"""Whether one schema accepts all that another accepts, and the modes that are made of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson

from registry.compatibility.comparison import Comparison
from registry.compatibility.graph import Graph
from registry.compatibility.reader import read_schema
from registry.compatibility.resources import RawSchema
from registry.compatibility.search import Search
from registry.compatibility.undecided import Undecided
from registry.compatibility.verdict import Change, Direction, Mode, Outcome, Policy, Reason, Verdict
from registry.compatibility.witnesses import Witnesses
from registry.errors import InvalidValue
from registry.text import storable_json

COMPATIBLE = Verdict(outcome=Outcome.compatible)


def containment(part: RawSchema, whole: RawSchema, policy: Policy = Policy.semantic) -> Verdict:
    """Decide whether every document that is valid under `part` is valid under `whole`.

    The drafts 4 to 2020-12 are read as each schema's `$schema` says, 2020-12 if it does not.
    Formats are checked as far as the validator checks them in that draft. Nothing is fetched, and
    the work is bounded: what is too large to decide is `unknown`.
    """
    if _is_same_text(part, whole):
        return COMPATIBLE
    graph = Graph()
    witnesses = Witnesses(part, whole)
    try:
        inner, outer = read_schema(part, graph), read_schema(whole, graph)
        graph.refuse_circles()
        goal = frozenset(((graph.class_of(inner), True), (graph.class_of(outer), False)))
        answer = Search(graph).root(goal, witnesses.is_one)
    except Undecided as undecided:
        return _unknown(undecided.construct)
    except RecursionError:
        return _unknown("schemas nested too deeply")
    if answer.is_none:
        if policy is Policy.keywordwise and (refused := _refused(graph, inner, outer)):
            return Verdict(outcome=Outcome.incompatible, reasons=refused)
        return COMPATIBLE
    if not answer.is_found or not witnesses.is_one(answer.document):
        return _unknown(answer.doubt or "a document on which the validator is of another mind")
    if not _is_storable(answer.document):
        return _unknown("documents with what no event can hold, such as integers of over 64 bits")
    return Verdict(
        outcome=Outcome.incompatible,
        reasons=witnesses.reasons(answer.document),
        has_witness=True,
        witness=answer.document,
    )


def _is_storable(document: Any) -> bool:
    try:
        storable_json(document)
    except InvalidValue:
        return False
    return True


def _is_same_text(part: RawSchema, whole: RawSchema) -> bool:
    try:
        return orjson.dumps(part) == orjson.dumps(whole)
    except TypeError:  # nested too deeply, or with integers of more than 64 bits
        return False


def _refused(graph: Graph, part: int, whole: int) -> tuple[Reason, ...]:
    """Return where a keyword is tightened, though no document is affected."""
    found = Comparison(graph, is_textual=True).differences(part, whole)
    return tuple(
        Reason(
            pointer=each.pointer, message=f"{each.was!r:.100} was tightened to {each.now!r:.100}"
        )
        for each in found
        if each.change is Change.tightened
    )


def _unknown(construct: str) -> Verdict:
    return Verdict(outcome=Outcome.unknown, construct=construct)


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
