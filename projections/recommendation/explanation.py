"""Why a template is recommended, what it lacks, and what would help to find a better one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from projections.recommendation.reading import Aspect, Reading, is_meant, likeness
from projections.recommendation.signals import FULL, Candidate, Signal, has_field
from projections.recommendation.taxonomy import MISSPELT, Taxonomy, industries, use_cases

UNLIKELY = 0.5
"""Where no confidence reaches this, the answer says so."""

HALF = 0.5
"""A size less near than this is told of as missing: ten times too large, or too small."""

MOST_NAMES = 8


def evidence(found: Mapping[str, Signal], gains: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return what each signal told and how much it counted in log-odds, the weightiest first."""
    told = sorted(found.items(), key=lambda item: -gains[item[0]])
    return [
        {
            "signal": name,
            "strength": round(signal.strength, 4),
            "counted": round(gains[name], 4),
            "because": signal.because,
        }
        for name, signal in told
    ]


def missing(reading: Reading, candidate: Candidate, found: Mapping[str, Signal]) -> list[str]:
    """Return what was asked for that the template does not offer."""
    features = candidate.features
    lacking = []
    for what, aspect, taxonomy in _aspects(reading):
        slug = features[what.replace(" ", "_")]
        if aspect.is_asked and not is_meant(aspect, taxonomy, slug):
            lacking.append(f"it is made for the {what} {slug}, not for {aspect.meant}")
    if "tool" in found and not found["tool"].strength:
        lacking.append(f"it holds no data of {_either(tool.name for tool in reading.tools)}")
    if "compliance" in found and found["compliance"].strength < FULL:
        lacking.append(found["compliance"].because)
    if "size" in found and found["size"].strength < HALF:
        told = f"it starts with {features['record_count']} records"
        lacking.append(f"{told}, where {reading.record_count} are expected")
    own = frozenset(features["fields"])
    absent = [name for name, parts in reading.fields.items() if not has_field(own, parts)]
    if absent:
        lacking.append(f"its schema has no {_either(absent)}")
    return lacking


def advice(
    reading: Reading, shown: Sequence[tuple[Candidate, float]], near: Sequence[Candidate]
) -> list[str]:
    """Return what to change in the request.

    Args:
        reading: What was understood of it.
        shown: What is recommended, with which confidence.
        near: All templates that have to do with it, the best first, sure enough or not.
    """
    if reading.is_empty:
        return [
            "Say what you need: an industry, a use case, the tools you have, fields you look for,"
            " or a description in your own words."
        ]
    told = [
        *(line for each in _aspects(reading) for line in _of_aspect(*each, near)),
        *_of_tools(reading, near),
        *_of_contradictions(reading, near),
    ]
    if not near:
        told.insert(0, "No template has to do with what you need.")
    elif not shown:
        told.insert(0, _of_nearest(near[0]))
    elif max(confidence for _, confidence in shown) < UNLIKELY:
        told.insert(0, "None of these is likely to be right; they are only the nearest there are.")
    elif not reading.tools:
        told.append("Name the tools that your data come from to narrow this down.")
    return told


def _aspects(reading: Reading) -> Sequence[tuple[str, Aspect, Taxonomy]]:
    return (
        ("industry", reading.industry, industries()),
        ("use case", reading.use_case, use_cases()),
    )


def _of_nearest(candidate: Candidate) -> str:
    features = candidate.features
    return (
        f"No template is likely to be right. The nearest is {features['name']!r}, for"
        f" {features['use_case']} in {features['industry']}; ask with min_confidence 0 to see why."
    )


def _of_aspect(
    what: str, aspect: Aspect, taxonomy: Taxonomy, near: Sequence[Candidate]
) -> list[str]:
    told = [
        f"{match.said!r} was read as the {what} {match.concept}."
        for match in aspect.concepts
        if match.certainty == MISSPELT
    ]
    part = what.replace(" ", "_")
    is_known = any(is_meant(aspect, taxonomy, each.features[part]) for each in near)
    if aspect.is_asked and not (aspect.concepts or is_known):
        known = ", ".join(taxonomy.slugs[:MOST_NAMES])
        told.append(f"No {what} is known by the name {aspect.said!r}; some are {known}.")
    return told


def _of_tools(reading: Reading, near: Sequence[Candidate]) -> list[str]:
    types = {each.features["dataset_type"] for each in near}
    return [
        f"No template found here holds data of {tool.name}."
        for tool in reading.tools
        if not any(tool.likeness(each) for each in types)
    ]


def _of_contradictions(reading: Reading, near: Sequence[Candidate]) -> list[str]:
    """Tell of an industry and a use case that no template has both of, nor relatives of both."""
    industry, use_case = reading.industry, reading.use_case
    if not (industry.concepts and use_case.concepts):
        return []
    both = any(
        likeness(industry, industries(), each.features["industry"])
        and likeness(use_case, use_cases(), each.features["use_case"])
        for each in near
    )
    if both:
        return []
    told = f"No template found here is for both {industry.meant} and {use_case.meant}"
    return [f"{told}; leave one of them out to see what there is for the other."]


def _either(names: Iterable[str]) -> str:
    """Return names as they are told of in a negation: `a, b or c`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
