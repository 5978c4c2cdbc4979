"""However the product ends, nothing is lost, and nothing of it is left running."""

import random
import signal
from collections.abc import Callable

import pytest

from tests.acceptance.product import SHIPPED_TEMPLATES, Product

SCAN = ("discovery", "scan", "--source", str(SHIPPED_TEMPLATES))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_the_server_stops_its_database_too(
    product: Product, number: signal.Signals
) -> None:
    with product.serving() as server:
        assert product.database_processes()
        assert server.stop(number) == 128 + number
    assert product.database_processes() == []


def test_a_server_killed_at_any_moment_comes_back_with_the_same_catalogue(
    product: Product,
) -> None:
    with product.serving() as server:
        before = server.catalogue()
        server.stop(signal.SIGKILL)
    for _ in range(2):
        product.kill(random.uniform(0.2, 2), "api", "serve")
    product.kill(random.uniform(0.2, 2), *SCAN)
    with product.serving() as server:
        assert server.catalogue() == before
    assert product.database_processes() == []


def test_a_scan_killed_at_any_moment_is_completed_by_the_next(
    new_product: Callable[[], Product],
) -> None:
    """The first one makes the database as well, which it may be killed at."""
    product = new_product()
    for _ in range(3):
        product.kill(random.uniform(0.2, 3), *SCAN)
    product.run(*SCAN)
    with product.serving() as server:
        versions = [template["version"] for template in server.catalogue().values()]
        assert versions == [1] * len(list(SHIPPED_TEMPLATES.rglob("*.json")))
        assert server.get("/health/ready")["head"] == len(versions)
