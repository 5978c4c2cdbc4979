"""A request as its judge sees it: what is really wanted, and how that was put."""

from dataclasses import dataclass

from registry.dataset import Stage
from registry.inquiry import Needs


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a client really wants; what is None or empty does not matter to it."""

    industry: str | None = None
    use_case: str | None = None
    systems: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    record_count: int | None = None
    rule: str | None = None
    region: str | None = None
    stage: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request of a kind, with the wish behind it, and its words for a plain text search."""

    wish: Wish
    needs: Needs
    kind: str = ""
    words: str = ""
