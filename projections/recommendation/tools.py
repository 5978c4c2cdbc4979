"""Tools: what they are called, and the dataset types that come out of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from projections.recommendation.taxonomy import Concept, Match, Taxonomy, shipped_table
from projections.recommendation.words import stem, words

SAME_TOOL = 0.9
"""How well a dataset type serves a tool that begins with its name, without being listed."""

AMBIGUOUS = frozenset(
    map(stem, ("box", "drive", "exchange", "linear", "notion", "snow", "stash", "teams", "zoom"))
)
"""Names that are words as well: in a text they tell of a tool only with a capital."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool as a client names it, its slug, and its dataset types, the first being the usual."""

    name: str
    slug: str
    types: Sequence[str]
    is_known: bool = True

    def likeness(self, dataset_type: str) -> float:
        """Return how well a dataset type serves those who have the tool, 0 to 1."""
        if dataset_type in self.types:
            return 1.0
        own = dataset_type == self.slug or dataset_type.startswith(f"{self.slug}_")
        return SAME_TOOL if own else 0.0


class Tools:
    """The tools of a table, found by any of their names."""

    def __init__(self, types: Mapping[str, Sequence[str]], names: Taxonomy) -> None:
        self._types = types
        self._names = names

    @classmethod
    def shipped(cls) -> "Tools":
        """Return the tools of the table that ships."""
        table = shipped_table("tools")
        names = {slug: Concept(also=row.get("also", ())) for slug, row in table.items()}
        return cls({slug: row["types"] for slug, row in table.items()}, Taxonomy(names))

    def find(self, name: str) -> Tool:
        """Return the tool of that name; one that nobody knows is taken at its word."""
        found = self._names.find(name)
        if not found:
            return Tool(name=name, slug="_".join(words(name)), types=(), is_known=False)
        return self._tool(name, found[0])

    def mentioned(self, text: str) -> list[Tool]:
        """Return the tools that a text mentions."""
        return [
            self._tool(match.said, match)
            for match in self._names.mentions(text)
            if stem(match.said) not in AMBIGUOUS or match.said.capitalize() in text
        ]

    def _tool(self, name: str, match: Match) -> Tool:
        return Tool(name=name, slug=match.concept, types=tuple(self._types[match.concept]))


@cache
def tools() -> Tools:
    """Return the tools that are known."""
    return Tools.shipped()
