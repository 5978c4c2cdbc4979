"""A table of small texts, each with a trap that readers fall into, and its right reading."""

import pytest

from discovery.dialect import Dialect, sniff


def dialect_of(text: str | bytes) -> Dialect:
    return sniff(text if isinstance(text, bytes) else text.encode())[0]


def table(*rows, delimiter=","):
    """Return the text of a table whose rows are given with spaces between their cells."""
    return "".join(row.replace(" ", delimiter) + "\n" for row in rows)


ROWS = (
    "id name born height",
    "1 Ada 1815-12-10 1.65",
    "2 Alan 1912-06-23 1.78",
    "3 Bob 2001-01-01 2",
)


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|", ":", "#", "~", "^", " ", "\x1f", "\x01", "||", "::", "§"]
)
def test_the_delimiter_is_the_one_that_cuts_every_row_into_cells_of_a_kind(delimiter):
    dialect = dialect_of(table(*ROWS, delimiter=delimiter))
    assert (dialect.delimiter, dialect.header, dialect.skip) == (delimiter, 1, 0)


DELIMITERS = {
    "decimal commas do not make the comma a delimiter": (
        "a;b;c\n1,5;2,25;3,0\n4,5;5,75;6,5\n7,1;8,2;9,3\n",
        ";",
    ),
    "times do not make the colon one": ("start,end\n10:30:00,11:45:10\n08:00:59,09:15:00\n", ","),
    "a space within every date and time is none": (
        "2024-01-31 10:30:00\n2024-02-01 11:45:00\n",
        ",",
    ),
    "names of two words are not cut": (
        "Ada Lovelace\nAlan Turing\nGrace Hopper\nEdsger Dijkstra\n",
        ",",
    ),
    "commas in prose yield to the semicolon of every row": (
        "1;Bread, milk and eggs\n2;Tea\n3;Salt, pepper, oil\n4;Jam, honey\n",
        ";",
    ),
    "semicolons in prose yield to the comma of every row": (
        "code,label\nA1,Total; men; all ages\nA2,Total; women; all ages\nA3,Total; men; under 16\n",
        ",",
    ),
    "a mark that a space always follows is one of sentences": (
        "A1,Total; men; old\nA2,Total; women; old\nA3,Total; men; young\n",
        ",",
    ),
    "a colon around quoted cells is one in spite of times and commas": (
        '7:"05:15":"Tent, big"\n8:"21:15":"Boots, small"\n9:"11:00":"Cap, large"\n',
        ":",
    ),
    "a single line of any length": ("1,2," * 200_000 + "3", ","),
    "JSON within quotes is one cell": (
        '"{""a"": 1, ""b"": ""x:y""}",13:31:38\n"{""a"": 2, ""b"": ""z""}",22:13:29\n',
        ",",
    ),
    "a table within a cell is one cell": (
        'id,note\n1,hello\n2,"see:\na|b|c\n1|2|3\n4|5|6"\n3,bye\n',
        ",",
    ),
    "a short table after a long preamble is still found": (
        "Station report\nWritten by the logger\n"
        + "No remark of the day\n" * 20
        + "time;level;flow\n10:00;1,5;20\n11:00;1,6;21\n12:00;1,4;22\n13:00;1,2;20\n14:00;1,3;25\n",
        ";",
    ),
    "one column of numbers has the usual delimiter": ("1\n2\n3\n", ","),
    "one column of sentences with commas has none": (
        "Well, no\nYes\nIf so, then, perhaps, never\nMaybe, or maybe not, who knows\nNo\n",
        "",
    ),
    "empty cells do not make a pair of delimiters one": ("a,b,c\n1,,3\n,,\n4,5,\n", ","),
}


@pytest.mark.parametrize(("text", "delimiter"), DELIMITERS.values(), ids=list(DELIMITERS))
def test_a_character_within_cells_is_no_delimiter(text, delimiter):
    assert dialect_of(text).delimiter == delimiter


def test_columns_aligned_with_spaces_are_cut_at_runs_of_them():
    dialect = dialect_of(
        "  id   x     y\n   1   0.5   10.25\n  20   1.5    9.75\n 300  12.5  100.00\n"
    )
    assert (dialect.delimiter.strip(), dialect.repeated) == ("", True)


def test_two_spaces_cut_columns_whose_cells_have_single_ones():
    dialect = dialect_of(
        "city          people  area\n"
        "New York      8335897   778\n"
        "Los Angeles   3822238  1214\n"
        "San Antonio   1472909  1194\n"
    )
    assert (dialect.delimiter, dialect.repeated) == ("  ", True)


QUOTES = {
    "double quotes, doubled within a cell": ('a,b\n"x, ""y""",1\n"z",2\n', '"', '"'),
    "single quotes around text": ("1,'a, b','c'\n2,'d','e, f'\n3,'g','h'\n", "'", "'"),
    "backticks around text": ("1;`a; b`;`c`\n2;`d`;`e; f`\n3;`g`;`h`\n", "`", "`"),
    "a backslash before quotes within a cell": (
        'a,b\n"say \\"hi, you\\"",1\n"and \\"so, then\\"",2\n"x",3\n',
        '"',
        "\\",
    ),
    "an apostrophe that only stands escaped": (
        "1;Ship\\'s cook\n2;Ships\\' boys\n3;Captain\n",
        "'",
        "\\",
    ),
    "apostrophes in words quote nothing": ("a,b\nit's,1\ndon't,2\n'tis,3\n", '"', '"'),
    "a comma within quotes below a name like a comment": ('##0\n"1,234"\n', '"', '"'),
    "inches quote nothing, and harm nothing": ('pipe,n\n5" long,2\n3" short,4\n', '"', '"'),
    "a quote that opens cells and never closes them is data": (
        'size,n\n"5 inches,2\n"3 inches,4\n"4 inches,1\n',
        "",
        "",
    ),
    "a space before the quote does not hide it": (
        '1, "a, b", 2\n2, "c", 3\n3, "d, e", 4\n',
        '"',
        '"',
    ),
    "no quotes at all: the usual ones": ("a,b\n1,2\n", '"', '"'),
}


@pytest.mark.parametrize(("text", "quote", "escape"), QUOTES.values(), ids=QUOTES)
def test_the_quote_and_its_escape_are_told(text, quote, escape):
    dialect = dialect_of(text)
    assert (dialect.quote, dialect.escape) == (quote, escape)


ENDS = {
    "unix": (b"a,b\n1,2\n3,4\n", "\n"),
    "windows": (b"a,b\r\n1,2\r\n3,4\r\n", "\r\n"),
    "old macintosh": (b"a,b\r1,2\r3,4\r", "\r"),
    "mixed, mostly windows": (b"a,b\r\n1,2\n3,4\r\n5,6\r\n", "\r\n"),
    "line feeds within quotes do not count": (b'a,b\r"x\ny\nz",1\r"x\ny\nz",2\r', "\r"),
    "the separators of ASCII": (b"a\x1fb\x1e1\x1f2\x1e3\x1f4\x1e", "\x1e"),
}


@pytest.mark.parametrize(("text", "newline"), ENDS.values(), ids=ENDS)
def test_the_prevalent_end_of_rows_is_told(text, newline):
    dialect = dialect_of(text)
    assert (dialect.newline, dialect.header) == (newline, 1)
