"""Troubles of channels, told to those who look after them: once, again later, and when over."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.notifications.alarms import (
    CALM,
    LASTS,
    RECURS_AFTER,
    REMIND_AFTER,
    UNSEEN,
    Alarms,
    Trouble,
    open_alarms,
    who_is_told,
)
from bot.notifications.models import Medium, Notification, Occasion
from bot.notifications.post import Post
from bot.notifications.wishes import Choice, Wish, keep_wish
from bot.working_time.zone import VIETNAM
from tests.fakes.senders import FakeSender

MORNING = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)
ENDED = Trouble("zalo-oa", "token", "the grant has ended; run: zalo-oa-login")
BLOCKED = Trouble("telegram", "refused", "Telegram does not know the token")
BEGINS = "Kênh nhắn tin gặp sự cố, cần người vận hành xử lý"
ENDS = "Kênh nhắn tin đã hết sự cố"


class House:
    """A house with operators; each node hears of troubles by itself."""

    def __init__(self, sessions, vault) -> None:
        self.sessions, self.vault = sessions, vault
        self.now = MORNING
        self.operators: list[str] = []
        self.telegram, self.mail = FakeSender(), FakeSender()
        self.ways = {Medium.TELEGRAM: self.telegram, Medium.EMAIL: self.mail}
        self.node = self.starts()

    def starts(self) -> Alarms:
        """Another node, or the same after a restart."""
        return Alarms(self.sessions, self.vault, lambda: self.now, self._who, self.ways)

    async def _who(self, session) -> list[str]:
        return self.operators

    async def joins(self, name: str, **wish) -> None:
        self.operators.append(name)
        async with self.sessions() as session, session.begin():
            await keep_wish(session, self.vault, name, Wish(**wish))

    async def hears(self, *troubles: Trouble, after: timedelta = LASTS, node=None) -> list[str]:
        """Let time pass, find these troubles, and return what is read by e-mail of it."""
        self.now += after
        await (node or self.node).hear(troubles)
        before = len(self.mail.taken)
        post = Post(self.sessions, self.vault, lambda: self.now, self.ways, "https://hoi.vn")
        await post.send_due()
        return [text for _, _, text in self.mail.taken[before:]]

    async def standing(self) -> list[str]:
        async with self.sessions() as session:
            return [alarm.name for alarm in await open_alarms(session)]


@pytest.fixture
async def house(sessions, vault) -> House:
    house = House(sessions, vault)
    await house.joins("quan-tri", email="it@tinh.gov.vn")
    return house


async def test_a_trouble_that_lasts_is_told_once_and_its_end_in_one_line(house):
    assert await house.hears(ENDED) == []  # it has only begun
    (told,) = await house.hears(ENDED)
    assert told.splitlines() == [
        BEGINS,
        "Zalo OA: the grant has ended; run: zalo-oa-login",
        "https://hoi.vn/console/kenh",
    ]
    for _ in range(5):
        assert await house.hears(ENDED) == []
    assert await house.hears() == []  # it may come back
    (over,) = await house.hears(after=CALM)
    assert over == f"{ENDS}: Zalo OA: the grant has ended; run: zalo-oa-login"
    assert await house.hears(after=CALM) == []


async def test_what_passes_by_itself_is_not_told(house):
    assert await house.hears(ENDED) == []
    for _ in range(3):
        assert await house.hears(after=CALM) == []
    assert await house.standing() == []


async def test_what_lasts_is_told_again_after_a_day(house):
    await house.hears(ENDED)
    assert len(await house.hears(ENDED)) == 1
    assert await house.hears(ENDED, after=REMIND_AFTER - LASTS) == []
    assert len(await house.hears(ENDED)) == 1


async def test_what_comes_and_goes_is_told_once_an_hour(house):
    told = []
    for _ in range(3 * int(RECURS_AFTER / timedelta(minutes=10))):
        told += await house.hears(ENDED)
        told += await house.hears(ENDED)
        told += await house.hears(after=CALM)
        told += await house.hears(after=timedelta(minutes=8) - CALM)
    assert len([text for text in told if text.startswith(BEGINS)]) in (3, 4)
    assert len([text for text in told if text.startswith(ENDS)]) in (3, 4)


async def test_neither_a_restart_nor_a_second_node_says_it_again(house):
    await house.hears(ENDED)
    await house.hears(ENDED)
    after_restart, another = house.starts(), house.starts()
    for node in (after_restart, another, after_restart):
        assert await house.hears(ENDED, node=node) == []
    # One of them is mended; the other still knows of it.
    for _ in range(5):
        assert await house.hears(node=after_restart) == []
        assert await house.hears(ENDED, node=another, after=timedelta(seconds=5)) == []


async def test_what_nobody_has_found_since_a_restart_is_over_in_the_end(house):
    await house.hears(ENDED)
    await house.hears(ENDED)
    after_restart = house.starts()
    assert await house.hears(node=after_restart, after=UNSEEN - LASTS) == []
    assert len(await house.hears(node=after_restart)) == 1


async def test_a_channel_in_trouble_does_not_tell_of_itself_where_there_is_another_way(house):
    await house.joins("lan", telegram="-1001", email="lan@tinh.gov.vn")
    await house.joins("minh", telegram="42")
    await house.hears(BLOCKED, ENDED)
    assert len(await house.hears(BLOCKED, ENDED)) == 2
    by_telegram = {to: text for to, _, text in house.telegram.taken}
    assert "Telegram: " not in by_telegram["-1001"]
    assert "Zalo OA: " in by_telegram["-1001"]
    assert "Telegram: " in by_telegram["42"]  # tried until it is mended


async def test_who_does_not_want_it_or_gave_no_address_is_not_told(house):
    await house.joins("minh", email="m@tinh.gov.vn", choices={Occasion.TROUBLE: Choice.OFF})
    await house.joins("lan")
    await house.hears(ENDED)
    await house.hears(ENDED)
    assert {to for to, _, _ in house.mail.taken} == {"it@tinh.gov.vn"}
    async with house.sessions() as session:
        assert await who_is_told(session, house.vault, house.operators, house.ways) == ["quan-tri"]
        assert await who_is_told(session, house.vault, house.operators, []) == []


async def test_who_first_wants_to_hear_of_it_is_told_of_what_began_before(sessions, vault):
    house = House(sessions, vault)
    for _ in range(3):
        assert await house.hears(ENDED) == []
    await house.joins("quan-tri", email="it@tinh.gov.vn")
    assert len(await house.hears(ENDED)) == 1
    assert await house.hears(ENDED) == []


async def test_a_way_that_is_not_set_up_is_not_taken(house):
    del house.ways[Medium.TELEGRAM]
    await house.joins("lan", telegram="1", email="lan@tinh.gov.vn")
    await house.hears(ENDED)
    await house.hears(ENDED)
    async with house.sessions() as session:
        rows = await session.scalars(select(Notification.medium))
        assert set(rows) == {Medium.EMAIL}


async def test_at_night_it_waits_for_the_end_of_the_quiet_hours(house):
    house.now = MORNING.replace(hour=23)
    await house.hears(ENDED)
    assert await house.hears(ENDED) == []
    assert len(await house.hears(ENDED, after=timedelta(hours=8))) == 1
