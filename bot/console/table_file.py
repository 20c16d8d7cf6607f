"""A list as a file that spreadsheets open (CSV): streamed as it is read, and no cell a formula."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime

from aiohttp import web
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.console.cells import as_cell
from bot.working_time.zone import VIETNAM

Rows = Iterable[Sequence[str]]
_BOM = "\ufeff"  # by which Excel knows that it is UTF-8


async def send_table(
    request: web.Request,
    name: str,
    now: datetime,
    columns: Sequence[str],
    pages: AsyncIterator[Rows],
) -> web.StreamResponse:
    """Send a table page by page; the file is called after ``name`` and the minute."""
    file = f"{name}-{now.astimezone(VIETNAM):%Y-%m-%d-%H%M}.csv"
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{file}"',
        }
    )
    await response.prepare(request)
    await response.write(_BOM.encode() + _lines([columns]))
    try:
        async for rows in pages:
            # In a thread: what makes the rows may take its time, and others have pages open, too.
            await response.write(await asyncio.to_thread(_lines, rows))
    except (OperationalError, InterfaceError):
        if request.transport is not None:
            request.transport.abort()  # half a table must not look like a whole one
    return response


def _lines(rows: Rows) -> bytes:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(
        [as_cell(cell) for cell in row] for row in rows
    )
    return written.getvalue().encode()
