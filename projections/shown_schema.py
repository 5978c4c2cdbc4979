"""The schema of a template as its readers see it, by the events that state it."""

from collections.abc import Mapping
from typing import Any


def shown_schema(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema from an event on that states it: with refinements, if there are any.

    Args:
        facts: those of an event that is a `registry.events.template.SchemaStated`.
    """
    refined: dict[str, Any] | None = facts.get("refined_schema")
    defined: dict[str, Any] = facts.get("definition", {}).get("schema", {})
    return defined if refined is None else refined
