"""The chain of events as news for those who work on cases: what happened, where, and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.category import Category
from bot.feedback.chain import content_of
from bot.feedback.models import Case, CaseEvent, Kind
from bot.feedback.states import Move, Role
from bot.storage.vault import Vault


class News(Enum):
    """What an event is to those who work on cases."""

    NEW = "new"
    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    REPLIED = "replied"
    SOON = "soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


@dataclass(frozen=True)
class NewsItem:
    """One piece of news."""

    number: int  # of the event
    news: News
    case_id: int
    category: Category
    by: str  # account; empty for reporters and clocks
    called: tuple[str, ...]  # accounts: who was mentioned, else who has the case
    province_code: str | None
    commune_code: str | None
    due_at: datetime | None  # the deadline that it is about


_OF_KIND = {
    Kind.OPENED: News.NEW,
    Kind.NOTE: News.MENTIONED,
    Kind.WARNED: News.SOON,
    Kind.OVERDUE: News.OVERDUE,
    Kind.ESCALATED: News.ESCALATED,
}


async def newest_event(session: AsyncSession) -> int:
    """Return the number of the last event; 0 before the first."""
    return await session.scalar(select(func.coalesce(func.max(CaseEvent.number), 0))) or 0


async def news_after(
    session: AsyncSession, vault: Vault, number: int, limit: int
) -> tuple[int, Sequence[NewsItem]]:
    """Read at most so many events behind a number; returns the last one's, and what is news.

    Raises CannotOpen.
    """
    rows = await session.execute(
        select(CaseEvent, Case)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(CaseEvent.number > number)
        .order_by(CaseEvent.number)
        .limit(limit)
    )
    upto, items = number, list[NewsItem]()
    for event, case in rows:
        upto = event.number
        news = _news(event)
        if news is not None:
            items.append(_item(vault, event, case, news))
    return upto, [item for item in items if item.news is not News.MENTIONED or item.called]


def _news(event: CaseEvent) -> News | None:
    if event.kind in _OF_KIND:
        return _OF_KIND[event.kind]
    if event.move is Move.ASSIGN:
        return News.ASSIGNED
    wrote = event.kind in (Kind.MESSAGE, Kind.EVIDENCE) or event.move in (Move.REPLY, Move.REOPEN)
    return News.REPLIED if wrote and event.role is Role.REPORTER else None


def _item(vault: Vault, event: CaseEvent, case: Case, news: News) -> NewsItem:
    content = content_of(vault, event)
    called = content.mentions or (content.assignee or case.assignee or "",)
    if news is News.MENTIONED:
        called = content.mentions
    return NewsItem(
        event.number,
        news,
        case.id,
        case.category,
        event.actor,
        tuple(filter(None, called)),
        case.province_code,
        case.commune_code,
        content.due_at,
    )
