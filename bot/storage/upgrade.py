"""Bringing the database to the tables that this version expects."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, make_url, pool
from sqlalchemy.engine import Connection

from bot.storage.engine import SQLITE_PRAGMAS, async_url

MIGRATIONS = Path(__file__).parent / "migrations"

# SQLite changes a constraint by making the table anew; meanwhile other rows may point to nothing.
_TABLES_MAY_BE_MADE_ANEW = "PRAGMA foreign_keys=OFF"


@contextmanager
def migrating(database_url: str) -> Iterator[Config]:
    """Open the database for Alembic's commands; raises ValueError for one of another kind."""
    async_url(database_url)  # the same kinds as the program itself opens
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        if url.get_backend_name() == "sqlite":
            for pragma in (*SQLITE_PRAGMAS, _TABLES_MAY_BE_MADE_ANEW):
                connection.exec_driver_sql(pragma)
            connection.commit()
        yield _config(connection)
        connection.commit()
    engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(database_url: str, revision: str = "head") -> tuple[str | None, str | None]:
    """Run the missing migrations; returns the revisions before and after."""
    with migrating(database_url) as config:
        connection = config.attributes["connection"]
        before = _revision(connection)
        command.upgrade(config, revision)
        return before, _revision(connection)


def downgrade(database_url: str, revision: str) -> None:
    """Undo migrations down to a revision ("base": all of them). Data of their tables is lost."""
    with migrating(database_url) as config:
        command.downgrade(config, revision)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
