"""When the product does not start, it says why and what to do."""

from tests.acceptance.product import Product


def test_a_public_address_without_an_issuer_is_refused(product: Product) -> None:
    code, complaint = product.fail("api", "serve", HOST="0.0.0.0", PORT="0")  # noqa: S104
    assert code == 2
    assert complaint == (
        "❌ The service does not listen on 0.0.0.0 without an OAuth issuer, because development"
        " tokens are good on this machine only. Set OAUTH_ISSUER and OAUTH_JWKS_URL, or"
        " HOST=127.0.0.1.\n"
    )


def test_a_source_that_is_not_there_is_named(product: Product) -> None:
    code, complaint = product.fail("discovery", "scan", "--source", "no/such/folder")
    assert (code, complaint) == (2, "❌ There is nothing at no/such/folder\n")
