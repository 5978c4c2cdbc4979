"""Reading the files of a dataset, whatever they are written in: one function for each kind."""

from discovery.readers.findings import Findings
from discovery.readers.likeness import are_alike
from discovery.readers.part import Part, UnequalParts
from discovery.readers.readers import is_table, read_parts

__all__ = ["Findings", "Part", "UnequalParts", "are_alike", "is_table", "read_parts"]
