"""Who has a case open: a sign of life that the page sends, and others see. The caller commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.models import Presence
from bot.storage.base import Base

EVERY = timedelta(seconds=15)  # between two signs of life of a page
GONE_AFTER = 3 * EVERY

_table = Base.metadata.tables[Presence.__tablename__]
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


async def be_present(
    session: AsyncSession, case_id: int, account: str, now: datetime
) -> Sequence[str]:
    """Note that somebody has the case open; return who else has, by account."""
    stale = delete(Presence).where(Presence.case_id == case_id, Presence.seen_at < now - GONE_AFTER)
    await session.execute(stale)
    insert = _INSERT[session.get_bind().dialect.name](_table)
    row = insert.values(case_id=case_id, account=account, seen_at=now)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[_table.c.case_id, _table.c.account], set_={"seen_at": now}
        )
    )
    others = select(Presence.account).where(
        Presence.case_id == case_id, Presence.account != account
    )
    return (await session.scalars(others.order_by(Presence.account))).all()


async def leave(session: AsyncSession, case_id: int, account: str) -> None:
    """Note that somebody has closed the case."""
    await session.execute(
        delete(Presence).where(Presence.case_id == case_id, Presence.account == account)
    )
