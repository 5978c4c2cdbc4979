"""The paths of fields, as statistics write them."""

import re
from collections.abc import Mapping
from functools import lru_cache

from registry.inference.field_statistics import RECORD_PATH, member_path

__all__ = ["RECORD_PATH", "endings_of", "path_of_member"]


@lru_cache(maxsize=16_384)
def path_of_member(path: str, key: str) -> str:
    """Return the path of a member of the object at a path."""
    return member_path(path, key)


def endings_of(classes: Mapping[str, str]) -> dict[str, str]:
    """Return classes by what their paths are called below any object on the way."""
    return {
        path[start:]: class_name
        for path, class_name in classes.items()
        for start in (0, *(dot.end() for dot in re.finditer(r"\.", path)))
    }
