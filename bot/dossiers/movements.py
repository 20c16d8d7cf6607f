"""Telling whoever asked for it when a dossier moves (báo khi hồ sơ có thay đổi).

A subscription belongs to one dossier and one conversation, and remembers what was last told. What
differs from it is told once: the new state and the message are written in one transaction, and
whoever comes second, after a crash or on another node, finds nothing to tell.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.dossiers.codes import FoundCode, read_code
from bot.dossiers.dossier import AT_REST, Dossier
from bot.dossiers.errors import SourceDown
from bot.dossiers.models import DossierSubscription, content_hash
from bot.dossiers.sources import Source
from bot.storage.vault import Vault
from bot.working_time.zone import VIETNAM

logger = logging.getLogger(__name__)

QUIET_FROM, QUIET_UNTIL = time(21), time(7)  # in Vietnam: nobody is woken by an office
LOOK_EVERY = timedelta(minutes=15)  # at one dossier
AT_ONCE = 200
PAUSE = 20.0  # seconds between two looks
MOST_OF_ONE_CONVERSATION = 20
STOP_PAYLOAD = '/check_dossier{"act": "stop"}'  # what the button under a message sends

Tell = Callable[[AsyncSession, str, Dossier], Awaitable[bool]]
"""Writes to a conversation, in the caller's transaction, how a dossier stands now.

Says whether there (still) is such a conversation.
"""


class TooMany(Exception):
    """The conversation follows as many dossiers as it may."""


async def subscribe(
    session: AsyncSession, vault: Vault, dossier: Dossier, conversation: str, now: datetime
) -> None:
    """Follow a dossier that was just told; following it already changes nothing.

    The caller commits. Raises TooMany, ValueError when the dossier has no readable code.
    """
    code = _code(dossier)
    followed = await followed_by(session, conversation)
    if any(each.key == code.key for each in followed):
        return
    if len(followed) >= MOST_OF_ONE_CONVERSATION:
        raise TooMany
    session.add(
        DossierSubscription(
            key=code.key,
            conversation_id=conversation,
            code=vault.seal(code.written.encode()),
            told=content_hash(vault, dossier),
            subscribed_at=now,
            look_at=now + LOOK_EVERY,
        )
    )
    await session.flush()


async def followed_by(session: AsyncSession, conversation: str) -> Sequence[DossierSubscription]:
    """Return what a conversation follows, the oldest first."""
    rows = await session.scalars(
        select(DossierSubscription)
        .where(DossierSubscription.conversation_id == conversation)
        .order_by(DossierSubscription.id)
    )
    return rows.all()


async def unsubscribe(session: AsyncSession, conversation: str, key: str | None = None) -> int:
    """Stop following one dossier, or all; returns how many. The caller commits."""
    mine = delete(DossierSubscription).where(DossierSubscription.conversation_id == conversation)
    if key is not None:
        mine = mine.where(DossierSubscription.key == key)
    gone = await session.scalars(mine.returning(DossierSubscription.id))
    return len(gone.all())


class Movements:
    """Looks at the followed dossiers and tells what moved."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        vault: Vault,
        source: Source,
        tell: Tell,
    ) -> None:
        self._sessions = sessions
        self._vault = vault
        self._source = source
        self._tell = tell

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Look again and again until cancelled; a storage that is down is tried again."""
        while True:
            try:
                await self.look(clock())
            except (SQLAlchemyError, OSError) as error:
                logger.warning("followed dossiers: storage: %s", type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def look(self, now: datetime) -> int:
        """Look at what is due and tell what moved; returns how many were told. Not at night."""
        if is_quiet(now):
            return 0
        async with self._sessions() as session:
            due = await session.scalars(
                select(DossierSubscription)
                .where(DossierSubscription.look_at <= now)
                .order_by(DossierSubscription.look_at)
                .limit(AT_ONCE)
            )
            rows = due.all()
        return sum([await self._look_at(row, now) for row in rows])

    async def _look_at(self, row: DossierSubscription, now: datetime) -> bool:
        dossier = await self._find(row)
        told = content_hash(self._vault, dossier) if dossier else row.told
        async with self._sessions() as session, session.begin():
            mine = update(DossierSubscription).where(
                DossierSubscription.id == row.id, DossierSubscription.told == row.told
            )
            moved_on = mine.values(told=told, look_at=now + LOOK_EVERY)
            first = await session.scalar(moved_on.returning(DossierSubscription.id))
            if dossier is None or told == row.told or first is None:
                return False
            there = await self._tell(session, row.conversation_id, dossier)
            if not there or dossier.status in AT_REST:
                await unsubscribe(session, row.conversation_id, row.key)
        return True

    async def _find(self, row: DossierSubscription) -> Dossier | None:
        code = read_code(self._vault.open(row.code).decode())
        try:
            found = await self._source.find(code) if code else None
        except SourceDown as error:
            logger.warning("a followed dossier cannot be looked at: %s", error)
            return None
        return found.dossier if found else None


def is_quiet(now: datetime) -> bool:
    """Tell whether it is night in Vietnam."""
    clock = now.astimezone(VIETNAM).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def _code(dossier: Dossier) -> FoundCode:
    code = read_code(dossier.code)
    if code is None:
        raise ValueError("a dossier that was found has a code")
    return code
