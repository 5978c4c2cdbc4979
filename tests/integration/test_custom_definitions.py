"""Templates that people write into files, and exports, are registered by a scan."""

import json
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
import yaml

from discovery.dataset_reading import ScanOptions
from discovery.scan_report import Change
from discovery.scanner import Scanner
from discovery.sources.files import Files
from registry.application import RegistryApplication
from registry.interchange import FORMATS

from .conftest import SHIPPED, Run

YAML = """\
# yaml-language-server: $schema=definition.schema.json
name: Orders of the shop
tags: [orders]
fields:
  - {name: order_id, type: integer, required: true, minimum: 1}
  - name: placed
    type: string
    format: date
    nullable: true
  - name: buyer
    fields:
      - {name: city, type: string}
quality_rules:
  - {name: whole, check: data_completeness, threshold: 97.5}
"""


def scanned(application, folder):
    return Scanner(application).scan(str(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "retail" / "sales").mkdir(parents=True)
    return tmp_path / "retail" / "sales"


def definitions_in(root):
    readings = [find.read("", ScanOptions()) for find in Files(text=str(root)).finds()]
    return [command.definition for reading in readings for command in reading.commands]


def only_definition(folder):
    [definition] = definitions_in(folder.parent.parent)
    return definition


def refusal(application, folder):
    report = scanned(application, folder.parent.parent)
    assert not report.templates
    [failure] = report.failures
    return str(failure)


def test_a_definition_tells_its_fields_and_its_rules_and_the_path_who_it_is(folder):
    (folder / "orders.template.yaml").write_text(YAML)
    found = only_definition(folder)
    assert str(found.identity) == "retail/sales/orders"
    assert (found.name, found.tags) == ("Orders of the shop", ["orders"])
    assert found.declared_schema
    assert found.schema == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "order_id": {"type": "integer", "minimum": 1},
            "placed": {"type": ["string", "null"], "format": "date"},
            "buyer": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
        "required": ["order_id"],
    }
    assert [rule.threshold for rule in found.quality_rules] == [97.5]


def test_json_says_the_same_as_yaml(folder):
    (folder / "orders.template.yaml").write_text(YAML)
    from_yaml = only_definition(folder)
    (folder / "orders.template.yaml").rename(folder / "orders.template.json")
    (folder / "orders.template.json").write_text(json.dumps(yaml.safe_load(YAML)))
    assert only_definition(folder) == from_yaml


def test_fields_add_to_the_schema_and_records_are_held_to_both(folder):
    definition = {
        "schema": {"type": "object", "properties": {"a": {"type": "integer"}, "b": True}},
        "fields": [{"name": "a", "description": "How many."}, {"name": "c", "type": "boolean"}],
        "records": [{"a": 1, "c": True}],
    }
    (folder / "orders.template.json").write_text(json.dumps(definition))
    found = only_definition(folder)
    assert found.schema["properties"] == {
        "a": {"type": "integer", "description": "How many."},
        "b": True,
        "c": {"type": "boolean"},
    }
    assert found.sample_data == [{"a": 1, "c": True}]


@pytest.mark.parametrize(
    ("line", "changed", "reason"),
    [
        ("tags: [orders]", "tags: [Orders!]", "line 3, tags/0: String should match pattern"),
        ("tags: [orders]", "tag: [orders]", "line 3, tag: is no known name"),
        ("    type: string", "    type: text", "line 7, fields/1/type: Input should be 'string'"),
        ("    format: date", "    format: [", "line 10, column 9: invalid YAML"),
        ("name: Orders of the shop", "name: &a Orders\ndescription: *a", "references are not read"),
        ("threshold: 97.5", "threshold: 101", "line 14, quality_rules/0/threshold: Input should"),
    ],
)
def test_what_is_wrong_in_a_definition_is_told_with_its_line(
    application, folder, line, changed, reason
):
    assert line in YAML
    (folder / "orders.template.yaml").write_text(YAML.replace(line, changed))
    told_reason = refusal(application, folder)
    assert told_reason.startswith("retail/sales/orders.template.yaml: ")
    assert reason in told_reason


def test_a_record_that_contradicts_the_fields_is_told_with_its_line(application, folder):
    records = "records:\n  - {order_id: 1}\n  - order_id: none\n"
    (folder / "orders.template.yaml").write_text(YAML + records)
    assert "line 17, records/1/order_id: it contradicts" in refusal(application, folder)


def test_a_definition_that_says_nothing_is_refused(application, folder):
    (folder / "orders.template.yaml").write_text("name: Orders\n")
    assert "neither a schema, nor fields, nor records" in refusal(application, folder)


def test_a_template_file_may_have_the_name_of_a_definition(application, folder):
    content = {"format_version": "1", "records": [{"a": 1}]}
    (folder / "orders.template.json").write_text(json.dumps(content))
    assert only_definition(folder).sample_data == [{"a": 1}]


def test_the_schema_that_is_printed_accepts_a_definition(invoke: Run, folder: Path) -> None:
    done = invoke("discovery", "definition-schema")
    assert done.returncode == 0
    validator = jsonschema_rs.Draft202012Validator(json.loads(done.stdout))
    assert validator.is_valid(yaml.safe_load(YAML))
    assert not validator.is_valid({**yaml.safe_load(YAML), "tag": []})


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if each.resources])
def test_an_export_that_is_scanned_changes_nothing(
    application: RegistryApplication, tmp_path: Path, name: str
) -> None:
    report = scanned(application, SHIPPED)
    assert len(report.templates) == 15
    for definition in definitions_in(SHIPPED):
        file = tmp_path.joinpath(*str(definition.identity).split("/"))
        file.parent.mkdir(parents=True, exist_ok=True)
        document = FORMATS[name].write(definition)
        file.with_name(file.name + FORMATS[name].suffix).write_bytes(orjson.dumps(document))
    again = scanned(application, tmp_path)
    assert not again.failures
    assert again.count(Change.UNCHANGED) == 15
