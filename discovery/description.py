"""What `dataset.yaml` beside the data says of a dataset, and what its path says."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from discovery.files import UnreadableFile
from discovery.narrow_yaml import read_yaml
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
        said = read_yaml(path.read_bytes())
        if not isinstance(said, dict | None):
            raise UnreadableFile("must be a mapping of names to what is said")
        return Description.model_validate({} if said is None else said)
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            reason = f"is no known name; known are {', '.join(Description.model_fields)}"
        raise UnreadableFile(reason, place) from None


def slug(text: str) -> str:
    """Return a name of a file or folder as an identifier, as far as it can be one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
