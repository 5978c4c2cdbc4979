"""Values of other libraries as JSON has them."""

import base64
import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

_PLAIN: Final = frozenset({str, int, bool, type(None)})


def json_value(value: Any) -> Any:
    """Return a value as JSON has it: moments as in ISO 8601, bytes in base64, no NaN.

    What JSON has nothing like is told as its text.
    """
    if type(value) in _PLAIN:  # most are, and matching takes longer
        return value
    match value:
        case int() | str():
            return value
        case dict():
            return {str(key): json_value(member) for key, member in value.items()}
        case list() | tuple():
            return [json_value(element) for element in value]
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal() if not value.is_finite():
            return None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case float():
            return value if math.isfinite(value) else None
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            return str(value)
