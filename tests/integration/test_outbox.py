"""Replies on their way to a messenger: in order, patiently, and never twice without need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.conversation import delivery_book
from bot.conversation.contracts import (
    Incoming,
    Limits,
    Pace,
    PassingFailure,
    PermanentFailure,
    Reply,
)
from bot.conversation.deliveries import newest_parked, queues, send_again
from bot.conversation.delivery_book import DeliveryBook
from bot.conversation.inbox import DurableInbox
from bot.conversation.models import Delivery, Message
from bot.conversation.outbox import GIVEN_UP_AFTER, Outbox
from bot.conversation.pacing import FIRST_PAUSE, LONGEST_PAUSE, pause_after
from bot.conversation.turn import Turns
from bot.conversation.wire import Work
from tests.fakes.messenger import FakeMessenger
from tests.fakes.turns import Saying


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


class Answering(Saying):
    """An assistant that answers every message in two replies."""

    async def respond(self, state: None, incoming: Incoming) -> tuple[list[Reply], None]:
        return [Reply(f"{incoming.text}: một"), Reply(f"{incoming.text}: hai")], None


class Post:
    """Turns that leave replies waiting, and outboxes that deliver them."""

    def __init__(self, engine, vault) -> None:
        self.engine, self.vault, self.clock = engine, vault, Clock()
        self._said = 0

    async def says(self, sender: str, text: str, channel: str = "fake") -> None:
        """Take the turn of one message whose replies are to be delivered."""
        self._said += 1
        works: list[Work] = []
        inbox = DurableInbox(self.engine, self.vault, "here", self.clock, works.extend)
        writer = asyncio.create_task(inbox.run())
        await inbox.put(Incoming(channel, str(self._said), sender, text, push=True))
        writer.cancel()
        turns = Turns(self.engine, self.vault, Answering(), "here", self.clock)
        await turns.take(works[0])

    async def goes_round(self, messenger: FakeMessenger, **others: FakeMessenger) -> None:
        """Run a new outbox, as after a restart, until it has done what is due."""
        async with self.open(fake=messenger, **others) as box:
            await self.all_done(box)

    @asynccontextmanager
    async def open(self, **messengers: FakeMessenger) -> AsyncIterator[Outbox]:
        """Run an outbox; left, it is killed where it stands."""
        box = Outbox(self.engine, self.vault, "here", self.clock, messengers)
        running = asyncio.create_task(box.run())
        try:
            yield box
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def all_done(self, box: Outbox, *, seconds: float = 20) -> None:
        """Return when nothing is due any more."""
        async with asyncio.timeout(seconds):
            while await self.due() or any(lane.under_way for lane in box.lanes.values()):
                await asyncio.sleep(0.005)

    async def due(self) -> bool:
        """Tell whether there is a conversation whose first waiting reply is due."""
        first = select(func.min(Message.id)).where(Message.delivery == Delivery.WAITING)
        first = first.group_by(Message.conversation_id)
        query = select(Message.id).where(Message.id.in_(first))
        async with self.engine.connect() as connection:
            found = await connection.execute(query.where(Message.next_try_at <= self.clock()))
            return found.first() is not None

    async def rows(self, delivery: Delivery) -> list[Message]:
        query = select(Message.reason, Message.platform_id, Message.attempts, Message.next_try_at)
        query = query.where(Message.delivery == delivery).order_by(Message.id)
        async with self.engine.connect() as connection:
            return (await connection.execute(query)).all()


@pytest.fixture
def post(engine, vault):
    return Post(engine, vault)


async def test_replies_are_delivered_in_order_and_remember_the_platforms_id(post):
    messenger = FakeMessenger()
    await post.says("an", "lệ phí")
    await post.says("an", "thời hạn")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["lệ phí: một", "lệ phí: hai", "thời hạn: một", "thời hạn: hai"]
    sent = await post.rows(Delivery.SENT)
    assert [row.platform_id for row in sent] == [f"platform id {n}" for n in (1, 2, 3, 4)]


async def test_a_pause_that_the_platform_asks_for_holds_that_conversation_only(post):
    messenger = FakeMessenger(an=[PassingFailure("429", retry_after=40)])
    await post.says("an", "a")
    await post.says("bình", "b")
    await post.goes_round(messenger)
    assert messenger.delivered == [("bình", "b: một"), ("bình", "b: hai")]
    post.clock.passes(seconds=39)
    await post.goes_round(messenger)
    assert messenger.to("an") == []
    post.clock.passes(seconds=1)
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: một", "a: hai"]


async def test_the_pauses_grow_while_the_platform_is_away(post):
    messenger = FakeMessenger(an=[PassingFailure("502") for _ in range(8)])
    await post.says("an", "a")
    pauses = []
    for attempt in range(1, 9):
        await post.goes_round(messenger)
        waiting = (await post.rows(Delivery.WAITING))[0]
        assert (waiting.attempts, waiting.reason) == (attempt, "502")
        pauses.append((waiting.next_try_at - post.clock.now) / FIRST_PAUSE)
        post.clock.now = waiting.next_try_at
    for attempt, pause in enumerate(pauses):
        assert 2**attempt / 2 <= pause <= 2**attempt
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: một", "a: hai"]


async def test_what_a_platform_will_never_take_is_parked_and_the_next_goes_on(post):
    messenger = FakeMessenger(an=[PermanentFailure("the text is too long")])
    await post.says("an", "a")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: hai"]
    (parked,) = await post.rows(Delivery.PARKED)
    assert parked.reason == "the text is too long"


async def test_a_reply_is_given_up_after_a_day_with_the_last_reason(post):
    away = [PassingFailure("the platform is away", retry_after=3600) for _ in range(30)]
    messenger = FakeMessenger(an=away)
    await post.says("an", "a")
    for _ in range(26):
        await post.goes_round(messenger)
        post.clock.passes(hours=1)
    parked = await post.rows(Delivery.PARKED)
    assert timedelta(hours=24) == GIVEN_UP_AFTER
    assert "the platform is away" in parked[0].reason
    assert len(messenger.tried) == 27  # the first for a day and an hour, then the second


async def test_after_a_restart_what_waited_is_delivered_once(post):
    await post.says("an", "a")
    await post.goes_round(FakeMessenger(an=[PassingFailure("502", retry_after=5)]))
    post.clock.passes(seconds=5)
    afterwards = FakeMessenger()
    await post.goes_round(afterwards)
    await post.goes_round(afterwards)
    assert afterwards.to("an") == ["a: một", "a: hai"]


async def test_a_channel_that_is_not_set_up_parks_instead_of_blocking(post):
    messenger = FakeMessenger()
    await post.says("an", "a", channel="gone")
    await post.says("an", "b")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["b: một", "b: hai"]
    assert {row.reason for row in await post.rows(Delivery.PARKED)} == {
        "the channel gone is not set up"
    }


async def test_the_running_outbox_delivers_when_it_is_rung(post):
    messenger = FakeMessenger()
    async with post.open(fake=messenger) as box:
        await asyncio.sleep(0.1)
        await post.says("an", "a")
        box.ring()
        await until(lambda: len(messenger.delivered) == 2)


async def until(come, *, seconds: float = 20) -> None:
    """Return when something has come true."""
    async with asyncio.timeout(seconds):
        while not come():
            await asyncio.sleep(0.005)


@given(st.integers(0, 10**6))
def test_a_pause_is_drawn_from_the_upper_half_and_never_longer_than_the_longest(attempts):
    whole = min(FIRST_PAUSE * 2 ** min(attempts, 40), LONGEST_PAUSE)
    assert whole / 2 <= pause_after(attempts, None) <= whole


@given(st.integers(0, 10**6), st.floats(0, 10**6))
def test_a_pause_that_was_asked_for_is_kept_to(attempts, asked):
    assert pause_after(attempts, asked) == timedelta(seconds=asked)


async def test_a_reply_goes_in_parts_in_order_and_the_next_after_it(post):
    messenger = FakeMessenger()
    await post.says("an", "a|b")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a", "b: một", "a", "b: hai"]
    assert messenger.again == []


async def test_after_a_failure_the_parts_that_were_taken_do_not_go_again(post):
    messenger = FakeMessenger()
    messenger.fail_at("an", 1, PassingFailure("502", retry_after=5))
    await post.says("an", "a|b|c")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a"]
    post.clock.passes(seconds=5)
    await post.goes_round(messenger)
    assert messenger.to("an")[:3] == ["a", "b", "c: một"]
    assert messenger.again == []


async def test_what_may_have_arrived_is_sent_again_and_says_so(post):
    messenger = FakeMessenger(an=[PassingFailure("no answer", may_have_arrived=True)])
    await post.says("an", "a")
    await post.goes_round(messenger)
    post.clock.passes(seconds=2)
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: một", "a: hai"]
    assert messenger.again == ["a: một"]


async def test_a_refusal_that_is_sure_after_an_answer_that_is_not_leaves_it_unsure(post):
    unsure, refused = PassingFailure("", may_have_arrived=True), PassingFailure("429")
    messenger = FakeMessenger(an=[unsure, refused])
    await post.says("an", "a")
    for _ in range(3):
        await post.goes_round(messenger)
        post.clock.passes(seconds=5)
    assert messenger.again == ["a: một"]


async def test_a_crash_while_a_part_is_on_its_way_costs_that_part_once_more_and_says_so(post):
    first = FakeMessenger()
    first.hold = lambda text: text == "b"
    await post.says("an", "a|b|c")
    async with post.open(fake=first) as box:
        box.ring()
        await until(lambda: len(first.tried) == 2)
    after = FakeMessenger()
    await post.goes_round(after)
    assert first.to("an") == ["a"]
    assert after.to("an") == ["b", "c: một", "a", "b", "c: hai"]
    assert after.again == ["b"]


async def test_a_crash_while_nothing_is_on_its_way_costs_nothing(post):
    await post.says("an", "a|b")
    async with post.open(fake=FakeMessenger(an=[PassingFailure("502", retry_after=9)])) as box:
        await post.all_done(box)
    post.clock.passes(seconds=9)
    after = FakeMessenger()
    await post.goes_round(after)
    assert (after.to("an"), after.again) == (["a", "b: một", "a", "b: hai"], [])


async def test_a_conversation_keeps_its_pace_and_the_others_theirs(post):
    messenger = FakeMessenger(Limits(None, lambda who: Pace(1, 0.3) if who == "an" else None))
    for who in ("an", "bình", "chi"):
        await post.says(who, "a")
    await post.goes_round(messenger)
    moments = messenger.moments("an")
    assert moments[1] - moments[0] >= 0.3
    assert max(*messenger.moments("bình"), *messenger.moments("chi")) < moments[1]


async def test_a_channel_keeps_its_pace_over_all_conversations(post):
    messenger = FakeMessenger(Limits(Pace(3, 0.4)))
    for number in range(4):
        await post.says(f"người {number}", "a")
    began = asyncio.get_running_loop().time()
    await post.goes_round(messenger)
    moments = sorted(at - began for at, _ in messenger.at)
    assert moments[3] >= 0.4
    assert moments[6] >= 0.8
    assert len(moments) == 8


async def test_who_asks_everybody_to_wait_is_not_called_by_anybody_and_other_channels_go_on(post):
    closed = FakeMessenger(an=[PassingFailure("rate", retry_after=1.5, everybody=True)])
    other = FakeMessenger()
    await post.says("an", "a")
    async with post.open(fake=closed, other=other) as box:
        box.ring()
        await until(lambda: box.lanes["fake"].is_closed)
        await post.says("bình", "b")
        await post.says("chi", "c", channel="other")
        box.ring()
        await until(lambda: other.to("chi") == ["c: một", "c: hai"])
        assert [who for who, _ in closed.tried] == ["an"]
        await until(lambda: len(closed.to("bình")) == 2)


async def test_who_does_not_answer_holds_up_nobody_else(post):
    messenger = FakeMessenger()
    messenger.hold = lambda text: text.startswith("a")
    await post.says("an", "a")
    await post.says("bình", "b")
    async with post.open(fake=messenger) as box:
        box.ring()
        await until(lambda: len(messenger.to("bình")) == 2)
        assert messenger.to("an") == []


async def test_a_channel_that_raises_what_it_must_not_is_tried_again(post, caplog):
    messenger = FakeMessenger(an=[KeyError("lời của người dân")])
    await post.says("an", "a")
    await post.goes_round(messenger)
    post.clock.passes(seconds=5)
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: một", "a: hai"]
    assert "KeyError" in (await post.rows(Delivery.SENT))[0].reason
    assert "lời của người dân" not in caplog.text


async def test_a_reply_that_cannot_be_drawn_is_parked_and_the_next_goes_on(post):
    messenger = FakeMessenger()
    messenger.unable = "một"
    await post.says("an", "a")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: hai"]
    (parked,) = await post.rows(Delivery.PARKED)
    assert parked.reason == "cannot be drawn: ValueError"


async def test_what_waits_is_not_looked_at_before_it_can_be_due(post, monkeypatch):
    await post.says("an", "a")
    messenger = FakeMessenger(an=[PassingFailure("502", retry_after=600)])
    async with post.open(fake=messenger) as box:
        await post.all_done(box)
        rows = await post.rows(Delivery.WAITING)
        assert {row.next_try_at for row in rows} == {post.clock.now + timedelta(seconds=600)}
        looks = []
        monkeypatch.setattr(box._book, "due", lambda *_: looks.append(1))
        await asyncio.sleep(0.1)  # in which it may still look once, rung at its beginning
        looks.clear()
        await asyncio.sleep(0.2)
        assert looks == []


async def test_a_clock_that_is_set_back_keeps_nothing_waiting(post):
    messenger = FakeMessenger()
    await post.says("an", "a")
    post.clock.passes(hours=-5)
    async with post.open(fake=messenger):
        await until(lambda: messenger.to("an") == ["a: một", "a: hai"])


async def test_a_pause_is_as_long_after_a_clock_that_was_set_back(post):
    await post.says("an", "a")
    await post.goes_round(FakeMessenger(an=[PassingFailure("429", retry_after=60)]))
    post.clock.passes(hours=-5)
    book = DeliveryBook(post.engine, "here", post.clock)
    await book.mend_times(timedelta(hours=5))
    (tried, _) = await post.rows(Delivery.WAITING)
    assert tried.next_try_at == post.clock.now + timedelta(seconds=60)


async def test_a_pause_of_a_clock_that_was_set_back_meanwhile_is_cut_short(post):
    await post.says("an", "a")
    post.clock.passes(hours=5)
    await post.goes_round(FakeMessenger(an=[PassingFailure("429", retry_after=60)]))
    post.clock.passes(hours=-5)
    messenger = FakeMessenger()
    async with post.open(fake=messenger):
        await until(lambda: messenger.to("an") == ["a: một", "a: hai"])


async def test_a_storage_that_goes_away_neither_loses_nor_doubles(post, monkeypatch):
    messenger = FakeMessenger()
    for number in range(5):
        await post.says(f"người {number}", "a")
    async with post.open(fake=messenger) as box:
        write, refused = box._book._write, [0]

        async def locked(batch):
            if refused[0] < 5:
                refused[0] += 1
                raise OperationalError("", None, Exception("database is locked"))
            await write(batch)

        monkeypatch.setattr(delivery_book, "PAUSE_FOR_STORAGE", 0.01)
        monkeypatch.setattr(box._book, "_write", locked)
        box.ring()
        await post.all_done(box)
    assert sorted(messenger.delivered) == sorted(
        (f"người {number}", f"a: {word}") for number in range(5) for word in ("một", "hai")
    )
    assert messenger.again == []


async def test_two_nodes_deliver_each_reply_once(post):
    messenger = FakeMessenger()
    for number in range(10):
        await post.says(f"người {number}", "a")
    there = Outbox(post.engine, post.vault, "there", post.clock, {"fake": messenger})
    running = asyncio.create_task(there.run())
    await post.goes_round(messenger)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(messenger.delivered) == len(set(messenger.delivered)) == 20


async def test_a_parked_reply_is_sent_again_before_what_was_said_after_it(post, sessions):
    messenger = FakeMessenger(an=[PermanentFailure("blocked")])
    await post.says("an", "a")
    await post.goes_round(messenger)
    async with sessions() as session, session.begin():
        (parked,) = await newest_parked(session)
        assert await send_again(session, parked.id, "here", post.clock()) == "fake"
        assert await send_again(session, parked.id, "here", post.clock()) is None
        assert (await queues(session))["fake"].waiting == 1
    await post.says("an", "b")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: hai", "a: một", "b: một", "b: hai"]
    assert await post.rows(Delivery.PARKED) == []


async def test_what_waits_for_its_reader_goes_out_when_they_write_before_the_new_answer(post):
    closed = [PermanentFailure("-230: seven days", until_inbound=True) for _ in range(2)]
    messenger = FakeMessenger(an=closed)
    await post.says("an", "a")
    await post.says("bình", "b")
    await post.goes_round(messenger)
    assert messenger.to("an") == []
    assert [row.reason for row in await post.rows(Delivery.PARKED)] == ["-230: seven days"] * 2
    post.clock.passes(days=9)
    await post.goes_round(messenger)
    await post.says("bình", "b")
    await post.goes_round(messenger)
    assert messenger.to("an") == []
    await post.says("an", "c")
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: một", "a: hai", "c: một", "c: hai"]
    assert messenger.again == []
    assert await post.rows(Delivery.PARKED) == []


async def test_what_waited_long_for_its_reader_gets_its_tries_like_any_other(post):
    closed = [PermanentFailure("-230", until_inbound=True) for _ in range(2)]
    messenger = FakeMessenger(an=[*closed, PassingFailure("502")])
    await post.says("an", "a")
    await post.goes_round(messenger)
    post.clock.passes(days=3)
    await post.says("an", "b")
    await post.goes_round(messenger)
    assert messenger.to("an") == []
    post.clock.passes(seconds=2)
    await post.goes_round(messenger)
    assert messenger.to("an") == ["a: một", "a: hai", "b: một", "b: hai"]
