"""Notifications on real databases: each event told once, to whom it concerns."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.app.gateway import colleagues
from bot.notifications.errors import Never, NotNow, Unsure
from bot.notifications.herald import AT_ONCE, Colleague, Happening, Herald, Read
from bot.notifications.models import Delivery, Medium, Notification, Occasion, Wishes
from bot.notifications.office import Office
from bot.notifications.post import LEASE, Post, leave_trial
from bot.notifications.wishes import CHOSEN, Choice, Wish, keep_wish, wish_of
from bot.notifications.wording import SENT_AGAIN
from bot.staff.models import StaffRole
from bot.working_time.zone import VIETNAM
from tests.fakes.console import a_console, an_account
from tests.fakes.senders import FakeSender

MORNING = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)
ALL_NOW = dict.fromkeys(CHOSEN, Choice.NOW)
ORIGIN = "https://hoi.tinh.gov.vn"


class Killed(Exception):
    """The process ends here."""


def everywhere(province: str | None, commune: str | None) -> bool:
    return True


class Newsroom:
    """Events that happen, staff that wishes to hear of them, and offices that tell them."""

    def __init__(self, sessions, vault) -> None:
        self.sessions, self.vault = sessions, vault
        self.now = MORNING
        self.events: list[Happening] = []
        self.staff: list[Colleague] = []
        self.telegram, self.mail = FakeSender(), FakeSender()

    async def feed(self, session, number: int, limit: int) -> Read:
        some = [event for event in self.events if event.number > number][:limit]
        return Read(some[-1].number if some else number, some)

    async def newest(self, session) -> int:
        return self.events[-1].number if self.events else 0

    async def everybody(self, session) -> Sequence[Colleague]:
        return self.staff

    async def joins(self, name: str, *, leads=False, covers=everywhere, **wish) -> None:
        self.staff.append(Colleague(name, leads, covers))
        wish = Wish(**({"telegram": "1", "choices": ALL_NOW} | wish))
        async with self.sessions() as session, session.begin():
            await keep_wish(session, self.vault, name, wish)

    def happens(self, occasion: Occasion, case_id: int = 7, by: str = "", **more) -> None:
        number = len(self.events) + 1
        self.events.append(Happening(number, occasion, case_id, "Trễ hạn", by, **more))

    def office(self) -> Office:
        herald = Herald(self.vault, self.feed, self.newest, self.everybody)
        senders = {Medium.TELEGRAM: self.telegram, Medium.EMAIL: self.mail}
        post = Post(self.sessions, self.vault, lambda: self.now, senders, ORIGIN)
        return Office(self.sessions, herald, post, lambda: self.now)

    async def goes_round(self) -> None:
        await self.office().go_round()

    async def rows(self) -> list[Notification]:
        async with self.sessions() as session:
            found = await session.scalars(select(Notification).order_by(Notification.id))
            return found.all()


@pytest.fixture
async def room(sessions, vault) -> Newsroom:
    newsroom = Newsroom(sessions, vault)
    await newsroom.goes_round()  # the mark is set at the present end
    return newsroom


async def test_a_message_names_number_category_deadline_and_link_and_nobody(room):
    await room.joins("lan", email="lan@tinh.gov.vn")
    room.happens(Occasion.OVERDUE, due_at=datetime(2026, 11, 24, 17, tzinfo=VIETNAM))
    await room.goes_round()
    ((chat, _, text),) = room.telegram.taken
    assert chat == "1"
    assert text == (
        "Đã quá hạn · hạn 17:00 24/11/2026\n"
        "Phản ánh số 7 · Trễ hạn\n"
        "https://hoi.tinh.gov.vn/console/cases/7"
    )
    ((address, subject, mailed),) = room.mail.taken
    assert (address, subject, mailed) == ("lan@tinh.gov.vn", "Dân Hỏi: Đã quá hạn (số 7)", text)


async def test_addresses_stand_sealed(room):
    await room.joins("lan", telegram="123456789", email="lan@tinh.gov.vn")
    async with room.sessions() as session:
        row = await session.get_one(Wishes, "lan")
        assert b"123456789" not in row.telegram
        assert b"tinh" not in row.email
        assert (await wish_of(session, room.vault, "lan")).email == "lan@tinh.gov.vn"


async def test_what_happened_before_the_first_start_is_not_told(sessions, vault):
    newsroom = Newsroom(sessions, vault)
    await newsroom.joins("lan")
    newsroom.happens(Occasion.OVERDUE)
    await newsroom.goes_round()
    assert newsroom.telegram.taken == []


async def test_who_is_named_hears_and_else_the_area(room):
    await room.joins("lan", telegram="1")
    await room.joins("minh", telegram="2")
    await room.joins("xa", telegram="3", covers=lambda province, commune: False)
    room.happens(Occasion.NEW)
    room.happens(Occasion.ASSIGNED, by="minh", called=("lan",))
    room.happens(Occasion.REPLIED, called=("no-longer-here",))
    await room.goes_round()
    heard = {(row.account, row.occasion) for row in await room.rows()}
    assert heard == {
        ("lan", Occasion.NEW),
        ("minh", Occasion.NEW),
        ("lan", Occasion.ASSIGNED),
        ("lan", Occasion.REPLIED),
        ("minh", Occasion.REPLIED),
    }


async def test_what_is_taken_to_the_leads_reaches_those_of_the_area_and_who_has_the_case(room):
    await room.joins("lan")
    await room.joins("minh")
    await room.joins("truong-nhom", leads=True)
    await room.joins("noi-khac", leads=True, covers=lambda province, commune: False)
    room.happens(Occasion.ESCALATED, called=("lan",))
    await room.goes_round()
    assert {row.account for row in await room.rows()} == {"lan", "truong-nhom"}


async def test_nobody_hears_of_what_they_did_themselves(room):
    await room.joins("lan")
    room.happens(Occasion.ASSIGNED, by="lan", called=("lan",))
    await room.goes_round()
    assert await room.rows() == []


async def test_a_night_of_events_comes_as_one_message_in_the_morning(room):
    await room.joins("lan", quiet_from=time(21), quiet_until=time(7))
    room.now = MORNING + timedelta(hours=14)
    for case_id in range(1, 31):
        room.happens(Occasion.OVERDUE, case_id)
    await room.goes_round()
    assert room.telegram.taken == []
    room.now = MORNING + timedelta(hours=22)
    await room.goes_round()
    ((_, _, text),) = room.telegram.taken
    assert text.count("Phản ánh số") == 20
    assert "và 10 việc khác" in text


async def test_more_events_than_are_read_at_once_are_all_told(room):
    await room.joins("lan")
    for case_id in range(1, AT_ONCE * 2 + 2):
        room.happens(Occasion.NEW, case_id)
    await room.goes_round()
    rows = await room.rows()
    assert len(rows) == AT_ONCE * 2 + 1
    assert {row.delivery for row in rows} == {Delivery.SENT}


async def test_several_nodes_tell_each_event_once(room):
    await room.joins("lan")
    for case_id in range(1, 21):
        room.happens(Occasion.OVERDUE, case_id)
    await asyncio.gather(*(room.goes_round() for _ in range(3)))
    told = "\n".join(text for _, _, text in room.telegram.taken)
    assert all(told.count(f"Phản ánh số {case_id} ") == 1 for case_id in range(1, 21))


async def test_killed_while_reading_nothing_is_lost_or_doubled(room, monkeypatch):
    await room.joins("lan")
    room.happens(Occasion.OVERDUE)

    async def dying(*arguments):
        await left(*arguments)
        raise Killed

    left = Herald._notify
    with monkeypatch.context() as patched:
        patched.setattr(Herald, "_notify", dying)
        with pytest.raises(Killed):
            await room.goes_round()
    assert await room.rows() == []
    await room.goes_round()
    await room.goes_round()
    assert len(room.telegram.taken) == 1


async def test_killed_after_it_went_out_it_is_repeated_once_marked_and_never_again(room):
    await room.joins("lan")
    room.happens(Occasion.OVERDUE)
    for _ in range(2):
        room.telegram.troubles = [Killed()]
        with pytest.raises(Killed):
            await room.goes_round()
        room.now += LEASE
    await room.goes_round()
    (row,) = await room.rows()
    assert (row.delivery, row.unsure) == (Delivery.PARKED, 1)
    assert "twice" in row.reason


async def test_a_repeat_says_that_it_is_one_and_goes_alone(room):
    await room.joins("lan")
    room.happens(Occasion.OVERDUE, 1)
    room.telegram.troubles = [Unsure("no answer")]
    await room.goes_round()
    room.happens(Occasion.OVERDUE, 2)
    room.now += LEASE
    await room.goes_round()
    texts = [text for _, _, text in room.telegram.taken]
    assert [SENT_AGAIN in text for text in texts].count(True) == 1
    assert len(texts) == 2
    await room.goes_round()
    assert len(room.telegram.taken) == 2


async def test_a_passing_failure_waits_longer_each_time_and_as_long_as_it_was_asked(room):
    await room.joins("lan")
    room.happens(Occasion.OVERDUE)
    room.telegram.troubles = [NotNow("limit", retry_after=40), NotNow("down"), NotNow("down")]
    await room.goes_round()
    (row,) = await room.rows()
    assert row.next_try_at == room.now + timedelta(seconds=40)
    for _ in range(3):
        room.now += timedelta(minutes=1)
        await room.goes_round()
    ((_, _, text),) = room.telegram.taken
    assert SENT_AGAIN not in text  # it surely did not go out before


async def test_what_will_never_be_taken_and_what_never_passes_is_parked(room):
    await room.joins("lan")
    room.happens(Occasion.OVERDUE)
    room.telegram.troubles = [Never("chat not found")]
    await room.goes_round()
    room.happens(Occasion.OVERDUE)
    room.telegram.troubles = [NotNow("down")] * 500
    for _ in range(100):
        room.now += timedelta(minutes=31)
        await room.goes_round()
    assert [(row.delivery, row.reason) for row in await room.rows()] == [
        (Delivery.PARKED, "chat not found"),
        (Delivery.PARKED, "given up: down"),
    ]


async def test_one_whose_way_is_broken_holds_up_nobody(room):
    await room.joins("lan", telegram="1")
    await room.joins("minh", telegram="2")
    room.happens(Occasion.OVERDUE)
    room.telegram.troubles = [Never("chat not found")]
    await room.goes_round()
    assert [chat for chat, _, _ in room.telegram.taken] == ["2"]


async def test_who_took_their_address_away_is_not_written_to(room):
    await room.joins("lan", quiet_from=time(8), quiet_until=time(10))
    room.happens(Occasion.OVERDUE)
    await room.goes_round()
    async with room.sessions() as session, session.begin():
        await keep_wish(session, room.vault, "lan", Wish())
    room.now += timedelta(hours=2)
    await room.goes_round()
    assert room.telegram.taken == []
    assert (await room.rows())[0].delivery is Delivery.PARKED


async def test_a_trial_comes_at_once_also_in_quiet_hours(room):
    await room.joins("lan", quiet_from=time(0), quiet_until=time(23))
    async with room.sessions() as session, session.begin():
        leave_trial(session, "lan", [Medium.TELEGRAM], room.now)
    await room.goes_round()
    ((_, _, text),) = room.telegram.taken
    assert text.startswith("Tin gửi thử")


async def test_only_those_who_handle_cases_and_still_work_here_are_colleagues(engine, sessions):
    console = a_console(engine)
    await an_account(console, "lan", provinces=frozenset({"79"}))
    await an_account(console, "quan-tri", role=StaffRole.ADMIN)
    await an_account(console, "da-nghi", disabled_at=MORNING)
    async with sessions() as session:
        (lan,) = await colleagues(session)
    assert (lan.account, lan.leads) == ("lan", False)
    assert lan.covers("79", "26740")
    assert not lan.covers("01", "00004")


async def test_a_wish_can_be_changed(room):
    await room.joins("lan")
    async with room.sessions() as session, session.begin():
        await keep_wish(session, room.vault, "lan", Wish(email="lan@tinh.gov.vn"))
        await session.execute(update(Wishes).values(digest_at=450))
    async with room.sessions() as session:
        wish = await wish_of(session, room.vault, "lan")
    assert (wish.telegram, wish.email, wish.digest_at) == ("", "lan@tinh.gov.vn", time(7, 30))
