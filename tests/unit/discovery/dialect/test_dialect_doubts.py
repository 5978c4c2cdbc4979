"""What is doubtful about a text is told with its line; nothing is refused."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from discovery.dialect import sniff

DOUBTS = {
    "an empty file": (b"", (None, "The file has no text.")),
    "a file of blank lines": (b"\n\n\n", (None, "The file has no text.")),
    "a short row": (b"a,b,c\n1,2,3\n4,5\n6,7,8\n", (3, "The row has 2 cells; most have 3.")),
    "a long row": (b"a,b\n1,2\n4,5,6\n7,8\n", (3, "The row has 3 cells; most have 2.")),
    "a row after one of two lines": (
        b'a,b\n"x\ny",2\n4,5,6\n7,8\n',
        (4, "The row has 3 cells; most have 2."),
    ),
    "no header": (b"1,2\n3,4\n", (1, "There is no header: this row is data.")),
    "NUL characters": (b"a,b\n1,\0\n3,4\n", (2, "There are NUL characters.")),
    "mixed line ends": (
        b"a,b\n1,2\r\n3,4\n",
        (2, "The row ends with '\\r\\n', the first one with '\\n'."),
    ),
    "a guessed encoding": (
        b"a,b\n\xe9t\xe9,2\n",
        (None, "The encoding is taken for cp1252, which the bytes cannot prove."),
    ),
    "a quote that is not closed": (
        b"a,b\n" + b'"x",2\n' * 12 + b'"w,8\n5,6\n',
        (14, "The quoted cell does not end."),
    ),
    "two delimiters that fit": (
        b"a;b|c\nd;e|f\ng;h|i\n",
        (None, "The delimiter is taken for ';'; '|' fits too."),
    ),
}


@pytest.mark.parametrize(("content", "doubt"), DOUBTS.values(), ids=DOUBTS)
def test_a_doubt_is_told_with_its_line(content, doubt):
    assert doubt in [(doubt.line, doubt.message) for doubt in sniff(content)[1]]


def test_many_rows_of_other_lengths_are_told_in_short():
    _, doubts = sniff(("a,b,c\n" + "1,2,3\n1,2\n4,5,6\n" * 30).encode())
    assert len(doubts) == 6
    assert doubts[-1].message == "30 of the first 91 rows are shorter or longer."


def test_a_tidy_table_leaves_no_doubt():
    assert sniff(b"id,name\n1,Ada\n2,Alan\n")[1] == []


def test_a_missing_file_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        sniff(tmp_path / "missing.csv")


def test_a_file_larger_than_memory_is_judged_by_its_slices(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.write(b"id,name\n" + b"1,Ada\n" * 100_000)
        file.seek(1 << 36)  # The file system does not store what is skipped.
        file.write(b"\n" + b"1,Ada\n" * 20_000 + b"\nSource: own counts\n")
    dialect, _ = sniff(path)
    assert (dialect.delimiter, dialect.header, dialect.footer) == (",", 1, 2)


PIECES = list(",;\t\"'\\\n\r\0 #a1é\ufeff\x1e\x1f")


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from(PIECES), max_size=60).map(lambda p: "".join(p).encode())
)
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\x00")
@example(b"\xef\xbb\xbf")
@example(b"\0")
@example(b'"')
@example(b"\x1e\x1f")
def test_any_bytes_have_a_dialect(content):
    dialect, _ = sniff(content)
    text = content.decode(dialect.encoding, "replace")
    lines = len(text.splitlines()) + text.count("\x1e")
    assert 0 <= dialect.skip + dialect.header + dialect.footer <= max(lines, 1)


words = st.sampled_from(["lorem", "ipsum", "dolor", "sit", "amet", "elitr", "sed", "diam"])
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)
cells = st.one_of(
    st.integers(-9999, 9999).map(str),
    st.decimals(-999, 999, places=2).map(str),
    st.dates().map(str),
    texts,
    st.tuples(texts, st.sampled_from([", ", "; ", ' "', "\n", "|", "\t"]), texts).map("".join),
)


@st.composite
def tables(draw):
    """Return rows under a header, each column of one kind."""
    width = draw(st.integers(2, 6))
    kinds = [
        draw(st.sampled_from([st.integers(0, 9999).map(str), st.dates().map(str), cells]))
        for _ in range(width)
    ]
    rows = draw(st.lists(st.tuples(st.integers(1, 9999).map(str), *kinds), min_size=4, max_size=12))
    return [["number", *(f"column {chr(97 + i)}" for i in range(width))], *map(list, rows)]


@given(
    tables(),
    st.sampled_from(",;\t|"),
    st.sampled_from("\"'"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
)
def test_a_written_table_is_read_back(rows, delimiter, quote, newline, doubled, encoding, quoting):
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=delimiter,
        quotechar=quote,
        lineterminator=newline,
        quoting=quoting,
        doublequote=doubled,
        escapechar=None if doubled else "\\",
    )
    writer.writerows(rows)
    dialect, _ = sniff(out.getvalue().encode(encoding))
    reader = csv.reader(
        io.StringIO(out.getvalue(), newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=dialect.escape != "\\",
        escapechar="\\" if dialect.escape == "\\" else None,
    )
    assert list(reader) == rows
    assert (dialect.skip, dialect.header, dialect.newline) == (0, 1, newline)
    assert dialect.encoding == encoding
