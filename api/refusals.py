"""What a refused command looks like to an HTTP client."""

from collections.abc import Mapping

from api.problems import Problem, ProblemType
from registry.errors import (
    Conflict,
    IncompatibleSchema,
    InvalidValue,
    KeyInFlight,
    NotCarriedOut,
    NotFound,
    OutcomeUnknown,
    RegistryError,
    RuleBroken,
    StoreUnavailable,
    VersionMismatch,
)

KINDS: Mapping[type[RegistryError], ProblemType] = {
    InvalidValue: ProblemType.INVALID_REQUEST,
    NotFound: ProblemType.NOT_FOUND,
    RuleBroken: ProblemType.RULE_BROKEN,
    IncompatibleSchema: ProblemType.INCOMPATIBLE_SCHEMA,
    NotCarriedOut: ProblemType.NOT_CARRIED_OUT,
    Conflict: ProblemType.CONFLICT,
    VersionMismatch: ProblemType.PRECONDITION_FAILED,
    KeyInFlight: ProblemType.CONFLICT,
    OutcomeUnknown: ProblemType.UNAVAILABLE,
    StoreUnavailable: ProblemType.UNAVAILABLE,
}

COMMAND_PROBLEMS = (
    ProblemType.MALFORMED_REQUEST,
    ProblemType.UNAUTHORIZED,
    ProblemType.INSUFFICIENT_SCOPE,
    ProblemType.FORBIDDEN,
    ProblemType.NOT_FOUND,
    ProblemType.CONFLICT,
    ProblemType.RULE_BROKEN,
    ProblemType.INCOMPATIBLE_SCHEMA,
    ProblemType.PRECONDITION_FAILED,
    ProblemType.CONTENT_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.INVALID_REQUEST,
    ProblemType.UNAVAILABLE,
)
"""The problems that any command may meet."""


def kind_of(error: RegistryError) -> ProblemType:
    """Return the kind of problem that the domain's error is to a client."""
    return next(KINDS[base] for base in type(error).__mro__ if base in KINDS)


def problem_of(error: RegistryError) -> Problem:
    """Return the problem to report for the domain's error."""
    kind = kind_of(error)
    headers = {"Retry-After": "1"} if kind.status in {409, 503} else None
    return Problem(kind, str(error), verdict=error.facts.get("verdict"), headers=headers)
