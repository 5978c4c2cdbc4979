"""What a client's registry tells of its needs: its datasets and connectors."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.dataset import Status
from registry.inquiry import Needs

MOST_IN_USE = 500
"""How many of a client's datasets, and of its connectors, are looked at."""

MOST_TOOLS = 20


@dataclass(frozen=True)
class ClientProfile:
    """A client's datasets that are not retired, and its connectors, as they are listed."""

    datasets: Sequence[Mapping[str, Any]]
    connectors: Sequence[Mapping[str, Any]]

    @classmethod
    def of(
        cls, datasets: Iterable[Mapping[str, Any]], connectors: Iterable[Mapping[str, Any]]
    ) -> "ClientProfile":
        """Return the profile told by lists of datasets, some retired, and of connectors."""
        in_use = [each for each in datasets if each["status"] != Status.RETIRED]
        return cls(in_use, list(connectors))

    def complete(self, needs: Needs) -> Needs:
        """Return the needs with what they leave out; what was said stays.

        Industry and use case are those of most datasets. The tools are those behind connectors,
        or the types of its datasets where there are no connectors.
        """
        tools = [each["configuration"]["connector_type"] for each in self.connectors]
        types = [each["dataset_type"] for each in self.datasets]
        asked = needs.tools or needs.dataset_types
        return replace(
            needs,
            industry=needs.industry or self._usual("industry"),
            use_case=needs.use_case or self._usual("use_case"),
            tools=needs.tools if asked else _distinct(tools),
            dataset_types=needs.dataset_types if asked or tools else _distinct(types),
        )

    @property
    def templates(self) -> frozenset[str]:
        """The ids of the templates that the client's active datasets are made from."""
        active = {status for status in Status if status.is_active}
        used = (each["template_id"] for each in self.datasets if each["status"] in active)
        return frozenset(template for template in used if template)

    def _usual(self, part: str) -> str | None:
        told = Counter(
            value for each in self.datasets if (value := each["metadata"].get(part)) is not None
        )
        return min(told, key=lambda value: (-told[value], value), default=None)


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))[:MOST_TOOLS]
