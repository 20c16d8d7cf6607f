"""Uploads in memory: what is taken is told by the true rule, pictures are not re-encoded."""

import asyncio
import secrets
from collections.abc import Sequence

from bot.conversation.contracts import StorageDown
from bot.feedback.errors import BadFile
from bot.feedback.models import Media
from bot.feedback.pictures import kind_of


class FakeUploads:
    """Implements contracts.Uploads; the thumbnail of a picture is the picture.

    `refusing` plays a reason why nothing is taken, `down` a database that does not answer, `free`
    a cleaner that is busy while it is not set.
    """

    def __init__(self) -> None:
        self.refusing: BadFile | None = None
        self.down = False
        self.free = asyncio.Event()
        self.free.set()
        self.files: dict[str, tuple[str, str, bytes]] = {}

    async def keep(self, channel: str, sender: str, body: bytes) -> str:
        self._check()
        await self.free.wait()
        kind_of(body)
        if self.refusing:
            raise self.refusing
        id = secrets.token_hex(16)
        self.files[id] = (channel, sender, body)
        return id

    async def there(self, channel: str, sender: str, ids: Sequence[str]) -> Sequence[str]:
        self._check()
        return [id for id in ids if self._is_of(id, channel, sender)]

    async def thumbnail(self, channel: str, sender: str, id: str) -> bytes | None:
        self._check()
        if not self._is_of(id, channel, sender):
            return None
        body = self.files[id][2]
        return b"" if kind_of(body) is Media.PDF else body

    async def discard(self, channel: str, sender: str, id: str) -> None:
        self._check()
        if self._is_of(id, channel, sender):
            del self.files[id]

    def _is_of(self, id: str, channel: str, sender: str) -> bool:
        return id in self.files and self.files[id][:2] == (channel, sender)

    def _check(self) -> None:
        if self.down:
            raise StorageDown
