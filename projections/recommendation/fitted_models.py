"""The recommendation_models read model: every version of the weights that was ever fitted."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index
from sqlalchemy.dialects.postgresql import JSON

from projections.read_model import Document, ReadModel
from registry.store import RecordedEvent


def columns() -> list[Column[Any]]:
    """Return the table's columns."""
    return [
        Column("model_version", BigInteger, primary_key=True, autoincrement=False),
        Column("document", JSON, nullable=False),
    ]


def fitted(before: Document, event: RecordedEvent) -> Document:
    """Return the model as it was fitted; it stays as it is."""
    facts = event.facts
    return {
        "model_version": facts["model_version"],
        "parameters": facts["parameters"],
        "training": facts["training"],
        "evaluation": facts["evaluation"],
        "fitted_at": facts["timestamp"],
    }


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    return document["model_version"], orjson.dumps(document).decode()


def indexes() -> list[Index]:
    """Return no index beside the key: there are few models."""
    return []


FITTED_MODELS = ReadModel(
    name="recommendation_models",
    version="1",
    columns=columns,
    indexes=indexes,
    past_indexes=indexes,
    key=lambda event: str(event.facts["model_version"]),
    row=row,
    handlers={"RecommendationModelFitted": fitted},
    beginnings=frozenset({"RecommendationModelFitted"}),
)
