"""Instances of any dataclass of plain fields, for the laws that hold for all of them."""

from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

SCALARS = {
    type(None): st.none(),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**64 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=8),
    UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}
JSON = st.recursive(
    st.one_of(SCALARS[type(None)], SCALARS[bool], SCALARS[int], SCALARS[float], SCALARS[str]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS[str], inner, max_size=3),
    max_leaves=5,
)


def instances(kind: type, *, with_defaults: bool = False) -> st.SearchStrategy[Any]:
    """Build a dataclass by the types of its fields; the rules of commands do not hold here.

    `with_defaults` leaves every field that has a default at it, in all depth.
    """
    hints = get_type_hints(kind)
    built = required_fields(kind) if with_defaults else fields(kind)
    return st.builds(
        kind, **{spec.name: _values(hints[spec.name], with_defaults) for spec in built}
    )


def required_fields(kind: type) -> list[Field[Any]]:
    return [
        spec for spec in fields(kind) if spec.default is MISSING and spec.default_factory is MISSING
    ]


def _values(hint: Any, with_defaults: bool) -> st.SearchStrategy[Any]:
    inner = [_values(part, with_defaults) for part in get_args(hint)]
    if hint is Any:
        return JSON
    if hint in SCALARS:
        return SCALARS[hint]
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of(inner)
    if get_origin(hint) is list:
        return st.lists(*inner, max_size=3)
    if get_origin(hint) is dict:
        return st.dictionaries(*inner, max_size=3)
    if is_dataclass(hint):
        return instances(hint, with_defaults=with_defaults)
    assert issubclass(hint, Enum)
    return st.sampled_from(hint)
