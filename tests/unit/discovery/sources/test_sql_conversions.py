"""Columns of databases are converted to schemas, and their values to JSON, case by case."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from discovery.sources.sql.reflection import ReflectedColumn
from discovery.sources.sql.schema import column_schema, row_schema, type_schema
from discovery.sources.sql.values import converter


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (sa.BigInteger(), {"type": "integer"}),
        (sa.Boolean(), {"type": "boolean"}),
        (sa.Numeric(10, 2), {"type": "number"}),
        (sa.Numeric(12, 0), {"type": "integer"}),
        (sa.Float(), {"type": "number"}),
        (sa.REAL(), {"type": "number"}),
        (sa.VARCHAR(20), {"type": "string", "maxLength": 20}),
        (sa.Text(), {"type": "string"}),
        (sa.Enum("a", "b"), {"type": "string", "enum": ["a", "b"]}),
        (sa.Date(), {"type": "string", "format": "date", "x-type": "date"}),
        (sa.Time(), {"type": "string", "x-type": "time"}),
        (sa.DateTime(), {"type": "string", "x-type": "datetime"}),
        (
            sa.DateTime(timezone=True),
            {"type": "string", "format": "date-time", "x-type": "datetime"},
        ),
        (sa.Interval(), {"type": "string", "x-type": "duration"}),
        (postgresql.INTERVAL(), {"type": "string", "x-type": "duration"}),
        (sa.Uuid(), {"type": "string", "format": "uuid"}),
        (sa.LargeBinary(), {"type": "string", "x-type": "binary"}),
        (sa.ARRAY(sa.Integer()), {"type": "array", "items": {"type": "integer"}}),
        (
            sa.ARRAY(sa.Text(), dimensions=2),
            {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        ),
        (sa.JSON(), {}),
        (sa.types.NullType(), {}),
    ],
)
def test_a_type_has_a_schema(kind: Any, schema: dict[str, Any]) -> None:
    assert type_schema(kind) == schema


@pytest.mark.parametrize(
    ("kind", "inferred", "schema"),
    [
        (sa.Text(), None, {"type": ["string", "null"]}),
        (sa.Enum("a"), None, {"type": ["string", "null"], "enum": ["a", None]}),
        (sa.JSON(), None, {}),
        (sa.JSON(), {"type": "object"}, {"type": ["object", "null"]}),
        (sa.JSON(), {"type": ["array", "null"]}, {"type": ["array", "null"]}),
        (sa.JSON(), {"anyOf": [{}, {}]}, {"anyOf": [{"anyOf": [{}, {}]}, {"type": "null"}]}),
        (sa.Text(), {"type": "string", "format": "email"}, {"type": ["string", "null"]}),
    ],
)
def test_a_column_that_may_be_null_allows_it(
    kind: Any, inferred: dict[str, Any] | None, schema: dict[str, Any]
) -> None:
    assert column_schema(ReflectedColumn(name="c", type=kind), inferred) == schema


def test_columns_that_are_never_null_are_required_and_comments_describe() -> None:
    columns = [
        ReflectedColumn(name="id", type=sa.Integer(), nullable=False, comment="The number."),
        ReflectedColumn(name="note", type=sa.Text()),
    ]
    schema = row_schema(columns, {})

    assert schema["required"] == ["id"]
    assert schema["properties"]["id"] == {"type": "integer", "description": "The number."}


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (sa.Boolean(), 1, True),
        (sa.Boolean(), 7, 7),
        (sa.Boolean(), "yes", "yes"),
        (sa.DateTime(), "2026-01-31 10:00:00.000001", "2026-01-31T10:00:00.000001"),
        (sa.DateTime(), "last week", "last week"),
        (sa.DateTime(), datetime(2026, 1, 31, 10, tzinfo=UTC), "2026-01-31T10:00:00+00:00"),
        (sa.Date(), date(2026, 1, 31), "2026-01-31"),
        (sa.Time(), time(10, 30), "10:30:00"),
        (sa.Interval(), timedelta(hours=1), "1:00:00"),
        (sa.JSON(), '{"a": [1]}', {"a": [1]}),
        (sa.JSON(), "no JSON", "no JSON"),
        (sa.JSON(), {"a": Decimal("1.5")}, {"a": 1.5}),
        (sa.Numeric(), Decimal("3.00"), 3),
        (sa.Numeric(), Decimal("NaN"), None),
        (sa.Float(), float("inf"), None),
        (sa.Uuid(), UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (sa.LargeBinary(), memoryview(b"\x00\x01"), "AAE="),
        (sa.Text(), None, None),
    ],
)
def test_a_value_is_told_as_json(kind: Any, value: Any, told: Any) -> None:
    converted = converter(kind)(value)

    assert converted == told
    assert type(converted) is type(told)
