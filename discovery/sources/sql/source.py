"""SQL databases as a source: their tables, with what is declared of them and what is in them."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from discovery.files import NoSuchSource
from discovery.sources.source import Names, Source
from discovery.unreadable import Unreadable

if TYPE_CHECKING:
    from discovery.sources.sql.database import Database
    from discovery.sources.sql.find import DatabaseTable

SAMPLE_ROWS: Final = 10_000

_DIALECT: Final = re.compile(r"(?P<name>[a-z0-9]+)(\+[a-z0-9_]+)?:/")
_KNOWN: Final = frozenset(
    {"sqlite", "postgresql", "postgres", "mysql", "mariadb", "oracle", "mssql"}
)


class Sql(Source):
    """Tables of a SQL database: declared types, comments and keys, and a profile of their rows.

    The profile is that of the first rows by primary key, or of all; the database is only read.
    """

    FORM: ClassVar = "a SQLAlchemy URL: sqlite:///shop.db, postgresql://user@host/shop, …"
    NEEDS: ClassVar = "--industry; a driver, where the database is neither PostgreSQL nor SQLite"

    password: str = Field(
        "",
        pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$",
        description="environment variable that holds the password",
    )
    profile: Literal["sample", "full"] = Field(
        "sample", description="sample: profile the first rows of each table; full: all rows"
    )
    rows: int = Field(SAMPLE_ROWS, ge=1, le=10_000_000, description="rows of a sample")
    schemas: Names = Field([], description="schemas to look at, by default the usual one")
    tables: Names = Field(["*"], description="tables to look at, as patterns such as order*")
    views: bool = Field(False, description="whether to look at views as well")
    seconds: float = Field(
        60, gt=0, le=86_400, description="seconds that a statement may take (PostgreSQL, SQLite)"
    )

    @classmethod
    def takes(cls, text: str) -> bool:
        """Tell whether a text is the URL of a database for which there is a dialect."""
        found = _DIALECT.match(text)
        if not found:
            return False
        if found["name"] in _KNOWN:
            return True
        others = entry_points(group="sqlalchemy.dialects")
        return any(each.name.split(".")[0] == found["name"] for each in others)

    @model_validator(mode="after")
    def _is_a_url(self) -> Self:
        from discovery.sources.sql.database import is_url

        if not is_url(self.text):
            raise ValueError("is no URL of a database, such as postgresql://user@host:5432/shop")
        return self

    def __str__(self) -> str:
        """Return the URL without its password."""
        return str(self.database)

    @property
    def place(self) -> str:
        """The URL without its password; that of a file by its absolute path."""
        return str(self.database)

    @property
    def database(self) -> "Database":
        """The database that the URL names."""
        from discovery.sources.sql.database import Database

        return Database(url=self.text, password=self.password, seconds=self.seconds)

    def finds(self) -> "Iterator[DatabaseTable]":
        """Yield each table, in the order of their names.

        Raises:
            NoSuchSource: the database cannot be reached, or has no such table.
        """
        from discovery.sources.sql.find import DatabaseTable

        database = self.database
        try:
            names = self._names(database)
        except Unreadable as problem:
            raise NoSuchSource(f"{database}: {problem}") from None
        if not names:
            raise NoSuchSource(f"There is no table {', '.join(self.tables)} in {database}")
        for schema, name in names:
            yield DatabaseTable(
                database=database,
                schema=schema,
                name=name,
                most_rows=self.rows if self.profile == "sample" else None,
                **({"mark": mark} if (mark := database.mark) else {}),
            )

    def _names(self, database: "Database") -> list[tuple[str | None, str]]:
        import sqlalchemy as sa

        schemas: list[str | None] = [*self.schemas] or [None]
        with database.connection() as connection:
            inspector: Any = sa.inspect(connection)
            found = [
                (schema, name)
                for schema in schemas
                for name in sorted(
                    {
                        *inspector.get_table_names(schema),
                        *(inspector.get_view_names(schema) if self.views else ()),
                    }
                )
            ]
        return [
            (schema, name)
            for schema, name in found
            if any(fnmatchcase(name, pattern) for pattern in self.tables)
        ]
