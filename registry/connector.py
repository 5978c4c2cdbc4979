"""A connector: a client's named connection to a source system."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from unicodedata import normalize
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field

from registry.errors import SecretInConfiguration
from registry.text import JsonObject, Slug, Text


class AuthMethod(StrEnum):
    """How a connector proves to its source system who it is."""

    NONE = "none"
    API_KEY = "api_key"
    BASIC = "basic"
    BEARER_TOKEN = "bearer_token"  # noqa: S105 - the name of a method
    OAUTH2 = "oauth2"
    SERVICE_ACCOUNT = "service_account"


class Health(StrEnum):
    """What the last look at a connector found."""

    UNKNOWN = "unknown"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True, kw_only=True)
class ConnectorConfiguration:
    """How to reach a source system; secrets are named by reference and never held here."""

    connector_type: Slug
    endpoint: Annotated[str, Field(max_length=2_000)] | None = None
    auth_method: AuthMethod = AuthMethod.NONE
    config: JsonObject = field(default_factory=dict)


@dataclass(kw_only=True)
class Connector:
    """A connector as its client's registry remembers it."""

    id: UUID
    name: str
    configuration: ConnectorConfiguration
    version: int
    health: Health = Health.UNKNOWN
    health_detail: Text | None = None
    checked_at: datetime | None = None


def folded_name(name: str) -> str:
    """Return the form in which two names that differ only in case or encoding are equal."""
    return normalize("NFKC", normalize("NFKC", name).casefold())


_SECRET_KEY = re.compile(
    r"(password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key"
    r"|credentials?|authorization|cookie)$"
)
_REFERENCE = re.compile(r"^(env|vault|file|aws-sm|gcp-sm|azure-kv|k8s):\S+$|^\$\{\w+\}$")
_SECRET_VALUE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JSON Web Token
    r"|\b(gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|AKIA|AIza)[\w-]{10,}"
    r"|^(Basic|Bearer) \S+$"
)


def refuse_secrets(configuration: ConnectorConfiguration) -> None:
    """Let a configuration pass only if nothing in it looks like a secret value.

    A secret is the value under a telling key (`password`, `api_key`, …) that is not a reference
    such as `env:NAME`, a value in the form of a well-known kind of token, or a password in a URL.

    Raises:
        SecretInConfiguration: with the JSON pointer of the first one, and never its value.
    """
    if configuration.endpoint and _is_secret_value(configuration.endpoint):
        raise SecretInConfiguration(place="/endpoint", reason="")
    for pointer, key, value in _leaves("/config", "", configuration.config):
        named = bool(_SECRET_KEY.search(key)) and value not in (None, "", True, False)
        if (named and not _REFERENCE.match(str(value))) or _is_secret_value(str(value)):
            raise SecretInConfiguration(place=pointer, reason="")


def _is_secret_value(text: str) -> bool:
    if _SECRET_VALUE.search(text):
        return True
    try:
        return urlsplit(text).password is not None
    except ValueError:
        return False


def _leaves(pointer: str, key: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield (pointer, nearest key in snake case, value) of every value that holds no others."""
    match value:
        case dict():
            for name, child in value.items():
                snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-\s.]", "_", name).lower()
                yield from _leaves(f"{pointer}/{name}", snake, child)
        case list():
            for index, child in enumerate(value):
                yield from _leaves(f"{pointer}/{index}", key, child)
        case _:
            yield pointer, key, value
