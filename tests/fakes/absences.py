"""Who cannot be written to, in memory."""

from bot.channels.base import PassingFailure, StorageDown


class FakeAbsences:
    """Keeps the promise of channels.absences.Absences; `down` plays a database that is away."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.down = False

    async def is_away(self, address: str) -> bool:
        self._check()
        return address in self.away

    async def keeps_from(self, address: str) -> bool:
        if self.down:
            raise PassingFailure("storage down")
        return address in self.away

    async def left(self, address: str) -> None:
        self._check()
        self.away.add(address)

    async def came_back(self, address: str) -> None:
        self._check()
        self.away.discard(address)

    def _check(self) -> None:
        if self.down:
            raise StorageDown
