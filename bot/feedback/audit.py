"""The audit (nhật ký): events of the house put into the chain of cases, and all of them read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.area import EVERYWHERE, Area
from bot.feedback.chain import Actor, Content, Happened, append, content_of, take_hold
from bot.feedback.models import OF_THE_HOUSE, Case, CaseEvent, Kind
from bot.storage.vault import Vault

PAGE = 50  # events


async def record(
    session: AsyncSession,
    vault: Vault,
    kind: Kind,
    by: Actor,
    now: datetime,
    *,
    subject: str = "",
    note: str = "",
) -> CaseEvent:
    """Add an event that is of no case; the caller commits, late in a transaction that does it.

    ``subject``: the account that it happened to. ``note``: what else there is to tell; sealed.
    Raises ValueError for a kind of event that only cases have.
    """
    if kind not in OF_THE_HOUSE:
        raise ValueError(f"an event of kind {kind.value} is of a case")
    end = await take_hold(session, vault)
    happened = Happened(kind, by, now, Content(note=note), subject=subject)
    return await append(session, vault, end, None, happened)


@dataclass(frozen=True)
class Sought:
    """Which events are sought: by or about an account, of a case, in an area; else all."""

    account: str = ""
    case_id: int | None = None
    area: Area = EVERYWHERE  # of their cases; events of the house are of every area


async def events(
    session: AsyncSession, sought: Sought, *, before: int | None = None, limit: int = PAGE
) -> Sequence[CaseEvent]:
    """Return events, the newest first, from below number ``before`` on."""
    query = select(CaseEvent).order_by(CaseEvent.number.desc()).limit(limit)
    if sought.account:
        query = query.where(
            or_(CaseEvent.actor == sought.account, CaseEvent.subject == sought.account)
        )
    if sought.case_id is not None:
        query = query.where(CaseEvent.case_id == sought.case_id)
    if not sought.area.everywhere:
        cases = select(Case.id).where(sought.area.where())
        query = query.where(or_(CaseEvent.case_id.is_(None), CaseEvent.case_id.in_(cases)))
    if before is not None:
        query = query.where(CaseEvent.number < before)
    return (await session.scalars(query)).all()


def note_of(vault: Vault, event: CaseEvent) -> str:
    """Return what an event of the house tells beside its kind; never a note within a case."""
    return content_of(vault, event).note if event.case_id is None else ""
