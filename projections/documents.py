"""The document of a thing that commands aim at, whatever kind it is."""

from projections import connectors, datasets, scans, template_document
from projections.read_model import Document
from projections.recommendation import judgements
from registry.aggregate import Entity
from registry.connector import Connector
from registry.dataset import Dataset
from registry.judgement import Judgement
from registry.scan import Scan
from registry.template import Template


def document_of(entity: Entity) -> Document:
    """Return the document that the read model has once the entity's events are projected.

    Raises:
        TypeError: there is no read model of that kind of entity.
    """
    match entity:
        case Dataset():
            return datasets.document_of(entity)
        case Connector():
            return connectors.document_of(entity)
        case Template():
            return template_document.document_of(entity)
        case Judgement():
            return judgements.document_of(entity)
        case Scan():
            return scans.document_of(entity)
        case _:
            raise TypeError(f"no read model shows a {type(entity).__name__}")
