"""The session of the turn that runs: whoever has an effect leaves it there.

An action never commits. What it adds to this session is written in the one transaction of its
turn, together with the dialogue state and the replies, or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.ext.asyncio import AsyncSession

_current: ContextVar[AsyncSession] = ContextVar("unit_of_work")


@contextmanager
def unit_of_work(session: AsyncSession) -> Iterator[AsyncSession]:
    """Make this the session of the running turn."""
    token = _current.set(session)
    try:
        yield session
    finally:
        _current.reset(token)


def current_session() -> AsyncSession:
    """Return the session of the running turn; raises LookupError outside of one."""
    return _current.get()
