"""Primary keys: which columns tell the rows apart."""

from collections.abc import Sequence

import pytest
from made_tables import Rows, keys_of


def key_of(columns: str, rows: Rows, name: str = "things") -> Sequence[str]:
    """Return the columns of the key of one table."""
    found = keys_of(**{name: (columns, rows)}).primary.get(name)
    return found.columns if found else ()


def test_a_column_named_as_a_key_is_preferred_to_an_earlier_one() -> None:
    rows = [(f"Name {n}", f"mail{n}@example.org", 500 + n) for n in range(30)]
    assert key_of("name email thing_id", rows) == ("thing_id",)


def test_the_key_of_the_table_is_preferred_to_that_of_another() -> None:
    rows = [(70 + n, 900 + 3 * n, n % 3) for n in range(30)]
    found = keys_of(
        orders=("order_id total", [(70 + n, 5) for n in range(40)]),
        invoices=("order_id invoice_id lines", rows),
    )
    assert found.primary["invoices"].columns == ("invoice_id",)
    assert found.primary["invoices"].others == ("order_id",)


@pytest.mark.parametrize("hole", ["", "NA"])
def test_a_column_with_a_hole_is_no_key(hole: str) -> None:
    rows = [(hole if n == 17 else n, f"{n * 1.31:.3f}") for n in range(1, 50)]
    assert key_of("id size", rows) == ()


def test_a_column_with_a_value_twice_is_no_key() -> None:
    assert key_of("id size", [(n % 49, f"{n % 7}.5") for n in range(50)]) == ()


def test_measures_that_differ_in_every_row_are_no_key() -> None:
    rows = [(f"{n * 1.37:.2f}", 1000 + 17 * n, "ab"[n % 2]) for n in range(60)]
    assert key_of("length weight class", rows) == ()


def test_the_first_column_of_dates_is_the_key_of_a_series() -> None:
    rows = [(f"2020-{1 + n // 28:02}-{1 + n % 28:02}", f"{n}.25") for n in range(90)]
    assert key_of("Date Price", rows) == ("Date",)


def test_two_columns_are_the_key_if_none_is_unique() -> None:
    rows = [(1 + n // 5, 1 + n % 5, n % 7) for n in range(60)]
    assert key_of("order_id line quantity", rows) == ("order_id", "line")


def test_no_more_columns_are_in_the_key_than_it_needs() -> None:
    rows = [(1 + n // 6, 10 + n % 6, 20 + n % 3, f"{n}.5") for n in range(60)]
    assert key_of("order_id product_id store_id price", rows) == ("order_id", "product_id")


def test_a_column_that_looks_like_a_key_is_left_out_if_the_others_are_unique_without_it() -> None:
    rows = [(n % 7, f"kind {n % 40}", f"colour {n // 40}") for n in range(1200)]
    assert key_of("shop_id kind colour", rows) == ("kind", "colour")


def test_the_key_of_a_link_is_what_it_links_even_if_one_side_has_no_repeats_yet() -> None:
    found = keys_of(
        film=("film_id title", [(n, f"Film {n}") for n in range(1, 40)]),
        category=("category_id name", [(n, f"Kind {n}") for n in range(1, 8)]),
        film_category=("film_id category_id", [(n, 1 + n % 7) for n in range(1, 40)]),
    )
    assert found.primary["film_category"].columns == ("film_id", "category_id")


def test_rows_that_repeat_have_no_key() -> None:
    assert key_of("kind size", [("ab"[n % 2], n % 4) for n in range(40)]) == ()


def test_a_key_tells_its_evidence() -> None:
    found = keys_of(things=("id name", [(n, "x") for n in range(1, 20)])).primary["things"]
    assert found.evidence == (
        "unique in 19 rows", "named as the key", "first column", "numbers the rows"
    )  # fmt: skip
    assert 0.9 < found.certainty < 1
