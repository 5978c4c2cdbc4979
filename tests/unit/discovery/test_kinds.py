"""What kind of content a file has."""

import pytest

from discovery.files import Kind, kind_of, suffix_of


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"a,b\n", Kind.TABLE),
        ("a.txt", b"a\tb\n", Kind.TABLE),
        ("a", b"", Kind.TABLE),
        ("a.json", b"no json", Kind.RECORDS),
        ("a.jsonl", b"", Kind.RECORDS),
        ("a.geojson", b"{}", Kind.RECORDS),
        ("a", b'{"a": 1}\n{"a": 2}\n', Kind.RECORDS),
        ("a", b'\xef\xbb\xbf [\n {"a": 1}]', Kind.RECORDS),
        ("a.txt", b'{\n "a": 1\n}', Kind.RECORDS),
        ("a.log", b"[1, 2]", Kind.RECORDS),
        ("a", b"[]", Kind.RECORDS),
        ("a", b"[1,2],[3,4]\n[5,6],[7,8]\n", Kind.TABLE),
        ("a.csv", b'[{"a": 1}]\n', Kind.TABLE),
        ("a.txt", b"{name},{place}\nx,y\n", Kind.TABLE),
        ("a.bin", b"PAR1....PAR1", Kind.PARQUET),
        ("a.csv", b"PAR1....PAR1", Kind.PARQUET),
        ("a.parquet", b"", Kind.PARQUET),
        ("a", b"Obj\x01...", Kind.AVRO),
        ("a.avro", b"damaged", Kind.AVRO),
        ("a.xlsx", b"PK\x03\x04...", Kind.EXCEL),
        ("a.xlsx", b"damaged", Kind.EXCEL),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", Kind.EXCEL),
        ("a.xls", b"PK\x03\x04...", Kind.EXCEL),
        ("a.xls", b"", Kind.EXCEL),
        ("a.xls", b"name\tplace\nx\ty\n", Kind.TABLE),
    ],
)
def test_the_kind_is_told_by_the_first_bytes_and_the_suffix(tmp_path, name, content, kind):
    path = tmp_path / name
    path.write_bytes(content)
    assert kind_of(path, suffix_of(path)) is kind


def test_the_suffix_is_that_of_the_plain_file(tmp_path):
    names = ["a.CSV", "a.csv.gz", "a.b.json.ZST", "a.zip", "a", ".csv", "a.gz.csv"]
    found = [suffix_of(tmp_path / name) for name in names]
    assert found == [".csv", ".csv", ".json", "", "", "", ".csv"]
