"""What the names of tables and columns say: words, entities, and the kind of attribute."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from discovery.keys import lexicon

Words = tuple[str, ...]

_WORD: Final = re.compile(r"[^\W\d_]*[^\W\d_A-Z]+|[^\W\d_]+|\d+")
_CAMEL: Final = re.compile(r"(?<=[a-zß-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_JOINED_KEY: Final = re.compile(r"(?<=[a-z]{2})(id|ids|key|code|uuid)$")
_INITIALS: Final = 3


@lru_cache(maxsize=100_000)
def words(name: str) -> Words:
    """Return the words of a name in lower case and in the singular.

    >>> words("customerID"), words("Feature_IDs"), words("OrderDetails")
    (('customer', 'id'), ('feature', 'id'), ('order', 'detail'))
    """
    parts = []
    for part in re.split(r"[\W_]+", _CAMEL.sub(" ", name.replace("IDs", "Ids"))):
        parts += [word.lower() for word in _WORD.findall(part)]
    found: list[str] = []
    for part in parts:
        joined = None if part in lexicon.NOT_KEYS else _JOINED_KEY.search(part)
        found += [part[: joined.start()], joined[0]] if joined else [part]
    return tuple(map(singular, found))


def singular(word: str) -> str:
    """Return an English noun in the singular, by its ending.

    >>> [singular(word) for word in ("cities", "boxes", "people", "address", "status", "ids")]
    ['city', 'box', 'person', 'address', 'status', 'id']
    """
    if word == "people":
        return "person"
    if len(word) < 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and word not in ("series", "species", "movies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word in ("series", "species"):
        return word
    return word[:-1] if word.endswith("s") else word


def is_time(entity: Words) -> bool:
    """Return whether a table's rows are moments or spans of time, as those of a calendar are."""
    return bool(entity) and set(entity) <= lexicon.TIMES


def is_plural(name: str) -> bool:
    """Return whether the last word of a name is in the plural."""
    last = re.split(r"[\W_]+", _CAMEL.sub(" ", name.replace("IDs", "Ids")).strip(" _"))[-1].lower()
    return singular(last) != last


@dataclass(frozen=True, kw_only=True)
class ColumnName:
    """The words of a column's name, without what all columns of its table begin with."""

    words: Words
    stem: Words
    """The words before those that say that it is a key."""

    @property
    def is_key(self) -> bool:
        """Whether the name ends as those of keys do: id, key, code, number and the like."""
        return len(self.words) > len(self.stem) or (self.words[-1:] or ("",))[0] in lexicon.CODES

    @property
    def is_number(self) -> bool:
        """Whether the name ends with a word for a number, which may be a key or a measure."""
        return self.is_key and self.words[-1] in lexicon.NUMBERS

    @property
    def is_bare(self) -> bool:
        """Whether the name says nothing but that it is a key, as `id` does."""
        return not self.stem

    @property
    def is_title(self) -> bool:
        """Whether the name is that of a text for people."""
        return bool(self.words) and self.words[-1] in lexicon.TITLES

    @property
    def is_measure(self) -> bool:
        """Whether the name is that of a count or a measure."""
        if not self.words or self.is_key:
            return self.is_bare and self.is_number
        return self.words[-1] in lexicon.MEASURES or self.words[0] in lexicon.COUNTING

    @property
    def is_temporal(self) -> bool:
        """Whether the name is that of a moment or a span of time."""
        return bool(self.words) and self.words[-1] in lexicon.TIMES

    @property
    def is_numbering(self) -> bool:
        """Whether the name is that of a number that counts rows within a group."""
        return bool(self.words) and self.words[-1] in lexicon.NUMBERING


def column_names(names: Sequence[str]) -> list[ColumnName]:
    """Return the names of the columns of one table.

    Up to three letters that all columns begin with, as `l_` in `l_orderkey`, stand for the table.
    """
    split = [words(name) for name in names]
    first = {found[0] if found else "" for found in split}
    if len(names) > 2 and len(first) == 1 and all(len(found) > 1 for found in split):
        short = all(len(word) <= _INITIALS and word not in lexicon.KEYS for word in first)
        split = [found[1:] for found in split] if short else split
    return [_column_name(found) for found in split]


def _column_name(found: Words) -> ColumnName:
    if len(found) > 1 and found[0] in lexicon.LEADING:
        found = found[1:]
    stem = found
    while stem and stem[-1] in lexicon.KEYS:
        stem = stem[:-1]
    if len(stem) > 1 and len(stem) == len(found) and found[0] in ("id", "key", "code"):
        stem = found[1:]  # as in id_customer
        found = (*stem, found[0])
    return ColumnName(words=found, stem=stem)


def table_words(names: Iterable[str]) -> dict[str, Words]:
    """Return the words of the names of tables that say what entity they hold.

    Left out are folders, endings of files, words such as `dim`, and a word that most of the
    tables, three or more, begin or end with.
    """
    found = {name: _entity(name) for name in names}
    for side in (0, -1):
        ends = Counter(entity[side] for entity in found.values() if len(entity) > 1)
        for end, tables in ends.most_common(1):
            if tables > 2 and tables > len(found) / 2:
                found = {name: _without(entity, side, end) for name, entity in found.items()}
    return found


def _without(entity: Words, side: int, end: str) -> Words:
    if len(entity) < 2 or entity[side] != end:
        return entity
    return entity[1:] if side == 0 else entity[:-1]


def _entity(name: str) -> Words:
    parts = PurePosixPath(name.replace("\\", "/")).name.split(".")
    while len(parts) > 1 and parts[-1].lower() in lexicon.SUFFIXES:
        parts.pop()
    entity = words(" ".join(parts))
    kept = tuple(word for word in entity if word not in lexicon.OF_TABLES)
    return kept or entity
