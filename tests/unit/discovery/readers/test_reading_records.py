"""Records in JSON: however they stand, and whatever is broken."""

import json

import pytest
from made_files import part, read, types

from discovery.files import UnreadableFile
from discovery.readers.likeness import are_alike
from registry.privacy import SamplePolicy

LINES = "".join(json.dumps({"id": n, "tag": f"t{n % 3}"}) + "\n" for n in range(30))


def refusal(*parts):
    with pytest.raises(UnreadableFile) as refused:
        read(*parts)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", LINES),
        ("a.jsonl", "\ufeff" + LINES.replace("\n", "\r\n") + "\n\n"),
        ("a.json", "[" + ",\n".join(LINES.splitlines()) + "]"),
        ("a.json", json.dumps([json.loads(line) for line in LINES.splitlines()], indent=2)),
        ("a.json", json.dumps({"data": [json.loads(line) for line in LINES.splitlines()]})),
        ("a.json", '{"page": 1, "items": [' + ",".join(LINES.splitlines()) + "]}"),
    ],
)
def test_records_are_found_in_lines_in_arrays_and_in_wrapped_arrays(tmp_path, name, content):
    found = read(part(tmp_path, name, content))
    assert (found.records, types(found)) == (30, {"id": "integer", "tag": "string"})
    assert found.sample[0] == {"id": 0, "tag": "t0"}
    assert found.doubts == []


def test_any_other_document_is_one_record(tmp_path):
    found = read(part(tmp_path, "a.json", '{"name": "x", "size": {"w": 1}}'))
    assert (found.records, found.sample) == (1, [{"name": "x", "size": {"w": 1}}])


def test_extended_json_of_mongodb_is_read_as_what_it_means(tmp_path):
    line = (
        '{"_id": {"$oid": "5f0a"}, "n": {"$numberLong": "7"},'
        ' "at": {"$date": "2024-01-01T00:00:00Z"}}'
    )
    contents = {"a.jsonl": f"{line}\n{line}", "b.json": f"[{line}]", "c.json": line}
    for name, content in contents.items():
        found = read(part(tmp_path, name, content))
        assert found.sample[0] == {"_id": "5f0a", "n": 7, "at": "2024-01-01T00:00:00Z"}
        assert found.schema["properties"]["at"]["format"] == "date-time"


def test_a_broken_line_is_passed_over_and_told_with_its_number(tmp_path):
    found = read(part(tmp_path, "a.jsonl", '{"a": 1}\n{"a": \n\n{"a": 2}\n'))
    assert (found.records, [doubt.line for doubt in found.doubts]) == (2, [2])
    assert found.told(SamplePolicy.MASKED)["warnings"][0]["line"] == 2


def test_a_broken_line_of_several_files_is_told_with_its_file_and_its_number_there(tmp_path):
    good, bad = '{"a": 1}\n' * 5, '{"a": 1}\n{"a":}\n'
    parts = [part(tmp_path, "x/1.jsonl", good), part(tmp_path, "x/2.jsonl", bad)]
    (doubt,) = read(*parts).doubts
    assert (doubt.line, doubt.message.split(": ")[0]) == (2, "x/2.jsonl")


def test_a_broken_document_among_others_is_told_by_its_name(tmp_path):
    parts = [
        part(tmp_path, f"{n}.json", c) for n, c in enumerate(['{"a": 1}', '{"a":', '{"a": 2}'])
    ]
    found = read(*parts)
    (doubt,) = found.doubts
    assert (found.records, doubt.line, doubt.message.split(": ")[0]) == (2, None, "1.json")
    assert str(tmp_path) not in doubt.message
    assert found.sample == [{"a": 1}, {"a": 2}]
    assert read(*reversed(parts[:2])).sample == [{"a": 1}]


def test_an_array_that_is_cut_off_gives_what_is_whole_and_says_so(tmp_path):
    found = read(part(tmp_path, "a.json", '[{"a": 1}, {"a": 2}, {"a"'))
    assert found.records == 2
    assert "does not end" in found.doubts[0].message


def test_elements_that_are_no_json_are_told(tmp_path):
    found = read(part(tmp_path, "a.json", '[{"a": 1}, {a: 2}, {"a": 3}]'))
    assert (found.records, len(found.doubts)) == (2, 1)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_an_empty_file_holds_no_records(tmp_path, name):
    assert refusal(part(tmp_path, name, "")) == "the file is empty"
    for content in (" \n", "no json", "[{", '{"a"'):
        message = refusal(part(tmp_path, name, content))
        assert message
        assert str(tmp_path) not in message


def test_an_empty_array_holds_no_records_and_is_none_the_worse(tmp_path):
    found = read(part(tmp_path, "a.json", "[]"))
    assert (found.records, found.statistics, found.doubts) == (0, [], [])


def test_an_empty_part_among_others_does_no_harm(tmp_path):
    parts = [part(tmp_path, "1.jsonl", LINES), part(tmp_path, "2.jsonl", "")]
    assert read(*parts).records == 30


@pytest.mark.parametrize("text", [r'"\ud800"', r'"a\u0000b"', '"\\u00e9"', "1e400", "1" * 40])
def test_values_that_cannot_be_stored_do_no_harm(tmp_path, text):
    found = read(part(tmp_path, "a.jsonl", f'{{"a": {text}}}\n{{"a": "x"}}\n{{"a": "y"}}\n'))
    assert found.records == 3 - len(found.doubts)
    assert found.records >= 2


def test_a_first_line_longer_than_what_is_looked_at_is_a_line(tmp_path):
    line = json.dumps({"a": "x" * (2**20 + 9)})
    assert read(part(tmp_path, "a.jsonl", f"{line}\n{line}\n")).records == 2
    assert read(part(tmp_path, "b.jsonl", line)).records == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", '{"a": 1}\n{}\n{"a":\n[1]\n{"year": 1999}\n'),
        ("a.json", '[{"a": 1},{},{"a":},[1],{"year": 1999}]'),
    ],
)
def test_partitions_are_fields_and_a_field_in_the_file_wins(tmp_path, name, content):
    found = read(part(tmp_path, f"year=2024/{name}", content))
    assert found.sample == [{"year": 2024, "a": 1}, {"year": 2024}, [1], {"year": 1999}]
    assert found.records == 4
    (doubt,) = found.doubts
    assert doubt.line == (3 if name == "a.jsonl" else None)
    (year,) = [each for each in found.statistics if each.path == "year"]
    assert (year.minimum, year.maximum) == (1999, 2024)


def test_partitions_are_fields_of_documents_and_integers_where_all_are(tmp_path):
    contents = {
        "year=2024/zip=01": '{"a": 1}',
        "year=2025/zip=20": '{"data": [{"a": 2}, {"a": 3}]}',
        "year=__HIVE_DEFAULT_PARTITION__/zip=3": '{"a"',
    }
    parts = [part(tmp_path, f"{folder}/a.json", content) for folder, content in contents.items()]
    found = read(*parts)
    assert found.sample == [
        {"year": 2024, "zip": "01", "a": 1},
        {"year": 2025, "zip": "20", "a": 2},
        {"year": 2025, "zip": "20", "a": 3},
    ]
    assert (found.records, len(found.doubts)) == (3, 1)


def test_records_with_half_of_their_keys_in_common_are_alike_and_unrelated_ones_are_not(tmp_path):
    first = part(tmp_path, "1.json", '[{"a": 1, "b": 2}, {"c": 1}]')
    like = part(tmp_path, "2.json", '{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}')
    other = part(tmp_path, "3.json", '{"a": 1, "x": 2, "y": 3}')
    empty = part(tmp_path, "4.json", "[]")
    assert are_alike([first, like])
    assert not are_alike([first, other])
    assert not are_alike([first, like, other])
    assert are_alike([empty, empty])
