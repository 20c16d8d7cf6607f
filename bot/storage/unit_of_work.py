"""The transaction of the turn that runs: whoever has an effect leaves it in its session.

An action never commits. What it adds to the session is written in the one transaction of its
turn, together with the dialogue state and the replies, or not at all.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

TOLD = "told"  # in Session.info: the names of conversations that were written into beside the turn


class UnitOfWork:
    """One connection with one transaction, and a session on it for those who want one."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self._session: AsyncSession | None = None

    @property
    def session(self) -> AsyncSession:
        """The session; made when first asked for, since most turns have no effect of their own."""
        if self._session is None:
            self._session = AsyncSession(self.connection, expire_on_commit=False, autoflush=False)
        return self._session

    @property
    def told(self) -> tuple[str, ...]:
        """The conversations, other than the turn's own, into which something was written."""
        return tuple(self._session.sync_session.info.get(TOLD, ())) if self._session else ()

    async def commit(self) -> None:
        """Write what waits in the session, and make everything durable."""
        if self._session is not None:
            await self._session.flush()
        await self.connection.commit()

    async def close(self) -> None:
        """Undo what was not committed, and let the session go.

        Now, not when the connection is closed: that is done in a task of its own, and until it
        runs, another turn of this process would wait on SQLite's lock and hold up that very task.
        """
        await self.connection.rollback()
        if self._session is not None:
            await self._session.close()


_current: ContextVar[UnitOfWork] = ContextVar("unit_of_work")


@asynccontextmanager
async def unit_of_work(engine: AsyncEngine) -> AsyncIterator[UnitOfWork]:
    """Open the unit of work of the running turn; without a commit, nothing of it remains."""
    async with engine.connect() as connection:
        work = UnitOfWork(connection)
        token = _current.set(work)
        try:
            yield work
        finally:
            _current.reset(token)
            await work.close()


def current_session() -> AsyncSession:
    """Return the session of the running turn; raises LookupError outside of one."""
    return _current.get().session
