"""The brains seen from the gateway: child processes that are started, fed, watched and replaced.

One conversation is always handed to the same brain and one message at a time, in order. When a
brain dies, what it had not finished is handed out again; a message that takes brain after brain
down is given up and its sender told so.
"""

import asyncio
import contextlib
import logging
import signal
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec

from bot.conversation import wire
from bot.conversation.wire import (
    Done,
    Failed,
    FromBrain,
    NotYet,
    Overtaken,
    Parse,
    Parsed,
    Ready,
    Work,
)

logger = logging.getLogger(__name__)

TURNS_AT_ONCE = 4  # a brain; while one waits for its commit, another computes
LONGEST_TURN = 30.0  # seconds; a brain that takes longer is taken for hung
LONGEST_START = 180.0  # seconds; loading a model takes a tenth of it
# Whoever is in a brain when it is killed from outside is blamed with the guilty; after the first
# time a message is tried alone, and five deaths in a row are no accident any more.
MOST_ATTEMPTS = 5
MOST_FAILED_STARTS = 3
LONGEST_FAREWELL = 2.0  # seconds
PAUSE_BEFORE_RETRY = 0.1  # seconds; grows with the attempts
PAUSE_FOR_STORAGE = 1.0
BAD_MODEL = 3
"""Exit code of a brain that cannot load its model: starting another would not help."""

StartBrain = Callable[[socket.socket], Awaitable[asyncio.subprocess.Process]]


class BrainsDown(Exception):
    """No brain can be started; the message is fit for an operator."""


class Brain:
    """One child process and what it was given."""

    def __init__(self, number: int, on_frame: Callable[["Brain", FromBrain], None]) -> None:
        self.number = number
        self.ready = asyncio.Event()
        self.backlog: deque[Work] = deque()
        self.in_flight: dict[int, tuple[Work, float]] = {}
        self._on_frame = on_frame
        self._process: asyncio.subprocess.Process | None = None
        self._started = 0.0
        self._writer: asyncio.StreamWriter | None = None

    @property
    def pid(self) -> int | None:
        """The process id, while there is a process."""
        return self._process.pid if self._process else None

    async def live(self, start: StartBrain) -> tuple[int, bool]:
        """Start the process and serve it until it ends.

        Returns its exit code, and whether it had become ready to take turns.
        """
        self._process, self._started = None, time.monotonic()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await start(theirs)
        reader, self._writer = await asyncio.open_connection(sock=ours)
        try:
            while (frame := await wire.receive(reader, FromBrain)) is not None:
                if isinstance(frame, Ready):
                    self.ready.set()
                self._on_frame(self, frame)
            return await self._process.wait(), self.ready.is_set()
        finally:
            self.ready.clear()
            self._writer.close()
            await self._end()

    def give(self, work: Work) -> None:
        """Queue one turn for this brain."""
        self.backlog.append(work)
        self.pump()

    def pump(self) -> None:
        """Send as many queued turns as the brain should have at once."""
        while self.backlog and self._may_take(self.backlog[0]):
            work = self.backlog.popleft()
            self.in_flight[work.inbox_id] = (work, time.monotonic())
            self.send(work)

    def _may_take(self, work: Work) -> bool:
        """Tell whether a turn may begin now: one that failed before, only with nobody beside it.

        Tried again together, a message that kills brains and its neighbours would share every
        death, and the neighbours would be given up with it.
        """
        flying = [other for other, _ in self.in_flight.values()]
        if work.attempts or any(other.attempts for other in flying):
            return not flying
        return len(flying) < TURNS_AT_ONCE

    def send(self, frame: Work | Parse) -> None:
        """Put a frame on the way; a brain that has just died is noticed by its reader."""
        if self._writer is not None and not self._writer.is_closing():
            wire.send(self._writer, frame)

    async def _end(self) -> None:
        """Let the process finish its turns, which a hang-up makes it do, but not for long."""
        if self._process is None:
            return
        try:
            # Not wait_for: in Python 3.11 it may keep to itself that its task is cancelled.
            async with asyncio.timeout(LONGEST_FAREWELL):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End the process now."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)

    def take_all(self) -> tuple[list[Work], list[Work]]:
        """Give back what was in flight and what was queued."""
        flying = [work for work, _ in self.in_flight.values()]
        queued = list(self.backlog)
        self.in_flight.clear()
        self.backlog.clear()
        return flying, queued

    def hangs(self) -> bool:
        """Tell whether the process, or the oldest turn given to it, takes too long."""
        now = time.monotonic()
        if not self.ready.is_set():
            return self._process is not None and now - self._started > LONGEST_START
        return any(now - since > LONGEST_TURN for _, since in self.in_flight.values())


class Brains:
    """Keeps the brains alive and hands each conversation's messages out in order."""

    def __init__(
        self,
        count: int,
        start: StartBrain,
        on_done: Callable[[Work, Done | Overtaken], None],
        give_up: Callable[[Work], Awaitable[None]],
        prepare: Callable[[Work], Awaitable[Work] | None] = lambda _: None,
    ) -> None:
        """``give_up`` must close a turn that cannot be taken; it is retried until it succeeds.

        ``prepare`` makes a message ready whose turn has come, which may take its time and must not
        fail; None where there is nothing to make ready.
        """
        self._start = start
        self._on_done = on_done
        self._give_up = give_up
        self._prepare = prepare
        self._brains = [Brain(number, self._frame) for number in range(count)]
        self._conversations: dict[str, deque[Work]] = {}
        self._known: set[int] = set()
        self._homeless: list[Work] = []
        self._parses: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._parse_number = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self.turns_done = 0
        self.deaths = 0

    @property
    def open_turns(self) -> int:
        """How many messages wait for their turn or are in one."""
        return sum(len(queue) for queue in self._conversations.values())

    @property
    def pids(self) -> list[int]:
        """The process ids of the brains that are ready."""
        return [brain.pid for brain in self._live() if brain.pid]

    @property
    def is_ready(self) -> bool:
        """Whether at least one brain can take a turn."""
        return bool(self._live())

    async def run(self) -> None:
        """Keep every brain alive until cancelled. Raises BrainsDown when none can be started."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch())
                for brain in self._brains:
                    group.create_task(self._keep_alive(brain))
        except* BrainsDown as errors:
            raise errors.exceptions[0] from None
        finally:
            for task in self._tasks:
                task.cancel()

    async def wait_until_ready(self) -> None:
        """Return when every brain has loaded its model."""
        for brain in self._brains:
            await brain.ready.wait()

    def submit(self, works: Iterable[Work]) -> None:
        """Queue arrivals, in order; one that is already queued is not queued twice."""
        for work in works:
            if work.inbox_id in self._known:
                continue
            self._known.add(work.inbox_id)
            queue = self._conversations.setdefault(work.conversation_id, deque())
            queue.append(work)
            if len(queue) == 1:
                self._begin(work)

    async def parse(self, text: str) -> dict[str, Any]:
        """Have one text understood; raises BrainsDown when no brain lives."""
        live = self._live()
        if not live:
            raise BrainsDown("no brain is ready")
        self._parse_number += 1
        number = self._parse_number
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._parses[number] = answer
        try:
            live[number % len(live)].send(Parse(number, text))
            return await answer
        finally:
            del self._parses[number]

    def _live(self) -> list[Brain]:
        return [brain for brain in self._brains if brain.ready.is_set()]

    def _begin(self, work: Work) -> None:
        """Take up the message of a conversation whose turn has come."""
        preparing = self._prepare(work)
        if preparing is None:
            self._place(work)
        else:
            self._background(self._place_prepared(preparing))

    async def _place_prepared(self, preparing: Awaitable[Work]) -> None:
        self._place(await preparing)

    def _place(self, work: Work) -> None:
        live = self._live()
        if live:
            live[int(work.conversation_id[:8], 16) % len(live)].give(work)
        else:
            self._homeless.append(work)

    def _frame(self, brain: Brain, frame: FromBrain) -> None:
        if isinstance(frame, Ready):
            self._rehouse()
        elif isinstance(frame, Parsed):
            future = self._parses.get(frame.id)
            if future is not None and not future.done():
                future.set_result(frame.result)
        else:
            work, _ = brain.in_flight.pop(frame.inbox_id)
            self._settle(work, frame)
            brain.pump()

    def _settle(self, work: Work, frame: Done | Overtaken | NotYet | Failed) -> None:
        match frame:
            case Done() | Overtaken():
                self.turns_done += 1
                self._close(work)
                self._on_done(work, frame)
            case NotYet():
                self._later(work, PAUSE_BEFORE_RETRY)
            case Failed(passing=True):
                self._later(work, PAUSE_FOR_STORAGE)
            case Failed():
                self._attempted(work, frame.reason)

    def _attempted(self, work: Work, reason: str) -> None:
        tried = msgspec.structs.replace(work, attempts=work.attempts + 1)
        if tried.attempts < MOST_ATTEMPTS:
            self._later(tried, PAUSE_BEFORE_RETRY * tried.attempts)
        else:
            self._background(self._abandon(tried, reason))

    async def _abandon(self, work: Work, reason: str) -> None:
        logger.error("arrival %d given up after %d tries: %s", work.inbox_id, work.attempts, reason)
        while True:
            try:
                await self._give_up(work)
                break
            except Exception as error:
                logger.error("arrival %d: cannot be closed: %s", work.inbox_id, type(error))
                await asyncio.sleep(PAUSE_FOR_STORAGE)
        self._close(work)

    def _close(self, work: Work) -> None:
        self._known.discard(work.inbox_id)
        queue = self._conversations[work.conversation_id]
        queue.popleft()
        if queue:
            self._begin(queue[0])
        else:
            del self._conversations[work.conversation_id]

    def _later(self, work: Work, pause: float) -> None:
        asyncio.get_running_loop().call_later(pause, self._place, work)

    def _rehouse(self) -> None:
        waiting, self._homeless = self._homeless, []
        for work in waiting:
            self._place(work)

    async def _keep_alive(self, brain: Brain) -> None:
        failed_starts = 0
        while True:
            code, was_ready = await brain.live(self._start)
            self.deaths += 1
            logger.error("brain %d ended with code %s", brain.number, code)
            self._reclaim(brain)
            failed_starts = 0 if was_ready else failed_starts + 1
            if code == BAD_MODEL or failed_starts == MOST_FAILED_STARTS:
                raise BrainsDown(f"no brain can be started (exit code {code}; see above)")

    def _reclaim(self, brain: Brain) -> None:
        flying, queued = brain.take_all()
        for work in flying:
            self._attempted(work, "its brain died")
        for work in queued:
            self._place(work)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            for brain in self._brains:
                if brain.hangs():
                    logger.error("brain %d hangs; killing it", brain.number)
                    brain.kill()

    def _background(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
