"""What the keywords of a schema ask for, each draft's in one normal form."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Final

from registry.compatibility.formats import is_asserted
from registry.compatibility.json_value import exact

TYPES: Final = ("null", "boolean", "number", "string", "array", "object")


def facts_of(schema: dict[str, Any], draft: int) -> dict[str, Any]:
    """Return what each keyword asks for; what is empty, zero or false asks for nothing.

    Raises:
        TypeError, ValueError, AttributeError: a keyword is malformed.
    """
    return {name: fact for name, fact in _facts(schema, draft) if fact or name in _WEIGHTY}


def _facts(schema: dict[str, Any], draft: int) -> Iterator[tuple[str, Any]]:
    if "type" in schema:
        yield "type", _types(schema["type"], draft)
    for keyword, read in _ALONE.items():
        if keyword in schema:
            yield keyword, read(schema[keyword])
    if not schema.keys().isdisjoint(_BOUNDS):
        yield from _bounds(schema, draft)
    if not schema.keys().isdisjoint(_OPINIONS):
        yield from _opinions(schema, draft)
    if not schema.keys().isdisjoint(_COMPANIONS) and (pairs := set(_companions(schema, draft))):
        yield "dependentRequired", frozenset(pairs)
    if "contains" in schema and draft >= 6:
        yield "contains", _contained(schema, draft)


def _types(value: Any, draft: int) -> frozenset[str]:
    if type(value) is str and value in TYPES:
        return frozenset((value,))
    names = {value} if isinstance(value, str) else set(listed(value))
    if not names <= {*TYPES, "integer"}:
        raise ValueError(f"type {value!r:.100}")
    if "integer" in names and draft == 4:
        names = names - {"integer"} | {"integer without fraction"}
    if "number" in names:
        names -= {"integer", "integer without fraction"}
    return frozenset(names)


def _bounds(schema: dict[str, Any], draft: int) -> Iterator[tuple[str, Any]]:
    """Yield the range of numbers: each bound, and whether it is itself left out."""
    for name, exclusive, sign in (
        ("minimum", "exclusiveMinimum", 1),
        ("maximum", "exclusiveMaximum", -1),
    ):
        bounds = []
        if name in schema:
            is_open = draft == 4 and schema.get(exclusive) is True
            bounds.append((_number(schema[name]), is_open))
        if exclusive in schema and draft > 4:
            bounds.append((_number(schema[exclusive]), True))
        if bounds:
            yield name, max(bounds, key=lambda bound: (sign * bound[0], bound[1]))


def _opinions(schema: dict[str, Any], draft: int) -> Iterator[tuple[str, Any]]:
    """Yield what is checked of a text's meaning, or would be if the validator knew it."""
    if "format" in schema:
        name = _text(schema["format"])
        yield ("format" if is_asserted(name, draft) else "unknown format"), name
    if draft in (6, 7):
        content = (schema.get("contentEncoding"), schema.get("contentMediaType"))
        if any(content):
            yield "content", tuple(_text(each or "") for each in content)


def _companions(schema: dict[str, Any], draft: int) -> Iterator[tuple[str, str]]:
    for keyword in ("dependencies", "dependentRequired"):
        if keyword == "dependentRequired" and draft < 2019:
            continue
        for name, needed in schema.get(keyword, {}).items():
            if isinstance(needed, list):
                yield from ((name, _text(each)) for each in needed)
            elif isinstance(needed, str):
                raise ValueError(f"dependency of {name!r}")


def _contained(schema: dict[str, Any], draft: int) -> tuple[int, int | None]:
    if draft < 2019:
        return 1, None
    most = schema.get("maxContains")
    return _count(schema.get("minContains", 1)), None if most is None else _count(most)


def _checked(kind: Callable[[Any], bool], wanted: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not kind(value):
            raise ValueError(f"{value!r:.100} is not {wanted}")
        return value

    return check


_text: Final = _checked(lambda value: isinstance(value, str), "a text")
listed: Final = _checked(lambda value: isinstance(value, list), "a list")
"""Return a value if it is a list, or raise ValueError."""


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r:.100} is not a number")
    return exact(value)


def _positive(value: Any) -> Fraction:
    if (number := _number(value)) <= 0:
        raise ValueError(f"{value!r:.100} is not above zero")
    return number


def _count(value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    number = _number(value)
    if number < 0 or number.denominator != 1:
        raise ValueError(f"{value!r:.100} is not a count")
    return int(number)


_ALONE: Final[dict[str, Callable[[Any], Any]]] = {
    "minLength": _count,
    "maxLength": _count,
    "minItems": _count,
    "maxItems": _count,
    "minProperties": _count,
    "maxProperties": _count,
    "multipleOf": _positive,
    "pattern": _text,
    "uniqueItems": lambda value: value is True,
    "required": lambda value: frozenset(map(_text, listed(value))),
}
_WEIGHTY: Final = frozenset(("type", "maxLength", "maxItems", "maxProperties", "pattern"))
"""Keywords that ask for something even if they are given nothing or zero."""
_BOUNDS: Final = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_OPINIONS: Final = frozenset(("format", "contentEncoding", "contentMediaType"))
_COMPANIONS: Final = frozenset(("dependencies", "dependentRequired"))
