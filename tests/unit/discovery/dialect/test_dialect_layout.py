"""Where the header, the rows and what is around them stand: one trap a line."""

import pytest

from discovery.dialect import sniff

HEADERS = {
    "names over numbers": ("id,height\n1,1.65\n2,1.78\n", 1),
    "numbers alone": ("1,1.65\n2,1.78\n3,1.80\n", 0),
    "codes and names without a header": (
        "AC,Ascension Island\nAD,Andorra\nAE,Emirates\nAF,Afghanistan\n",
        0,
    ),
    "codes of several lengths without a header": (
        "MG-1,boots\nMG-22,cap\nMG-333,tent\nXY-12,hat\n",
        0,
    ),
    "a usual name of the shape of the codes below": (
        "ID,Country\nAF,Kabul\nAL,Tirana\nAD,Vella\n",
        1,
    ),
    "names over the letters of a few categories": ("1_a,1_b\n" + "A,E\nE,.\n.,A\nEE,A\n" * 5, 1),
    "a header that comes again with the next table": (
        "who,what\n"
        + "Ann,tea\nAnn,tea\nBob,rice\n" * 4
        + "who,what\n"
        + "Ann,rice\nBob,rice\n" * 4,
        1,
    ),
    "three lines of names over two rows": (
        ",total,total\n,persons,persons\nplace,all,men\nOslo,5,3\nRome,6,2\n",
        3,
    ),
    "names over codes and names": (
        "code,country\nAC,Ascension Island\nAD,Andorra\nAE,Emirates\n",
        1,
    ),
    "years over numbers": ("1990,1991,1992,1993\n10,12,9,11\n7,8,9,3\n6,5,4,1\n", 1),
    "a name and years over numbers": (
        "Country,1990,1991,1992\nFrance,58,58,59\nSpain,39,39,40\n",
        1,
    ),
    "rows of years only": ("1990,1992,1991\n1991,1990,1995\n1992,2000,1993\n", 0),
    "dates over numbers": ("place,2020-01-22,2020-01-23\nHubei,444,549\nHunan,4,9\n", 1),
    "two lines of names": ("control,,fire,\nx,y,x,y\n1.5,2,3.5,4\n2.5,3,4.5,5\n3,4,5,6\n", 2),
    "names and their units": ("time,level,flow\n(s),(m),(l/s)\n1,2.5,3\n2,2.6,4\n3,2.7,5\n", 2),
    "three lines, one of them empty": (
        "place,by,total,\n,,,\n,,net,gross\nx,y,1.5,2\nz,w,2.5,3\nu,v,4,5\n",
        3,
    ),
    "the header written twice": ("id,name\nid,name\n1,a\n2,b\n", 2),
    "a column without a name": (",a,b\n0,1.5,x\n1,2.5,y\n", 1),
    "a single line of names": ("id,name,price\n", 1),
    "a single line of values": ("1,2.5,2024-01-31\n", 0),
    "text in one column": ("word\napple\npear\nplum\n", 1),
    "values that recur are none": ("open,low\nclosed,high\nopen,high\nopen,low\nclosed,low\n", 0),
    "missing values under names": ("a,b\nNA,NA\n1,NA\n2,3\n", 1),
    "names over true and false": ("name,member\nAda,true\nBob,false\nEve,true\n", 1),
}


@pytest.mark.parametrize(("text", "header"), HEADERS.values(), ids=HEADERS)
def test_the_lines_of_the_header_are_counted(text, header):
    assert sniff(text.encode())[0].header == header


AROUND = {
    "a title": ("Sales of May\n\nday,sum,tax\n1,10,2\n2,20,4\n", {"skip": 2, "header": 1}),
    "a title padded with delimiters": (
        "Sales of May,,\n,,\nday,sum,tax\n1,10,2\n2,20,4\n",
        {"skip": 2, "header": 1},
    ),
    "a title of two lines in quotes": (
        ',"Sales\nof May",\nday,sum,tax\n1,10,2\n2,20,4\n',
        {"skip": 2, "header": 1},
    ),
    "a title and a remark that has as many cells as the table": (
        "Rates\nSource: somebody, 2020\n\nday,rate\nMon,2.5\nTue,2.75\nWed,3\n",
        {"skip": 3, "header": 1},
    ),
    "a short row of colours is no comment": (
        "#ff0000,red,3,1\n#00ff00,green,4,2\n#0000ff,blue\n#ffffff,white,5,7\n#000000,black,5,1\n",
        {"delimiter": ",", "comment": ""},
    ),
    "blank lines": ("\n\na,b\n1,2\n3,4\n", {"skip": 2, "header": 1}),
    "pairs of names and values": (
        "#station,12\n#unit,m\ntime,level,flow\n1,2,3\n2,3,4\n3,4,5\n4,5,6\n",
        {"skip": 2, "header": 1},
    ),
    "comments above": (
        "# made, by hand\n# on a day\na,b,c\n1,2,3\n4,5,6\n",
        {"skip": 2, "header": 1, "comment": ""},
    ),
    "a header behind the mark of a comment": (
        "#id,name,sum\n1,a,3\n4,b,6\n5,c,7\n",
        {"skip": 0, "header": 1, "comment": ""},
    ),
    "comments between rows": (
        "a,b,c\n1,2,3\n# checked\n4,5,6\n7,8,9\n",
        {"skip": 0, "header": 1, "comment": "#"},
    ),
    "colours are no comments": (
        "#ff0000,red\n#00ff00,green\n#0000ff,blue\n#ffffff,white\n",
        {"skip": 0, "comment": ""},
    ),
    "a name that starts with the mark of a comment": (
        "#0.0\n12.5\n13.5\n",
        {"skip": 0, "header": 1, "comment": ""},
    ),
    "a footnote": ("a,b,c\n1,2,3\n4,5,6\n\nSource: own counts\n", {"footer": 2}),
    "a footnote without a blank line": ("a,b,c\n1,2,3\n4,5,6\nSource: own counts\n", {"footer": 1}),
    "padded footnotes": (
        "a,b,c\n1,2,3\n4,5,6\n,,\nSource: own counts,,\nNot checked,,\n",
        {"footer": 3},
    ),
    "blank lines at the end are no footnotes": ("a,b,c\n1,2,3\n4,5,6\n\n\n", {"footer": 0}),
    "a short last row is no footnote": ("a,b,c\n1,2,3\n4,5,6\n7\n", {"footer": 0}),
    "names of rows without a name of their own": (
        "x y z\na 1 2 3\nb 4 5 6\nc 7 8 9\n",
        {"skip": 0, "header": 1},
    ),
}


@pytest.mark.parametrize(("text", "expected"), AROUND.values(), ids=AROUND)
def test_what_stands_around_the_table_is_counted_in_lines(text, expected):
    dialect, _ = sniff(text.encode())
    assert {name: getattr(dialect, name) for name in expected} == expected


def test_footnotes_are_seen_at_the_end_of_a_large_file():
    rows = "".join(f"{n},item {n},{n / 8}\n" for n in range(60_000))
    text = f"id,name,sum\n{rows}\nSource: own counts\nNot checked\n"
    assert len(text) > 1_000_000
    assert sniff(text.encode())[0].footer == 3


def test_a_quoted_cell_that_the_middle_slice_starts_in_does_not_mislead():
    row = '{},"first, line\nsecond; line; of; text\nthird; line; of; text",{}\n'
    text = "id,note,sum\n" + "".join(row.format(n, n / 8) for n in range(20_000))
    dialect, _ = sniff(text.encode())
    assert (dialect.delimiter, dialect.quote, dialect.header) == (",", '"', 1)
