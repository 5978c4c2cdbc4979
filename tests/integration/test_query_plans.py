"""Queries find their rows by an index once there are many."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from projections.datasets import dataset_by_id, dataset_listing
from projections.projector import Projector
from projections.quality_checks import quality_check_listing
from projections.query import EVERYONE, Query, Tenant
from projections.template_versions import version_by_key, version_listing
from projections.templates import template_by_id, template_listing

ONE = UUID(int=1)

FILL = """
    INSERT INTO read_models.datasets_1
    SELECT gen_random_uuid(), lpad(to_hex(n % 10), 32, '0')::uuid,
           lpad(to_hex(n % 500), 32, '0')::uuid,
           (ARRAY['sandbox', 'development', 'staging', 'production'])[1 + n / 10 % 4],
           'ready', 'jira_issues', gen_random_uuid(), now() - n * interval '1 minute', 1, '{}', n
    FROM generate_series(1, 5000) AS n;

    INSERT INTO read_models.datasets_1_past
    SELECT datasets_1.*, valid_from + 1 FROM read_models.datasets_1;

    INSERT INTO read_models.quality_checks_1
    SELECT n, gen_random_uuid(), lpad(to_hex(n % 500), 32, '0')::uuid, '{}', n
    FROM generate_series(1, 5000) AS n;

    INSERT INTO read_models.templates_1
    SELECT gen_random_uuid(), 'industry_' || n % 50, 'use_case', 'type_' || n, 'active',
           jsonb_build_array('tag_' || n % 200), 1, n % 500 = 0, '{}', '{}', n
    FROM generate_series(1, 5000) AS n;

    INSERT INTO read_models.template_versions_1
    SELECT lpad(to_hex(n % 500), 32, '0')::uuid || '/' || n, lpad(to_hex(n % 500), 32, '0')::uuid,
           n, md5((n % 1000)::text), 1, '{}', '{}', n
    FROM generate_series(1, 5000) AS n;

    ANALYZE
"""


@pytest.fixture(scope="module")
def many(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Connection[Any]]:
    """A connection to read models of 5 000 rows each."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as connection:
        Projector(url).catch_up()
        connection.execute(FILL)
        yield connection


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            dataset_listing.page(ONE, 50, 0, stage="sandbox"),
            "datasets_1_client_id_stage_created_at_dataset_id",
        ),
        (dataset_listing.page(ONE, 50, 0), "datasets_1_client_id_created_at_dataset_id"),
        (dataset_listing.page(EVERYONE, 50, 0, journey_id=ONE), "datasets_1_journey_id"),
        (dataset_by_id.of(EVERYONE, ONE), "datasets_1_pkey"),
        (dataset_by_id.of(ONE, ONE), "datasets_1_pkey"),
        (
            template_listing.page(EVERYONE, 50, 0, industry="industry_7"),
            "templates_1_industry_use_case_dataset_type_template_id",
        ),
        (template_listing.page(EVERYONE, 50, 0, dataset_type="type_7"), "templates_1_dataset_type"),
        (template_listing.page(EVERYONE, 50, 0, tag="tag_7"), "templates_1_tags"),
        (template_listing.page(EVERYONE, 50, 0, needs_review=True), "templates_1_needs_review"),
        (template_by_id.of(EVERYONE, ONE), "templates_1_pkey"),
        (version_by_key.of(EVERYONE, f"{ONE}/1"), "template_versions_1_pkey"),
        (
            version_listing.page(EVERYONE, 50, 0, template_id=ONE),
            "template_versions_1_template_id_number",
        ),
        (version_listing.page(EVERYONE, 50, 0, digest="7" * 32), "template_versions_1_digest"),
        (
            quality_check_listing.page(EVERYONE, 50, 0, dataset_id=ONE),
            "quality_checks_1_dataset_id_position",
        ),
    ],
    ids=lambda value: " ".join(map(str, value.parameters)) if isinstance(value, Query) else "",
)
def test_rows_are_found_by_an_index(many: Connection[Any], query: Query, index: str) -> None:
    nodes = list(_nodes(_plan(many, query)))
    assert _uses(nodes, index)
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan" and _is_large(node)]


def test_the_newest_datasets_of_all_are_found_without_sorting_them(many: Connection[Any]) -> None:
    nodes = list(_nodes(_plan(many, dataset_listing.page(EVERYONE, 50, 0))))
    assert _uses(nodes, "datasets_1_created_at_dataset_id")
    assert "Sort" not in {node["Node Type"] for node in nodes}


@pytest.mark.parametrize("tenant", [ONE, EVERYONE], ids=["client", "everyone"])
def test_a_page_of_the_past_is_found_in_its_order_and_by_its_validity(
    many: Connection[Any], tenant: Tenant
) -> None:
    query = dataset_listing.page(tenant, 50, 0, 2500, stage="sandbox" if tenant is ONE else None)
    nodes = list(_nodes(_plan(many, query)))
    owner = "client_id_stage_" if tenant is ONE else ""
    assert _uses(nodes, f"datasets_1_{owner}created_at_dataset_id")
    assert _uses(nodes, f"datasets_1_past_{owner}created_at_dataset_id")
    assert any("valid_to" in node.get("Index Cond", "") for node in nodes)
    assert "Sort" not in {node["Node Type"] for node in nodes}


def _uses(nodes: list[dict[str, Any]], index: str) -> bool:
    """Tell whether a plan has an index whose columns begin so, the ones of validity following."""
    return any(node.get("Index Name", "").startswith(index) for node in nodes)


def _plan(connection: Connection[Any], query: Query) -> dict[str, Any]:
    row = connection.execute(f"EXPLAIN (FORMAT JSON) {query.sql}", query.parameters).fetchone()
    assert row
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)


def _is_large(node: dict[str, Any]) -> bool:
    return node["Relation Name"] != "projection_generations"
