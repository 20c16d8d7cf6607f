"""Bringing the catalogue up to date from the national portal.

First the whole list, page by page; its progress is kept in a checkpoint file. Then the details of
what is new, changed or old, stored in portions: each portion with the note of what the list said
about it, in one transaction. A break-off at any moment loses at most one portion, and the next run
goes on there.
"""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.procedures.errors import PortalRefused, PortalStopped, PortalTimeout
from bot.procedures.importer import Gathering
from bot.procedures.models import ListedProcedure, ProcedureRow
from bot.procedures.official import MalformedRecord, clean_code
from bot.procedures.portal import Page, Portal
from bot.procedures.procedure import Origin
from bot.procedures.report import Report
from bot.procedures.services import retire_missing, store

FIRST_LIMIT = 200
SMALLEST_LIMIT = 25
_MOST_PAGES = 2_000
_PAGE_TRIES = 3
_CHECKPOINT_LIFE = timedelta(hours=24)
# What of a line in the list tells a change; anything else there may change by itself.
_TELLING = ("code", "name", "type", "state", "updatedAt", "categories", "categoriesDetails")

Sessions = async_sessionmaker[AsyncSession]
Progress = Callable[[str, int, int], object]  # what, done, of how many (0: unknown)


@dataclass(frozen=True)
class Rules:
    """What to fetch again, and how much to keep in one transaction."""

    old_after: timedelta = timedelta(days=30)
    portion: int = 200
    retire: bool = False


class Listed(NamedTuple):
    """One line of the portal's list."""

    portal_id: str
    code: str
    rank: tuple[bool, bool]  # not internal, code not mended: see Gathering
    fingerprint: str


class Checkpoint(msgspec.Struct):
    """How far the list was read."""

    started_at: datetime
    cursor: str = ""
    limit: int = FIRST_LIMIT
    finished: bool = False
    rows: list[dict[str, object]] = msgspec.field(default_factory=list)


class Sync:
    """One run; ``report`` tells afterwards what it did, also when it was stopped half-way."""

    def __init__(
        self,
        sessions: Sessions,
        portal: Portal,
        checkpoint_file: Path,
        *,
        now: Callable[[], datetime],
        progress: Progress,
        rules: Rules = Rules(),
    ) -> None:
        """Store through ``sessions`` what ``portal`` gives, as ``rules`` say."""
        self.report = Report()
        self._sessions = sessions
        self._portal = portal
        self._file = checkpoint_file
        self._now = now
        self._progress = progress
        self._rules = rules

    async def run(self) -> None:
        """Fetch and store what is new, changed or old.

        Raises PortalError when the portal turned us away; what was fetched until then is stored.
        """
        rows = await self._read_list()
        listed = choose(rows, self.report)
        due = await self._due(listed)
        for start in range(0, len(due), self._rules.portion):
            self._progress("details", start, len(due))
            await self._fetch_and_store(due[start : start + self._rules.portion])
        self._progress("details", len(due), len(due))
        if self._rules.retire and self.report.complete:
            await self._retire({line.code for line in listed})
        self._file.unlink(missing_ok=True)

    async def _read_list(self) -> list[dict[str, object]]:
        """Return the whole list, going on where a broken-off run stopped."""
        checkpoint = load_checkpoint(self._file, self._now())
        seen = {""}
        for _ in range(_MOST_PAGES):
            if checkpoint.finished:
                return checkpoint.rows
            page, checkpoint.limit = await read_page(
                self._portal, checkpoint.cursor, checkpoint.limit
            )
            checkpoint.rows += page.rows
            seen.add(checkpoint.cursor)
            checkpoint.cursor = page.cursor
            checkpoint.finished = not page.rows or page.cursor in seen  # "" is in it: the end
            await asyncio.to_thread(save_checkpoint, self._file, checkpoint)
            self._progress("list", len(checkpoint.rows), 0)
        raise PortalRefused("the portal's list does not come to an end")

    async def _due(self, listed: Sequence[Listed]) -> list[Listed]:
        """Return the lines whose detail is new, changed, or was last fetched too long ago."""
        oldest = self._now() - self._rules.old_after
        async with self._sessions() as session:
            fresh = {
                (row.portal_id, row.fingerprint)
                for row in await session.scalars(select(ListedProcedure))
                if row.fetched_at >= oldest
            }
            alive = set(
                await session.scalars(
                    select(ProcedureRow.portal_id).where(
                        ProcedureRow.origin == Origin.OFFICIAL, ProcedureRow.retired_at.is_(None)
                    )
                )
            )
        return [
            line
            for line in listed
            if line.portal_id not in alive or (line.portal_id, line.fingerprint) not in fresh
        ]

    async def _fetch_and_store(self, lines: Sequence[Listed]) -> None:
        """Fetch a portion and store it, also what came before the portal turned us away."""
        gathering, fetched = Gathering(self.report), list[Listed]()

        async def fetch(line: Listed) -> None:
            record = await self._fetch(line)
            if record is not None:
                gathering.add(f"{line.code} ({line.portal_id})", {"detail": record})
                fetched.append(line)

        try:
            await all_or_cancel(fetch(line) for line in lines)
        except PortalStopped:
            await self._store(gathering, fetched)
            raise
        await self._store(gathering, fetched)

    async def _fetch(self, line: Listed) -> dict[str, object] | None:
        try:
            record = await self._portal.detail(line.portal_id)
        except (PortalRefused, PortalTimeout) as error:
            self.report.skip(f"{line.code} ({line.portal_id})", str(error))
            return None
        self.report.read += 1
        return record

    async def _store(self, gathering: Gathering, fetched: Sequence[Listed]) -> None:
        now = self._now()
        memory = [
            {"portal_id": line.portal_id, "fingerprint": line.fingerprint, "fetched_at": now}
            for line in fetched
        ]
        if not memory:
            return
        async with self._sessions() as session, session.begin():
            self.report.stored += await store(session, gathering.procedures, now)
            ids = [line.portal_id for line in fetched]
            await session.execute(delete(ListedProcedure).where(ListedProcedure.portal_id.in_(ids)))
            await session.execute(insert(ListedProcedure), memory)

    async def _retire(self, codes: set[str]) -> None:
        async with self._sessions() as session, session.begin():
            self.report.retired = await retire_missing(session, codes, self._now())


async def all_or_cancel(works: Iterator[Awaitable[None]]) -> None:
    """Run all at once; when one fails, cancel the others before passing its error on."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def read_page(portal: Portal, cursor: str, limit: int) -> tuple[Page, int]:
    """Return a page and the number of rows that worked: less is asked when more times out."""
    refusals = 0
    while True:
        try:
            return await portal.list_page(cursor, limit, patient=limit <= SMALLEST_LIMIT), limit
        except PortalTimeout:
            if limit <= SMALLEST_LIMIT:
                raise
            limit = max(SMALLEST_LIMIT, limit // 2)
        except PortalRefused:
            refusals += 1
            if refusals >= _PAGE_TRIES:
                raise


def choose(rows: Sequence[dict[str, object]], report: Report) -> list[Listed]:
    """Return one line for each code; see Gathering on several procedures under one code."""
    chosen: dict[str, Listed] = {}
    for row in {str(row.get("id")): row for row in rows}.values():
        line = _read_line(row)
        if line is None:
            report.skip(f"list line {str(row.get('id'))[:64]!r}", "without a sound id and code")
            report.complete = False
            continue
        before = chosen.get(line.code)
        if before is None or before.rank < line.rank:
            chosen[line.code] = line
        if before is not None:
            loser = before if before.rank < line.rank else line
            report.skip(loser.portal_id, f"another record has the code {line.code} as well")
    return list(chosen.values())


def _read_line(row: dict[str, object]) -> Listed | None:
    portal_id, raw = row.get("id"), row.get("code")
    if not isinstance(portal_id, str) or not 0 < len(portal_id) <= 64 or not isinstance(raw, str):
        return None
    try:
        code = clean_code(raw)
    except MalformedRecord:
        return None
    telling = msgspec.json.encode([row.get(name) for name in _TELLING], order="deterministic")
    rank = (row.get("type") != "STANDARD_INTERNAL", code == raw)
    return Listed(portal_id, code, rank, hashlib.sha256(telling).hexdigest())


def load_checkpoint(file: Path, now: datetime) -> Checkpoint:
    """Return the checkpoint of a run that broke off within a day, else a fresh one."""
    try:
        checkpoint = msgspec.json.decode(file.read_bytes(), type=Checkpoint)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return Checkpoint(started_at=now)
    if checkpoint.started_at.tzinfo and now - checkpoint.started_at < _CHECKPOINT_LIFE:
        return checkpoint
    return Checkpoint(started_at=now)


def save_checkpoint(file: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint, wholly or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    with partial.open("wb") as stream:
        stream.write(msgspec.json.encode(checkpoint))
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)
