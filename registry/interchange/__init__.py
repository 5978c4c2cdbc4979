"""Templates in the formats of other tools, written and read: pure, and each format on one page.

To add a format, write its page and add it to `FORMATS`.
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
    each.name: each for each in (JSON_SCHEMA, CROISSANT, DATA_PACKAGE, CSVW, DCAT)
}


def format_of_export(document: Document) -> Format | None:
    """Return the format in which this product wrote a document; None for any other document."""
    return next((each for each in FORMATS.values() if each.is_written_in(document)), None)


__all__ = [
    "FORMATS",
    "UNPUBLISHED",
    "DeclaredReference",
    "DeclaredResource",
    "Document",
    "Format",
    "Publication",
    "format_of_export",
]
