"""Which database the product uses, and bringing its tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.embedded_postgres import EmbeddedPostgres
from registry.errors import StoreUnavailable
from registry.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the URL of the database in use.

    That is `DATABASE_URL` where it is set; else the embedded PostgreSQL under the data directory,
    which runs while anyone uses it and is brought up to date here.
    """
    if settings.database_url:
        yield settings.database_url.get_secret_value()
        return
    with EmbeddedPostgres(settings.registry_data_dir) as url:
        migrate(url)
        yield url


def migrate(url: str, revision: str = "head") -> None:
    """Bring the tables to a revision: `head`, `base` (all dropped) or one by its name.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    # Imported here: the commands that migrate nothing start in half the time without them.
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine
    from sqlalchemy.exc import OperationalError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"postgresql+psycopg://{url.split('://', 1)[1]}")
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            if (
                revision == "head"
                and current == ScriptDirectory.from_config(config).get_current_head()
            ):
                return
            connection.rollback()
            config.attributes["connection"] = connection
            if revision == "base" or (current and revision != "head" and revision < current):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
            connection.commit()
    except OperationalError as error:
        raise StoreUnavailable from error
    finally:
        engine.dispose()


def latest_revision() -> str:
    """Return the revision that this code expects the database to be at."""
    return max(path.stem.split("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*.py"))
