"""What is written is held to the standards, by the libraries that others read it with."""

import json
import logging
import socket
import warnings
from copy import deepcopy
from dataclasses import replace

import jsonschema_rs
import pytest
from definitions import ORDERS, REFINED

from registry.interchange import FORMATS, Publication
from registry.interchange.dcat import catalogue, dataset_node

with warnings.catch_warnings():  # both libraries use what newer versions of others are to drop
    warnings.simplefilter("ignore", DeprecationWarning)
    import frictionless
    import mlcroissant
    import rdflib

PUBLISHED = Publication(
    url="https://registry.test/v1/dataops/templates/1",
    issued="2026-01-31T12:00:00Z",
    modified="2026-02-01T12:00:00Z",
    version=3,
)
NESTED = replace(
    ORDERS,
    schema={
        "type": "object",
        "properties": {
            "node": {"$ref": "#/$defs/node"},
            "other": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
        },
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"left": {"$ref": "#/$defs/node"}, "right": {"$ref": "#/$defs/node"}},
            }
        },
    },
    sample_data=[],
    statistics={},
)
VARIANTS = {
    "with records": ORDERS,
    "without records": replace(ORDERS, sample_data=[]),
    "of no fields": replace(ORDERS, schema={}, sample_data=[], statistics={}),
    "of other values than records": replace(ORDERS, sample_data=[1, None, {}]),
    "that refers to itself": NESTED,
    "that people refined": REFINED,
}


@pytest.fixture(params=VARIANTS)
def definition(request):
    return VARIANTS[request.param]


@pytest.fixture
def no_network(monkeypatch):
    def refused(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def test_a_json_schema_is_valid_and_accepts_its_examples(definition):
    document = FORMATS["jsonschema"].write(definition)
    jsonschema_rs.Draft202012Validator(document, validate_formats=True)
    assert document.get("examples", []) == definition.sample_data


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_a_croissant_document_passes_the_validation_of_mlcroissant(definition, no_network, caplog):
    caplog.set_level(logging.ERROR)
    document = FORMATS["croissant"].write(definition, PUBLISHED)
    dataset = mlcroissant.Dataset(jsonld=deepcopy(document))
    assert not dataset.metadata.ctx.issues.errors
    missing = [issue.split('"')[1] for issue in dataset.metadata.ctx.issues.warnings]
    # Of the licence and of how to cite it, a template says nothing.
    assert sorted(missing) == [
        "http://mlcommons.org/croissant/citeAs",
        "https://schema.org/license",
    ]


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_mlcroissant_reads_the_sample_with_its_nested_fields(no_network, caplog):
    caplog.set_level(logging.ERROR)
    whole = replace(ORDERS, sample_data=ORDERS.sample_data[:1])
    dataset = mlcroissant.Dataset(jsonld=FORMATS["croissant"].write(whole, PUBLISHED))
    [record] = dataset.records("orders")
    assert record["orders/order%20id"] == 1
    assert record["orders/address"] == {"city": "Porto"}


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_mlcroissant_would_see_a_broken_document(no_network, caplog):
    caplog.set_level(logging.CRITICAL)
    document = FORMATS["croissant"].write(ORDERS, PUBLISHED)
    document["recordSet"][0]["data"] = [{"orders/none": 1}]
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(jsonld=document)


def test_a_data_package_passes_the_validation_of_frictionless(definition, no_network):
    package = frictionless.Package.from_descriptor(FORMATS["datapackage"].write(definition))
    report = package.validate()
    assert report.valid, report.flatten(["type", "message"])


def test_frictionless_holds_the_sample_to_the_fields(no_network):
    document = FORMATS["datapackage"].write(ORDERS)
    document["resources"][0]["data"][0] |= {"total": "much", "state": "lost"}
    report = frictionless.Package.from_descriptor(document).validate()
    assert {row[0] for row in report.flatten(["fieldName"])} == {"total", "state"}


def test_csvw_metadata_are_those_of_a_table_of_named_columns():
    document = FORMATS["csvw"].write(ORDERS)
    assert document["@context"] == "http://www.w3.org/ns/csvw"
    assert document["url"] == "orders.csv"
    columns = {each["titles"]: each for each in document["tableSchema"]["columns"]}
    assert columns["order id"] == {
        "name": "order%20id",
        "titles": "order id",
        "datatype": {"base": "integer", "minimum": 1},
        "required": True,
    }
    assert columns["e-mail"]["name"] == "e%2Dmail"
    assert columns["ordered_at"]["datatype"] == "datetime"
    assert columns["lines"]["datatype"] == "json"
    assert document["tableSchema"]["primaryKey"] == ["order%20id"]
    # Members of no prefix and no IRI are kept to those of the vocabulary.
    assert {name for name in document if ":" not in name} <= {
        *("@context", "@id", "url", "tableSchema")
    }


def test_a_catalogue_is_linked_data_in_the_words_of_dcat(no_network):
    dataset = {
        "dataset_id": "d",
        "name": "Orders",
        "dataset_type": "orders",
        "stage": "staging",
        "status": "ready",
        "metadata": {"tags": ["orders"]},
        "quality_score": 96.5,
        "version": 4,
        "created_at": "2026-01-31T12:00:00Z",
        "updated_at": "2026-02-01T12:00:00Z",
    }
    template = FORMATS["dcat"].write(ORDERS, PUBLISHED)
    node = dataset_node(dataset, "https://registry.test/d", PUBLISHED.url)
    document = catalogue("https://registry.test/export", "Registry", [template, node], {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
        found = graph.query(
            """
            PREFIX dcat: <http://www.w3.org/ns/dcat#>
            PREFIX dct: <http://purl.org/dc/terms/>
            PREFIX dqv: <http://www.w3.org/ns/dqv#>
            SELECT ?title ?score ?template (COUNT(?export) AS ?exports) WHERE {
              ?catalogue a dcat:Catalog ; dct:publisher ?publisher ; dcat:dataset ?dataset .
              ?dataset a dcat:Dataset ; dct:title ?title ; dct:description ?description .
              OPTIONAL { ?dataset dqv:hasQualityMeasurement / dqv:value ?score }
              OPTIONAL { ?dataset dct:conformsTo ?template }
              OPTIONAL { ?dataset dcat:distribution / dcat:accessURL ?export }
            } GROUP BY ?title ?score ?template ORDER BY ?title
            """
        )
        rows = [[None if v is None else v.toPython() for v in row] for row in found]
    assert [(title, exports) for title, _, _, exports in rows] == [
        ("Orders", 0),
        ("Orders of the shop", 4),
    ]
    assert (float(rows[0][1]), str(rows[0][2])) == (96.5, PUBLISHED.url)
