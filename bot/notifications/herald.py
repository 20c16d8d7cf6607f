"""Turning events into notifications: each event once, for whom it concerns and who wants it.

The events are read in their order behind a mark; the mark moves on in the transaction that leaves
the notifications. So nobody is notified twice of one event, nor never, however often a node dies.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.notifications.models import Delivery, Medium, Notification, Occasion, Reading, Wishes
from bot.notifications.wishes import Wish, read_wish, send_at
from bot.storage.vault import Vault

AT_ONCE = 200  # events


@dataclass(frozen=True)
class Happening:
    """An event of a case that somebody may want to hear of."""

    number: int  # its place in the chain
    occasion: Occasion
    case_id: int
    about: str  # the category, in words
    by: str  # the account that did it; empty for reporters and clocks
    called: tuple[str, ...] = ()  # accounts that it names: the assignee, who was mentioned
    province_code: str | None = None
    commune_code: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Colleague:
    """Somebody of the staff who handles cases."""

    account: str
    leads: bool
    covers: Callable[[str | None, str | None], bool]  # province, commune


@dataclass(frozen=True)
class Read:
    """What was read of the chain, up to and with an event."""

    upto: int
    happenings: Sequence[Happening]


Feed = Callable[[AsyncSession, int, int], Awaitable[Read]]
"""Reads at most so many events behind a number. Its last argument is that limit."""
Newest = Callable[[AsyncSession], Awaitable[int]]
Colleagues = Callable[[AsyncSession], Awaitable[Sequence[Colleague]]]


@dataclass(frozen=True)
class Herald:
    """Reads the chain and leaves notifications."""

    vault: Vault
    feed: Feed
    newest: Newest  # number of the last event
    colleagues: Colleagues

    async def read_on(self, session: AsyncSession, now: datetime) -> bool:
        """Read the next events and leave what they call for; the caller commits.

        Tells whether there were any.
        """
        reading = await self._hold(session)
        read = await self.feed(session, reading.number, AT_ONCE)
        if read.upto == reading.number:
            return False
        if read.happenings:
            wishes = await self._wishes(session)
            staff = await self.colleagues(session)
            for happening in read.happenings:
                await self._notify(session, happening, staff, wishes, now)
        reading.number = read.upto
        await session.flush()
        return True

    async def _hold(self, session: AsyncSession) -> Reading:
        """Hold the mark until the transaction ends; the first one ever begins at the end."""
        held = select(Reading).where(Reading.id == 1).with_for_update()
        reading: Reading | None = await session.scalar(held)
        if reading is None:
            insert = insert_into(session, Reading).values(id=1, number=await self.newest(session))
            await session.execute(insert.on_conflict_do_nothing())
            reading = await session.scalar(held)
        if reading is None:
            raise LookupError("the mark was written and is not there")
        return reading

    async def _wishes(self, session: AsyncSession) -> dict[str, Wish]:
        rows = await session.scalars(select(Wishes))
        return {row.account: read_wish(self.vault, row) for row in rows}

    async def _notify(
        self,
        session: AsyncSession,
        happening: Happening,
        staff: Sequence[Colleague],
        wishes: Mapping[str, Wish],
        now: datetime,
    ) -> None:
        rows = [
            row(happening, account, medium, now, at)
            for account in sorted(set(concerned(happening, staff)) & wishes.keys())
            for medium in wishes[account].media
            if (at := send_at(wishes[account], happening.occasion, now))
        ]
        if rows:
            insert = insert_into(session, Notification).on_conflict_do_nothing()
            await session.execute(insert, rows)


def concerned(happening: Happening, staff: Sequence[Colleague]) -> Iterator[str]:
    """Name whom an event concerns; never who did it.

    Who is named by it and still handles cases. Where nobody is, everybody of the area, for then
    somebody must take it up; what is taken to the leads goes to them all the same.
    """
    handling = {colleague.account: colleague for colleague in staff}
    named = [account for account in happening.called if account in handling]
    for colleague in staff:
        if colleague.account == happening.by:
            continue
        at_home = colleague.covers(happening.province_code, happening.commune_code)
        to_leads = happening.occasion is Occasion.ESCALATED and colleague.leads and at_home
        if colleague.account in named or to_leads or (not named and at_home):
            yield colleague.account


def row(
    happening: Happening, account: str, medium: Medium, now: datetime, at: datetime
) -> dict[str, object]:
    """Return a notification as its row."""
    return {
        "account": account,
        "medium": medium,
        "event_number": happening.number,
        "occasion": happening.occasion,
        "case_id": happening.case_id,
        "about": happening.about,
        "due_at": happening.due_at,
        "created_at": now,
        "delivery": Delivery.WAITING,
        "next_try_at": at,
        "attempts": 0,
        "unsure": 0,
        "reason": "",
    }


def insert_into(session: AsyncSession, table: type) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT that can be told what to do when the row is there already."""
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
