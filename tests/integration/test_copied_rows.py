"""Rows are copied into a table as they are, whatever their texts hold."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from projections import copy_lines as lines
from projections.copy_lines import copy_lines

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
AWKWARD = st.sampled_from(["\\N", "\\.", "\t", "a\\tb", "\r\n", "\\", ""])


@given(
    rows=st.lists(
        st.tuples(TEXTS | AWKWARD, st.none() | TEXTS | AWKWARD, st.integers(-(2**63), 2**63 - 1)),
        max_size=20,
    )
)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_row_is_copied_as_it_is(connection: Connection[Any], rows: list[Any]) -> None:
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS copied (a text, b text, c bigint)")
    connection.execute("TRUNCATE copied")
    with connection.cursor().copy("COPY copied FROM STDIN") as copy:
        for some in copy_lines(rows):
            copy.write(some)
    assert sorted(connection.execute("SELECT * FROM copied"), key=repr) == sorted(rows, key=repr)


def test_rows_are_made_some_at_a_time() -> None:
    made = copy_lines((n, "x") for n in range(2 * lines.ROWS + 1))
    assert [some.count("\n") for some in made] == [lines.ROWS, lines.ROWS, 1]
