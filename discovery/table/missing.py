"""The words that stand for a value that is not there."""

from typing import Final

MISSING: Final = frozenset(
    [
        *("", "-", "--", "---", "–", "—", ".", "..", "...", "…", "?", "??", "*"),
        *("na", "n/a", "n.a.", "n.a", "#n/a", "#na", "<na>", "n/d", "nd", "nan", "-nan"),
        *("null", "(null)", "<null>", "nil", "none", "\\n", "#null!", "undefined"),
        *("#value!", "#ref!", "#div/0!", "#name?", "#num!", "#error!"),
        *("inf", "-inf", "+inf", "infinity", "-infinity"),
        *("1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"),
    ]
)
"""Words, in lower case, that programs and people write where a typed value is missing.

Infinities are among them, as JSON has no number for them.
"""

UNKNOWN: Final = frozenset(
    [
        *("missing", "unknown", "unk", "tbd", "(blank)", "not available", "not applicable"),
        *("not known", "not reported", "not recorded", "not stated", "no data", "no value"),
        *("withheld", "suppressed", "n.d.", "/", "#", "0000-00-00", "0000-00-00 00:00:00"),
    ]
)
"""Words that mean the same beside numbers and dates, but are an answer beside yes and no."""


def is_missing(text: str) -> bool:
    """Return whether a cell says that its value is missing, in any class but string."""
    return _word(text) in MISSING


def is_unknown(text: str) -> bool:
    """Return whether a cell says that a number or a date is missing."""
    word = _word(text)
    return word in MISSING or word in _UNKNOWN_WORDS


def _word(text: str) -> str:
    """Return a text without spaces, in lower case: "N / A" is the same word as "n/a"."""
    return "".join(text.split()).lower()


_UNKNOWN_WORDS: Final = frozenset(map(_word, UNKNOWN))
