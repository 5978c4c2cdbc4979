"""Who calls the service, and what that caller may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from api.problems import Problem, ProblemType
from projections.query import EVERYONE, Tenant


class Scope(StrEnum):
    """The scopes of the service, each with what it permits."""

    DATASETS_READ = "dataops:datasets:read", "Read datasets, templates and their history."
    DATASETS_WRITE = "dataops:datasets:write", "Provision, change and retire datasets."
    TEMPLATES_WRITE = (
        "dataops:templates:write",
        "Register, revise and retire templates; request and follow scans.",
    )
    ADMIN = "dataops:admin", "Everything, for every client."

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        """Make the member a string, with its description beside it."""
        scope = str.__new__(cls, value)
        scope._value_ = value
        scope.description = description
        return scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request, according to a verified access token.

    Attributes:
        subject: Who acts: a person, or a client on its own behalf.
        client_id: The client (tenant) acted for; None if the token's claim is not a UUID.
        scopes: The scopes granted, with those they imply.
    """

    subject: str
    client_id: UUID | None
    scopes: frozenset[str]

    @property
    def is_admin(self) -> bool:
        """Whether the caller may cross from client to client."""
        return Scope.ADMIN in self.scopes

    def own_client(self) -> UUID:
        """Return the client that the caller acts for.

        Raises:
            Problem: the token names none.
        """
        if self.client_id is None:
            detail = "The access token names no client whose data could be used."
            raise Problem(ProblemType.FORBIDDEN, detail)
        return self.client_id

    def tenant(self, wanted: UUID | None = None) -> Tenant:
        """Return whose data the caller gets: the client wanted, else all that it may see.

        This is the one place that decides it, and no query can be made without its answer, which
        is everyone's data only for an administrator that wants no client in particular.

        Raises:
            Problem: another client than the caller's own is wanted, or the caller has none.
        """
        if self.is_admin:
            return wanted or EVERYONE
        own = self.own_client()
        if wanted not in (None, own):
            detail = "client_id names another client; that needs the scope dataops:admin."
            raise Problem(ProblemType.FORBIDDEN, detail)
        return own


def granted(scope: str) -> frozenset[str]:
    """Return the scopes of a space-separated list (RFC 6749, section 3.3), and those they imply."""
    scopes = frozenset(scope.split())
    return scopes.union(Scope) if Scope.ADMIN in scopes else scopes
