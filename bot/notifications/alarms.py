"""Telling operators what is wrong with a channel: once, again after a pause, and when it is over.

What is wrong is found out by each gateway for itself; what was told of it stands in the database,
so that neither a restart nor a second node says it twice. A trouble that has just begun waits a
moment: most pass by themselves.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.notifications.herald import insert_into
from bot.notifications.models import LONGEST_SENTENCE, Alarm, Medium, Occasion
from bot.notifications.post import leave
from bot.notifications.wishes import Choice, Wish, send_at, wish_of
from bot.notifications.wording import told_trouble
from bot.storage.vault import Vault

LASTS = timedelta(minutes=1)  # before it is told
RECURS_AFTER = timedelta(hours=1)  # what begins again sooner is not told again at once
REMIND_AFTER = timedelta(days=1)  # of what has lasted so long since it was told
CALM = timedelta(seconds=90)  # without it, after which it is over
UNSEEN = timedelta(minutes=30)  # the same, where it was seen before a restart or by another node


@dataclass(frozen=True)
class Trouble:
    """Something that an operator has to mend."""

    channel: str
    name: str  # short, and the same as long as it lasts
    sentence: str  # English, for operators; without personal data or secrets


Receivers = Callable[[AsyncSession], Awaitable[Sequence[str]]]
"""Names the accounts of those who look after the channels."""


class Alarms:
    """Keeps what was told, and leaves notifications."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        vault: Vault,
        clock: Callable[[], datetime],
        receivers: Receivers,
        ways: Collection[Medium],
    ) -> None:
        """``ways``: by which notifications can go out at all."""
        self._sessions = sessions
        self._vault = vault
        self._clock = clock
        self._receivers = receivers
        self._ways = ways
        self._seen: set[tuple[str, str]] = set()  # by this process

    async def hear(self, troubles: Sequence[Trouble]) -> None:
        """Take what is wrong now, and leave what is to be told of it."""
        now = self._clock()
        present = {(each.channel, each.name): each for each in troubles}
        self._seen |= present.keys()
        async with self._sessions() as session, session.begin():
            known = await _known(session)
            for key in present.keys() - known.keys():
                await _begin(session, present[key], now)
            for key, alarm in known.items():
                if key in present:
                    await self._goes_on(session, alarm, present[key], now)
                else:
                    await self._is_gone(session, alarm, now)

    async def _goes_on(
        self, session: AsyncSession, alarm: Alarm, trouble: Trouble, now: datetime
    ) -> None:
        if alarm.over_at is not None:
            alarm.began_at, alarm.over_at = now, None
        alarm.seen_at, alarm.sentence = now, trouble.sentence[:LONGEST_SENTENCE]
        # Where nobody wants to hear of it yet, whoever first does shall.
        if is_due(alarm, now) and await self._tell(session, alarm, Occasion.TROUBLE, now):
            alarm.told_at = now

    async def _is_gone(self, session: AsyncSession, alarm: Alarm, now: datetime) -> None:
        if alarm.over_at is not None:
            if now - alarm.over_at > RECURS_AFTER:
                await session.delete(alarm)
            return
        seen_here = (alarm.channel, alarm.name) in self._seen
        if now - alarm.seen_at < (CALM if seen_here else UNSEEN):
            return
        alarm.over_at = now
        if was_told(alarm):
            await self._tell(session, alarm, Occasion.MENDED, now)

    async def _tell(
        self, session: AsyncSession, alarm: Alarm, occasion: Occasion, now: datetime
    ) -> bool:
        """Leave it for whoever wants to hear of it; tells whether that is anybody."""
        about = told_trouble(alarm.channel, alarm.sentence)
        left = 0
        for account in await self._receivers(session):
            wish = await wish_of(session, self._vault, account)
            at = send_at(wish, Occasion.TROUBLE, now)
            if at is not None:
                media = ways_around(alarm.channel, wish, self._ways)
                leave(session, account, media, occasion, now, at=at, about=about)
                left += len(media)
        return left > 0


def is_due(alarm: Alarm, now: datetime) -> bool:
    """Tell whether a trouble that is there now has to be told, for the first time or again."""
    if now - alarm.began_at < LASTS:
        return False
    pause = REMIND_AFTER if was_told(alarm) else RECURS_AFTER
    return alarm.told_at is None or now - alarm.told_at >= pause


def was_told(alarm: Alarm) -> bool:
    """Tell whether it was told since it began, this time."""
    return alarm.told_at is not None and alarm.told_at >= alarm.began_at


def ways_around(channel: str, wish: Wish, ways: Collection[Medium]) -> Sequence[Medium]:
    """Return by which ways to tell somebody: by others than that channel, if there are any."""
    media = [medium for medium in wish.media if medium in ways]
    others = [medium for medium in media if medium.value != channel]
    return others or media


async def open_alarms(session: AsyncSession) -> Sequence[Alarm]:
    """Return what is not over, whichever node has found it out, the oldest first."""
    standing = select(Alarm).where(Alarm.over_at.is_(None)).order_by(Alarm.began_at)
    return (await session.scalars(standing)).all()


async def who_is_told(
    session: AsyncSession, vault: Vault, accounts: Sequence[str], ways: Collection[Medium]
) -> list[str]:
    """Return those of the accounts that want to hear of troubles, and can be reached."""
    wishes = {each: await wish_of(session, vault, each) for each in accounts}
    return [
        account
        for account, wish in wishes.items()
        if set(wish.media) & set(ways)
        and wish.choices.get(Occasion.TROUBLE, Choice.OFF) is not Choice.OFF
    ]


async def _known(session: AsyncSession) -> dict[tuple[str, str], Alarm]:
    alarms = await session.scalars(select(Alarm).with_for_update())
    return {(alarm.channel, alarm.name): alarm for alarm in alarms}


async def _begin(session: AsyncSession, trouble: Trouble, now: datetime) -> None:
    """Note what has just begun, unless another node was first."""
    row = {
        "channel": trouble.channel,
        "name": trouble.name,
        "sentence": trouble.sentence[:LONGEST_SENTENCE],
        "began_at": now,
        "seen_at": now,
    }
    await session.execute(insert_into(session, Alarm).values(row).on_conflict_do_nothing())
