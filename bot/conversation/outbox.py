"""The outbox: replies on their way to messengers, in order, until delivered or given up.

Each channel has a lane of its own, so that a platform that is away holds up no other. In a lane
each conversation has at most one message on its way, and its pauses hold up nobody else: who only
waits takes no place among those that send.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.contracts import (
    Messenger,
    Parcel,
    PassingFailure,
    PermanentFailure,
    Reply,
    storable,
)
from bot.conversation.deliveries import Standing
from bot.conversation.delivery_book import DeliveryBook, Waiting
from bot.conversation.failures import places
from bot.conversation.models import Delivery
from bot.conversation.pacing import Paces, pause_after
from bot.storage.vault import CannotOpen, Vault

logger = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(hours=24)
FEWEST_TRIES = 10  # also of what is old because it had waited for its reader
SENDING_AT_ONCE = 64  # of one channel
MOST_UNDER_WAY = 1000  # of one channel, those included that only keep its pace
LONGEST_DELIVERY = 90.0  # seconds; channels set shorter limits of their own
LOOK_AGAIN = 2.0  # seconds, at what is due and cannot go: another node has the line before it
LOOK_ANYHOW = 30.0  # seconds
PAUSE_FOR_EACH = 0.0001  # seconds between looks, for each conversation that is under way
LARGEST_DRIFT = 2.0  # seconds between two clocks, beyond which one of them was set


class Outbox:
    """Delivers this node's waiting replies."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        node: str,
        clock: Callable[[], datetime],
        messengers: Mapping[str, Messenger],
    ) -> None:
        """``messengers``: by the name of their channel."""
        self._vault = vault
        self._clock = clock
        self._book = DeliveryBook(engine, node, clock)
        self.lanes: dict[str, Lane] = {}
        self.connect(messengers)

    def connect(self, messengers: Mapping[str, Messenger]) -> None:
        """Add messengers; before it runs."""
        for name, messenger in messengers.items():
            self.lanes[name] = Lane(name, messenger, self._book, self._vault, self._clock)

    def ring(self, channel: str | None = None) -> None:
        """Tell that there is something to deliver; ``channel``: where, when that is known."""
        for name, lane in self.lanes.items():
            if channel in (None, name):
                lane.ring()

    def standings(self) -> list[Standing]:
        """Tell how each channel stands."""
        return [
            Standing(name, lane.is_closed, lane.sent, lane.retries)
            for name, lane in self.lanes.items()
        ]

    async def run(self) -> None:
        """Deliver until cancelled; a storage that is down is tried again."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._book.run())
            group.create_task(self._look_after())
            for lane in self.lanes.values():
                group.create_task(lane.run())

    async def _look_after(self) -> None:
        """Notice a clock that was set, and replies for channels that are no more."""
        before = None
        while True:
            drift = self._clock().timestamp() - time.monotonic()
            try:
                if before is None or drift < before - LARGEST_DRIFT:
                    await self._book.mend_times(timedelta(seconds=(before or drift) - drift))
                    self.ring()
                before = drift
                if parked := await self._book.park_strangers(self.lanes.keys()):
                    logger.error("%d replies parked: their channels are not set up", parked)
            except (SQLAlchemyError, OSError) as error:
                logger.warning("outbox: storage: %s", type(error).__name__)
            await asyncio.sleep(LOOK_AGAIN)


class Lane:
    """The way to one platform."""

    def __init__(
        self,
        channel: str,
        messenger: Messenger,
        book: DeliveryBook,
        vault: Vault,
        clock: Callable[[], datetime],
    ) -> None:
        self._channel = channel
        self._messenger = messenger
        self._book = book
        self._vault = vault
        self._clock = clock
        self._paces = Paces(messenger.limits)
        self._sending = asyncio.Semaphore(SENDING_AT_ONCE)
        self._closed_until = 0.0  # on the loop's clock; the platform refuses everybody so long
        self.under_way: dict[str, asyncio.Task[None]] = {}
        self._something_new = asyncio.Event()
        self.sent = self.sent_again = self.retries = self.parked = 0

    @property
    def is_closed(self) -> bool:
        """Whether the platform refuses whatever is sent to anybody, for now."""
        return self._closed_until > asyncio.get_running_loop().time()

    def ring(self) -> None:
        """Tell that there may be something to deliver."""
        self._something_new.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                self._something_new.clear()
                try:
                    pause = await self._set_out()
                except (SQLAlchemyError, OSError) as error:
                    logger.warning("outbox: storage: %s", type(error).__name__)
                    pause = LOOK_AGAIN
                # Whoever arrives rings; with hundreds under way not every ring is worth a look.
                await asyncio.sleep(len(self.under_way) * PAUSE_FOR_EACH)
                # Not wait_for, which on 3.11 forgets a cancellation that meets a ring.
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._something_new.wait()
        finally:
            for task in self.under_way.values():
                task.cancel()

    async def _set_out(self) -> float:
        """Begin what is due; return the seconds after which to look again without being rung."""
        closed = self._closed_until - asyncio.get_running_loop().time()
        if closed > 0:
            return closed
        # What arrives while we read is read as waiting: it is left for the next look.
        busy = set(self.under_way)
        if len(busy) >= MOST_UNDER_WAY:
            return LOOK_ANYHOW  # whoever arrives rings
        for waiting in await self._book.due(self._channel, MOST_UNDER_WAY):
            if waiting.conversation_id not in busy:
                self._begin(waiting)
        next_due_at = await self._book.next_due_at(self._channel)
        if next_due_at is None:
            return LOOK_ANYHOW
        pause = (next_due_at - self._clock()).total_seconds()
        return min(pause, LOOK_ANYHOW) if pause > 0 else LOOK_AGAIN

    def _begin(self, waiting: Waiting) -> None:
        task = asyncio.create_task(self.carry(waiting))
        self.under_way[waiting.conversation_id] = task

        def ended(_: object) -> None:
            del self.under_way[waiting.conversation_id]
            self.ring()

        task.add_done_callback(ended)

    async def carry(self, waiting: Waiting) -> None:
        """Deliver what is left of one reply, and write down how that went."""
        try:
            address = self._vault.open(waiting.address).decode()
            reply = msgspec.msgpack.decode(self._vault.open(waiting.content), type=Reply)
            parts = self._messenger.parts(reply)
        except CannotOpen as error:
            await self._park(waiting, str(error))
            return
        except Exception as error:  # one reply that cannot be drawn must not stop the others
            logger.error("message %d cannot be drawn:\n%s", waiting.id, places(error))
            await self._park(waiting, f"cannot be drawn: {type(error).__name__}")
            return
        while waiting.delivery is Delivery.WAITING and waiting.parts_sent < len(parts):
            waiting, failure = await self._send(waiting, address, parts)
            if failure is not None:
                await self._put_off(waiting, failure)
                return
        if waiting.delivery is Delivery.WAITING:
            await self._note(waiting, delivery=Delivery.SENT, sent_at=self._clock())

    async def _send(
        self, waiting: Waiting, address: str, parts: Sequence[Reply]
    ) -> tuple[Waiting, PassingFailure | None]:
        """Send the next part when its time has come."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._paces.in_conversation(address, loop.time()) - loop.time())
        parcel = Parcel(waiting.id, parts[waiting.parts_sent], waiting.attempt_at is not None)
        async with self._sending:
            await self._wait_for_the_channel()
            tried = await self._note(waiting, attempt_at=self._clock())
            self._paces.sent(address, loop.time())
            try:
                async with asyncio.timeout(LONGEST_DELIVERY):
                    platform_id = await self._messenger.deliver(address, parcel)
            except PermanentFailure as failure:
                return await self._park(tried, failure.reason, failure.until_inbound), None
            except PassingFailure as failure:
                return (tried if failure.may_have_arrived else waiting), failure
            except TimeoutError:
                return tried, PassingFailure("no answer", may_have_arrived=True)
            except Exception as error:
                logger.error("message %d: the channel failed:\n%s", waiting.id, places(error))
                reason = f"the channel failed: {type(error).__name__}"
                return tried, PassingFailure(reason, may_have_arrived=True)
        self.sent += 1
        self.sent_again += parcel.again
        taken = waiting.parts_sent + 1
        sent = replace(
            tried, parts_sent=taken, attempt_at=None, platform_id=storable(str(platform_id))
        )
        if taken == len(parts):
            sent = replace(sent, delivery=Delivery.SENT, sent_at=self._clock())
        return await self._note(sent), None

    async def _wait_for_the_channel(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._paces.overall(loop.time()) - loop.time())
        while (closed := self._closed_until - loop.time()) > 0:  # noqa: ASYNC110 - it may move on
            await asyncio.sleep(closed)

    async def _put_off(self, waiting: Waiting, failure: PassingFailure) -> None:
        now = self._clock()
        if now - waiting.said_at > GIVEN_UP_AFTER and waiting.attempts >= FEWEST_TRIES:
            await self._park(waiting, f"given up after a day: {failure.reason}")
            return
        pause = pause_after(waiting.attempts, failure.retry_after)
        if failure.everybody:
            self._closed_until = asyncio.get_running_loop().time() + pause.total_seconds()
        self.retries += 1
        await self._note(
            waiting,
            attempts=waiting.attempts + 1,
            next_try_at=now + pause,
            reason=failure.reason,
        )

    async def _park(self, waiting: Waiting, reason: str, awaits_reader: bool = False) -> Waiting:
        logger.error("message %d parked: %s", waiting.id, reason)
        self.parked += 1
        return await self._note(
            waiting,
            delivery=Delivery.PARKED,
            reason=reason or "no reason",
            attempt_at=None if awaits_reader else waiting.attempt_at,
            awaits_reader=awaits_reader,
        )

    async def _note(self, waiting: Waiting, **changes: object) -> Waiting:
        changed = replace(waiting, **changes)
        await self._book.mark(changed)
        return changed
