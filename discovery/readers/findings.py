"""What reading a dataset told of it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from discovery.dialect import Dialect, Doubt
from discovery.files import Kind
from discovery.keys import ForeignKey, Keys, PrimaryKey, TableEvidence
from registry.inference import FieldStatistics
from registry.privacy import Privacy, SamplePolicy
from registry.privacy.paths import path_of_member
from registry.template_draft import described_fields

JSONSchema = dict[str, Any]

NO_KEYS: Final = Keys(primary={}, foreign=())

_QUOTED: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
"""A text as Python shows it."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The schema of a dataset's records, their statistics, some of them, and what to know of it.

    `is_declared` tells a schema that comes with the data from one inferred from them.
    `examples` has values of fields by their paths, to tell their meanings; `evidence` how sure the
    type of a field is and what contradicts it. `key_evidence` is what the keys of a text table
    depend on. `suffix` tells the datasets of one file apart, such as the sheets of a workbook.
    """

    kind: Kind
    records: int
    schema: JSONSchema
    is_declared: bool = False
    statistics: Sequence[FieldStatistics]
    sample: Sequence[Any] = ()
    examples: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    evidence: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    dialect: Dialect | None = None
    doubts: Sequence[Doubt] = ()
    keys: Keys = NO_KEYS
    key_evidence: TableEvidence | None = None
    suffix: str = ""

    def of_table(self, name: str) -> Self:
        """Return the findings with keys that call the table so, if they are of one."""
        return replace(self, keys=with_names(self.keys, defaultdict(lambda: name)))

    def told(self, policy: SamplePolicy) -> dict[str, Any]:
        """Return the findings as plain JSON, with what tells of a person as the policy wants it."""
        privacy = Privacy.of(self.statistics, policy, self.examples)
        private = set()
        if policy is not SamplePolicy.RAW:
            private = {path for path, found in privacy.classes.items() if found.private}
        quoting = privacy
        if policy is SamplePolicy.NONE:  # which has no records, but warnings
            quoting = Privacy.of(self.statistics, SamplePolicy.MASKED, self.examples)
        fields = [
            {**facts, **_masked(self.evidence.get(each.path, {}), each.path in private, quoting)}
            for each, facts in zip(
                self.statistics, described_fields(self.statistics, privacy), strict=True
            )
        ]
        return {
            "schema": privacy.schema(self.schema),
            "dialect": dialect_as_json(self.dialect),
            "profile": {"records": self.records, "fields": fields},
            "keys": keys_as_json(self.keys),
            "sample": privacy.records(self.sample),
            "warnings": [asdict(doubt) for doubt in self._told_doubts(quoting, private)],
        }

    def _told_doubts(self, privacy: Privacy, private: Set[str]) -> Iterator[Doubt]:
        """Yield the doubts, in which cells of private fields are not quoted."""
        names = [
            name
            for name in self.schema.get("properties", ())
            if path_of_member("$", name) in private
        ]
        for doubt in self.doubts:
            message = doubt.message
            if any(f"{name}: " in message for name in names):
                message = _QUOTED.sub("a value", message)
            yield Doubt(line=doubt.line, message=_quoted(message, privacy))


def _quoted(text: str, privacy: Privacy) -> str:
    """Return a text that may quote records, with what tells of a person masked in it."""
    [told] = privacy.records([text])
    return str(told)


def _masked(evidence: Mapping[str, Any], is_private: bool, privacy: Privacy) -> dict[str, Any]:
    """Return the evidence of a field without what its contradictions tell of a person."""
    if "contradictions" not in evidence:
        return dict(evidence)
    contradictions = evidence["contradictions"]
    places = [
        {**place, "text": None if is_private else _quoted(place["text"], privacy)}
        for place in contradictions["places"]
    ]
    return {**evidence, "contradictions": {**contradictions, "places": places}}


def dialect_as_json(dialect: Dialect | None) -> dict[str, Any] | None:
    """Return a dialect as plain JSON."""
    return None if dialect is None else asdict(dialect)


def keys_of(table: str, keys: Keys) -> Keys:
    """Return the keys that one of several tables has."""
    primary = {name: key for name, key in keys.primary.items() if name == table}
    return Keys(primary=primary, foreign=[key for key in keys.foreign if key.table == table])


def with_names(keys: Keys, names: Mapping[str, str]) -> Keys:
    """Return keys with other names of the tables."""
    return Keys(
        primary={names[table]: key for table, key in keys.primary.items()},
        foreign=[
            replace(key, table=names[key.table], to_table=names[key.to_table])
            for key in keys.foreign
        ],
    )


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
