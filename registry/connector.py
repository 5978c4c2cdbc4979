"""A connector: a client's named connection to a source system."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from unicodedata import normalize
from uuid import UUID

from pydantic import Field

from registry.errors import SecretInConfiguration
from registry.text import JsonObject, Slug, Text, escaped


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
    endpoint: Annotated[Text, Field(max_length=2_000)] | None = None
    auth_method: AuthMethod = AuthMethod.NONE
    config: JsonObject = field(default_factory=dict)


@dataclass(kw_only=True)
class Connector:
    """A connector as its client's registry remembers it."""

    id: UUID
    name: str
    client_id: UUID
    configuration: ConnectorConfiguration
    created_at: datetime
    updated_at: datetime
    version: int
    health: Health = Health.UNKNOWN
    health_detail: Text | None = None
    checked_at: datetime | None = None
    last_sync_at: datetime | None = None


def folded_name(name: str) -> str:
    """Return the form in which two names that differ only in case or encoding are equal."""
    return normalize("NFKC", normalize("NFKC", name).casefold())


_SECRET_KEY = re.compile(
    r"(?:(?:^|_)(?:pass|pw)"
    r"|pass_?word|passwd|passphrase|passcode|pwd|secret|(?<!max_)token|jwt|credential"
    r"|authorization|cookie|(?:access|account|api|auth|encryption|master|private|secret|session"
    r"|shared|signing|ssh|subscription)_?key)s?(?:_?value)?_?\d*$"
)
_REFERENCE = re.compile(
    r"(?:(?:basic|bearer|token) )?"
    r"(?:(?:env|vault|file|aws-sm|gcp-sm|azure-kv|k8s):\S+|\$\{\w+\})",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JSON Web Token
    r"|\b(?:gh[pousr]_|github_pat_|glpat-|xapp-|xox[abeprs]-|[rs]k_live_|sk-|ATATT|AIza|hf_|npm_)"
    r"(?=[\w-]*\d)[\w-]{10,}"
    r"|\bA[KS]IA[A-Z\d]{12,}"
    r"|\b(?i:basic|bearer) (?=\S*[A-Z\d=])(?![\w-]+:)[\w.~+/=-]{6,}"
    r"|://[^\s/?#@:]*:(?!\d+[?#]|\$\{\w+\}@)[^\s/@]+@"  # a password in a URL
)
_ASSIGNMENT = re.compile(r"([A-Za-z][\w.-]*) *= *[\"']?([^\s&;\"']+)")
"""A part such as `Password=x` of a connection string, or `api_key=x` of a URL's query."""


def refuse_secrets(configuration: ConnectorConfiguration) -> None:
    """Let a configuration pass only if nothing in it looks like a secret value.

    A secret is the value under a telling key (`password`, `api_key`, …) that is not a reference
    such as `env:NAME`, a value in the form of a well-known kind of token, or a password in a URL
    or connection string.

    Raises:
        SecretInConfiguration: with the JSON pointer of the first one, and never its value.
    """
    endpoint = ("/endpoint", "", configuration.endpoint)
    for pointer, key, value in (endpoint, *_leaves("/config", "", configuration.config)):
        if _is_secret(key, value) or (isinstance(value, str) and _holds_secret(value)):
            raise SecretInConfiguration(place=pointer)


def _is_secret(key: str, value: Any) -> bool:
    if value in (None, "", True, False) or not _SECRET_KEY.search(key):
        return False
    return not _REFERENCE.fullmatch(str(value))


def _holds_secret(text: str) -> bool:
    assignments = _ASSIGNMENT.findall(text)
    return bool(_SECRET_VALUE.search(text)) or any(
        _is_secret(_snake_case(key), value) for key, value in assignments
    )


def _leaves(pointer: str, key: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield (pointer, nearest key in snake case, value) of every value that holds no others.

    Keys are yielded as values too, before any pointer shows them. What is called just "value"
    goes by the name beside it, as headers are often written, or by the key around it.
    """
    match value:
        case dict():
            for name, child in value.items():
                yield pointer, "", name
                nearest = _snake_case(name)
                if nearest == "value":
                    nearest = _snake_case(str(value.get("name") or value.get("key") or key))
                yield from _leaves(f"{pointer}/{escaped(name)}", nearest, child)
        case list():
            for index, child in enumerate(value):
                yield from _leaves(f"{pointer}/{index}", key, child)
        case _:
            yield pointer, key, value


def _snake_case(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+", "_", normalize("NFKC", name))
    return words.strip("_").casefold()
