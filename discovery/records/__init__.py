"""Records in JSON files: lines, arrays, wrapped and MongoDB's extended JSON, read tolerantly."""

from discovery.records.byte_ranges import ByteRange, line_ranges
from discovery.records.document import records_in
from discovery.records.elements import elements_of
from discovery.records.reading import MOST_DOUBTS, Reading
from discovery.records.shapes import (
    shape_of_elements,
    shape_of_files,
    shape_of_lines,
    shape_of_range,
)

__all__ = [
    "MOST_DOUBTS",
    "ByteRange",
    "Reading",
    "elements_of",
    "line_ranges",
    "records_in",
    "shape_of_elements",
    "shape_of_files",
    "shape_of_lines",
    "shape_of_range",
]
