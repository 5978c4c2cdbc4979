"""What a client's words are understood to mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from projections.recommendation.taxonomy import MENTIONED, Match, Taxonomy, industries, use_cases
from projections.recommendation.tools import Tool, tools
from projections.recommendation.words import stems, telling, words
from registry.dataset import Stage
from registry.inquiry import Needs

ALIKE = 0.2
"""Relatives less alike than this are no relatives."""


@dataclass(frozen=True, kw_only=True)
class Aspect:
    """What is wanted of the industry, or of the use case.

    `said` is how the client put it, "" if it did not. `slugs` are all under which templates may
    serve it, with how well they do; `words` are its own words, for templates that no taxonomy
    knows.
    """

    said: str
    concepts: Sequence[Match]
    slugs: Mapping[str, float]
    words: frozenset[str]

    @property
    def is_asked(self) -> bool:
        """Whether the client said anything about it."""
        return bool(self.said)

    @property
    def meant(self) -> str:
        """What is wanted, as templates name it; as the client put it where that is not known."""
        return " or ".join(match.concept for match in self.concepts) or self.said


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The needs as they are understood; what was not said is empty or None."""

    industry: Aspect
    use_case: Aspect
    tools: Sequence[Tool]
    words: frozenset[str]
    fields: Mapping[str, tuple[str, ...]]
    record_count: int | None
    region: str | None
    compliance: Mapping[str, str]
    stage: Stage | None

    @property
    def types(self) -> list[str]:
        """The dataset types that the tools are known to hold."""
        return list(dict.fromkeys(each for tool in self.tools for each in tool.types))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said by which any template could be found."""
        aspects = self.industry.is_asked or self.use_case.is_asked
        return not (aspects or self.tools or self.words or self.fields)


def read(needs: Needs) -> Reading:
    """Return what the needs are understood to mean."""
    text = needs.description
    named = [tools().find(name) for name in dict.fromkeys(needs.tools)]
    named += [_of_type(name) for name in dict.fromkeys(needs.dataset_types)]
    return Reading(
        industry=_aspect(industries(), (needs.sub_industry, needs.industry), text),
        use_case=_aspect(use_cases(), (needs.use_case,), text),
        tools=tuple(_distinct(named) or tools().mentioned(text)),
        words=telling(text),
        fields={name: stems(name) for name in needs.fields if stems(name)},
        record_count=needs.record_count or None,
        region="_".join(words(needs.region)) if needs.region else None,
        compliance={"".join(words(name)): name for name in needs.compliance},
        stage=needs.stage,
    )


def _aspect(taxonomy: Taxonomy, said: Iterable[str | None], text: str) -> Aspect:
    """Read what was said, the more particular first; else what the text mentions in passing."""
    phrases = [phrase for phrase in said if phrase]
    matches = [match for phrase in phrases for match in taxonomy.find(phrase)]
    if not phrases:
        matches = taxonomy.mentions(text)
        phrases = [match.said for match in matches]
    slugs: dict[str, float] = {}
    for match in matches:
        for slug, likeness in taxonomy.relatives(match.concept).items():
            slugs[slug] = max(slugs.get(slug, 0.0), likeness * match.certainty)
    for phrase in phrases:
        slugs["_".join(words(phrase))] = 1.0
    return Aspect(
        said=", ".join(phrases),
        concepts=matches,
        slugs={slug: likeness for slug, likeness in slugs.items() if likeness >= ALIKE},
        words=telling(" ".join(phrases)),
    )


def _of_type(name: str) -> Tool:
    """Return a wanted dataset type as the tool that holds just this."""
    slug = "_".join(words(name))
    return Tool(name=name, slug=slug, types=(slug,))


def _distinct(found: Iterable[Tool]) -> list[Tool]:
    return list({(tool.slug, tuple(tool.types)): tool for tool in found}.values())


@lru_cache(maxsize=16_384)
def _concept_of(taxonomy: Taxonomy, slug: str) -> str:
    return taxonomy.concept(slug)


def is_meant(aspect: Aspect, taxonomy: Taxonomy, slug: str) -> bool:
    """Whether the slug stands for what is wanted itself, and not for a relative of it."""
    concepts = {match.concept for match in aspect.concepts}
    return slug == "_".join(words(aspect.said)) or _concept_of(taxonomy, slug) in concepts


def likeness(aspect: Aspect, taxonomy: Taxonomy, slug: str) -> float:
    """Return how well a template under the slug serves what is wanted, 0 to 1.

    Where the taxonomy knows neither, the words that both have in common tell.
    """
    if slug in aspect.slugs:
        return aspect.slugs[slug]
    found = aspect.slugs.get(_concept_of(taxonomy, slug), 0.0)
    if found or not aspect.words:
        return found
    own = frozenset(stems(slug))
    return MENTIONED * len(own & aspect.words) / len(own | aspect.words)
