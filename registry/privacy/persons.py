"""Checks whether a text looks like the name of a person."""

import re
from typing import Final

from registry.privacy.field_names import folded
from registry.privacy.given_names import GIVEN_NAMES
from registry.privacy.words import words

_LONGEST: Final = 60
_WORD: Final = r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*\.?"
_NAME: Final = re.compile(rf"{_WORD}(?:,? {_WORD}){{0,6}}")
_FULL_NAME: Final = re.compile(rf"{_WORD}(?:,? {_WORD}){{1,6}}")
_ASIDE: Final = re.compile(r" *(?:\([^()]*\)|\"[^\"]*\"|“[^”]*”)|(?<= ) +")
_TITLES: Final = words(
    "dame dr frau herr madame miss mlle mme monsieur mr mrs ms prof sir sra srta"
)
_PARTICLES: Final = words(
    """
    al bin binti da dal dalla das de del della den der di do dos du el ibn la le lo ten ter tot van
    vander ver von y zu zum zur
    """
)
_NO_PERSON: Final = words(
    """
    a an and are at bank by care center centre clinic club co college committee company corp
    corporation department desk development division engineering enterprises finance for
    foundation friday from global gmbh group holdings hospital hr in inc industries institute
    international is kg lab labs limited llc llp ltd management marketing media ministry monday
    my n/a network new none north not of office on online operations or our partners payments
    platform plc project pty retail sa sales saturday school security service services shop
    software solutions south spa srl store stores studio sunday support system systems team tech
    technologies technology test the this thursday to trust tuesday unit university unknown
    wednesday with your
    """
)
_SEPARATORS: Final = re.compile(r"[^\w'’]+")
_HANDLE: Final = re.compile(r"@?[^\W\d_][\w.-]{1,38}")
_JOINED_NAMES: Final = re.compile(r"([^\W\d_]+)[._-]([^\W\d_]+)\d{0,4}")


def may_be_name(text: str) -> bool:
    """Tell whether a text can be a name or a part of one: a few words, as names are written."""
    text = _ASIDE.sub("", text)
    if len(text) > _LONGEST or _NAME.fullmatch(text) is None:
        return False
    return _NO_PERSON.isdisjoint(folded(text).replace(".", "").replace(",", "").split())


def may_be_full_name(text: str) -> bool:
    """Tell whether a text can be a name of at least two words, all but particles capitalised."""
    text = _ASIDE.sub("", text)
    return (
        _FULL_NAME.fullmatch(text) is not None
        and may_be_name(text)
        and all(part in _PARTICLES or not part[0].islower() for part in re.split(",? ", text))
    )


def has_given_name(text: str) -> bool:
    """Tell whether a name begins, at once or after a comma, with a title or a known given name."""
    before, _, after = folded(text).partition(",")
    parts = [*_SEPARATORS.split(before)[:2], *_SEPARATORS.split(after.strip())[:1]]
    return not (GIVEN_NAMES.isdisjoint(parts) and _TITLES.isdisjoint(parts))


def is_given_name(text: str) -> bool:
    """Tell whether a text is one known given name or several joined."""
    return not GIVEN_NAMES.isdisjoint(re.split("[ -]", folded(text))[:1])


def may_be_handle(text: str) -> bool:
    """Tell whether a text can be the name by which a person signs in."""
    return _HANDLE.fullmatch(text) is not None


def is_named_handle(text: str) -> bool:
    """Tell whether a text is a given name and another, joined, such as `ana.kovac`."""
    found = _JOINED_NAMES.fullmatch(folded(text))
    return found is not None and not GIVEN_NAMES.isdisjoint(found.groups())
