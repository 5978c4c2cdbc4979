"""Holding every cell of a text table against what is declared of its column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import duckdb

from discovery.declared.contradiction import Contradiction
from discovery.declared.profile_check import field_contradictions, undeclared
from discovery.readers.findings import Findings
from discovery.readers.part import Part
from discovery.table import Table
from discovery.table.places import lines_of
from registry.interchange import DeclaredResource
from registry.interchange.record_fields import RecordField, fields_of
from registry.privacy.paths import path_of_member

_PLACES: Final = 3

_WRITTEN: Final = {
    ("integer", ""): ("an integer", r"regexp_full_match(trim(v), '[+-]?[0-9]+')"),
    ("number", ""): ("a number", "TRY_CAST(trim(v) AS DOUBLE) IS NOT NULL"),
    ("boolean", ""): ("a boolean", "lower(trim(v)) IN ('true', 'false', '1', '0')"),
    ("object", ""): ("an object", r"json_valid(v) AND trim(v) LIKE '{%'"),
    ("array", ""): ("an array", r"json_valid(v) AND trim(v) LIKE '[%'"),
    ("string", "date"): (
        "a date",
        r"regexp_full_match(v, '-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(Z|[+-].*)?')"
        " AND TRY_CAST(left(v, 10) AS DATE) IS NOT NULL",
    ),
    ("string", "date-time"): ("a date with time", "TRY_CAST(v AS TIMESTAMPTZ) IS NOT NULL"),
    ("string", "time"): ("a time", "TRY_CAST(v AS TIME) IS NOT NULL"),
    ("string", "uuid"): ("a UUID", "TRY_CAST(v AS UUID) IS NOT NULL"),
    ("string", "email"): ("an e-mail address", r"regexp_full_match(v, '[^@\s]+@[^@\s]+')"),
    ("string", "uri"): ("a URI", r"regexp_full_match(v, '[A-Za-z][A-Za-z0-9+.-]*:\S+')"),
}
"""How values of a type and format are called, and the SQL condition of a text `v` that is one."""


@dataclass(frozen=True)
class _Rule:
    """A rule about a column: `holds` is the SQL condition of its text, which is `v` there."""

    name: str
    says: str
    column: str
    holds: str
    parameters: Sequence[Any] = ()


class TableCheck:
    """Checks one table.

    Args:
        table: the table, while it is open.
        parts: the files that it is.
        resource: what is declared of it.
    """

    def __init__(self, table: Table, parts: Sequence[Part], resource: DeclaredResource) -> None:
        self._table = table
        self._parts = parts
        self._resource = resource
        self._fields = fields_of(resource.schema)
        self._columns = self._matched()

    def _matched(self) -> Mapping[str, str]:
        """Return the columns of the declared fields: by name, or by place where no name is told."""
        columns = {column.name: column.identifier for column in self._table.columns}
        names = [field.name for field in self._fields]
        if not columns.keys() & set(names) and not self._table.dialect.header:
            return dict(zip(names, columns.values(), strict=False))
        return {name: columns[name] for name in names if name in columns}

    def contradictions(self, found: Findings) -> Iterator[Contradiction]:
        """Yield what the cells say against the declaration, with the first places.

        Fields that are written in a way of their own are held to it as the findings read them.
        """
        by_path = {each.path: each for each in found.statistics}
        for field in self._fields:
            read = by_path.get(path_of_member("$", field.name))
            if field.name in self._resource.own_way and field.type != "array" and read:
                yield from field_contradictions(replace(field, required=False), read)
        for field in self._fields:
            if field.name not in self._columns:
                yield Contradiction(field=field.name, rule="there is such a field")
        if self._table.dialect.header:
            yield from undeclared(self._table.schema(), [field.name for field in self._fields])
        rules = [rule for field in self._fields for rule in self._rules(field)]
        for rule, count in zip(rules, self._counts(rules), strict=True):
            if count:
                places = self._places(rule)
                yield Contradiction(field=rule.name, rule=rule.says, count=count, places=places)
        keys = dict.fromkeys([self._resource.primary_key, *self._resource.unique])
        for names in keys:
            repeated = self._repeated(names) if self.has(names) else 0
            if repeated:
                named = ", ".join(names)
                yield Contradiction(field=named, rule="values are unique", count=repeated)

    def keys(self, names: Sequence[str]) -> Any:
        """Return the different values of some fields as an Arrow table of columns k0, k1, …."""
        cells = [f"{self._value(self._columns[name])} AS k{n}" for n, name in enumerate(names)]
        sql = f'SELECT DISTINCT {", ".join(cells)} FROM "{self._table.relation}"'  # noqa: S608
        told = self._missing * len(names)
        return self._table.connection.sql(sql, params=told).to_arrow_table()

    def strays(self, names: Sequence[str], keys: Any) -> tuple[int, int]:
        """Return how many rows have values in some fields, and of how many they are no keys."""
        connection = self._table.connection
        values = [self._value(self._columns[name]) for name in names]
        filled = " AND ".join(f"v{n} IS NOT NULL" for n in range(len(names)))
        cells = ", ".join(f"{value} AS v{n}" for n, value in enumerate(values))
        joined = " AND ".join(f"v{n} = k{n}" for n in range(len(names)))
        connection.register("declared_keys", keys)
        try:
            [(rows, strays)] = connection.execute(
                f'WITH cells AS (SELECT {cells} FROM "{self._table.relation}")'  # noqa: S608
                f" SELECT count(*), count(*) FILTER (WHERE NOT EXISTS"
                f" (SELECT 1 FROM declared_keys WHERE {joined})) FROM cells WHERE {filled}",
                self._missing * len(names),
            ).fetchall()
        finally:
            connection.unregister("declared_keys")
        return rows, strays

    def has(self, names: Sequence[str]) -> bool:
        """Tell whether there are columns of all those fields."""
        return bool(names) and all(name in self._columns for name in names)

    @property
    def _missing(self) -> list[str]:
        return sorted(self._resource.missing - {""})

    def _value(self, column: str) -> str:
        """Return the SQL of a cell's text, null where a word stands for no value."""
        if not self._missing:
            return column
        words = ", ".join("?" * len(self._missing))
        return f"CASE WHEN {column} IN ({words}) THEN NULL ELSE {column} END"

    def _rules(self, field: RecordField) -> Iterator[_Rule]:
        column = self._columns.get(field.name)
        if column is None:
            return
        if field.required and not field.nullable:
            yield _Rule(field.name, "a value is never missing", column, "v IS NOT NULL")
        own_way = field.name in self._resource.own_way
        if not own_way and (written := _WRITTEN.get((field.type, field.format))):
            yield _Rule(field.name, f"a value is {written[0]}", column, written[1])
        if field.allowed and all(isinstance(value, str) for value in field.allowed):
            listed = ", ".join("?" * len(field.allowed))
            says = "there are the listed values only"
            yield _Rule(field.name, says, column, f"v IN ({listed})", field.allowed)
        for keyword, sql in ({} if own_way else _BOUNDS).items():
            bound = field.bounds.get(keyword)
            if isinstance(bound, int | float) and not isinstance(bound, bool):
                says = f"the {keyword} is {bound}"
                yield _Rule(field.name, says, column, sql, [bound])
        pattern = field.bounds.get("pattern")
        if isinstance(pattern, str) and self._is_pattern(pattern):
            says = f"a value matches {pattern}"
            yield _Rule(field.name, says, column, "regexp_matches(v, ?)", [pattern])

    def _is_pattern(self, pattern: str) -> bool:
        """Tell whether DuckDB, whose expressions are those of RE2, can tell."""
        try:
            self._table.connection.execute("SELECT regexp_matches('', ?)", [pattern]).fetchall()
        except duckdb.Error:
            return False
        return True

    def _broken(self, rule: _Rule) -> tuple[str, list[Any]]:
        """Return the SQL condition of rows that break a rule, and its parameters."""
        text = self._value(rule.column)
        told = [*self._missing, *rule.parameters]
        if rule.holds == "v IS NOT NULL":
            return f"({text}) IS NULL", self._missing
        condition = f"list_transform([{text}], lambda v: v IS NOT NULL AND NOT ({rule.holds}))[1]"
        return condition, told

    def _counts(self, rules: Sequence[_Rule]) -> Sequence[int]:
        if not rules:
            return []
        broken = [self._broken(rule) for rule in rules]
        counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition, _ in broken)
        parameters = [each for _, told in broken for each in told]
        sql = f'SELECT {counts} FROM "{self._table.relation}"'  # noqa: S608
        [row] = self._table.connection.execute(sql, parameters).fetchall()
        return row

    def _places(self, rule: _Rule) -> list[tuple[int | None, str]]:
        condition, parameters = self._broken(rule)
        rows = self._table.connection.execute(
            f"SELECT place, {rule.column} FROM"  # noqa: S608
            f' (SELECT row_number() OVER () - 1 AS place, * FROM "{self._table.relation}")'
            f" WHERE {condition} ORDER BY place LIMIT {_PLACES}",
            parameters,
        ).fetchall()
        if len(self._parts) > 1:
            return [(None, text or "") for _, text in rows]
        table = self._table
        lines = lines_of(
            self._parts[0].path,
            table.dialect,
            len(table.columns),
            [place for place, _ in rows],
            table.rows,
        )
        return [(lines.get(place), text or "") for place, text in rows]

    def _repeated(self, names: Sequence[str]) -> int:
        """Return how many rows have the values of a row before them."""
        cells = [f"{self._value(self._columns[name])} AS k{n}" for n, name in enumerate(names)]
        filled = " AND ".join(f"k{n} IS NOT NULL" for n in range(len(names)))
        [(repeated,)] = self._table.connection.execute(
            f'WITH cells AS (SELECT {", ".join(cells)} FROM "{self._table.relation}"),'  # noqa: S608
            f" filled AS (SELECT * FROM cells WHERE {filled})"
            " SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT * FROM filled)) FROM filled",
            self._missing * len(names),
        ).fetchall()
        return int(repeated)


_BOUNDS: Final = {
    "minimum": "TRY_CAST(trim(v) AS DOUBLE) >= ?",
    "maximum": "TRY_CAST(trim(v) AS DOUBLE) <= ?",
    "exclusiveMinimum": "TRY_CAST(trim(v) AS DOUBLE) > ?",
    "exclusiveMaximum": "TRY_CAST(trim(v) AS DOUBLE) < ?",
    "minLength": "length(v) >= ?",
    "maxLength": "length(v) <= ?",
}
"""The SQL conditions of texts that keep to a bound; of what is no number they tell nothing."""
