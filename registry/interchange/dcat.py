"""DCAT-AP 3: what there is, and where, for data portals; written only.

https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from registry.interchange.format import Document, Format, Publication
from registry.template import TemplateDefinition

CONTEXT: Final[Document] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_STATUSES: Final = "http://publications.europa.eu/resource/authority/distribution-status/"
_MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
_ACCESS: Final = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"


def describe(definition: TemplateDefinition, publication: Publication) -> Document:
    """Return a template as a dataset of the catalogue, whose distributions are its exports."""
    summary = {
        "template_id": str(definition.identity.template_id),
        "name": definition.name,
        "description": definition.description,
        "industry": definition.identity.industry,
        "use_case": definition.identity.use_case,
        "dataset_type": definition.identity.dataset_type,
        "tags": definition.tags,
    }
    return {"@context": CONTEXT, **template_node(summary, publication)}


def template_node(summary: Mapping[str, Any], publication: Publication) -> Document:
    """Return a template, of which a catalogue knows the summary, as a dataset."""
    identity = f"{summary['industry']}/{summary['use_case']}/{summary['dataset_type']}"
    return _without_nothing(
        {
            "@id": publication.url or f"urn:uuid:{summary['template_id']}",
            "@type": "dcat:Dataset",
            "dct:identifier": summary["template_id"],
            "dct:title": summary["name"],
            "dct:description": summary["description"] or f"Template of {identity}.",
            "dct:type": {"@id": "urn:dataset-registry:template"},
            "dct:accessRights": {"@id": _ACCESS},
            "dcat:keyword": [
                *dict.fromkeys([summary["industry"], summary["use_case"], *summary["tags"]])
            ],
            "dcat:version": str(publication.version) if publication.version else None,
            "dct:issued": _moment(publication.issued),
            "dct:modified": _moment(publication.modified),
            "dcat:landingPage": {"@id": publication.url} if publication.url else None,
            "dcat:distribution": _exports(publication.url) if publication.url else None,
        }
    )


def _exports(url: str) -> list[Document]:
    from registry.interchange import FORMATS  # which this page is one of

    return [
        {
            "@id": f"{url}/export?format={name}",
            "@type": "dcat:Distribution",
            "dct:title": name,
            "dcat:accessURL": {"@id": f"{url}/export?format={name}"},
            "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{each.media_type}"},
        }
        for name, each in FORMATS.items()
        if each.resources is not None
    ]


def dataset_node(dataset: Mapping[str, Any], url: str, template_url: str | None) -> Document:
    """Return a client's dataset, given as its document, with what its quality was found to be."""
    score = dataset["quality_score"]
    metadata = dataset["metadata"]
    keywords = [dataset["dataset_type"], dataset["stage"], *(metadata.get("tags") or [])]
    retired = dataset["status"] == "retired"
    return _without_nothing(
        {
            "@id": url,
            "@type": "dcat:Dataset",
            "dct:identifier": dataset["dataset_id"],
            "dct:title": dataset["name"],
            "dct:description": f"Dataset of {dataset['dataset_type']} in {dataset['stage']}.",
            "dct:accessRights": {"@id": _ACCESS},
            "dct:conformsTo": {"@id": template_url} if template_url else None,
            "dcat:keyword": list(dict.fromkeys(keywords)),
            "dcat:version": str(dataset["version"]),
            "dct:issued": _moment(dataset["created_at"]),
            "dct:modified": _moment(dataset["updated_at"]),
            "dcat:landingPage": {"@id": url},
            "adms:status": {"@id": f"{_STATUSES}{'WITHDRAWN' if retired else 'COMPLETED'}"},
            "dqv:hasQualityMeasurement": None
            if score is None
            else {
                "@type": "dqv:QualityMeasurement",
                "dqv:isMeasurementOf": {"@id": "urn:dataset-registry:quality-score"},
                "dqv:value": {"@value": str(score), "@type": "xsd:decimal"},
            },
        }
    )


def catalogue(url: str, title: str, nodes: Iterable[Document], page: Mapping[str, Any]) -> Document:
    """Return a page of a catalogue of datasets.

    Args:
        url: of the catalogue.
        title: of the catalogue.
        nodes: the datasets on the page.
        page: the members of the Hydra view of the page.
    """
    return {
        "@context": CONTEXT,
        "@id": url,
        "@type": ["dcat:Catalog", "hydra:Collection"],
        "dct:title": title,
        "dct:description": "Templates of datasets, and the datasets that the reader may see.",
        "dct:publisher": {"@id": f"{url}#publisher", "@type": "foaf:Agent", "foaf:name": title},
        "dcat:dataset": list(nodes),
        **page,
    }


def _moment(time: str) -> Document | None:
    return {"@value": time, "@type": "xsd:dateTime"} if time else None


def _without_nothing(node: Document) -> Document:
    return {name: value for name, value in node.items() if value is not None}


DCAT: Final = Format(
    name="dcat", media_type="application/ld+json", suffix=".dcat.jsonld", describe=describe
)
