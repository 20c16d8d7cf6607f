"""Which version of a case somebody saw, so that nobody acts on one that has moved on.

The version of a case is the number of its last event that changed something for whoever works on
it: that somebody read it or that a deadline came near does not count.
"""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.chain import Actor, content_of, take_hold
from bot.feedback.errors import CaseChanged, NoSuchCase
from bot.feedback.models import Case, CaseEvent, CaseMessage, ChainEnd, Kind
from bot.feedback.sealing import unseal
from bot.feedback.states import Move
from bot.storage.vault import Vault

# That somebody read it, and what the program marks by itself.
UNCHANGING = frozenset({Kind.READ, Kind.WARNED, Kind.OVERDUE, Kind.ESCALATED})


async def version_of(session: AsyncSession, case_id: int) -> int:
    """Return the number of the case's last event that changed something; 0 for no case."""
    last = select(func.max(CaseEvent.number)).where(
        CaseEvent.case_id == case_id, CaseEvent.kind.not_in(UNCHANGING)
    )
    return await session.scalar(last) or 0


async def hold(session: AsyncSession, vault: Vault, case_id: int) -> tuple[ChainEnd, Case]:
    """Return a case that nobody else can change until the transaction ends; raises NoSuchCase."""
    end = await take_hold(session, vault)
    case = await session.get(Case, case_id, populate_existing=True)
    if case is None:
        raise NoSuchCase(case_id)
    return end, case


async def hold_at(session: AsyncSession, vault: Vault, case_id: int, version: int) -> Case:
    """Hold a case as somebody saw it, for whatever service the transaction calls next.

    Raises CaseChanged when something happened since, NoSuchCase.
    """
    _, case = await hold(session, vault, case_id)
    if await version_of(session, case_id) != version:
        raise CaseChanged(case_id, version)
    return case


async def is_done(
    session: AsyncSession,
    vault: Vault,
    case_id: int,
    version: int,
    by: Actor,
    did: Move | Kind,
    brought: Collection[str],
) -> bool:
    """Tell whether what came next after a version was this, by the same person, with these words.

    That is a form that was posted twice: nothing is to be done, and nobody is to be warned.
    """
    next_event = (
        select(CaseEvent, CaseMessage)
        .outerjoin(CaseMessage, CaseEvent.message_id == CaseMessage.id)
        .where(
            CaseEvent.case_id == case_id,
            CaseEvent.number > version,
            CaseEvent.kind.not_in(UNCHANGING),
        )
        .order_by(CaseEvent.number)
        .limit(1)
    )
    row = (await session.execute(next_event)).tuples().first()
    if row is None:
        return False
    event, message = row
    if (event.role, event.actor, event.move or event.kind) != (by.role, by.account, did):
        return False
    return set(brought) - {""} <= _told(vault, event, message)


def _told(vault: Vault, event: CaseEvent, message: CaseMessage | None) -> set[str]:
    """Return all words of an event, as a form brings them."""
    content = content_of(vault, event)
    named = (content.category, content.subtype, content.rejection)
    return {
        unseal(vault, message.body) if message else content.note,
        content.assignee,
        content.body,
        content.matter,
        content.outcome,
        str(content.original),
        *(each.value for each in named if each is not None),
    }
