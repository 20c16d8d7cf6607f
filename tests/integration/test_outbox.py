"""Replies on their way to a messenger: in order, patiently, and never twice without need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.conversation.contracts import Incoming, PassingFailure, PermanentFailure, Reply
from bot.conversation.inbox import DurableInbox
from bot.conversation.models import Delivery, Message
from bot.conversation.outbox import GIVEN_UP_AFTER, Outbox
from bot.conversation.pacing import FIRST_PAUSE, LONGEST_PAUSE, pause_after
from bot.conversation.turn import Turns
from bot.conversation.wire import Work
from tests.fakes.messenger import FakeMessenger


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


class Answering:
    """An assistant that answers every message in two replies."""

    def begin(self, conversation_id: str) -> None:
        return None

    def load(self, conversation_id: str, dumped: bytes) -> None:
        return None

    def dump(self, state: None) -> bytes:
        return b"-"

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
        async with asyncio.timeout(20):
            while len(messenger.delivered) < 2:
                await asyncio.sleep(0.01)


@given(st.integers(0, 10**6))
def test_a_pause_is_drawn_from_the_upper_half_and_never_longer_than_the_longest(attempts):
    whole = min(FIRST_PAUSE * 2 ** min(attempts, 40), LONGEST_PAUSE)
    assert whole / 2 <= pause_after(attempts, None) <= whole


@given(st.integers(0, 10**6), st.floats(0, 10**6))
def test_a_pause_that_was_asked_for_is_kept_to(attempts, asked):
    assert pause_after(attempts, asked) == timedelta(seconds=asked)
