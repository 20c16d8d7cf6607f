"""Internal notes (ghi chú nội bộ) that the reporter never reads, and whom of the staff they call.

``@lan`` in a note calls the account ``lan``: it stands in that account's list until the case is
opened. Notifications hear of it by the chain of events (``feed``).
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.chain import Actor, Content, Happened, append
from bot.feedback.errors import BadDetails, UnknownAccount
from bot.feedback.models import CaseEvent, Kind, Mention
from bot.feedback.services import LONGEST_TEXT, Desk
from bot.feedback.versions import hold

# An address like lan@xa.gov.vn calls nobody, and the full stop of a sentence is no part of a name.
_CALL = re.compile(r"(?<![\w.@])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?![\w@])", re.IGNORECASE)


def called_in(text: str) -> tuple[str, ...]:
    """Return the accounts that a note calls, in small letters, each once, in their order."""
    return tuple(dict.fromkeys(name.lower() for name in _CALL.findall(text)))


async def add_note(
    session: AsyncSession,
    desk: Desk,
    case_id: int,
    text: str,
    by: Actor,
    accounts: Collection[str],
    now: datetime,
) -> CaseEvent:
    """Keep a note, and call those of ``accounts`` whom it names.

    Raises UnknownAccount for a name that is none of them, so that nobody waits for somebody who
    was never called; BadDetails, NoSuchCase.
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise BadDetails(f"a note has between one and {LONGEST_TEXT} characters")
    called = called_in(text)
    unknown = [name for name in called if name not in accounts]
    if unknown:
        raise UnknownAccount(unknown)
    end, case = await hold(session, desk.vault, case_id)
    happened = Happened(Kind.NOTE, by, now, Content(note=text, mentions=called))
    event = await append(session, desk.vault, end, case, happened)
    session.add_all(
        Mention(
            case_id=case_id,
            account=name,
            event_number=event.number,
            called_by=by.account,
            called_at=now,
        )
        for name in called
        if name != by.account
    )
    case.changed_at = now
    return event


async def unread_mentions(session: AsyncSession, account: str) -> Sequence[Mention]:
    """Return the calls that an account has not seen yet, newest first."""
    found = await session.scalars(
        select(Mention)
        .where(Mention.account == account, Mention.seen_at.is_(None))
        .order_by(Mention.id.desc())
    )
    return found.all()


async def count_unread_mentions(session: AsyncSession, account: str) -> int:
    """Count them, for the navigation."""
    unread = select(func.count()).where(Mention.account == account, Mention.seen_at.is_(None))
    return await session.scalar(unread) or 0


async def see_mentions(session: AsyncSession, case_id: int, account: str, now: datetime) -> None:
    """Take the calls of a case off an account's list, since it opened the case."""
    await session.execute(
        update(Mention)
        .where(Mention.case_id == case_id, Mention.account == account, Mention.seen_at.is_(None))
        .values(seen_at=now)
    )
