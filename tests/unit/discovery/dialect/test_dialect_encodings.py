"""The encoding of a text, from its mark or from its bytes."""

import pytest

from discovery.dialect import Doubt, sniff

LATIN = "name;städtchen;größe\n" + "José;Köln;1,5\nZoë;Zürich;2,5\n" * 3
CYRILLIC = "имя;город;рост\n" + "Иван;Москва;1,5\nМария;Киев;2,5\n" * 3

ENCODINGS = {
    "ASCII is UTF-8": (b"a,b\n1,2\n", "utf-8"),
    "UTF-8": (LATIN.encode(), "utf-8"),
    "UTF-8 with a mark": (LATIN.encode("utf-8-sig"), "utf-8-sig"),
    "UTF-16 with a mark": (LATIN.encode("utf-16"), "utf-16"),
    "UTF-16, big end first, with a mark": (b"\xfe\xff" + LATIN.encode("utf-16-be"), "utf-16"),
    "UTF-16 without a mark": (LATIN.encode("utf-16-le"), "utf-16-le"),
    "UTF-16, big end first, without a mark": (LATIN.encode("utf-16-be"), "utf-16-be"),
    "UTF-16 of another script without a mark": (CYRILLIC.encode("utf-16-le"), "utf-16-le"),
    "UTF-32 with a mark": (LATIN.encode("utf-32"), "utf-32"),
    "UTF-32 without a mark": (LATIN.encode("utf-32-le"), "utf-32-le"),
    "Windows-1252": ((LATIN + "€;“quoted”;1,5\n").encode("cp1252"), "cp1252"),
    "Latin-1, of which Windows-1252 is a superset": (LATIN.encode("latin-1"), "cp1252"),
    "bytes that Windows-1252 does not have": (b"a;b\n\x81\xe9;1\n", "latin-1"),
    "Windows-1251": (CYRILLIC.encode("cp1251"), "cp1251"),
    "NUL characters do not make it UTF-16": (b"a,b\n1\0,2\n3,4\n5,6\n7,8\n9,10\n", "utf-8"),
}


@pytest.mark.parametrize(("content", "encoding"), ENCODINGS.values(), ids=ENCODINGS)
def test_the_encoding_is_told_and_reads_the_bytes(content, encoding):
    dialect, _ = sniff(content)
    assert dialect.encoding == encoding
    content.decode(dialect.encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_the_table_is_read_in_its_encoding(encoding):
    dialect, _ = sniff(LATIN.encode(encoding))
    assert (dialect.delimiter, dialect.header, dialect.skip) == (";", 1, 0)


@pytest.mark.parametrize("after", [0, 100_000])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_letters_in_the_middle_or_at_the_end_of_a_large_file_decide(encoding, after):
    rows = "1,plain\n" * 100_000
    text = "id,name\n" + rows + "2,Zoë\n" * 8 + rows[: after * 8]
    assert sniff(text.encode(encoding))[0].encoding == encoding


def test_a_large_file_whose_slices_cut_its_letters_is_utf_8():
    text = "id,name\n" + "1,ж€ö\n" * 100_000
    for shift in range(4):
        dialect, doubts = sniff(("x" * shift + text).encode())
        assert (dialect.encoding, doubts) == ("utf-8", [])


def test_a_damaged_letter_leaves_the_rest_utf_8_and_is_told():
    content = (LATIN * 20).encode().replace("Zoë".encode(), b"Zo\xeb", 1)
    dialect, doubts = sniff(content)
    assert dialect.encoding == "utf-8"
    assert doubts[0] == Doubt(line=3, message="There are bytes that are not valid utf-8.")
