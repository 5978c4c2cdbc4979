"""The product, set up as the README tells its users to."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.product import SHIPPED_TEMPLATES, FirstSteps, Product, Server


@pytest.fixture(scope="session")
def new_product() -> Iterator[Callable[[], Product]]:
    """Makes a product without any data; in the end no database of it may run any more."""
    with ExitStack() as folders:
        products = []

        def new_product() -> Product:
            folder = tempfile.TemporaryDirectory(prefix="registry-")
            products.append(Product(Path(folders.enter_context(folder))))
            return products[-1]

        yield new_product
        for product in products:
            assert product.database_processes() == []


@pytest.fixture(scope="session")
def first_steps(new_product: Callable[[], Product]) -> FirstSteps:
    product = new_product()
    migration = product.run("registry", "migrate")
    return FirstSteps(
        product, migration, product.run("discovery", "scan", "--source", str(SHIPPED_TEMPLATES))
    )


@pytest.fixture(scope="session")
def product(first_steps: FirstSteps) -> Product:
    return first_steps.product


@pytest.fixture(scope="module")
def server(product: Product) -> Iterator[Server]:
    with product.serving() as server:
        yield server
