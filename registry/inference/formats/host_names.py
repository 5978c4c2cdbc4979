"""Labels of internationalised host names by IDNA 2008, without the mappings of UTS 46.

A U-label has none but the code points that RFC 5892 permits, in NFC: no capitals, no full-width
forms. An A-label is its Punycode, in letters of either case, and nothing that merely decodes.
"""

import re
from typing import Final

import idna

_DOTS: Final = re.compile("[.\u3002\uff0e\uff61]")  # RFC 3490, section 3.1


def is_host_name(text: str) -> bool:
    """Tell whether every A-label of an ASCII name is one; other labels are not looked at."""
    return text.isascii() and all(map(_is_right_if_coded, text.split(".")))


def is_idn_host_name(text: str) -> bool:
    """Tell whether every U-label and A-label of a name is one; other labels are not looked at."""
    return all(
        _is_right_if_coded(label) if label.isascii() else _is_u_label(label)
        for label in _DOTS.split(text)
    )


def _is_right_if_coded(label: str) -> bool:
    label = label.lower()
    if not label.startswith("xn--"):
        return True
    try:
        return idna.alabel(idna.ulabel(label)) == label.encode()
    except UnicodeError:
        return False


def _is_u_label(label: str) -> bool:
    try:
        idna.check_label(label)
    except UnicodeError:
        return False
    return True
