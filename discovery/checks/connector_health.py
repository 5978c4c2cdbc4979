"""The check whether the source system behind a dataset answers, and how fresh its data are."""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from discovery.checks.locations import Locations, NotAllowed
from discovery.checks.places import score_of
from discovery.unreadable import Unreadable
from registry.connector import AuthMethod, Connector, Health
from registry.quality import CheckType, DataQualityCheck

FRESH: Final = timedelta(days=7)
"""How old the last sync, or the last look at a connector, may be."""

ANSWER_SECONDS: Final = 10.0

_REFERENCE: Final = "env:"
_REFUSED: Final = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


def connector_health(connector: Connector, locations: Locations, now: datetime) -> DataQualityCheck:
    """Score the share of what holds of a connector: it answers, is let in, is well and fresh.

    An endpoint below a URL that the operator named is asked with the token that the configuration
    names in the environment, any other without: a client that chooses both the endpoint and the
    variable could learn every secret of the operator. What the last look found counts as well. What
    cannot be told, such as whether a connector without an endpoint answers, does not count.

    Raises:
        NotAllowed: the endpoint may not be asked.
    """
    holds = {**_answers(connector, locations), **_last_look(connector, now)}
    told = {name: value for name, value in holds.items() if isinstance(value, bool)}
    return DataQualityCheck(
        check_type=CheckType.CONNECTOR_HEALTH,
        score=score_of(sum(told.values()), len(told)),
        details={"connector_id": str(connector.id), **holds},
    )


def location_health(problem: str) -> DataQualityCheck:
    """Score a dataset without a connector: its location is its source system, and answers or not.

    Args:
        problem: why it does not, nothing if it does.
    """
    return DataQualityCheck(
        check_type=CheckType.CONNECTOR_HEALTH,
        score=0.0 if problem else 100.0,
        details={"connector_id": None, "answers": not problem, "reason": problem or None},
    )


def connector_of(
    dataset_type: str, named: object, connectors: Iterable[Connector]
) -> Connector | None:
    """Return the connector of a dataset: the one it names, or one whose type its own begins with.

    `jira_issues` comes from a connector of the type `jira`, if there is just one of that type.
    """
    connectors = list(connectors)
    if named is not None:
        return next((each for each in connectors if named in (each.name, str(each.id))), None)
    alike = [
        each
        for each in connectors
        if f"{dataset_type}_".startswith(f"{each.configuration.connector_type}_")
    ]
    return alike[0] if len(alike) == 1 else None


def _answers(connector: Connector, locations: Locations) -> dict[str, Any]:
    endpoint = connector.configuration.endpoint
    if not endpoint:
        return {}
    try:
        locations.require_reachable(endpoint)
        headers = _credentials(connector) if locations.trusts(endpoint) else {}
        with httpx.Client(timeout=ANSWER_SECONDS, trust_env=False) as client:
            status = client.head(endpoint, headers=headers).status_code
    except NotAllowed:
        raise
    except Unreadable as problem:
        return {"answers": False, "reason": problem.reason}
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return {"answers": False, "reason": type(error).__name__}
    answers = status < httpx.codes.INTERNAL_SERVER_ERROR
    lets_in = {"lets_in": status not in _REFUSED} if headers else {}
    return {"answers": answers, **lets_in, "status": status}


def _credentials(connector: Connector) -> dict[str, str]:
    """Return the header with the token that the configuration names, if the environment has it.

    Raises:
        Unreadable: it has not.
    """
    configuration = connector.configuration
    references = [
        value.removeprefix(_REFERENCE)
        for value in configuration.config.values()
        if isinstance(value, str) and value.startswith(_REFERENCE)
    ]
    if configuration.auth_method is not AuthMethod.BEARER_TOKEN or not references:
        return {}
    tokens = [os.environ[name] for name in references if os.environ.get(name)]
    if not tokens:
        raise Unreadable(f"the environment has no {' or '.join(references)}")
    return {"Authorization": f"Bearer {tokens[0]}"}


def _last_look(connector: Connector, now: datetime) -> dict[str, Any]:
    if connector.health is Health.UNKNOWN:
        return {}
    at = connector.last_sync_at or connector.checked_at
    return {
        "is_well": connector.health is Health.HEALTHY,
        **({"is_fresh": now - at <= FRESH, "last_seen_at": at.isoformat()} if at else {}),
    }
