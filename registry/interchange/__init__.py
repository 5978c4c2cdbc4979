"""Templates in the formats of other tools, written and read: pure, and each format on one page.

To add a format, write its page and name it in `FORMATS`.
"""

from collections.abc import Mapping
from typing import Final

from registry.interchange.croissant import CROISSANT
from registry.interchange.csvw import CSVW
from registry.interchange.datapackage import DATA_PACKAGE
from registry.interchange.dcat import DCAT
from registry.interchange.format import UNPUBLISHED, Document, Format, Publication
from registry.interchange.jsonschema import JSON_SCHEMA
from registry.interchange.resource import DeclaredReference, DeclaredResource

FORMATS: Final[Mapping[str, Format]] = {
    "jsonschema": JSON_SCHEMA,
    "croissant": CROISSANT,
    "datapackage": DATA_PACKAGE,
    "csvw": CSVW,
    "dcat": DCAT,
}

__all__ = [
    "FORMATS",
    "UNPUBLISHED",
    "DeclaredReference",
    "DeclaredResource",
    "Document",
    "Format",
    "Publication",
]
