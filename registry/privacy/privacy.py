"""What a registration may tell of its records: samples, statistics and a schema without persons."""

import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Self

from registry.inference.field_statistics import FieldStatistics, TopValue
from registry.privacy.free_text import FreeText
from registry.privacy.masked_schema import masked_schema
from registry.privacy.paths import RECORD_PATH, path_of_member
from registry.privacy.pseudonyms import Pseudonyms
from registry.privacy.semantic_class import SemanticClass, semantic_class
from registry.privacy.siblings import names_beside_addresses
from registry.privacy.words import words

_TELLS_NO_VALUE: Final = words(
    """
    count null_share missing_share types distinct distinct_is_exact is_sampled
    fewest_characters mean_characters most_characters fewest_elements mean_elements most_elements
    """
)
"""The statistics of a private field that stay; `top_values` are masked, and any other goes."""

_NUMBERS: Final = (int, float)


class SamplePolicy(StrEnum):
    """What becomes of values that tell of a person, and of sample records."""

    MASKED = "masked"
    """Records are kept, with stand-ins for private values."""
    RAW = "raw"
    """Records and statistics are kept as they are."""
    NONE = "none"
    """No record is kept; statistics are masked."""


class Privacy:
    """The semantic classes of the fields of one scan, and what may be told of these fields.

    Equal values have equal stand-ins throughout one instance, so use one for everything that is
    told of a scan. Besides private fields, e-mail addresses, telephone
    and card numbers, IBANs and the full names known from the scan are masked inside all texts, keys
    too.

    Args:
        classes: the semantic class of each path that has one; paths as in `FieldStatistics`.
        policy: what becomes of private values.
        names: full names of persons to be masked inside texts.
    """

    def __init__(
        self,
        classes: Mapping[str, SemanticClass],
        policy: SamplePolicy = SamplePolicy.MASKED,
        names: Iterable[str] = (),
    ) -> None:
        self.classes = classes
        self.policy = policy
        self._private = {path: each.name for path, each in classes.items() if each.private}
        self._maps = {
            path[: brackets.start()] or RECORD_PATH
            for path in self._private
            for brackets in re.finditer(r"\{\}", path)
        }
        self._pseudonyms = Pseudonyms()
        self._names = frozenset(names)
        self._text = FreeText(self._pseudonyms, self._names)

    @classmethod
    def of(
        cls,
        statistics: Iterable[FieldStatistics],
        policy: SamplePolicy = SamplePolicy.MASKED,
        examples: Mapping[str, Sequence[Any]] = MappingProxyType({}),
    ) -> Self:
        """Return the privacy of fields, judged by their names, most frequent values and examples.

        Fields whose values occur but once each have no frequent ones: then examples by path tell.
        """
        values = {
            each.path: [*(top.value for top in each.top_values), *examples.get(each.path, ())]
            for each in statistics
        }
        classes = {
            path: found for path, texts in values.items() if (found := semantic_class(path, texts))
        }
        classes |= dict(names_beside_addresses(values, classes))
        names = [
            str(value)
            for path, found in classes.items()
            if found.name == "person_name"
            for value in values[path]
        ]
        return cls(classes, policy, names)

    def records(self, records: Iterable[Any]) -> list[Any]:
        """Return records that can be stored as the policy wants them: masked, as they are, or none.

        A masked record is valid under `schema` of the schema inferred from the original ones.
        """
        if self.policy is SamplePolicy.NONE:
            return []
        if self.policy is SamplePolicy.RAW:
            return list(records)
        records = list(records)
        names = self._names.union(*(self._names_in(record, RECORD_PATH) for record in records))
        text = FreeText(self._pseudonyms, names)
        return [self._masked(record, RECORD_PATH, text) for record in records]

    def statistics(self, statistics: Iterable[FieldStatistics]) -> list[FieldStatistics]:
        """Return statistics in which counts and lengths are all that is told of private fields."""
        if self.policy is SamplePolicy.RAW:
            return list(statistics)
        masked = []
        for each in statistics:
            told = dict(self._masked_attributes(each, self._private.get(each.path)))
            masked.append(replace(each, **told) if told else each)
        return masked

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return an inferred schema without the values of private fields that it enumerates."""
        if self.policy is SamplePolicy.RAW:
            return schema
        masked: dict[str, Any] = masked_schema(schema, self._private, self._told)
        return masked

    def _masked(self, value: Any, path: str, text: FreeText) -> Any:
        if isinstance(value, dict):
            return {
                self._text.masked(key): self._masked(member, self._path_below(path, key), text)
                for key, member in value.items()
            }
        if isinstance(value, list):
            return [self._masked(element, f"{path}[]", text) for element in value]
        if class_name := self._private.get(path):
            return self._pseudonyms.of(value, class_name)
        return text.masked(value) if isinstance(value, str) else value

    def _names_in(self, value: Any, path: str) -> Iterator[str]:
        if isinstance(value, dict):
            for key, member in value.items():
                yield from self._names_in(member, self._path_below(path, key))
        elif isinstance(value, list):
            for element in value:
                yield from self._names_in(element, f"{path}[]")
        elif isinstance(value, str) and self._private.get(path) == "person_name":
            yield value

    def _path_below(self, path: str, key: str) -> str:
        return f"{path}{{}}" if path in self._maps else path_of_member(path, key)

    def _masked_attributes(
        self, statistics: FieldStatistics, class_name: str | None
    ) -> Iterator[tuple[str, Any]]:
        """Yield the attributes of a field's statistics that are told otherwise than they are."""
        kind: Any = type(statistics)
        for name in _attributes_with_values(kind):
            value = getattr(statistics, name)
            if class_name is None or name == "path":
                if (told := self._told(value)) is not value:
                    yield name, told
            elif name == "top_values":
                yield name, [self._masked_top_value(top, class_name) for top in value]
            else:
                yield name, None

    def _masked_top_value(self, top: TopValue, class_name: str) -> TopValue:
        return TopValue(value=self._pseudonyms.of(top.value, class_name), count=top.count)

    def _told(self, value: Any) -> Any:
        """Return what may be told of a field that is not private: all but what its texts hold.

        It is the same object where there is nothing to mask.
        """
        if isinstance(value, str):
            masked = self._text.masked(value)
            return value if masked == value else masked
        if value is None or isinstance(value, _NUMBERS):
            return value
        if isinstance(value, TopValue):
            told = self._told(value.value)
            return value if told is value.value else TopValue(value=told, count=value.count)
        if isinstance(value, dict):
            return {self._told(key): self._told(member) for key, member in value.items()}
        told_of_each = list(map(self._told, value))
        return value if all(map(operator.is_, told_of_each, value)) else type(value)(told_of_each)


@lru_cache
def _attributes_with_values(kind: Any) -> list[str]:
    return [field.name for field in fields(kind) if field.name not in _TELLS_NO_VALUE]
