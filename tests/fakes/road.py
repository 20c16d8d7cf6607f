"""The road of a message in memory: an inbox and a journal that answer by themselves.

It keeps the promises of `bot.conversation.contracts` (tests/fakes/road_contract.py holds it to
them), so a page can be tested without Rasa. It outlives the servers that are put on it: stopping a
server and starting another over the same road is a restart with its storage kept.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.conversation.contracts import Bell, Entry, Incoming, Kept, Reply, StorageDown
from bot.conversation.journal import ReaderBell

Answer = Callable[[str], Sequence[Reply]]


def echo(text: str) -> list[Reply]:
    """Answer with the citizen's own words."""
    return [Reply(text=f"Bạn hỏi: {text}")]


class FakeRoad:
    """Inbox and journal at once; `answer` makes the replies, `delay` seconds after a message.

    `down=True` plays a database that does not answer.
    """

    def __init__(self, answer: Answer = echo, *, delay: float = 0.0) -> None:
        self.answer = answer
        self.delay = delay
        self.down = False
        self.kept: list[Incoming] = []
        self._entries: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._bells: dict[tuple[str, str], list[ReaderBell]] = defaultdict(list)
        self._last_id = 0
        self._turns: set[asyncio.Task[None]] = set()

    async def put(self, incoming: Incoming) -> Kept:
        self._check()
        keys = [(each.channel, each.update_id) for each in self.kept]
        key = (incoming.channel, incoming.update_id)
        if key in keys:
            return Kept(keys.index(key) + 1, incoming.sender, repeated=True)
        self.kept.append(incoming)
        said = incoming.metadata.get("title", incoming.text)
        self._write(
            incoming,
            author="citizen",
            text=said,
            update_id=incoming.update_id,
            attachments=incoming.attachments,
        )
        turn = asyncio.create_task(self._turn(incoming))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return Kept(len(self.kept), incoming.sender, repeated=False)

    async def history(
        self,
        channel: str,
        sender: str,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Entry]:
        self._check()
        entries = self._entries.get((channel, sender), [])
        if after is not None:
            return [entry for entry in entries if entry.id > after][:limit]
        return [entry for entry in entries if before is None or entry.id < before][-limit:]

    @asynccontextmanager
    async def subscribe(self, channel: str, sender: str) -> AsyncIterator[Bell]:
        bell = ReaderBell()
        self._bells[channel, sender].append(bell)
        try:
            yield bell
        finally:
            self._bells[channel, sender].remove(bell)

    async def says(self, sender: str, *replies: Reply, channel: str = "web") -> None:
        """Write replies that nobody asked for, as a notification does."""
        to = Incoming(channel=channel, update_id="", sender=sender, text="")
        for reply in replies:
            self._write(to, author="bot", text=reply.text, reply=reply)

    async def settled(self) -> None:
        """Return when every message kept so far is answered."""
        await asyncio.gather(*self._turns)

    async def _turn(self, incoming: Incoming) -> None:
        await asyncio.sleep(self.delay)
        for reply in self.answer(incoming.text):
            self._write(incoming, author="bot", text=reply.text, reply=reply)

    def _write(self, incoming: Incoming, **line) -> None:
        self._last_id += 1
        key = (incoming.channel, incoming.sender)
        self._entries[key].append(Entry(id=self._last_id, at=datetime.now(UTC), **line))
        for bell in self._bells[key]:
            bell.ring()

    def _check(self) -> None:
        if self.down:
            raise StorageDown
