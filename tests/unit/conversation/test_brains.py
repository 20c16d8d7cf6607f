"""The gateway's side of the brains: who gets what, and what happens when one fails or dies."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
import uvloop

from bot.conversation import brains as module
from bot.conversation import wire
from bot.conversation.brains import BAD_MODEL, MOST_ATTEMPTS, Brain, Brains, BrainsDown
from bot.conversation.contracts import Incoming, Reply
from bot.conversation.wire import Done, Failed, NotYet, Parse, Parsed, Ready, ToBrain, Work

NEVER = -1


class FakeBrain:
    """A brain in this process: a task at the other end of the socket, with a process's face.

    `answer(work)` gives the frame that ends a turn, or None to leave it open. A brain with an
    `exit_code` ends before it is ready, and with NEVER it hangs there.
    """

    def __init__(self, answer, exit_code: int | None = None) -> None:
        self.pid = id(self)
        self.returncode: int | None = None
        self.given: list[Work] = []
        self._answer = answer
        self._exit_code = exit_code
        self._ended = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    def starts(self, channel: socket.socket) -> None:
        self._task = asyncio.create_task(self._live(channel.dup()))

    async def _live(self, channel: socket.socket) -> None:
        reader, self._writer = await asyncio.open_connection(sock=channel)
        if self._exit_code is not None:
            if self._exit_code != NEVER:
                self.ends(self._exit_code)
            return
        wire.send(self._writer, Ready("fake"))
        while (frame := await wire.receive(reader, ToBrain)) is not None:
            if isinstance(frame, Work):
                self.given.append(frame)
                self.says(self._answer(frame))
            else:
                self.says(Parsed(frame.id, {"text": frame.text}))
        self.ends(0)

    def says(self, frame) -> None:
        if frame is not None:
            wire.send(self._writer, frame)

    def ends(self, code: int = -9) -> None:
        self.returncode = code
        self._writer.close()
        self._ended.set()

    def send_signal(self, _: int) -> None:
        self.ends()

    async def wait(self) -> int:
        await self._ended.wait()
        return self.returncode


class House:
    """Brains, the fakes that were started for them, and what became of each turn."""

    def __init__(self, count: int, answer, exit_code: int | None = None) -> None:
        self.started: list[FakeBrain] = []
        self.done: list[int] = []
        self.given_up: list[int] = []
        self._answer, self._exit_code = answer, exit_code
        self.brains = Brains(count, self._start, self._done, self._give_up)

    async def _start(self, channel: socket.socket) -> FakeBrain:
        brain = FakeBrain(self._answer, self._exit_code)
        brain.starts(channel)
        self.started.append(brain)
        return brain

    def _done(self, work, frame) -> None:
        self.done.append(work.inbox_id)

    async def _give_up(self, work) -> None:
        self.given_up.append(work.inbox_id)

    async def until(self, true) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def a_house(answer, count=1):
    house = House(count, answer)
    running = asyncio.create_task(house.brains.run())
    await asyncio.wait_for(house.brains.wait_until_ready(), 10)
    try:
        yield house
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """Pauses that nobody has to wait for."""
    monkeypatch.setattr(module, "PAUSE_BEFORE_RETRY", 0.001)
    monkeypatch.setattr(module, "PAUSE_FOR_STORAGE", 0.001)
    monkeypatch.setattr(module, "LONGEST_FAREWELL", 0.2)


def a_work(number: int, person: int = 0) -> Work:
    return Work(number, f"{person:08x}", Incoming("rest", str(number), str(person), "xin chào"))


def done(work: Work) -> Done:
    return Done(work.inbox_id, (Reply("chào"),))


def silence(_: Work) -> None:
    return None


async def test_a_conversation_is_handed_out_one_message_at_a_time():
    async with a_house(silence) as house:
        house.brains.submit([a_work(1), a_work(2), a_work(3, person=1)])
        (brain,) = house.started
        await house.until(lambda: len(brain.given) == 2)
        assert [work.inbox_id for work in brain.given] == [1, 3]
        brain.says(done(brain.given[0]))
        await house.until(lambda: len(brain.given) == 3)
        assert brain.given[-1].inbox_id == 2


async def test_a_conversation_stays_with_its_brain():
    async with a_house(done, count=3) as house:
        house.brains.submit([a_work(n, person=n % 5) for n in range(50)])
        await house.until(lambda: len(house.done) == 50)
        for person in range(5):
            homes = [
                brain
                for brain in house.started
                if any(work.conversation_id == f"{person:08x}" for work in brain.given)
            ]
            assert len(homes) == 1


async def test_what_is_queued_already_is_not_queued_twice():
    async with a_house(silence) as house:
        house.brains.submit([a_work(1), a_work(1)])
        house.brains.submit([a_work(1)])
        assert house.brains.open_turns == 1


async def test_when_a_brain_dies_another_takes_its_turns_in_order():
    async with a_house(silence) as house:
        house.brains.submit([a_work(1), a_work(2)])
        await house.until(lambda: house.started[0].given)
        house._answer = done
        house.started[0].ends()
        await house.until(lambda: len(house.done) == 2)
        assert house.done == [1, 2]
        assert house.brains.deaths == 1
        assert house.given_up == []


async def test_who_was_beside_a_death_is_tried_alone_and_the_others_meanwhile_wait():
    async with a_house(silence) as house:
        house.brains.submit([a_work(n, person=n) for n in range(6)])
        await house.until(lambda: len(house.started[0].given) == module.TURNS_AT_ONCE)
        house.started[0].ends()
        await house.until(lambda: len(house.started) == 2 and len(house.started[1].given) == 2)
        brain = house.started[1]
        taken = 0
        while taken < 6:
            flying = brain.given[taken:]
            assert len(flying) == 1 or all(work.attempts == 0 for work in flying)
            for work in flying:
                brain.says(done(work))
            taken += len(flying)
            await house.until(lambda: len(brain.given) > taken or len(house.done) == 6)  # noqa: B023
        assert house.given_up == []


async def test_a_message_whose_turn_fails_again_and_again_is_given_up_and_the_next_is_taken():
    def fails(work):
        return done(work) if work.inbox_id == 2 else Failed(work.inbox_id, "ValueError", False)

    async with a_house(fails) as house:
        house.brains.submit([a_work(1), a_work(2)])
        await house.until(lambda: house.done == [2])
        assert house.given_up == [1]
        assert [work.inbox_id for work in house.started[0].given] == [1] * MOST_ATTEMPTS + [2]


@pytest.mark.parametrize("frame", [Failed(1, "OperationalError", True), NotYet(1)])
async def test_a_turn_is_not_blamed_for_a_storage_that_is_down_or_for_being_early(frame):
    answers = [frame] * (3 * MOST_ATTEMPTS)

    async with a_house(lambda work: answers.pop() if answers else done(work)) as house:
        house.brains.submit([a_work(1)])
        await house.until(lambda: house.done == [1])
        assert house.given_up == []


async def test_a_brain_that_hangs_is_killed_and_its_turn_tried_again(monkeypatch):
    monkeypatch.setattr(module, "LONGEST_TURN", 0.1)
    async with a_house(silence) as house:
        house.brains.submit([a_work(1)])
        await house.until(lambda: house.started[0].given)
        house._answer = done
        await house.until(lambda: house.done == [1])
        assert len(house.started) == 2


async def test_a_brain_that_hangs_while_it_starts_is_replaced(monkeypatch):
    monkeypatch.setattr(module, "LONGEST_START", 0.1)
    house = House(1, done, exit_code=NEVER)
    with pytest.raises(BrainsDown):
        await asyncio.wait_for(house.brains.run(), 20)
    assert len(house.started) == module.MOST_FAILED_STARTS


async def test_a_turn_waits_while_no_brain_lives():
    house = House(1, done)
    house.brains.submit([a_work(1)])
    assert not house.brains.is_ready
    running = asyncio.create_task(house.brains.run())
    await house.until(lambda: house.done == [1])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_texts_are_parsed_and_without_a_brain_that_is_said():
    async with a_house(done) as house:
        assert await house.brains.parse("xin chào") == {"text": "xin chào"}
    with pytest.raises(BrainsDown):
        await House(1, done).brains.parse("xin chào")


@pytest.mark.parametrize(("code", "starts"), [(BAD_MODEL, 1), (1, module.MOST_FAILED_STARTS)])
async def test_brains_that_cannot_start_end_the_program_with_a_sentence(code, starts):
    house = House(1, done, exit_code=code)
    with pytest.raises(BrainsDown, match=f"exit code {code}"):
        await asyncio.wait_for(house.brains.run(), 20)
    assert len(house.started) == starts


def test_a_brain_that_has_just_died_is_sent_nothing():
    """On the loop of the program, where writing to what is closed raises."""

    async def dies() -> None:
        ours, theirs = socket.socketpair()
        theirs.close()
        brain = Brain(0, lambda brain, frame: None)
        _, brain._writer = await asyncio.open_connection(sock=ours)
        brain._writer.transport.abort()
        await asyncio.sleep(0.01)
        brain.send(Parse(1, "xin chào"))

    uvloop.run(dies())
