"""What reading a dataset told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from discovery.dialect import Dialect, Doubt
from discovery.files import Kind
from discovery.keys import ForeignKey, Keys, PrimaryKey
from registry.inference import FieldStatistics
from registry.privacy import Privacy, SamplePolicy
from registry.template_draft import described_fields

JSONSchema = dict[str, Any]

NO_KEYS: Final = Keys(primary={}, foreign=())


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The schema of a dataset's records, their statistics, some of them, and what to know of it.

    `examples` has values of fields by their paths, to tell their meanings; `evidence` how sure the
    type of a field is and what contradicts it. `suffix` tells the datasets of one file apart, such
    as the sheets of a workbook.
    """

    kind: Kind
    records: int
    schema: JSONSchema
    statistics: Sequence[FieldStatistics]
    sample: Sequence[Any] = ()
    examples: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    evidence: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    dialect: Dialect | None = None
    doubts: Sequence[Doubt] = ()
    keys: Keys = NO_KEYS
    suffix: str = ""

    def told(self, policy: SamplePolicy) -> dict[str, Any]:
        """Return the findings as plain JSON, with what tells of a person as the policy wants it."""
        privacy = Privacy.of(self.statistics, policy, self.examples)
        fields = [
            {**facts, **self._evidence_of(facts)}
            for facts in described_fields(self.statistics, privacy)
        ]
        return {
            "schema": privacy.schema(self.schema),
            "dialect": dialect_as_json(self.dialect),
            "profile": {"records": self.records, "fields": fields},
            "keys": keys_as_json(self.keys),
            "sample": privacy.records(self.sample),
            "warnings": [asdict(doubt) for doubt in self.doubts],
        }

    def _evidence_of(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        found = self.evidence.get(facts["path"], {})
        private = facts["semantic_class"] is not None and facts["semantic_class"]["private"]
        if private and "contradictions" in found:
            places = [{**place, "text": None} for place in found["contradictions"]["places"]]
            found = {**found, "contradictions": {**found["contradictions"], "places": places}}
        return found


def dialect_as_json(dialect: Dialect | None) -> dict[str, Any] | None:
    """Return a dialect as plain JSON."""
    return None if dialect is None else asdict(dialect)


def keys_as_json(keys: Keys) -> dict[str, Any]:
    """Return keys as plain JSON."""
    return {
        "primary_keys": {table: list(key.columns) for table, key in keys.primary.items()},
        "foreign_keys": [
            {
                "from_table": key.table,
                "from": list(key.columns),
                "to_table": key.to_table,
                "to": list(key.to_columns),
                "separator": key.separator,
                "coverage": key.coverage,
                "certainty": key.certainty,
            }
            for key in keys.foreign
        ],
        "evidence": [
            *({"table": table, **_evidence(key)} for table, key in keys.primary.items()),
            *({"table": key.table, **_evidence(key)} for key in keys.foreign),
        ],
    }


def _evidence(key: PrimaryKey | ForeignKey) -> dict[str, Any]:
    return {
        "columns": list(key.columns),
        "certainty": key.certainty,
        "for": list(key.evidence),
        "against": list(key.against),
    }
