"""What changed between two schemas, by what they accept and not by how they are written."""

from registry.compatibility.canonical import canonical
from registry.compatibility.comparison import Comparison
from registry.compatibility.graph import Graph
from registry.compatibility.reader import read_schema
from registry.compatibility.resources import RawSchema
from registry.compatibility.undecided import Undecided
from registry.compatibility.verdict import Change, Difference
from registry.errors import InvalidValue


def differences(old: RawSchema, new: RawSchema) -> list[Difference]:
    """Return the changes from one schema to another, in the order of their pointers.

    A property, a pattern of names or a position comes or goes (`added`, `removed`); any other
    keyword accepts less or more than before (`tightened`, `loosened`), or both. What is moved to a
    definition, renamed or reordered is no difference, and neither is an annotation. A schema that
    the engine cannot read is told as tightened and loosened as a whole, unless nothing changed.
    """
    graph = Graph()
    try:
        nodes = read_schema(old, graph), read_schema(new, graph)
        found = list(Comparison(graph).differences(*nodes))
    except Undecided:
        if _is_same(old, new):
            return []
        found = [
            Difference(change=change, pointer="", was=old, now=new)
            for change in (Change.tightened, Change.loosened)
        ]
    return sorted(found, key=lambda each: (each.pointer, each.change))


def _is_same(old: RawSchema, new: RawSchema) -> bool:
    try:
        return canonical(old) == canonical(new)
    except InvalidValue:
        return False
