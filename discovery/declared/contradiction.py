"""What data say against what is declared of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from discovery.dialect import Doubt


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A rule that is declared and that data break.

    Attributes:
        field: the field, or fields, that the rule is about.
        rule: what is declared, such as "a value is an integer".
        count: how many values break it; None where that was not counted.
        places: the first of them, as line (or None, where lines are not known) and text.
    """

    field: str
    rule: str
    count: int | None = None
    places: Sequence[tuple[int | None, str]] = ()

    def doubt(self) -> Doubt:
        """Return it as a doubt about the data, with the first places."""
        shown = [f"{text!r} on line {line}" if line else repr(text) for line, text in self.places]
        counted = f": {self.count} break it" if self.count is not None else ""
        first = f", first {', '.join(shown)}" if shown else ""
        line = self.places[0][0] if self.places else None
        message = f"{self.field}: declared is that {self.rule}, but the data differ"
        return Doubt(line=line, message=f"{message}{counted}{first}")

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON, without values, which may tell of persons."""
        lines = [line for line, _ in self.places if line]
        return {"field": self.field, "rule": self.rule, "count": self.count, "lines": lines}
