"""Pictures and files that citizens send, cleaned and kept before the message that names them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import unquote

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.conversation.contracts import StorageDown
from bot.conversation.inbox import conversation_id
from bot.dossiers.codes import find_codes
from bot.feedback import evidence
from bot.feedback.errors import NoSuchEvidence
from bot.feedback.pictures import Cleaner
from bot.storage.vault import Vault
from bot.vietnamese import clean, fold


def codes_in(marks: Sequence[str]) -> list[str]:
    """Return the codes of dossiers that QR codes and barcodes name, alone or in an address."""
    found = (code for mark in marks for code in find_codes(fold(clean(unquote(mark)))))
    return list({code.key: code.written for code in found}.values())


class RoadUploads:
    """Keeps them as evidence that waits for its case; implements contracts.Uploads."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        vault: Vault,
        clock: Callable[[], datetime],
        cleaner: Cleaner,
    ) -> None:
        self._sessions = sessions
        self._vault = vault
        self._clock = clock
        self._cleaner = cleaner

    async def keep(self, channel: str, sender: str, body: bytes) -> str:
        """Clean a file and keep it; see contracts.Uploads."""
        file = await self._cleaner.clean(body)
        conversation = conversation_id(self._vault, channel, sender)
        async with self._transaction() as session:
            return await evidence.keep(
                session,
                self._vault,
                file,
                conversation,
                self._clock(),
                dossiers=codes_in(file.marks),
            )

    async def there(self, channel: str, sender: str, ids: Sequence[str]) -> Sequence[str]:
        """Return those that are kept for this person; see contracts.Uploads."""
        conversation = conversation_id(self._vault, channel, sender)
        async with self._transaction() as session:
            pieces = await evidence.own(session, self._vault, ids, conversation)
        kept = {piece.id for piece in pieces}
        return [id for id in ids if id in kept]

    async def thumbnail(self, channel: str, sender: str, id: str) -> bytes | None:
        """Return a picture's thumbnail; see contracts.Uploads."""
        conversation = conversation_id(self._vault, channel, sender)
        try:
            async with self._transaction() as session:
                return await evidence.own_thumbnail(session, self._vault, id, conversation)
        except NoSuchEvidence:
            return None

    async def discard(self, channel: str, sender: str, id: str) -> None:
        """Forget a file that no case has taken; see contracts.Uploads."""
        conversation = conversation_id(self._vault, channel, sender)
        async with self._transaction() as session:
            await evidence.discard(session, self._vault, id, conversation)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._sessions() as session, session.begin():
                yield session
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error
