"""Laws of keys, for any tables."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_tables import Rows, tables

from discovery.keys import find_keys

NAMES = ("id", "code", "shop_id", "shop", "parent_id", "tags", "day", "size")
CELLS = st.sampled_from(["", "1", "2", "3", "4", "07", "a1", "b2", "a1;b2", "b2 a1", "NA", "1.0"])


@st.composite
def groups(draw: st.DrawFn) -> dict[str, tuple[str, Rows]]:
    """Draw up to three tables of a few columns and rows."""
    made = {}
    for table in draw(
        st.lists(st.sampled_from(["shops", "goods", "tags"]), min_size=1, unique=True)
    ):
        columns = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
        row = st.tuples(*[CELLS] * len(columns))
        made[table] = (" ".join(columns), draw(st.lists(row, min_size=1, max_size=12)))
    return made


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(groups(), st.randoms(use_true_random=False))
def test_the_order_of_tables_and_of_rows_changes_nothing(
    made: dict[str, tuple[str, Rows]], random: Random
) -> None:
    mixed = {
        name: (made[name][0], random.sample(made[name][1], len(made[name][1])))
        for name in random.sample(sorted(made), len(made))
    }
    with tables(made) as one, tables(mixed) as other:
        assert find_keys(one) == find_keys(other)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(groups())
def test_a_primary_key_is_complete_and_tells_all_rows_apart(
    made: dict[str, tuple[str, Rows]],
) -> None:
    with tables(made) as found:
        keys = find_keys(found)
    for table, key in keys.primary.items():
        columns, rows = made[table]
        places = [columns.split().index(column) for column in key.columns]
        values = [tuple(row[place] for place in places) for row in rows]
        assert len(set(values)) == len(rows)
        assert all(all(value) for value in values)
