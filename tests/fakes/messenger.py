"""A messaging app in memory, for the outbox and the road."""

import asyncio
from collections.abc import Callable, Sequence

from bot.conversation.contracts import (
    FILES,
    Incoming,
    Limits,
    Parcel,
    PermanentFailure,
    Reply,
)


class FakeMessenger:
    """Takes everything; `troubles` holds, by address, what it raises before it takes.

    A reply is cut at each "|"; one that has the word `unable` cannot be. `hold` tells of which
    texts the delivery hangs. `files` holds what can be fetched, by the word in
    `metadata["files"]`: the id that it gets, or what is raised first; `slow` unset makes whoever
    fetches wait.
    """

    def __init__(self, limits: Limits | None = None, **troubles: list[Exception]) -> None:
        self.limits = limits or Limits()
        self.delivered: list[tuple[str, str]] = []
        self.tried: list[tuple[str, str]] = []
        self.again: list[str] = []
        self.at: list[tuple[float, str]] = []
        self.files: dict[str, list[str | Exception]] = {}
        self.hold: Callable[[str], bool] = lambda text: False
        self.unable = ""
        self.slow = asyncio.Event()
        self.slow.set()
        self._troubles = troubles
        self._fails: dict[tuple[str, int], Exception] = {}

    def fail_at(self, address: str, number: int, failure: Exception) -> None:
        """Raise this once, when so many were delivered to the address."""
        self._fails[address, number] = failure

    def parts(self, reply: Reply) -> Sequence[Reply]:
        if self.unable and self.unable in reply.text:
            raise ValueError(reply.text)
        return [Reply(piece) for piece in reply.text.split("|")]

    async def deliver(self, address: str, parcel: Parcel) -> str:
        self.tried.append((address, parcel.reply.text))
        self.at.append((asyncio.get_running_loop().time(), address))
        if self.hold(parcel.reply.text):
            await asyncio.Event().wait()
        if failure := self._fails.pop((address, len(self.to(address))), None):
            raise failure
        if trouble := self._troubles.get(address):
            raise trouble.pop(0)
        self.delivered.append((address, parcel.reply.text))
        if parcel.again:
            self.again.append(parcel.reply.text)
        return f"platform id {len(self.delivered)}"

    async def fetch(self, incoming: Incoming) -> Incoming:
        await self.slow.wait()
        metadata = dict(incoming.metadata)
        ids = []
        for name in metadata.pop(FILES):
            answers = self.files.get(name)
            if not answers:
                raise PermanentFailure("gone")
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            ids.append(answer)
        return Incoming(
            incoming.channel,
            incoming.update_id,
            incoming.sender,
            incoming.text,
            metadata,
            incoming.push,
            tuple(ids),
        )

    def moments(self, address: str) -> list[float]:
        return [at for at, whom in self.at if whom == address]

    def to(self, address: str) -> list[str]:
        return [text for at, text in self.delivered if at == address]
