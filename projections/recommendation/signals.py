"""The signals: what speaks for and against a template, each a number from 0 to 1."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from projections.recommendation.reading import Aspect, Reading, is_meant, likeness
from projections.recommendation.taxonomy import SIBLING, Taxonomy, industries, regions, use_cases
from registry.dataset import Stage

MOST_READY = 50
"""So many READY datasets are as good as any more."""

HALF_LIFE_DAYS = 365
"""After so many days without a change a template is half as fresh."""

SIZE_FACTOR = 100
"""A template this many times larger or smaller than wanted does not fit at all."""

UNKNOWN = 0.6
"""How far a template complies that does not tell."""

PRIVACY_RULES = frozenset(["ccpa", "gdpr", "hipaa", "lgpd", "pipeda"])
"""Regulations that are about data on persons only."""

FULL = 0.99
"""From this strength on what was asked for is met in full."""


class Signal(NamedTuple):
    """How far a template agrees with what was asked, and the words that say so."""

    strength: float
    because: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A template that may fit: its features, how often it became READY, and the time of asking."""

    features: Mapping[str, Any]
    ready: int
    asked_at: datetime


Rule = Callable[[Reading, Candidate], Signal | None]
"""Returns the signal; None where nothing was asked that it could tell of."""


def industry(reading: Reading, candidate: Candidate) -> Signal | None:
    """Tell whether the template is for the industry, or for one near it."""
    if not reading.industry.is_asked:
        return None
    return _likened("industry", reading.industry, industries(), candidate.features["industry"])


def use_case(reading: Reading, candidate: Candidate) -> Signal | None:
    """Tell whether the template is for the use case, or for one near it."""
    if not reading.use_case.is_asked:
        return None
    return _likened("use case", reading.use_case, use_cases(), candidate.features["use_case"])


def _likened(what: str, aspect: Aspect, taxonomy: Taxonomy, slug: str) -> Signal:
    strength = likeness(aspect, taxonomy, slug)
    if not strength:
        return Signal(strength, f"the {what} is {slug}, not {aspect.meant}")
    if not is_meant(aspect, taxonomy, slug):
        return Signal(strength, f"the {what} is {slug}, which is near {aspect.meant}")
    if strength < FULL:
        return Signal(strength, f"the {what} is {slug}, as {aspect.said!r} was read")
    return Signal(strength, f"the {what} is {slug}, as asked")


def tool(reading: Reading, candidate: Candidate) -> Signal | None:
    """Tell whether the template holds what one of the tools, or types, named holds."""
    if not reading.tools:
        return None
    dataset_type = candidate.features["dataset_type"]
    strength, name = max((each.likeness(dataset_type), each.name) for each in reading.tools)
    if strength:
        return Signal(strength, f"{dataset_type} come from {name}")
    named = ", ".join(each.name for each in reading.tools)
    return Signal(0.0, f"{dataset_type} come from none of {named}")


def text(reading: Reading, candidate: Candidate) -> Signal | None:
    """Tell how many words of the description the template has, too."""
    if not reading.words:
        return None
    found = reading.words.intersection(candidate.features["words"])
    # A long description is not expected to be found whole.
    strength = min(1.0, len(found) / min(len(reading.words), 6))
    if not found:
        return Signal(0.0, "no word of the description is in the template")
    return Signal(strength, f"the template tells of {', '.join(sorted(found)[:6])}")


def fields(reading: Reading, candidate: Candidate) -> Signal | None:
    """Tell how many of the wanted fields the schema has."""
    if not reading.fields:
        return None
    own = frozenset(candidate.features["fields"])
    found = [name for name, parts in reading.fields.items() if has_field(own, parts)]
    strength = len(found) / len(reading.fields)
    told = f": {', '.join(found[:6])}" if found else ""
    return Signal(strength, f"it has {len(found)} of {len(reading.fields)} fields{told}")


def has_field(own: frozenset[str], parts: tuple[str, ...]) -> bool:
    """Whether a schema with these names has a field, be it inside another one."""
    return "_".join(parts) in own or any("_".join(parts[start:]) in own for start in _ends(parts))


def _ends(parts: tuple[str, ...]) -> range:
    """Return where two words or more begin: `account_id` serves `salesforce account id`."""
    return range(1, len(parts) - 1)


def size(reading: Reading, candidate: Candidate) -> Signal | None:
    """Tell how near the default record count is to what is expected, by orders of magnitude."""
    count = candidate.features["record_count"]
    if not reading.record_count or not count:
        return None
    factor = abs(math.log(count / reading.record_count, SIZE_FACTOR))
    return Signal(max(0.0, 1 - factor), f"it starts with {count} records")


def quality(reading: Reading, candidate: Candidate) -> Signal:
    """Tell how well the template is described; in production that counts in full."""
    strength = candidate.features["quality"]
    if reading.stage in {Stage.SANDBOX, Stage.DEVELOPMENT}:
        strength = (1 + strength) / 2
    return Signal(strength, f"it tells {strength:.0%} of what a template can tell of itself")


def popularity(reading: Reading, candidate: Candidate) -> Signal:
    """Tell how often a dataset made from the template became READY."""
    strength = min(1.0, math.log1p(candidate.ready) / math.log1p(MOST_READY))
    times = f"{candidate.ready} datasets" if candidate.ready != 1 else "1 dataset"
    return Signal(strength, f"{times} made from it became READY")


def freshness(reading: Reading, candidate: Candidate) -> Signal:
    """Tell how long ago the template changed last."""
    changed = datetime.fromisoformat(candidate.features["updated_at"])
    days = max(0.0, (candidate.asked_at - changed).total_seconds() / 86_400)
    return Signal(0.5 ** (days / HALF_LIFE_DAYS), f"it changed {days:.0f} days ago")


def compliance(reading: Reading, candidate: Candidate) -> Signal | None:
    """Tell whether anything in the template conflicts with region and regulations."""
    if not reading.compliance and not reading.region:
        return None
    found = [
        _regulated(candidate.features, rule, said) for rule, said in reading.compliance.items()
    ]
    if reading.region:
        found.append(_located(candidate.features["regions"], reading.region))
    return min(found)


def _regulated(features: Mapping[str, Any], rule: str, said: str) -> Signal:
    if rule in features["compliance"]:
        return Signal(1.0, f"it is made for {said}")
    if features["compliance"]:
        return Signal(0.0, f"it is made for {', '.join(features['compliance'])}, not for {said}")
    if rule in PRIVACY_RULES and features["personal_data"]:
        return Signal(0.3, f"it holds personal data, and does not tell of {said}")
    return Signal(UNKNOWN, f"it does not tell of {said}")


def _located(places: list[str], wanted: str) -> Signal:
    region = regions().concept(wanted)
    near = max((regions().likeness(region, regions().concept(each)) for each in places), default=0)
    if near > SIBLING or "global" in places:
        return Signal(1.0, f"it is made for {', '.join(places)}")
    if places:
        return Signal(0.0, f"it is made for {', '.join(places)}, not for {wanted}")
    return Signal(UNKNOWN, "it does not tell for which region it is made")


SIGNALS: Mapping[str, Rule] = {
    "industry": industry,
    "use_case": use_case,
    "tool": tool,
    "text": text,
    "fields": fields,
    "size": size,
    "quality": quality,
    "popularity": popularity,
    "freshness": freshness,
    "compliance": compliance,
}
"""All signals by their names, in the order in which evidence is told."""

MATTERS = ("industry", "use_case", "tool", "text", "fields")
"""What a template can be about; without any of these it is not recommended, however good."""

WISHES = ("industry", "use_case", "tool", "fields", "compliance")
"""What tells how far something that was asked for is met, so that one unmet may count against all.

Of a description nobody expects to be met word by word, and records can be made more or fewer.
"""

WEAKEST = "weakest_wish"
"""The name under which a model weighs how far the least met of the wishes is met."""


def signals(reading: Reading, candidate: Candidate) -> dict[str, Signal]:
    """Return what there is to say of a template."""
    told = {name: rule(reading, candidate) for name, rule in SIGNALS.items()}
    return {name: signal for name, signal in told.items() if signal is not None}
