"""Names of persons that only the e-mail addresses beside them give away."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from registry.privacy.field_names import FieldName, folded
from registry.privacy.persons import may_be_name
from registry.privacy.semantic_class import SemanticClass
from registry.privacy.vocabulary import NAME, PARTY, PERSON

_SHARE: Final = 0.5
_CERTAINTY: Final = 0.85
_SHORTEST_PART: Final = 3


def names_beside_addresses(
    values: Mapping[str, Sequence[Any]], classes: Mapping[str, SemanticClass]
) -> Iterator[tuple[str, SemanticClass]]:
    """Yield the unclassed fields called names whose words stand in addresses of the same object.

    `{"name": "Xu Yifan", "email": "yifan.xu@…"}` is a person, whatever its names; `info@…` beside
    the name of a company says nothing.
    """
    for path, found in classes.items():
        if found.name != "email":
            continue
        parts = {part for address in values[path] for part in _parts(_local_part(str(address)))}
        for sibling, others in values.items():
            is_beside = sibling not in classes and _place_of(sibling) == _place_of(path)
            if is_beside and _may_hold_names(sibling):
                texts = [str(value) for value in others]
                named = [may_be_name(text) and not parts.isdisjoint(_parts(text)) for text in texts]
                if texts and sum(named) >= _SHARE * len(texts):
                    yield (
                        sibling,
                        SemanticClass(name="person_name", private=True, certainty=_CERTAINTY),
                    )


def _place_of(path: str) -> str:
    return path.rpartition(".")[0]


@lru_cache(maxsize=4096)
def _may_hold_names(path: str) -> bool:
    return FieldName(path).ends_with(NAME | PARTY | PERSON)


def _local_part(address: str) -> str:
    return address.rpartition("@")[0]


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\W\d_]+", folded(text)) if len(part) >= _SHORTEST_PART]
