"""The kinds of source, told to people and to programs."""

import inspect
from collections.abc import Iterator
from typing import Any

import msgspec

from discovery.sources.source import Source
from discovery.sources.sources import SOURCES


def as_text() -> str:
    """Return a few lines about each kind."""
    return "\n\n".join("\n".join(_lines(name, kind)) for name, kind in SOURCES.items())


def as_json() -> str:
    """Return every kind with its form, needs and settings, as JSON."""
    kinds = [_facts(name, kind) for name, kind in SOURCES.items()]
    return msgspec.json.format(msgspec.json.encode(kinds), indent=2).decode()


def _lines(name: str, kind: type[Source]) -> Iterator[str]:
    facts = _facts(name, kind)
    yield f"{name}: {facts['about']}"
    yield f"  --source  {facts['form']}"
    if facts["needs"]:
        yield f"  needs     {facts['needs']}"
    for setting in facts["settings"]:
        default = f" (usually {setting['default']})" if setting["default"] else ""
        yield f"  --set     {setting['name']}=… {setting['about']}{default}"


def _facts(name: str, kind: type[Source]) -> dict[str, Any]:
    return {
        "kind": name,
        "about": inspect.getdoc(kind).partition("\n")[0],  # type: ignore[union-attr]
        "form": kind.FORM,
        "needs": kind.NEEDS,
        "watched": kind.IS_WATCHED,
        "settings": [
            {
                "name": setting,
                "about": field.description or "",
                "default": ""
                if field.is_required()
                else _shown(field.get_default(call_default_factory=True)),
            }
            for setting, field in kind.model_fields.items()
            if setting != "text"
        ],
    }


def _shown(default: Any) -> str:
    return ", ".join(map(str, default)) if isinstance(default, list | tuple) else str(default or "")
