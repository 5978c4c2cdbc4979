"""Booleans among texts."""

from collections.abc import Set
from typing import Final

from discovery.table.column_class import ColumnClass, Reading

PAIRS: Final = (
    ({"true", "t"}, {"false", "f"}),
    ({"yes", "y"}, {"no", "n"}),
    ({"oui"}, {"non"}),
    ({"ja"}, {"nein", "nee", "nej"}),
    ({"vrai"}, {"faux"}),
    ({"wahr"}, {"falsch"}),
    ({"verdadero", "verdadeiro"}, {"falso"}),
    ({"да"}, {"нет"}),
)
"""Words for true and for false, in lower case."""

_BEYOND_DOUBT: Final = frozenset({"true", "false"})


def boolean_reading(texts: Set[str]) -> Reading | None:
    """Return how to read texts as booleans, or None.

    Both sides of a pair have to occur: a column of "yes" alone, or of "F" alone, may be
    anything. Only the words true and false leave no doubt on their own.
    """
    words = {text.strip().lower() for text in texts}
    for trues, falses in PAIRS:
        if words <= trues | falses and (
            (words & trues and words & falses) or words <= _BEYOND_DOUBT
        ):
            return Reading(
                kind=ColumnClass.BOOLEAN,
                value=(
                    f"CASE WHEN lower(trim({{v}})) IN ({_listed(trues)}) THEN true "
                    f"WHEN lower(trim({{v}})) IN ({_listed(falses)}) THEN false END"
                ),
            )
    return None


def _listed(words: Set[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))
