"""Opening the database: SQLite (WAL) embedded, or PostgreSQL by one setting."""

from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from bot.storage.lean_sqlite import connect_here, connect_in_a_thread

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",  # readers and the one writer do not wait for each other
    "PRAGMA synchronous=FULL",  # acknowledged means on disk, also after a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=8000",  # pages: 32 MB, not 4; each holds up whoever commits
)

# All of them are kept: SQLAlchemy closes what goes beyond its pool at once, and in a busy moment
# opening a connection (a file and a thread, or a process of PostgreSQL's) costs more than its use.
MOST_CONNECTIONS = 15


def async_url(database_url: str) -> str:
    """Name the async driver in a plain ``sqlite:`` or ``postgresql:`` URL."""
    url = make_url(database_url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    name = drivers.get(url.get_backend_name())
    if name is None:
        raise ValueError("the database must be sqlite or postgresql")
    return url.set(drivername=name).render_as_string(hide_password=False)


def open_engine(
    database_url: str, *, inline: bool = False, autocommit: bool = False
) -> AsyncEngine:
    """Open the engine; nothing connects before the first statement.

    ``inline``: call SQLite without a thread between (see bot.storage.lean_sqlite).
    ``autocommit``: each statement is a transaction of its own.
    """
    url = async_url(database_url)
    options: dict[str, Any] = {"pool_size": MOST_CONNECTIONS, "max_overflow": 0}
    if autocommit:
        options["skip_autocommit_rollback"] = True
    if not url.startswith("sqlite"):
        if autocommit:
            options["isolation_level"] = "AUTOCOMMIT"
        return create_async_engine(url, pool_pre_ping=True, **options)
    how = {
        "async_creator_fn": connect_here if inline else connect_in_a_thread,
        "isolation_level": None if autocommit else _SQLITE_TRANSACTION,
    }
    # SQLAlchemy ends every transaction by itself; its pool need not roll back once more.
    engine = create_async_engine(url, connect_args=how, pool_reset_on_return=None, **options)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def autocommitting(engine: AsyncEngine) -> AsyncEngine:
    """Open another engine on the same database, for who writes one statement at a time.

    Nothing goes to and fro between the statement and its commit, and SQLite's one lock is held no
    longer than both take. It is disposed of with the first.
    """
    other = open_engine(engine.url.render_as_string(hide_password=False), autocommit=True)
    event.listen(engine.sync_engine, "engine_disposed", lambda _: other.sync_engine.dispose())
    return other


# With IMMEDIATE the driver takes SQLite's write lock at the first write of a transaction and
# leaves plain reads outside of any: a read can then never turn into a write on a stale snapshot,
# which SQLite refuses at once instead of waiting.
_SQLITE_TRANSACTION = "IMMEDIATE"


def _set_pragmas(connection: DBAPIConnection, _: object) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def open_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions that write only when told: effects of a turn are flushed once, at its end."""
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=False)
