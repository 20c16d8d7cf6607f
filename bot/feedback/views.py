"""Saved views: lists of the queue that somebody keeps under a name. The caller commits."""

from collections.abc import Sequence
from urllib.parse import urlencode

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.errors import BadDetails
from bot.feedback.filters import Filter
from bot.feedback.models import SavedView
from bot.vietnamese import clean

LONGEST_NAME = 40  # characters
MOST_VIEWS = 12  # of one account


async def views_of(session: AsyncSession, account: str) -> Sequence[SavedView]:
    """Return what somebody has saved, oldest first."""
    query = select(SavedView).where(SavedView.account == account).order_by(SavedView.id)
    return (await session.scalars(query)).all()


async def save_view(session: AsyncSession, account: str, name: str, wanted: Filter) -> SavedView:
    """Keep a list under a name; a view of that name is replaced. Raises BadDetails."""
    name = clean(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadDetails(f"a view needs a name of at most {LONGEST_NAME} characters")
    query = select(SavedView).where(SavedView.account == account, SavedView.name == name)
    view: SavedView | None = await session.scalar(query)
    if view is None:
        count = select(func.count()).where(SavedView.account == account)
        if (await session.scalar(count) or 0) >= MOST_VIEWS:
            raise BadDetails(f"an account keeps at most {MOST_VIEWS} views")
        view = SavedView(account=account, name=name)
        session.add(view)
    view.query = urlencode(wanted.query())
    await session.flush()
    return view


async def forget_view(session: AsyncSession, account: str, id: int) -> None:
    """Take a view away, if it is theirs; one that is not there is not missed."""
    await session.execute(delete(SavedView).where(SavedView.id == id, SavedView.account == account))
