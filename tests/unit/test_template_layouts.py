"""The layouts of a template file, told by what it holds, and what is said of other files."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instances import JSON

from discovery.template_file import (
    NoTemplate,
    TemplateFile,
    UnreadableTemplate,
    read_template,
)

VERSION_1 = {
    "format_version": "1",
    "metadata": {"industry": "retail", "default_record_count": 10},
    "schema": {"type": "object"},
    "records": [{"id": 1}],
    "quality_rules": [{"name": "complete"}],
}
VERSION_2 = {
    "format_version": "2",
    "template": {"industry": "retail"},
    "defaults": {"record_count": 10},
    "schema": {"type": "object"},
    "sample_data": [{"id": 1}],
    "quality_rules": [{"name": "complete"}],
}
FULL = TemplateFile(
    metadata={"industry": "retail", "default_record_count": 10},
    schema={"type": "object"},
    records=[{"id": 1}],
    quality_rules=[{"name": "complete"}],
)
objects = st.dictionaries(st.text(max_size=3), JSON, min_size=1, max_size=3)


def read(document, **options):
    return read_template(json.dumps(document, **options).encode())


def refusal(content):
    with pytest.raises(UnreadableTemplate) as refused:
        read_template(content)
    problem = refused.value
    assert str(problem) == ": ".join(filter(None, [problem.place, problem.reason]))
    return problem.place, problem.reason


@pytest.mark.parametrize("document", [VERSION_1, VERSION_2])
def test_both_versions_hold_the_same_in_other_places(document):
    assert read(document) == FULL
    assert read(document, indent=2) == FULL
    assert read(document | {"format_version": int(document["format_version"])}) == FULL


@pytest.mark.parametrize("version", ["1", "2"])
def test_records_or_a_schema_are_enough(version):
    records = "records" if version == "1" else "sample_data"
    nulls = dict.fromkeys(["metadata", "template", "defaults", "schema", "quality_rules"])

    assert read({"format_version": version, records: [1]} | nulls) == TemplateFile(records=[1])
    assert read({"format_version": version, "schema": {}}) == TemplateFile(schema={})


def test_version_2_names_defaults_apart():
    document = VERSION_2 | {"defaults": {"record_count": 5, "size_mb": 0.5}}
    assert read(document).metadata == {
        "industry": "retail",
        "default_record_count": 5,
        "default_size_mb": 0.5,
    }


@given(st.lists(JSON, min_size=1, max_size=5))
def test_a_bare_array_holds_records(records):
    assert read(records) == TemplateFile(records=records)


@settings(max_examples=40)
@given(st.lists(objects, min_size=2, max_size=4), st.sampled_from(["\n", "\r\n", "\n\n", "\n  \n"]))
def test_json_lines_hold_a_record_each(records, separator):
    content = separator.join(json.dumps(record) for record in records)

    assert read_template(content.encode()) == TemplateFile(records=records)
    assert read_template(f"\n{content}\n".encode()) == TemplateFile(records=records)


@pytest.mark.parametrize("content", [b'[{"id": 1}]', b'{"id": 1}\n{"id": 2}'])
def test_a_byte_order_mark_is_passed_over(content):
    assert read_template(b"\xef\xbb\xbf" + content) == read_template(content)


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_told_as_such(content):
    assert refusal(content) == ("", "the file is empty")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"{", "line 1, column 2"),
        (b'[\n {"id": 1},\n {"id": }\n]', "line 3, column 9"),
        (b'{\n "format_version": "1",\n "records": [1,]\n}', "line 3, column 15"),
        (b'{"id": 1} x', "line 1, column 11"),
        (b'nonsense\n{"id": 1}', "line 1, column 1"),
        (b'{"id": 1}\n{"id": 2}\n{"id": ', "line 3, column 8"),
        (b'{"id": 1}\n\n\n{"id": x}', "line 4, column 8"),
        ('{"é": 1}\n{"é": x}'.encode(), "line 2, column 7"),
        (b'{"id": 1}\n{"name": "\xff"}', "line 2, column 1"),
        (b'{"id": NaN}', "line 1, column 8"),
        (b"[" * 5_000, "line 1, column 1026"),
        ('[{"id": 1}]'.encode("utf-16"), "line 1, column 1"),
    ],
)
def test_invalid_json_is_told_with_its_line_and_column(content, place):
    found, reason = refusal(content)
    assert found == place
    assert reason.startswith("invalid JSON: ")


@pytest.mark.parametrize(
    ("content", "may_be_data"),
    [
        (b'{"id": 1}\n{"id": 2}\n{"id": ', True),
        (b'{"id": \n{"id": 2}\n{"id": 3}', True),
        (b'[\n {"id": 1},\n {"id": }\n]', True),
        (b'{\n "id": 1,\n "records": [1,]\n}', False),
        (b'{"format_version": "1", "records": [{}]}\n{"id": ', False),
        (b'{"format_version": "1", "records": [\n{"id": 1}\n{"id": 2}\n', False),
    ],
)
def test_records_of_which_some_are_broken_may_be_data_and_a_broken_template_is_not(
    content, may_be_data
):
    with pytest.raises(UnreadableTemplate) as refused:
        read_template(content)
    assert isinstance(refused.value, NoTemplate) is may_be_data


@pytest.mark.parametrize("content", [b"1", b'"records"', b"null", b"true"])
def test_a_scalar_is_no_template(content):
    place, reason = refusal(content)
    assert (place, reason.split(",")[0]) == ("", "a template is an object or an array")


def test_an_object_without_a_version_is_told_what_to_do():
    reason = 'the object has no "format_version"; name it, or put records into an array'
    assert refusal(b'{"id": 1}') == ("/", reason)


@pytest.mark.parametrize("version", ["3", 1.5, None, ["1"], "9" * 1_000])
def test_an_unknown_version_is_told_with_those_that_are_known(version):
    place, reason = refusal(json.dumps({"format_version": version}).encode())
    assert place == "/format_version"
    assert reason.endswith("is not known; known are 1 and 2")
    assert len(reason) < 100


@pytest.mark.parametrize("document", [VERSION_1, VERSION_2])
def test_a_part_of_another_type_is_told_with_its_place(document):
    for name in document.keys() - {"format_version"}:
        expected = "an array" if isinstance(document[name], list) else "an object"
        wrong = json.dumps(document | {name: "text"}).encode()
        assert refusal(wrong) == (f"/{name}", f"must be {expected}")


@pytest.mark.parametrize(
    "document", [[], {"format_version": "1"}, {"format_version": "2", "sample_data": []}]
)
def test_nothing_can_be_learnt_without_records_and_schema(document):
    nothing = "there are neither records nor a schema to learn from"
    assert refusal(json.dumps(document).encode()) == ("", nothing)


@given(st.binary())
def test_any_bytes_are_read_or_refused(content):
    with suppress(UnreadableTemplate):
        assert read_template(content).records
