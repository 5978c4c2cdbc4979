"""Small files of every kind, and what reading them must always hold to."""

import zipfile
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

import jsonschema_rs
import msgspec

from discovery.grouping import partition_of
from discovery.readers.part import Part
from discovery.readers.readers import read_parts
from registry.privacy import SamplePolicy


def part(folder, name, content=None):
    """Return a part of a dataset with that content, or of a file that is there."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    relative = PurePosixPath(name)
    return Part(path=path, relative=relative, partition=partition_of(relative))


def read(*parts):
    """Return the findings of one dataset, which are checked: the schema accepts the sample."""
    (found,) = read_all(*parts)
    return found


def read_all(*parts):
    found = list(read_parts(parts))
    for each in found:
        check(each)
    return found


def check(found):
    for policy in SamplePolicy:
        told = found.told(policy)
        assert msgspec.json.decode(msgspec.json.encode(told)) is not None
        validator = jsonschema_rs.validator_for(told["schema"], validate_formats=True)
        for record in told["sample"]:
            validator.validate(record)
        assert bool(told["sample"]) == (policy is not SamplePolicy.NONE and found.records > 0)
    assert [each["path"] for each in told["profile"]["fields"]] == [
        each.path for each in found.statistics
    ]


def types(found):
    """Return the JSON types of the fields in a schema, null left out."""
    return {
        name: each["type"] if isinstance(each["type"], str) else each["type"][0]
        for name, each in found.schema.get("properties", {}).items()
    }


_STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def workbook(path, **sheets):
    """Write the rows of sheets as a workbook (ECMA-376); a number with "d" is a date's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="rId0" Type="{_LINKS}/styles" Target="styles.xml"/>'
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships {_PACKAGE}><Relationship Id="rId1" Type="{_LINKS}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels", f"<Relationships {_PACKAGE}>{links}</Relationships>"
        )
        file.writestr("xl/styles.xml", _STYLES)
        for number, rows in enumerate(sheets.values(), 1):
            cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            file.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f"<worksheet {_MAIN}><sheetData>{cells}</sheetData></worksheet>",
            )
    return path


def _cell(value):
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, str) and value.endswith("d") and value[:-1].isdigit():
        return f'<c s="1"><v>{value[:-1]}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"
