"""Which columns are the primary key of a table."""

from collections.abc import Callable, Sequence
from typing import Final

from discovery.keys.composite_key import LONG, points_from_rows, weigh_together
from discovery.keys.field import Field
from discovery.keys.keys import PrimaryKey
from discovery.keys.names import Words
from discovery.keys.weighing import Weighing
from discovery.table import ColumnClass

_SURE: Final = 1.5
"""Points from which on a single column is taken without a look at several."""
_TYPES: Final = (
    ColumnClass.STRING,
    ColumnClass.INTEGER,
    ColumnClass.DATE,
    ColumnClass.DATETIME,
    ColumnClass.TIME,
    ColumnClass.YEAR,
    ColumnClass.YEARMONTH,
)


Search = Callable[[Sequence[Field]], Sequence[Field] | None]
"""Finds columns that together are unique among some."""


def primary_key(
    fields: Sequence[Field], entities: frozenset[Words], search: Search
) -> PrimaryKey | None:
    """Return the key of a table, None if no columns look like one.

    A single column is preferred if it looks like a key: by its name, its place and its form. A
    column that is unique as measures and titles in a small table are, is no key for that.

    Args:
        fields: the columns of the table.
        entities: what the tables of the scan hold.
        search: is called if no single column is sure to be the key.
    """
    fields = [field for field in fields if field.kind in _TYPES and field.is_complete]
    weighed = [(field, _single(field, entities)) for field in fields if field.is_unique]
    weighed.sort(key=lambda pair: (-pair[1].points, pair[0].place))
    others = tuple(field.column.name for field, _ in weighed)
    links = _links(fields, entities)
    if weighed and weighed[0][0] in links:
        return _key(links, weigh_together(links), others)
    if weighed and weighed[0][1].points >= _SURE:
        return _key([weighed[0][0]], weighed[0][1], others[1:])
    accidental = {field.number for field, one in weighed if one.points < 0}
    parts = [field for field in fields if not field.is_unique or field.number in accidental]
    if several := search(parts):
        weighing = weigh_together(several)
        weighing.evidence.append(f"together unique in {several[0].column.rows} rows")
        if not weighed or weighing.points > weighed[0][1].points:
            return _key(several, weighing, others)
    if weighed and weighed[0][1].points >= 0:
        return _key([weighed[0][0]], weighed[0][1], others[1:])
    return None


def _links(fields: Sequence[Field], entities: frozenset[Words]) -> list[Field]:
    """Return the columns that are keys of the things that a table is named to link, if several.

    The key of `film_category` is the film and the category, even if no film has two of them yet.
    """
    links = [
        field
        for field in fields
        if field.name.is_key
        and field.name.stem in entities - {field.entity}
        and set(field.name.stem) < set(field.entity)
    ]
    linked = {word for field in links for word in field.name.stem}
    return links if len(links) > 1 and linked == set(links[0].entity) else []


def _key(fields: Sequence[Field], weighing: Weighing, others: tuple[str, ...]) -> PrimaryKey:
    return PrimaryKey(
        columns=tuple(field.column.name for field in fields),
        rows=fields[0].column.rows,
        certainty=weighing.certainty,
        evidence=tuple(weighing.evidence),
        against=tuple(weighing.against),
        others=others,
    )


def _single(field: Field, entities: frozenset[Words]) -> Weighing:
    """Weigh whether a column that is unique and complete is the key."""
    rows, lengths = field.column.rows, field.column.lengths
    weighing = Weighing(points=-1.0)
    weighing.add(points_from_rows(rows), f"unique in {rows} rows")
    weighing.add(*_from_name(field, entities))
    if field.place == 0:
        weighing.add(1.5, "first column")
    else:
        weighing.add(-0.25 * min(field.place, 6), f"column {field.place + 1}")
    if field.is_numbering:
        weighing.add(1.0, "numbers the rows")
    if field.kind == ColumnClass.STRING:
        if field.mean_length > LONG:
            weighing.add(-1.5, f"{field.mean_length:.0f} characters long on average")
        elif lengths and lengths.minimum == lengths.maximum:
            weighing.add(0.5, "all values are equally long")
    if field.kind == ColumnClass.DATETIME:
        weighing.add(-0.5, "a moment")
    return weighing


def _from_name(field: Field, entities: frozenset[Words]) -> tuple[float, str]:
    """Return points for the name of a column, and the reason."""
    name = field.name
    answers = (
        (name.is_bare, 3.0, "named as the key"),
        (name.is_key and name.stem == field.entity, 3.5, "named as the key of the table"),
        ("".join(name.words) == "".join(field.entity), 2.0, "named as the table"),
        (name.is_key and name.stem in entities, 0.5, "named as the key of another table"),
        (name.is_key, 2.0, "named as a key"),
        (name.is_title, -1.0, "named as a text for people"),
        (field.is_measure and not name.is_temporal, -2.0, "named as a measure"),
    )
    return next(((points, reason) for holds, points, reason in answers if holds), (0.0, ""))
