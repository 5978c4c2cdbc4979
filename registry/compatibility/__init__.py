"""Semantic containment of JSON Schemas: does one accept all that another accepts?

A verdict is proved or shown: `compatible` where no document can tell, `incompatible` with one that
does, and `unknown` with the construct that could not be decided.
"""

from registry.compatibility.canonical import canonical, schema_digest
from registry.compatibility.containment import compatibility, containment
from registry.compatibility.difference import differences
from registry.compatibility.verdict import (
    Change,
    Difference,
    Direction,
    Mode,
    Outcome,
    Policy,
    Reason,
    Verdict,
)

__all__ = [
    "Change",
    "Difference",
    "Direction",
    "Mode",
    "Outcome",
    "Policy",
    "Reason",
    "Verdict",
    "canonical",
    "compatibility",
    "containment",
    "differences",
    "schema_digest",
]
