"""Any JSON there is comes back as it was sent, or is refused."""

import json
from collections.abc import Sequence
from functools import reduce
from operator import getitem
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.commands.agents import AGENT
from tests.api.commands.bodies import (
    CONNECTORS,
    DATASETS,
    TEMPLATES,
    Body,
    connector,
    dataset,
    template,
)
from tests.api.commands.refusals import JSON, refused
from tests.api.service import Service

pytestmark = pytest.mark.usefixtures("quiet")

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([2**63, 2**64 - 1, 2**64, -(2**63), 5e-324, 1.8e308, -0.0])
    | st.text(st.characters())
    | st.text('\0\ud800\U0010ffff\u2028\\"', max_size=4),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(), max_size=4), inner),
    max_leaves=8,
)


@given(value=anything)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json_value_is_given_back_as_it_was_sent_or_refused(
    service: Service, value: Any
) -> None:
    agent, held, position = service.client(uuid4(), *AGENT), {"value": value}, 0
    shown: list[tuple[str, Sequence[str]]] = []
    sent: list[tuple[str, Body, Sequence[str]]] = [
        (DATASETS, dataset(metadata={"custom_fields": held}), ("metadata", "custom_fields")),
        (CONNECTORS, connector(config=held), ("configuration", "config")),
        (TEMPLATES, template(f"type_{uuid4().hex}", schema=held), ("schema",)),
    ]
    for path, body, part in sent:
        answer = agent.post(path, content=json.dumps(body), headers=JSON)
        if answer.is_success:
            shown.append((answer.headers["Location"], part))
            position = answer.json()["position"]
        else:
            refused(answer, 422)
    for address, part in shown:
        document = agent.get(address, params={"min_position": position}).json()
        assert reduce(getitem, part, document) == held


@given(records=st.lists(anything, min_size=1, max_size=4))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_of_any_records_a_template_can_be_made(service: Service, records: list[Any]) -> None:
    agent = service.client(uuid4(), *AGENT)
    body = template(f"type_{uuid4().hex}", records=records)
    answer = agent.post(TEMPLATES, content=json.dumps(body), headers=JSON)
    assert answer.status_code == 201
    assert answer.json()["default_record_count"] == len(records)
