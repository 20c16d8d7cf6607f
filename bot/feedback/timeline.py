"""Everything that happened to a case, in order, as entries that can be read (dòng thời gian).

What is sealed is opened for it, so staff get it by ``open_file`` only, which keeps that they read
it: once an opening, and again when something was written since they last did. Who loads the page
again within ``SAME_OPENING`` reads what is already on the screen; an event for each time would
bury the changes under readings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.chain import Actor, Content, content_of
from bot.feedback.errors import NoSuchCase
from bot.feedback.models import Case, CaseEvent, CaseMessage, Kind, Side
from bot.feedback.sealing import unseal
from bot.feedback.services import Desk, read_personal
from bot.feedback.states import Move, State
from bot.feedback.versions import UNCHANGING, version_of
from bot.storage.vault import Vault

SAME_OPENING = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One event, opened."""

    number: int
    at: datetime
    by: Actor
    kind: Kind
    move: Move | None
    state: State  # after it
    content: Content
    side: Side | None = None  # who wrote the text; None: it stays inside
    text: str = ""  # story, message or note


@dataclass(frozen=True)
class CaseFile:
    """A case with everything in it, as one of the staff opens it."""

    case: Case
    story: str
    identity: str  # name and contact; empty for an anonymous reporter
    entries: tuple[Entry, ...]
    version: int  # of the case as shown; see bot.feedback.versions


async def open_file(
    session: AsyncSession, desk: Desk, case_id: int, actor: Actor, now: datetime
) -> CaseFile:
    """Open a case for somebody of the staff, who may see it; that they read it is an event.

    Raises NoSuchCase, CannotOpen.
    """
    if not await _has_read(session, desk.vault, case_id, actor, now):
        await read_personal(session, desk, case_id, actor, now)
    case = await session.get(Case, case_id)
    if case is None:
        raise NoSuchCase(case_id)
    return CaseFile(
        case,
        story=unseal(desk.vault, case.story),
        identity=unseal(desk.vault, case.identity or b""),
        entries=tuple(await timeline(session, desk.vault, case)),
        version=await version_of(session, case_id),
    )


async def timeline(session: AsyncSession, vault: Vault, case: Case) -> Sequence[Entry]:
    """Return every event of a case, oldest first; raises CannotOpen."""
    rows = await session.execute(
        select(CaseEvent, CaseMessage)
        .outerjoin(CaseMessage, CaseEvent.message_id == CaseMessage.id)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.number)
    )
    return [_entry(vault, case, event, message) for event, message in rows.tuples()]


def _entry(vault: Vault, case: Case, event: CaseEvent, message: CaseMessage | None) -> Entry:
    content = content_of(vault, event)
    side, text = None, content.note
    if message is not None:
        side, text = message.side, unseal(vault, message.body)
    elif event.kind is Kind.OPENED:
        side, text = Side.REPORTER, unseal(vault, case.story)
    return Entry(
        number=event.number,
        at=event.at,
        by=Actor(event.role, event.actor),
        kind=event.kind,
        move=event.move,
        state=event.state or case.state,  # only events of the house have none
        content=content,
        side=side,
        text=text,
    )


async def _has_read(
    session: AsyncSession, vault: Vault, case_id: int, actor: Actor, now: datetime
) -> bool:
    """Tell whether somebody has just read everything that is in the case now."""
    number = await _last_opening(session, vault, case_id, actor, now)
    if number is None:
        return False
    written_since = select(CaseEvent.number).where(
        CaseEvent.case_id == case_id,
        CaseEvent.number > number,
        CaseEvent.kind.not_in(UNCHANGING),
        CaseEvent.actor != actor.account,
    )
    return await session.scalar(written_since.limit(1)) is None


async def _last_opening(
    session: AsyncSession, vault: Vault, case_id: int, actor: Actor, now: datetime
) -> int | None:
    """Return the number of the event by which somebody opened the case a moment ago.

    That they opened a picture is a reading too, but not of what is written. Whose readings these
    are is looked at here: a database that is told the account may walk through everything that
    this account ever did.
    """
    readings = await session.scalars(
        select(CaseEvent)
        .where(
            CaseEvent.case_id == case_id,
            CaseEvent.kind == Kind.READ,
            CaseEvent.at > now - SAME_OPENING,
        )
        .order_by(CaseEvent.number.desc())
    )
    own = (event for event in readings if (event.role, event.actor) == (actor.role, actor.account))
    openings = (event.number for event in own if not content_of(vault, event).evidence)
    return next(openings, None)
