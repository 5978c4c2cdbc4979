"""Where checks may look: a dataset's location and a connector's endpoint are words of clients."""

import ipaddress
import os
import re
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from discovery.datasets import parts_of
from discovery.files import DESCRIPTION, NoSuchSource, data_files
from discovery.files.source import absolute
from discovery.readers.dataset_records import DatasetRecords, read_dataset_records
from discovery.unreadable import Unreadable

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_PORTS: Final = {"http": 80, "https": 443}


class NotAllowed(Unreadable):
    """A place that the operator did not name: `--within` names more of them."""


class Locations:
    """The places that checks may look into: folders of this machine, and beginnings of URLs.

    Whoever registers a dataset says where it lies, and whoever registers a connector where it
    answers, so neither may lead to files or hosts that only the operator can reach.

    Args:
        within: the folders and URLs below which datasets may lie.
    """

    def __init__(self, within: Sequence[str]) -> None:
        self._urls = [each.rstrip("/") + "/" for each in within if _URL.match(each)]
        self._folders = [
            Path(os.path.realpath(absolute(each))) for each in within if not _URL.match(each)
        ]

    def records(self, location: str, most: int) -> DatasetRecords:
        """Count the records at a location, and return the first `most` of them.

        Raises:
            NotAllowed: the location is not within the places allowed.
            Unreadable: there is nothing there, or nothing that can be read.
        """
        self._require_allowed(location)
        try:
            with ExitStack() as stack:
                files = [file for file in data_files(location) if file.relative.name != DESCRIPTION]
                parts = [part for file in files for part in parts_of(file, stack)]
                if not parts:
                    raise Unreadable("there are no data")
                return read_dataset_records(parts, most)
        except (NoSuchSource, OSError) as error:
            # Not where: the reason is stored, and what a path of this machine tells is nobody's.
            raise Unreadable(f"there is nothing to read: {type(error).__name__}") from None

    def require_reachable(self, endpoint: str) -> None:
        """Do nothing if an endpoint is a public one, or below a URL that is allowed.

        Raises:
            NotAllowed: it is neither, or no address of the web.
        """
        url = urlsplit(endpoint)
        if url.scheme not in _PORTS or not url.hostname:
            raise NotAllowed("the endpoint is no http or https URL")
        if self.trusts(endpoint):
            return
        try:
            found = socket.getaddrinfo(url.hostname, url.port or _PORTS[url.scheme])
        except OSError:
            raise Unreadable("the endpoint's host has no address") from None
        if not all(ipaddress.ip_address(address[4][0]).is_global for address in found):
            raise NotAllowed("the endpoint is in a private network; --within may allow it")

    def trusts(self, url: str) -> bool:
        """Tell whether it is below a URL that the operator named, and may see a secret."""
        is_plain = "/../" not in url and not url.endswith("/..") and "%2e" not in url.casefold()
        return is_plain and any((url + "/").startswith(each) for each in self._urls)

    def _require_allowed(self, location: str) -> None:
        if _URL.match(location) and not location.startswith("file://"):
            allowed = self.trusts(location)
        else:
            path = Path(os.path.realpath(absolute(location)))
            allowed = any(path.is_relative_to(folder) for folder in self._folders)
        if not allowed:
            raise NotAllowed("the location is not within what may be looked into; see --within")
