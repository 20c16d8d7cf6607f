"""SQLite with few handovers and short waits, in the place of aiosqlite.

aiosqlite hands every call to a thread and back: for one INSERT six times. The calls take some tens
of microseconds each, the handovers far more, above all while the process computes and holds the
interpreter's lock. Here a statement and its rows are one call, and whoever has nothing else to do
meanwhile makes it without a thread: a brain does, whose own turn is being written. The gateway must
not, a commit or a locked database would stop its event loop.

SQLite itself waits for a lock by sleeping longer and longer; with several processes writing all
the time, the patient one is always late. Here it looks again every PAUSE.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PATIENCE = 10.0  # seconds that a statement waits for another process's transaction
PAUSE = 0.0005  # seconds between two looks at the lock

Call = Callable[[Callable[[], None]], Awaitable[None]]


async def _here(work: Callable[[], None]) -> None:
    work()


def patiently(work: Callable[[], Any]) -> None:
    """Do what may meet a locked database; it gives up after PATIENCE as SQLite itself would.

    Only the beginning of a transaction can meet a lock, so what is done again had no effect.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            work()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(PAUSE)


class LeanCursor:
    """The part of aiosqlite's cursor that SQLAlchemy uses."""

    def __init__(self, connection: sqlite3.Connection, call: Call) -> None:
        self._connection = connection
        self._call = call
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def execute(self, statement: str, parameters: Any = ()) -> None:
        """Run one statement and fetch its rows."""
        await self._run(lambda cursor: cursor.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Any]) -> None:
        """Run one statement for each set of parameters."""
        every = list(parameters)  # a generator could not be taken again after a lock
        await self._run(lambda cursor: cursor.executemany(statement, every))

    async def _run(self, statement: Callable[[sqlite3.Cursor], Any]) -> None:
        def run() -> None:
            cursor = self._connection.cursor()
            patiently(lambda: statement(cursor))
            self.description = cursor.description
            self._rows = cursor.fetchall()
            self.lastrowid = cursor.lastrowid
            self.rowcount = cursor.rowcount
            cursor.close()

        await self._call(run)

    async def fetchall(self) -> list[Any]:
        """Return all rows of the result."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: what SQLite holds for a statement ended with it."""


class LeanConnection:
    """The part of aiosqlite's connection that SQLAlchemy uses."""

    def __init__(self, connection: sqlite3.Connection, call: Call) -> None:
        self._connection = connection
        self._call = call

    @property
    def isolation_level(self) -> str | None:
        """How the driver begins a transaction."""
        return self._connection.isolation_level

    async def cursor(self) -> LeanCursor:
        """Open a cursor."""
        return LeanCursor(self._connection, self._call)

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        """Give SQLite a function of Python's."""
        self._connection.create_function(*arguments, **options)

    async def commit(self) -> None:
        """Make the transaction durable."""
        await self._call(self._connection.commit)

    async def rollback(self) -> None:
        """Undo the transaction."""
        await self._call(self._connection.rollback)

    async def close(self) -> None:
        """Close the file."""
        await self._call(self._connection.close)

    def stop(self) -> None:
        """Close the file when nobody can wait any more."""
        self._connection.close()


class ThreadedConnection(LeanConnection):
    """Makes its calls in one thread of its own, in order.

    In order also when a caller is cancelled: its statement may still run when SQLAlchemy rolls
    back, and must not come after that.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        super().__init__(connection, self._in_the_thread)

    async def _in_the_thread(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        """Close the file and let the thread go."""
        await super().close()
        self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Let the thread close the file when it has done what it was given."""
        self._thread.submit(self._connection.close)
        self._thread.shutdown(wait=False)


async def connect_here(*arguments: Any, **options: Any) -> LeanConnection:
    """Open a connection whose calls are made at once; SQLAlchemy's ``async_creator_fn``."""
    return LeanConnection(_connect(*arguments, **options), _here)


async def connect_in_a_thread(*arguments: Any, **options: Any) -> LeanConnection:
    """Open a connection whose calls are made in a thread; SQLAlchemy's ``async_creator_fn``."""
    return ThreadedConnection(_connect(*arguments, **options))


def _connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
    # SQLAlchemy makes one call at a time on a connection, whichever thread carries it.
    ours = {"check_same_thread": False, "timeout": 0}
    connection: sqlite3.Connection = sqlite3.connect(*arguments, **options | ours)
    return connection
