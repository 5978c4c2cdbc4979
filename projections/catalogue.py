"""All read models there are."""

from collections.abc import Mapping

from projections.connectors import CONNECTORS
from projections.datasets import DATASETS
from projections.quality_checks import QUALITY_CHECKS
from projections.read_model import ReadModel
from projections.recommendation.features import TEMPLATE_FEATURES
from projections.recommendation.fitted_models import FITTED_MODELS
from projections.scans import SCANS
from projections.search.model import SEARCH
from projections.template_versions import TEMPLATE_VERSIONS
from projections.templates import TEMPLATES

READ_MODELS: Mapping[str, ReadModel] = {
    model.name: model
    for model in (
        TEMPLATES,
        TEMPLATE_VERSIONS,
        DATASETS,
        CONNECTORS,
        QUALITY_CHECKS,
        SEARCH,
        TEMPLATE_FEATURES,
        FITTED_MODELS,
        SCANS,
    )
}
