"""Reading a document that declares data, and finding the files that it names."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

import orjson

from discovery.files import DataFile, UnreadableFile
from registry.errors import InvalidValue
from registry.interchange import FORMATS, DeclaredResource, Format, format_of_export

MOST_BYTES: Final = 16 * 2**20
"""The largest document; what is larger and has such a name is data."""

_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_MAGIC: Final = re.compile(r"[*?\[]")


def declaring_format(content: bytes) -> tuple[Format, dict[str, Any]] | None:
    """Return the format of a document that declares data, and what it holds; None for any other.

    What this product exported is a template, and declares no data.
    """
    try:
        document = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict) or format_of_export(document):
        return None
    named = orjson.dumps([document.get("@context"), document.get("conformsTo")])
    if b"//mlcommons.org/" in named:
        return FORMATS["croissant"], document
    if b"//www.w3.org/ns/csvw" in named:
        return FORMATS["csvw"], document
    resources = document.get("resources")
    if isinstance(resources, list) and all(_is_resource(each) for each in resources):
        return FORMATS["datapackage"], document
    return None


def _is_resource(value: Any) -> bool:
    return isinstance(value, dict) and ("path" in value or "data" in value)


def resources_of(form: Format, document: dict[str, Any]) -> list[DeclaredResource]:
    """Return what a document declares.

    Raises:
        UnreadableFile: something in it is missing or wrong, with its place.
    """
    try:
        return form.resources(document) if form.resources else []
    except InvalidValue as error:
        raise UnreadableFile(error.facts["reason"], error.facts["place"]) from None
    except RecursionError:
        raise UnreadableFile("it is nested too deeply") from None


def paths_in(form: Format, document: dict[str, Any]) -> list[str]:
    """Return the paths that a document names: of data, and of the schemas of a data package.

    Raises:
        UnreadableFile: something in it is missing or wrong.
    """
    schemas = [each["schema"] for each in resources_with_paths(document)]
    without = document
    if schemas:
        named = [
            {**each, "schema": {}} if isinstance(each.get("schema"), str) else each
            for each in document["resources"]
        ]
        without = {**document, "resources": named}
    paths = [path for each in resources_of(form, without) for path in each.paths]
    return list(dict.fromkeys([*paths, *schemas]))


def resources_with_paths(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the resources of a data package whose schemas stand in files of their own."""
    resources = document.get("resources")
    listed = resources if isinstance(resources, list) else []
    return [
        each for each in listed if isinstance(each, dict) and isinstance(each.get("schema"), str)
    ]


def files_at(
    path: str, folder: PurePosixPath, files: Mapping[PurePosixPath, DataFile]
) -> tuple[DataFile, ...]:
    """Return the files below a document's folder that a path of it leads to.

    Raises:
        UnreadableFile: it leads elsewhere or out of the folder, or there is nothing.
    """
    if _ELSEWHERE.match(path):
        raise UnreadableFile("is elsewhere, and is not fetched", path)
    step = path.replace("\\", "/")
    if step.startswith("/") or ".." in PurePosixPath(unquote(step)).parts:
        raise UnreadableFile("leads out of the folder of the document", path)
    for name in dict.fromkeys((step, unquote(step))):
        if file := files.get(folder / name):
            return (file,)
    if _MAGIC.search(step):
        pattern = str(folder / step)
        if found := [file for at, file in files.items() if fnmatchcase(str(at), pattern)]:
            return tuple(found)
    raise UnreadableFile("is not there, or is no file of data", path)
