"""What `dataset.yaml` beside the data says of a dataset, and what its path says."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from discovery.files import UnreadableFile
from registry.text import JsonObject, Name, Slug, Tags, Text

MOST_BYTES: Final = 2**20


class Description(BaseModel):
    """What is said of a dataset; what is left out comes from its path, or is found in the data."""

    model_config = ConfigDict(extra="forbid")

    industry: Slug | None = None
    use_case: Slug | None = None
    dataset_type: Slug | None = None
    name: Name | None = None
    description: Text = ""
    tags: Tags = []
    custom_fields: JsonObject = {}

    def identity(
        self, path_identity: Mapping[str, str], given: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the identity: what is given wins over what is said, that over the path."""
        said = {name: getattr(self, name) for name in ("industry", "use_case", "dataset_type")}
        told = {name: value for name, value in said.items() if value is not None}
        slugs = {name: slug(text) for name, text in path_identity.items()}
        return {**slugs, **told, **given}


def read_description(path: Path) -> Description:
    """Return what a `dataset.yaml` says.

    Raises:
        UnreadableFile: it is no YAML mapping, or says something of an unknown name or form.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(f"is larger than {MOST_BYTES // 2**20} MiB")
        said: Any = yaml.safe_load(path.read_bytes())
        return Description.model_validate({} if said is None else said)
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise UnreadableFile(f"invalid YAML: {getattr(error, 'problem', error)}", place) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise UnreadableFile(first["msg"], place) from None


def slug(text: str) -> str:
    """Return a name of a file or folder as an identifier, as far as it can be one."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
