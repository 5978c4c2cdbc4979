"""Croissant 1.1 (1.0 is read too): a data set for machine learning, of one record set.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
"""

import json
from typing import Any, Final
from urllib.parse import quote

from registry.interchange.croissant_reading import resources
from registry.interchange.format import Document, Format, Publication
from registry.interchange.known_keys import known_key
from registry.interchange.meanings import term_of
from registry.interchange.record_fields import RecordField, elements_of, fields_of
from registry.template import TemplateDefinition

CONFORMS_TO: Final = "http://mlcommons.org/croissant/1.1"

CONTEXT: Final[Document] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
    "x-dataset-registry": {"@id": "urn:dataset-registry:definition", "@type": "@json"},
}
"""The terms of the standard, and the extension of this product."""

_FORMATS: Final = {
    "date": "sc:Date",
    "time": "sc:Time",
    "date-time": "sc:DateTime",
    "uri": "sc:URL",
}
_TYPES: Final = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "object": "sc:Text",
    "": "sc:Text",
}
_MOST_DIMENSIONS: Final = 20
"""Arrays within arrays that are told; a schema may be recursive."""

_MOST_NESTED: Final = 2_000
"""Fields within fields that are told; definitions may refer to others many times over."""


def describe(definition: TemplateDefinition, publication: Publication) -> Document:
    """Return the data set of a template, whose records are the sample or in files to come."""
    name = definition.identity.dataset_type
    fields = fields_of(definition.schema)
    key = known_key(definition, fields)
    identifiers = {each.name: f"{name}/{quote(each.name, safe='')}" for each in fields}
    data = _data(definition.sample_data, identifiers)
    tree = _FieldTree(definition.schema, files="" if data or not fields else f"{name}-files")
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": f"urn:uuid:{definition.identity.template_id}",
        "conformsTo": CONFORMS_TO,
        "name": definition.name,
        **({"description": definition.description} if definition.description else {}),
        **({"keywords": definition.tags} if definition.tags else {}),
        **({"url": publication.url} if publication.url else {}),
        **({"datePublished": publication.issued} if publication.issued else {}),
        **({"dateModified": publication.modified} if publication.modified else {}),
        **({"version": f"{publication.version}.0.0"} if publication.version else {}),
        **tree.distribution(),
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": name,
                "name": name,
                **({"key": [{"@id": identifiers[field]} for field in key]} if key else {}),
                "field": [tree.field(each, identifiers[each.name]) for each in fields],
                **data,
            }
        ],
    }


class _FieldTree:
    """The fields of records, with those within them.

    Args:
        root: the schema, in which its references point.
        files: the set of files that the records are in; "" where they stand in the document.
    """

    def __init__(self, root: Document, files: str) -> None:
        self._root = root
        self._files = files
        self._room = iter(range(_MOST_NESTED))

    def distribution(self) -> Document:
        """Return the files, of which a document with records of its own has none."""
        if not self._files:
            return {}
        files = {"@type": "cr:FileSet", "@id": self._files, "name": self._files}
        return {
            "distribution": [
                {**files, "encodingFormat": "application/jsonlines", "includes": "*.jsonl"}
            ]
        }

    def field(
        self, field: RecordField, identifier: str, above: str = "$", within: tuple[int, ...] = ()
    ) -> Document:
        """Return a field.

        Args:
            field: what it is.
            identifier: of the field in the document.
            above: the JSONPath of what it is a member of.
            within: the objects that it is in, in which those that recur are not told again.
        """
        elements, dimensions = field, 0
        while elements.type == "array" and dimensions < _MOST_DIMENSIONS:
            elements = elements_of(elements.schema, self._root)
            dimensions += 1
        path = f"{above}[{json.dumps(field.name, ensure_ascii=False)}]{'[*]' * dimensions}"
        members = self._members(elements, within)
        described: dict[str, Any] = {
            "@type": "cr:Field",
            "@id": identifier,
            "name": field.name,
            **({"description": field.description} if field.description else {}),
            **({"equivalentProperty": term_of(field.meaning)} if field.meaning else {}),
            **(
                {"isArray": True, "arrayShape": ",".join(["-1"] * dimensions)} if dimensions else {}
            ),
        }
        if members:
            within = (*within, id(elements.schema["properties"]))
            nested = [
                self.field(each, f"{identifier}/{quote(each.name, safe='')}", path, within)
                for each in members
            ]
            return {**described, "subField": nested}
        formats = _FORMATS if elements.type == "string" else {}
        described["dataType"] = formats.get(elements.format) or _TYPES[elements.type]
        if self._files:
            described["source"] = {"fileSet": {"@id": self._files}, "extract": {"jsonPath": path}}
        return described

    def _members(self, field: RecordField, within: tuple[int, ...]) -> list[RecordField]:
        if id(field.schema.get("properties")) in within:
            return []
        members = fields_of(field.schema, self._root)
        return [each for each, _ in zip(members, self._room, strict=False)]


def _data(sample: list[Any], identifiers: dict[str, str]) -> Document:
    """Return the sample, if every record of it can stand there: with all fields, and no others."""
    if not sample or not all(
        isinstance(record, dict) and record and record.keys() <= identifiers.keys()
        for record in sample
    ):
        return {}
    return {
        "data": [
            {identifier: record.get(name) for name, identifier in identifiers.items()}
            for record in sample
        ]
    }


CROISSANT: Final = Format(
    name="croissant",
    media_type="application/ld+json",
    suffix=".croissant.json",
    describe=describe,
    resources=resources,
)
