"""The formats of JSON Schema 2020-12: which strings satisfy them, which one a string shows."""

from registry.inference.formats.recognition import LONGEST_RECOGNISED, all_show, recognise
from registry.inference.formats.verdicts import FORMATS, is_valid

__all__ = ["FORMATS", "LONGEST_RECOGNISED", "all_show", "is_valid", "recognise"]
