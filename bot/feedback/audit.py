"""The audit (nhật ký): events of the house put into the chain of cases, and all of them read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.area import EVERYWHERE, Area
from bot.feedback.chain import Actor, Content, Happened, append, content_of, take_hold
from bot.feedback.models import OF_THE_HOUSE, Case, CaseEvent, Kind
from bot.storage.vault import Vault

PAGE = 50  # events
_FEW = 2000  # cases of an area


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
    conditions = [] if before is None else [CaseEvent.number < before]
    if sought.case_id is not None:
        conditions.append(CaseEvent.case_id == sought.case_id)
    newest = select(CaseEvent).order_by(CaseEvent.number.desc()).limit(limit)
    numbers = await _numbers(session, sought, conditions, limit)
    if numbers is not None:
        return (await session.scalars(newest.where(CaseEvent.number.in_(numbers)))).all()
    if not sought.area.everywhere:
        conditions.append(_of_area(sought.area))
    return (await session.scalars(newest.where(*conditions))).all()


async def _numbers(
    session: AsyncSession,
    sought: Sought,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
) -> Sequence[int] | None:
    """Return the numbers among which the newest are; None: one walk from the newest on finds them.

    Each of two indexes is asked for its newest: a database that is told "the one or the other"
    reads all that either has.
    """
    newest = select(CaseEvent.number).order_by(CaseEvent.number.desc()).limit(limit)
    if sought.account:
        if not sought.area.everywhere:
            conditions = [*conditions, _of_area(sought.area)]
        either = (CaseEvent.actor == sought.account, CaseEvent.subject == sought.account)
        return await _both(session, *(newest.where(each, *conditions) for each in either))
    if sought.area.everywhere or sought.case_id is not None:
        return None
    few = await _few_cases(session, sought.area)
    if few is None:
        return None
    of_house = newest.where(CaseEvent.case_id.is_(None), *conditions)
    # Ordered by what no index holds, so that these cases are read and not the whole chain.
    of_cases = select(CaseEvent.number).where(CaseEvent.case_id.in_(few), *conditions)
    of_cases = of_cases.order_by((CaseEvent.number + 0).desc()).limit(limit)
    return await _both(session, of_house, of_cases)


async def _both(session: AsyncSession, *queries: Select[tuple[int]]) -> Sequence[int]:
    return [number for each in queries for number in await session.scalars(each)]


async def _few_cases(session: AsyncSession, area: Area) -> Sequence[int] | None:
    """Return the cases of an area; None when they are many, so that an event is soon theirs."""
    found = (await session.scalars(select(Case.id).where(area.where()).limit(_FEW + 1))).all()
    return found if len(found) <= _FEW else None


def _of_area(area: Area) -> ColumnElement[bool]:
    """Return the condition that an event is of a case of the area, looked up for each event."""
    case = select(Case.id).where(Case.id == CaseEvent.case_id, area.where())
    return or_(CaseEvent.case_id.is_(None), case.exists())


def note_of(vault: Vault, event: CaseEvent) -> str:
    """Return what an event of the house tells beside its kind; never a note within a case."""
    return content_of(vault, event).note if event.case_id is None else ""
