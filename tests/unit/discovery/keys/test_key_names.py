"""The words in names, and what they say."""

import pytest

from discovery.keys.likeness import likeness
from discovery.keys.names import column_names, is_plural, table_words, words


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("customer_id", ("customer", "id")),
        ("CustomerID", ("customer", "id")),
        ("customerid", ("customer", "id")),
        ("Feature_IDs", ("feature", "id")),
        ("ISO639P3code", ("iso", "639", "p", "3", "code")),
        ("order details", ("order", "detail")),
        ("paid", ("paid",)),
        ("categories", ("category",)),
        ("addresses", ("address",)),
        ("status", ("status",)),
        ("Straßen-Nr.", ("straßen", "nr")),
    ],
)
def test_a_name_is_split_into_words_in_the_singular(name: str, found: tuple[str, ...]) -> None:
    assert words(name) == found


def test_what_most_tables_begin_or_end_with_says_nothing() -> None:
    names = [
        "shop_orders_data.csv",
        "shop_sellers_data.csv",
        "in/shop_items_data.csv",
        "towns.csv",
    ]
    assert list(table_words(names).values()) == [("order",), ("seller",), ("item",), ("town",)]


def test_initials_of_the_table_before_all_columns_are_left_out() -> None:
    names = [name.words for name in column_names(["l_orderkey", "l_partkey", "l_comment"])]
    assert names == [("order", "key"), ("part", "key"), ("comment",)]


def test_a_plural_is_told_by_the_last_word() -> None:
    assert [is_plural(name) for name in ("Author_IDs", "AuthorID", "matches", "status")] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("customer_id", "billing_customer_id"),
        ("billing_customer_id", "cust_id"),
        ("cust_id", "other_id"),
        ("other_id", "quantity"),
    ],
)
def test_the_more_a_name_says_of_the_table_the_more_points_it_has(better: str, worse: str) -> None:
    (target,) = column_names(["id"])
    points = [
        likeness(column_names([name])[0], target, ("customer",), within=False).points
        for name in (better, worse)
    ]
    assert points[0] > points[1]
