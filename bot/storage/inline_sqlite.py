"""SQLite without a thread between: for processes in which nothing else is waiting.

aiosqlite hands every call to a thread and back. The call itself takes some tens of microseconds,
the two handovers far more, above all while the process computes and holds the interpreter's lock.
A brain has nothing to do while its own turn is being written, so it calls SQLite directly. The
gateway must not: a commit or a locked database would stop its event loop.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any


class InlineCursor:
    """The part of aiosqlite's cursor that SQLAlchemy uses; every call returns at once."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    @property
    def description(self) -> Any:
        """The columns of the result, None when there is none."""
        return self._cursor.description

    @property
    def lastrowid(self) -> int | None:
        """The id of the row that was inserted last."""
        return self._cursor.lastrowid

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""
        return self._cursor.rowcount

    async def execute(self, statement: str, parameters: Any = ()) -> None:
        """Run one statement."""
        self._cursor.execute(statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Any]) -> None:
        """Run one statement for each set of parameters."""
        self._cursor.executemany(statement, parameters)

    async def fetchall(self) -> list[Any]:
        """Return all rows of the result."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """Let the cursor go."""
        self._cursor.close()


class InlineConnection:
    """The part of aiosqlite's connection that SQLAlchemy uses; every call returns at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def isolation_level(self) -> str | None:
        """How the driver begins a transaction."""
        return self._connection.isolation_level

    async def cursor(self) -> InlineCursor:
        """Open a cursor."""
        return InlineCursor(self._connection.cursor())

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        """Give SQLite a function of Python's."""
        self._connection.create_function(*arguments, **options)

    async def commit(self) -> None:
        """Make the transaction durable."""
        self._connection.commit()

    async def rollback(self) -> None:
        """Undo the transaction."""
        self._connection.rollback()

    async def close(self) -> None:
        """Close the file."""
        self._connection.close()


async def connect_inline(*arguments: Any, **options: Any) -> InlineConnection:
    """Open a connection; SQLAlchemy's ``async_creator_fn``."""
    return InlineConnection(sqlite3.connect(*arguments, **options))
