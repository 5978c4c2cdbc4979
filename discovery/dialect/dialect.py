"""How a text table is written, and what its reader should doubt."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Dialect:
    r"""The way a text table is written: all that a reader has to be told.

    A table of one column has the delimiter "," when no cell holds a bare comma, else "".
    Lines are physical ones: each "\r\n", "\n" or "\r" ends one, in a quoted cell too.
    """

    encoding: str
    """Name of a Python codec, such as "utf-8", "utf-8-sig", "utf-16" or "cp1252"."""
    delimiter: str
    quote: str
    """The character around quoted cells; "" where quotes are data."""
    escape: str
    """The quote itself where it is doubled, a backslash, or "" for none."""
    skip: int
    """Lines before the header, or before the first row where there is no header."""
    header: int
    """Lines of the header: 0, 1 or more."""
    footer: int = 0
    """Lines after the last row that are footnotes."""
    comment: str = ""
    """Prefix of the comment lines between rows."""
    newline: str = "\n"
    """The prevalent end of a row."""
    repeated: bool = False
    """Whether a run counts as one delimiter, and those at the ends of a line not at all; with the
    delimiter of two spaces a run is of two or more, and a single space is part of a cell."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A fact about a table that its reader should know."""

    line: int | None
    """The line it was seen on, from 1; None where it is about the file or its line is unknown."""
    message: str
