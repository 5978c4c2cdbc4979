"""What a command answers is what a read shows from that position on, whatever went before."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.connector import Health
from registry.dataset import Status
from registry.quality import CheckType
from tests.api.commands.agents import AGENT
from tests.api.commands.bodies import CONNECTORS, DATASETS, TEMPLATES, Body
from tests.api.service import JOURNEY, Service


class Request(NamedTuple):
    """A command about the nth thing of a collection, or to the collection where `nth` is None."""

    method: str
    collection: str
    nth: int | None
    below: str
    body: Body | None


NAMES = st.text("aZé 数🎉", min_size=1, max_size=5).filter(str.strip)
SLUGS = st.sampled_from(["jira", "slack"])
NTH = st.integers(0, 2)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | NAMES
    # A float is given back as the same number, but perhaps as an integer of the same value.
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=3)
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "industry": SLUGS,
        "use_case": SLUGS,
        "tags": st.lists(SLUGS, max_size=2),
        "custom_fields": OBJECTS,
    },
)
CONFIGURATION = st.fixed_dictionaries(
    {"connector_type": SLUGS}, optional={"config": OBJECTS, "endpoint": NAMES}
)
CHECK = st.fixed_dictionaries(
    {"check_type": st.sampled_from(CheckType), "score": st.sampled_from([0.1, 90, 95.0, 100])},
    optional={"threshold": st.sampled_from([50, 100]), "details": OBJECTS},
)
REASON = st.fixed_dictionaries({}, optional={"reason": NAMES})


def change(
    method: str, collection: str, below: str = "", **body: Any
) -> st.SearchStrategy[Request]:
    """Generate commands about things that exist, or existed."""
    return st.builds(
        Request,
        st.just(method),
        st.just(collection),
        NTH,
        st.just(below),
        st.fixed_dictionaries(body) if body else st.none(),
    )


def registration(collection: str, **body: Any) -> st.SearchStrategy[Request]:
    """Generate commands to make one more thing."""
    described = st.fixed_dictionaries(body)
    return described.map(lambda body: Request("POST", collection, None, "", body))


REGISTRATIONS = (
    registration(
        DATASETS,
        name=NAMES,
        dataset_type=SLUGS,
        stage=st.sampled_from(["sandbox", "production"]),
        journey_id=st.just(str(JOURNEY)),
        metadata=METADATA,
    ),
    registration(CONNECTORS, name=NAMES, configuration=CONFIGURATION),
    registration(
        TEMPLATES,
        industry=st.just("fintech"),
        use_case=SLUGS,
        dataset_type=st.just(""),
        tags=st.lists(SLUGS, max_size=2),
        records=st.lists(OBJECTS, min_size=1, max_size=3),
    ),
)
REQUESTS = st.one_of(
    *REGISTRATIONS,
    change("PATCH", DATASETS, name=NAMES, metadata=METADATA),
    change("POST", DATASETS, "/status", status=st.sampled_from(Status), reason=NAMES),
    change(
        "POST",
        DATASETS,
        "/quality-checks",
        checks=st.lists(CHECK, min_size=1, unique_by=lambda check: check["check_type"]),
        promote=st.booleans(),
    ),
    change("DELETE", DATASETS),
    change("PATCH", CONNECTORS, name=NAMES, configuration=CONFIGURATION),
    change("POST", CONNECTORS, "/health", health=st.sampled_from(Health), detail=NAMES),
    change("DELETE", CONNECTORS),
    change("POST", TEMPLATES, "/retire", reason=NAMES),
    change("POST", TEMPLATES, "/restore", reason=NAMES),
)


@given(first=st.tuples(*REGISTRATIONS), then=st.lists(REQUESTS, min_size=4, max_size=16))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_commands_answer_is_the_document_that_its_get_shows(
    service: Service, first: Sequence[Request], then: Sequence[Request]
) -> None:
    agent = service.client(uuid4(), *AGENT)
    dataset_type = f"type_{uuid4().hex}"  # templates are everybody's
    known: dict[str, list[str]] = {DATASETS: [], CONNECTORS: [], TEMPLATES: []}
    position = 0
    for method, collection, nth, below, body in (*first, *then):
        address, addresses = collection, known[collection]
        if nth is not None:
            address = addresses[nth % len(addresses)]
        elif collection == TEMPLATES and body:
            body["dataset_type"] = dataset_type
        answer = agent.request(method, address + below, json=body)
        if not answer.is_success:
            assert answer.status_code in (404, 409), answer.text
            continue
        if "Location" in answer.headers:
            address = answer.headers["Location"]
            addresses.append(address)
        elif nth is None:
            address = answer.json()["_links"]["self"]["href"]
        assert_shown(agent, address, answer)
        assert position <= int(answer.headers["X-Registry-Position"])
        position = int(answer.headers["X-Registry-Position"])


def assert_shown(agent: httpx.Client, address: str, answer: httpx.Response) -> None:
    """Expect that a read from the answer's position on shows what the answer says."""
    position = answer.headers["X-Registry-Position"]
    shown = agent.get(address, params={"min_position": position})
    if answer.status_code == 204:
        assert (answer.content, shown.status_code) == (b"", 404)
        return
    document = answer.json()
    assert document.pop("position") == int(position) <= int(shown.headers["X-Registry-Position"])
    assert shown.json() == document
    assert answer.headers["ETag"] == shown.headers["ETag"] == f'"{document["version"]}"'
