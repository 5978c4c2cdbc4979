"""Private values inside texts: e-mail addresses, telephone and card numbers, IBANs, known names."""

import re
from collections.abc import Iterable
from typing import Final

from registry.privacy.identifiers import is_iban, is_payment_card
from registry.privacy.pseudonyms import Pseudonyms

# The ellipsis ends a text that was cut, perhaps in the middle of an address.
_EMAIL: Final = re.compile(
    r"[^\W_][\w.!#$%&'*+/=?^`{|}~-]*@(?:[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}|[\w.-]*(?=…))"
)
_CARD: Final = re.compile(
    r"(?<![\w-])(?<!\d\.)(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5}|\d{12,19})"
    r"(?![\w-])(?!\.\d)"
)
_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_PHONE: Final = re.compile(r"(?<![\w+])\+[1-9](?:[ ()./-]{0,2}[0-9]){7,14}(?![\w])")
# One cheap look, which most texts do not pass.
_MAY_TELL: Final = re.compile(
    r"@|\+[1-9]|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}|(?:[0-9][ -]?){12}", re.ASCII
)
_SHORTEST_IBAN: Final = 15


class FreeText:
    """Texts in which private values are to be masked wherever they stand.

    Args:
        pseudonyms: what gives the stand-ins.
        names: names of persons, of two words or more, known from other fields.
    """

    def __init__(self, pseudonyms: Pseudonyms, names: Iterable[str] = ()) -> None:
        self._pseudonyms = pseudonyms
        known = sorted({name.strip() for name in names if " " in name.strip()}, key=len)
        self._names = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, reversed(known)))})\b") if known else None
        )

    def masked(self, text: str) -> str:
        """Return the text with a stand-in for each private value in it."""
        if _MAY_TELL.search(text):
            text = _EMAIL.sub(lambda found: self._pseudonyms.of(found[0], "email"), text)
            text = _IBAN.sub(self._masked_iban, text)
            text = _CARD.sub(self._masked_card, text)
            text = _PHONE.sub(lambda found: self._pseudonyms.of(found[0], "phone"), text)
        if self._names:
            text = self._names.sub(lambda name: self._pseudonyms.of(name[0], "person_name"), text)
        return text

    def _masked_card(self, found: re.Match[str]) -> str:
        number = found[0]
        if not is_payment_card(number):
            return number
        return str(self._pseudonyms.of(number, "payment_card"))

    def _masked_iban(self, found: re.Match[str]) -> str:
        """Mask the longest beginning that is an IBAN: capitals and digits may follow it."""
        text = found[0]
        for end in range(len(text), _SHORTEST_IBAN - 1, -1):
            if text[end - 1] != " " and is_iban(text[:end]):
                return str(self._pseudonyms.of(text[:end], "iban")) + text[end:]
        return text
