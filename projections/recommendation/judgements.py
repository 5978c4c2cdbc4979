"""What clients said of recommendations, as its readers see it."""

from projections.read_model import Document
from registry.judgement import Judgement


def document_of(judgement: Judgement) -> Document:
    """Return what a client said of a recommendation, as JSON values."""
    return {
        "recommendation_id": judgement.recommendation_id,
        "client_id": judgement.client_id,
        "verdicts": {str(template): v for template, v in judgement.verdicts.items()},
        "version": judgement.version,
        "updated_at": judgement.updated_at,
    }
