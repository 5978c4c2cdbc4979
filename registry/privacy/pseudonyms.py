"""Stand-ins for private values: alike in form, equal for equal values, and not to be undone."""

import re
from collections.abc import Callable
from hashlib import shake_256
from math import isfinite
from typing import Any, Final

from registry.privacy.semantic_class import is_missing

_CONSONANTS: Final = "bcdfghjklmnprstvwz"
_VOWELS: Final = "aeiou"
_MASKED_DOMAIN: Final = "masked.example"  # RFC 2606 keeps .example from ever being anyone's
_SHORTEST_LOCAL_PART: Final = 6
_LONGEST_LOCAL_PART: Final = 20

_ISO_DAY: Final = re.compile(r"([0-9]{4})([-/. ]?)[0-9]{2}\2[0-9]{2}(.*)", re.DOTALL)
_DAY_LAST_YEAR: Final = re.compile(r"(.*?)([0-9]{4}|[0-9]{2})", re.DOTALL)
_MONTH: Final = re.compile(r"[^\W\d_]{3,}\.?")
_FINE_DEGREES: Final = re.compile(r"(\.[0-9])[0-9]+|[0-9]+(?:\.[0-9]+)?(?=[ ]?['′\"″])")


class Pseudonyms:
    """Stand-ins for the values of one scan.

    A stand-in hangs on the place of its value among those met, the first, the second and so on, and
    on its outward form, never on what it says: nobody can go through a dictionary of likely values
    and see which of them gives a stand-in, and no key has to be kept secret. Within one scan equal
    values have equal stand-ins, whatever field or text they stand in. Another scan of the same
    records has the same ones, so that records that did not change are seen not to have; in any
    other scan the same stand-in is somebody else.
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._known: dict[tuple[type, Any, str], Any] = {}
        self._of_text: dict[str, Callable[[str], str]] = {
            "email": self._email,
            "payment_card": self._card,
            "iban": self._iban,
            "date_of_birth": self._birth,
            "geo_coordinates": self._position,
        }

    def of(self, value: Any, class_name: str) -> Any:
        """Return the stand-in for a value of a private class; what is no text or number stays.

        Texts keep their length (e-mail addresses about), punctuation, capitals and digits as such;
        numbers the number of their digits. A date of birth keeps the year only, a position one
        decimal of a degree (11 km). No stand-in is a card, an account or an e-mail address in use.
        """
        if not isinstance(value, str | int | float):
            return value
        known = type(value), value, class_name
        if known not in self._known:
            self._known[known] = self._stand_in(value, class_name)
        return self._known[known]

    def _stand_in(self, value: str | float, class_name: str) -> str | float:
        match value:
            case bool():
                return value
            case str():
                return (
                    value
                    if is_missing(value)
                    else self._of_text.get(class_name, self._disguised)(value)
                )
            case int():
                return self._integer(value, class_name)
            case float() if isfinite(value):
                return self._float(value, class_name)
        return value

    def _email(self, address: str) -> str:
        local, at, _ = address.strip().rpartition("@")
        if not at:
            return self._disguised(address)
        length = min(max(len(local), _SHORTEST_LOCAL_PART), _LONGEST_LOCAL_PART)
        noise = self._noise(address.strip().casefold(), length)
        return f"{_spoken('x' * length, noise)}@{_MASKED_DOMAIN}"

    def _card(self, number: str) -> str:
        """Begin with 0, which ISO/IEC 7812 gives to no issuer."""
        return "0" + self._disguised(number)[1:]

    def _iban(self, number: str) -> str:
        """Keep the country and have the check digits 00, which ISO 13616 never gives."""
        return number[:2] + "00" + self._disguised(number)[4:]

    def _birth(self, day: str) -> str:
        if found := _ISO_DAY.fullmatch(day):
            year, mark, time = found.groups()
            return f"{year}{mark}01{mark}01{re.sub('[0-9]', '0', time)}"
        if found := _DAY_LAST_YEAR.fullmatch(day):
            before = _MONTH.sub("Jan", found[1])
            return re.sub("[0-9]+", lambda part: "01"[-len(part[0]) :], before) + found[2]
        return self._disguised(day)

    @staticmethod
    def _position(text: str) -> str:
        return _FINE_DEGREES.sub(lambda found: found[1] or "0", text)

    def _integer(self, number: int, class_name: str) -> int:
        if class_name == "geo_coordinates":
            return number
        digits = str(abs(number))
        if class_name == "date_of_birth" and len(digits) == len("YYYYMMDD"):
            return int(digits[:4] + "0101")
        masked = int("1" + self._disguised(digits)[1:])  # as many digits, and no card begins so
        masked = masked // 10 if masked >= 2**63 else masked  # what an event can hold
        return -masked if number < 0 else masked

    def _float(self, number: float, class_name: str) -> float:
        if class_name == "geo_coordinates":
            return round(number, 1)
        if number.is_integer() and abs(number) < 2**53:
            return float(self._integer(int(number), class_name))
        mantissa, _, exponent = repr(number).partition("e")
        return float(f"{self._disguised(mantissa)}e{exponent or 0}")

    def _disguised(self, text: str) -> str:
        return _spoken(text, self._noise(text, len(text)))

    def _noise(self, text: str, length: int) -> bytes:
        place = self._places.setdefault(text, len(self._places))
        return shake_256(b"%d" % place).digest(length)


def _spoken(text: str, noise: bytes) -> str:
    """Put another letter for each letter, so that it can be spoken, and another digit for each."""
    masked: list[str] = []
    is_vowel_next = False
    for character, byte in zip(text, noise, strict=True):
        if character.isdecimal():
            masked.append(str(byte % 10))
        elif character.isascii() and not character.isalpha():
            masked.append(character)
            is_vowel_next = False
        else:
            letters = _VOWELS if is_vowel_next else _CONSONANTS
            letter = letters[byte % len(letters)]
            masked.append(letter.upper() if character.isupper() else letter)
            is_vowel_next = not is_vowel_next
    return "".join(masked)
