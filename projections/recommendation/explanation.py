"""Why a template is recommended, what it lacks, and what would help to find a better one."""

from collections.abc import Mapping, Sequence
from typing import Any

from projections.recommendation.reading import Aspect, Reading
from projections.recommendation.signals import Candidate, Signal, has_field
from projections.recommendation.taxonomy import MISSPELT, Taxonomy, industries, use_cases

FULL = 0.99

UNLIKELY = 0.5
"""Where no confidence reaches this, the answer says so."""

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
    lacking = [
        found[name].because
        for name in ("industry", "use_case", "tool", "compliance")
        if name in found and found[name].strength < FULL
    ]
    own = frozenset(candidate.features["fields"])
    absent = [name for name, parts in reading.fields.items() if not has_field(own, parts)]
    if absent:
        lacking.append(f"its schema has no {', '.join(absent)}")
    return lacking


def advice(reading: Reading, shown: Sequence[tuple[Candidate, float]]) -> list[str]:
    """Return what to change in the request, given what is recommended with which confidence."""
    if reading.is_empty:
        return [
            "Say what you need: an industry, a use case, the tools you have, fields you look for,"
            " or a description in your own words."
        ]
    covered = [candidate for candidate, _ in shown]
    told = [
        *_of_aspect("industry", reading.industry, industries()),
        *_of_aspect("use case", reading.use_case, use_cases()),
        *_of_tools(reading, covered),
        *_of_contradictions(reading, covered),
    ]
    if not covered:
        told.insert(0, "No template has to do with what you need.")
    elif max(confidence for _, confidence in shown) < UNLIKELY:
        told.insert(0, "None of these is likely to be right; they are only the nearest there are.")
    elif not reading.tools:
        told.append("Name the tools that your data come from to narrow this down.")
    return told


def _of_aspect(what: str, aspect: Aspect, taxonomy: Taxonomy) -> list[str]:
    told = [
        f"{match.said!r} was read as the {what} {match.concept}."
        for match in aspect.concepts
        if match.certainty == MISSPELT
    ]
    if aspect.is_asked and not aspect.concepts:
        known = ", ".join(taxonomy.slugs[:MOST_NAMES])
        told.append(f"No {what} is known by the name {aspect.said!r}; some are {known}.")
    return told


def _of_tools(reading: Reading, covered: Sequence[Candidate]) -> list[str]:
    types = {each.features["dataset_type"] for each in covered}
    return [
        f"No template recommended here holds data of {tool.name}."
        for tool in reading.tools
        if not any(tool.likeness(each) for each in types)
    ]


def _of_contradictions(reading: Reading, covered: Sequence[Candidate]) -> list[str]:
    """Tell of an industry and a use case that no template recommended has both of."""
    if not (covered and reading.industry.concepts and reading.use_case.concepts):
        return []
    industry, use_case = reading.industry, reading.use_case
    both = any(
        each.features["industry"] in industry.slugs and each.features["use_case"] in use_case.slugs
        for each in covered
    )
    if both:
        return []
    return [f"No template recommended here is for both {industry.said} and {use_case.said}."]
