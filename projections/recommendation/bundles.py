"""Bundles: templates that together cover the tools named and refer to each other by key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from projections.recommendation.reading import Reading
from projections.recommendation.tools import Tool
from projections.recommendation.words import stems

MOST_BUNDLES = 3
MOST_WEIGHED = 60
"""Among how many of the best templates bundles are sought."""


class Link(NamedTuple):
    """A field of one template that names records of another by their key."""

    source: str
    field: str
    target: str
    key: str


class Member(NamedTuple):
    """A template that may be part of a bundle, with its confidence."""

    features: Mapping[str, Any]
    confidence: float


class Bundle(NamedTuple):
    """Templates with the links that hold them together, and the tools they cover."""

    members: Sequence[Member]
    links: Sequence[Link]
    covers: Sequence[str]

    @property
    def confidence(self) -> float:
        """The confidence in the least sure of them."""
        return min(each.confidence for each in self.members)


def bundles(reading: Reading, ranked: Iterable[Member]) -> list[Bundle]:
    """Return the best bundles, each for one industry and use case.

    A bundle covers two tools at least, with one template each, and all its templates hang
    together by keys; the most tools count first, then the confidence.
    """
    if len(reading.tools) < 2:
        return []
    scenes: dict[tuple[str, str], list[Member]] = {}
    for member in list(ranked)[:MOST_WEIGHED]:
        scene = member.features["industry"], member.features["use_case"]
        scenes.setdefault(scene, []).append(member)
    found = [bundle for members in scenes.values() if (bundle := _bundle(reading, members))]
    found.sort(key=lambda bundle: (-len(bundle.covers), -bundle.confidence))
    return found[:MOST_BUNDLES]


def _bundle(reading: Reading, members: Sequence[Member]) -> Bundle | None:
    """Return what hangs together of the best templates for each tool, if that is two or more."""
    best = {
        tool: next((each for each in members if _serves(tool, each)), None)
        for tool in reading.tools
    }
    chosen = list({id(each): each for each in best.values() if each}.values())
    links = [link for one, other in permutations(chosen, 2) for link in _links(one, other)]
    joined = _joined(chosen, links)
    covers = [tool.name for tool, member in best.items() if member in joined]
    ids = {each.features["template_id"] for each in joined}
    kept = [link for link in links if link.source in ids]
    return Bundle(joined, kept, covers) if len(joined) > 1 and len(covers) > 1 else None


def _serves(tool: Tool, member: Member) -> bool:
    return tool.likeness(member.features["dataset_type"]) > 0


def _links(one: Member, other: Member) -> Iterator[Link]:
    """Yield the field of one template that names the other's entity, if it has a key."""
    parts, key = stems(other.features["dataset_type"]), other.features["key"]
    for entity in ("_".join(parts), parts[-1]):
        field = one.features["references"].get(entity)
        if field and key:
            yield Link(one.features["template_id"], field, other.features["template_id"], key)
            return


def _joined(members: Sequence[Member], links: Sequence[Link]) -> list[Member]:
    """Return the largest group of templates that hang together by links."""
    groups = [{each.features["template_id"]} for each in members]
    for link in links:
        touched = [group for group in groups if group & {link.source, link.target}]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    largest = max(groups, key=len, default=set())
    return [each for each in members if each.features["template_id"] in largest]
