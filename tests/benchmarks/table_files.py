"""Writes delimited files of a given size that look like the orders of a shop."""

from pathlib import Path

import duckdb

GIVEN = ["Ana", "Boris", "Chloé", "Dmitri", "Elif", "Farah", "Goran", "Hana", "Ivo", "Jelena"]
FAMILY = ["Novak", "Smith", "García", "Kowalski", "Rossi", "Dubois", "Yılmaz", "Ivanova", "Berg"]
CITIES = ["Berlin", "Lyon", "São Paulo", "Kraków", "New York", "Oslo", "Porto", "Zürich", "Graz"]
PRODUCTS = ["kettle", "desk lamp", "notebook, lined", "office chair", "USB cable", "tea, green"]

_BYTES_A_ROW = 171  # measured

_ORDERS = """
COPY (
    WITH draws AS (
        SELECT i,
            (hash(i, 1) >> 1)::BIGINT AS customer, (hash(i, 2) % 10000)::BIGINT AS day,
            (hash(i, 3) >> 1)::BIGINT AS price, (hash(i, 4) % 1000)::BIGINT AS chance,
            (hash(i, 5) >> 1)::BIGINT AS word
        FROM range($rows) AS orders(i)
    ), people AS (
        SELECT *, customer % ($rows // 8 + 1) AS person,
            $given[1 + person % len($given)] AS given,
            $family[1 + person // 10 % len($family)] AS family
        FROM draws
    )
    SELECT
        100000 + i AS order_id,
        printf('%08x-%04x-4%03x-a%03x-%012x', (hash(i, 6) % 4294967296)::BIGINT, word % 65536,
            word // 65536 % 4096, price % 4096,
            (hash(i, 7) % 281474976710656)::BIGINT) AS reference,
        person + 1 AS customer_id,
        given || ' ' || family AS customer_name,
        CASE WHEN chance > 60
            THEN lower(given) || '.' || lower(family) || person || '@example.com' END AS email,
        printf('%05d', hash(person) % 100000) AS zip_code,
        $cities[1 + word % len($cities)] AS city,
        strftime(DATE '2015-01-01' + (day % 3650)::INTEGER, '%Y-%m-%d') AS order_date,
        strftime(TIMESTAMP '2015-01-01' + to_seconds((price % 315360000)::BIGINT),
            '%Y-%m-%d %H:%M:%S') AS updated_at,
        $products[1 + day % len($products)] AS product,
        1 + word % 12 AS quantity,
        printf('%.2f', price % 1000000 / 100.0) AS amount,
        CASE WHEN chance % 20 = 0 THEN 'NA' ELSE printf('%.4f', sin(i) * 40 + 50) END AS score,
        CASE WHEN chance % 3 = 0 THEN 'true' ELSE 'false' END AS paid,
        CASE WHEN chance < 900 THEN chance % 5 + 1 END AS rating
    FROM people
) TO '{path}' (FORMAT csv, HEADER)
"""


def write_orders(path: Path, size: int) -> int:
    """Write a file of about `size` bytes, the same one each time, and return its rows."""
    rows = size // _BYTES_A_ROW
    with duckdb.connect(config={"threads": 2, "memory_limit": "500MB"}) as connection:
        connection.execute(
            _ORDERS.format(path=str(path).replace("'", "''")),
            {
                "rows": rows,
                "given": GIVEN,
                "family": FAMILY,
                "cities": CITIES,
                "products": PRODUCTS,
            },
        )
    return rows
