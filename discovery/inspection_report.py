"""What looking at data tells people, and what it tells programs."""

from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from discovery.inspection import Inspection
from discovery.keys import Keys
from discovery.readers.findings import Findings, keys_as_json
from registry.privacy import SamplePolicy

MOST_DOUBTS = 20
WIDTH = 120


def as_json(inspection: Inspection, samples: SamplePolicy) -> str:
    """Return the findings as JSON: those of one dataset, or of each by its name, and all keys."""
    told = {name: found.told(samples) for name, found in inspection.datasets.items()}
    keys = keys_as_json(inspection.keys)
    if len(told) == 1:
        document = {**next(iter(told.values())), "keys": keys}
    else:
        document = {"datasets": told, "keys": keys}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def as_text(inspection: Inspection, samples: SamplePolicy) -> str:
    """Return a table of fields for each dataset, its doubts, and the keys of all."""
    lines = [
        line
        for name, found in inspection.datasets.items()
        for line in _lines_of(name, found, found.told(samples))
    ]
    return "\n".join([*lines, *_lines_of_keys(inspection.keys)])


def _lines_of(name: str, found: Findings, told: Mapping[str, Any]) -> Iterator[str]:
    written = f", {_dialect(told['dialect'])}" if told["dialect"] else ""
    yield f"{_plain(name)}: {found.records} records ({found.kind}{written})"
    yield _table(told["profile"]["fields"])
    warnings = told["warnings"]
    for doubt in warnings[:MOST_DOUBTS]:
        place = f"line {doubt['line']}: " if doubt["line"] else ""
        yield f"⚠️ {place}{_plain(doubt['message'])}"
    if len(warnings) > MOST_DOUBTS:
        yield f"⚠️ and {len(warnings) - MOST_DOUBTS} more; --json tells all"
    yield ""


def _dialect(dialect: Mapping[str, Any]) -> str:
    parts = [f"{dialect['encoding']}", f"delimiter {dialect['delimiter']!r}"]
    parts += [f"quote {dialect['quote']}"] if dialect["quote"] else []
    parts += [f"{dialect['skip']} lines before the header"] if dialect["skip"] else []
    parts += [] if dialect["header"] else ["no header"]
    return ", ".join(parts)


def _table(fields: list[dict[str, Any]]) -> str:
    table = Table(box=None, pad_edge=False)
    for title in ("field", "type", "sure", "null", "distinct", "least", "greatest", "means"):
        table.add_column(title, overflow="fold", max_width=32)
    for each in fields:
        types = " | ".join(kind for kind in each["types"] if kind != "null") or "null"
        sure = f"{each['certainty']:.3f}" if "certainty" in each else ""
        meaning = each["semantic_class"]
        private = " (private)" if meaning and meaning["private"] else ""
        table.add_row(
            _shown(each["path"]),
            each.get("class", types),
            sure,
            f"{each['missing_share'] + (1 - each['missing_share']) * each['null_share']:.0%}",
            f"{each['distinct']}",
            _shown(each["minimum"]),
            _shown(each["maximum"]),
            f"{meaning['name']}{private}" if meaning else "",
        )
    text = StringIO()
    # What looks like markup is data here.
    Console(file=text, width=WIDTH, color_system=None, markup=False, emoji=False).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def _shown(value: object) -> str:
    """Return a value in few characters, none of which a terminal would obey."""
    return "" if value is None else _plain(f"{value!s:.32}")


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _lines_of_keys(keys: Keys) -> Iterator[str]:
    for table, key in keys.primary.items():
        yield f"🔑 {table}: {', '.join(key.columns)} ({key.certainty:.2f})"
    for reference in keys.foreign:
        yield (
            f"🔗 {reference.table}: {', '.join(reference.columns)} → {reference.to_table}:"
            f" {', '.join(reference.to_columns)} ({reference.certainty:.2f})"
        )
