"""Foreign keys: what is found, and what is not taken for one."""

import random
from pathlib import Path
from uuid import UUID

import pytest
from made_tables import Rows, keys_of, read, references

from discovery.keys import evidence, find_keys

CUSTOMERS = ("id name", [(number, f"Customer {number}") for number in range(1, 41)])
LETTERS = "ABCDEFGHJKLMNPQRSTUV"


def cycle(count: int, *, of: int, step: int = 7) -> list[int]:
    """Return numbers from 1 to a last one in a mixed order."""
    return [1 + (step * place) % of for place in range(count)]


def orders(column: str, values: list[object]) -> tuple[str, Rows]:
    return f"id {column} total", [
        (100 + place, value, f"{place * 1.37 + 5:.2f}") for place, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    "column",
    [
        *("customer_id", "CustomerID", "customerid", "fk_customer", "customer"),
        *("billing_customer_id", "id_customer", "cust_id"),
    ],
)
def test_a_column_that_names_the_table_refers_to_it(column: str) -> None:
    found = keys_of(customers=CUSTOMERS, orders=orders(column, [*cycle(200, of=40)]))
    assert references(found) == {f"orders.{column} -> customers.id"}


def test_small_numbers_that_lie_among_the_keys_by_accident_refer_to_nothing() -> None:
    rows = [(place, 1 + place % 9, 1 + place % 31, 20 + place % 20) for place in range(1, 100)]
    found = keys_of(customers=CUSTOMERS, visits=("id stars day age", rows))
    assert references(found) == set()


def test_numbers_under_a_table_name_in_the_plural_are_counts() -> None:
    rows = [(f"Town {place}", 1 + place % 30) for place in range(60)]
    found = keys_of(customers=CUSTOMERS, towns=("town customers", rows))
    assert references(found) == set()


def test_two_numberings_of_rows_do_not_refer_to_each_other() -> None:
    found = keys_of(
        notes=("row_id note", [(place, f"note {place}") for place in range(1, 50)]),
        sites=("row_id site", [(place, f"site {place}") for place in range(1, 90)]),
    )
    assert references(found) == set()


def test_a_reference_to_identifiers_needs_no_name() -> None:
    generator = random.Random(1)
    ids = [UUID(int=generator.getrandbits(128)) for _ in range(30)]
    people = ("id name", [(one, f"Person {place}") for place, one in enumerate(ids)])
    events = ("number subject", [(place, ids[place * 7 % 30]) for place in range(90)])
    assert references(keys_of(people=people, events=events)) == {"events.subject -> people.id"}


def test_a_few_wrong_cells_do_not_hide_a_reference_and_count_against_it() -> None:
    clean = keys_of(customers=CUSTOMERS, orders=orders("customer_id", [*cycle(200, of=40)]))
    dirty = keys_of(
        customers=CUSTOMERS, orders=orders("customer_id", [*cycle(197, of=40), 900, 901, 902])
    )
    assert references(dirty) == references(clean)
    assert dirty.foreign[0].coverage == 0.985
    assert dirty.foreign[0].against == ("3 of 200 cells are no keys",)
    assert dirty.foreign[0].certainty < clean.foreign[0].certainty


def test_many_wrong_cells_refute_a_reference() -> None:
    wrong: list[object] = [900] * 6
    found = keys_of(customers=CUSTOMERS, orders=orders("customer_id", [*cycle(194, of=40), *wrong]))
    assert references(found) == set()


@pytest.mark.parametrize("missing", ["", "NA", "null", "-"])
def test_missing_values_are_no_contradiction(missing: str) -> None:
    values = [*cycle(100, of=40), *[missing] * 50]
    found = keys_of(customers=CUSTOMERS, orders=orders("customer_id", values))
    assert references(found) == {"orders.customer_id -> customers.id"}
    assert found.foreign[0].coverage == 1


def test_missing_value_words_beside_codes_are_no_contradiction() -> None:
    shops = ("code town", [(f"shop{n:02}", f"Town {n}") for n in range(20)])
    sales: list[object] = [*(f"shop{n % 20:02}" for n in range(80)), *["n/a"] * 20]
    found = keys_of(shops=shops, sales=orders("shop_code", sales))
    assert references(found) == {"sales.shop_code -> shops.code"}


def test_whole_numbers_with_a_decimal_point_are_the_same_keys() -> None:
    values: list[object] = [f"{number}.0" for number in cycle(100, of=40)]
    found = keys_of(customers=CUSTOMERS, orders=orders("customer_id", [*values, ""]))
    assert references(found) == {"orders.customer_id -> customers.id"}


def test_a_code_with_a_leading_zero_is_not_the_number_without_it() -> None:
    places = ("code place", [(f"{number:02}", f"Place {number}") for number in range(1, 10)])
    found = keys_of(places=places, visits=orders("place_code", [*cycle(100, of=9, step=2)]))
    assert references(found) == set()


def test_of_two_columns_with_the_same_keys_the_primary_key_is_referred_to() -> None:
    codes = [f"lang{number:03}" for number in range(20)]
    languages = ("ID Glottocode Name", [(code, code, f"Name of {code}") for code in codes])
    words = ("ID Language_ID", [(f"w{place}", codes[place * 7 % 20]) for place in range(80)])
    found = keys_of(languages=languages, words=words)
    assert references(found) == {"words.Language_ID -> languages.ID"}


def test_a_table_of_the_same_keys_refers_to_the_one_that_is_named_by_them() -> None:
    movies = ("movieId title", [(1000 + 37 * place, f"Movie {place}") for place in range(50)])
    links = ("movieId site", [(1000 + 37 * place, 7000 + 13 * place) for place in range(50)])
    ratings = ("user movieId", [(place % 9, 1000 + 37 * (place * 7 % 50)) for place in range(300)])
    assert references(keys_of(links=links, movies=movies, ratings=ratings)) == {
        "links.movieId -> movies.movieId",
        "ratings.movieId -> movies.movieId",
    }


def test_a_row_may_refer_to_another_of_its_table() -> None:
    rows = [(number, f"Topic {number}", number // 2 or "") for number in range(1, 60)]
    found = keys_of(topics=("id name parent_id", rows))
    assert references(found) == {"topics.parent_id -> topics.id"}


def test_a_copy_of_the_own_key_is_no_reference() -> None:
    rows = [(f"k{number:03}", f"k{number:03}" if number % 5 else "", 3) for number in range(60)]
    assert references(keys_of(items=("id old_id size", rows))) == set()


def test_a_role_of_people_refers_to_them() -> None:
    staff = ("employee_id name", [(number, f"Person {number}") for number in range(1, 30)])
    shops = ("shop_id town manager", [(n, f"Town {n}", 1 + n * 3 % 10) for n in range(1, 25)])
    found = keys_of(employees=staff, shops=shops)
    assert references(found) == {"shops.manager -> employees.employee_id"}


@pytest.mark.parametrize("separator", [";", "; ", ",", "|", " "])
def test_cells_with_several_keys_are_lists_of_references(separator: str) -> None:
    authors = ("ID Name", [(f"au{number:03}", f"Author {number}") for number in range(30)])
    books = (
        "ID Author_IDs",
        [
            (f"b{place}", separator.join(f"au{(place * 7 + more) % 30:03}" for more in range(n)))
            for place in range(60)
            for n in [1 + place % 3]
        ],
    )
    found = keys_of(authors=authors, books=books)
    assert references(found) == {"books.Author_IDs -> authors.ID"}
    assert found.foreign[0].separator == separator[0]


def test_a_column_with_single_keys_is_no_list() -> None:
    found = keys_of(customers=CUSTOMERS, orders=orders("customer_id", [*cycle(99, of=40)]))
    assert found.foreign[0].separator is None


def test_a_pair_of_columns_refers_to_a_composite_key_and_not_to_what_that_refers_to() -> None:
    parts = ("part_id name", [(number, f"Part {number}") for number in range(1, 21)])
    offers = [(part, 50 + maker, part * maker) for part in range(1, 21) for maker in range(1, 4)]
    sales = [(n, *offers[n * 7 % 60][:2], n % 5) for n in range(1, 200)]
    found = keys_of(
        parts=parts,
        offers=("part_id maker_id price", offers),
        sales=("sale_id part_id maker_id pieces", sales),
    )
    assert references(found) == {
        "offers.part_id -> parts.part_id",
        "sales.part_id+maker_id -> offers.part_id+maker_id",
    }


@pytest.mark.parametrize(("column", "day"), [("Year", ""), ("Date", "-01-31")])
def test_times_of_one_series_do_not_refer_to_those_of_another(column: str, day: str) -> None:
    prices = [(f"{year}{day}", f"{year * 0.37:.2f}") for year in range(1950, 2010)]
    wages = [(f"{year}{day}", f"{year * 0.41:.2f}") for year in range(1960, 2000)]
    found = keys_of(prices=(f"{column} Price", prices), wages=(f"{column} Wage", wages))
    assert references(found) == set()


def test_a_reference_leads_to_the_things_and_not_to_a_table_about_them() -> None:
    generator = random.Random(2)
    ids = [UUID(int=generator.getrandbits(128)) for _ in range(30)]
    found = keys_of(
        members=("id name", [(one, f"Person {place}") for place, one in enumerate(ids)]),
        profiles=("member_id motto colour", [(one, "Carpe diem", "red") for one in ids]),
        events=("number subject", [(place, ids[place * 7 % 30]) for place in range(90)]),
    )
    assert references(found) == {
        "profiles.member_id -> members.id",
        "events.subject -> members.id",
    }


def test_of_an_id_and_a_code_of_the_same_thing_one_is_the_reference() -> None:
    teams = [(f"T-{n:02}", f"{LETTERS[n]}{LETTERS[-n]}X", f"Team {n}") for n in range(1, 19)]
    games = [(n, *teams[n * 5 % 18][:2], *teams[n * 7 % 18][:2]) for n in range(1, 120)]
    found = keys_of(
        teams=("team_id team_code team_name", teams),
        games=("game_id home_team_id home_team_code away_team_id away_team_code", games),
    )
    assert references(found) == {
        "games.home_team_id -> teams.team_id",
        "games.away_team_id -> teams.team_id",
    }


def test_every_candidate_tells_its_evidence() -> None:
    found = keys_of(customers=CUSTOMERS, orders=orders("customer_id", [*cycle(200, of=40)]))
    (key,) = found.foreign
    assert (key.coverage, key.distinct, key.to_distinct) == (1, 40, 40)
    assert key.evidence[:2] == ("names the table", "refers to the primary key")
    assert 0.9 < key.certainty < 1


def test_tables_need_not_be_read_into_one_database(tmp_path: Path) -> None:
    customers = read(tmp_path / "customers.csv", *CUSTOMERS)
    placed = read(tmp_path / "orders.csv", *orders("customer_id", [*cycle(200, of=40)]))
    with customers, placed:
        found = find_keys({"customers": customers, "orders": placed})
    assert references(found) == {"orders.customer_id -> customers.id"}


@pytest.fixture
def small_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at few of the rows and keep few of the keys, as of very large tables."""
    for limit, size in (("ROWS", 300), ("TARGET_KEYS", 200), ("SOURCE_KEYS", 100)):
        monkeypatch.setattr(evidence, limit, size)
    monkeypatch.setattr(evidence, "SAMPLED_ROWS", 150)


@pytest.mark.usefixtures("small_evidence")
def test_references_are_found_by_few_of_the_keys() -> None:
    customers = ("id name", [(place * 3, f"Customer {place}") for place in range(1, 2001)])
    keys = [place * 3 for place in cycle(5000, of=2000)]
    rows = [(place, keys[place], 1 + place % 50) for place in range(5000)]
    found = keys_of(customers=customers, orders=("id customer_id rating", rows))
    (reference,) = found.foreign
    assert references(found) == {"orders.customer_id -> customers.id"}
    assert (reference.coverage, reference.distinct, reference.to_distinct) == (1, 2000, 2000)
    wrong = [(place, keys[place] + place % 2, 1) for place in range(5000)]
    assert not keys_of(customers=customers, orders=("id customer_id rating", wrong)).foreign


@pytest.mark.usefixtures("small_evidence")
def test_references_of_several_columns_are_found_by_few_of_the_rows() -> None:
    lines = [(order, line, 5 + order * line % 77) for order in range(900) for line in (1, 2, 3)]
    shipped = [(place, *lines[place][:2]) for place in range(0, 2700, 2)]
    found = keys_of(
        lines=("order_id line_no amount", lines), parcels=("id order_id line_no", shipped)
    )
    assert references(found) == {"parcels.order_id+line_no -> lines.order_id+line_no"}


def test_no_tables_have_no_keys() -> None:
    assert find_keys({}).foreign == ()
