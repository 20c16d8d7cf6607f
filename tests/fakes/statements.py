"""What a program says to its database, gathered while it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine


class Statement(NamedTuple):
    """SQL as its driver gets it."""

    sql: str
    parameters: object


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[Statement]]:
    """Gather every statement, in order."""
    said: list[Statement] = []

    def note(_connection, _cursor, sql, parameters, _context, _many) -> None:
        said.append(Statement(sql, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
