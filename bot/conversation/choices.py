"""What a button or a typed number stands for: found again in what was said, nothing kept besides.

A token is the number of a line and of the button under it. It opens nothing by itself: it is only
looked up in the conversation of whoever tapped it, and is forgotten with the line.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.contracts import Button, Incoming, Reply, StorageDown
from bot.conversation.inbox import conversation_id
from bot.conversation.models import Author, Delivery, Message
from bot.storage.vault import Vault

Meant = Callable[[Incoming], Awaitable[Incoming]]
"""Puts a button in the place of what somebody did to choose it; see `Choices.meant`."""

TAPPED = "token"  # key of a message's metadata: of the button that was tapped
_TOKEN = re.compile(r"([0-9]{1,18})\.([0-9]{1,3})")
_NUMBER = re.compile(
    r"(?:(?:số|so|chọn|chon|mục|muc|câu|cau)\s+)?([0-9]{1,2})\s*[.)]?", re.IGNORECASE
)
_LINES = 20  # that the bot may have said since; what was offered before is out of sight
# Built once: any call of a messenger may ask, and building a statement costs more than running it.
_OFFERED_THEN = select(Message.content).where(
    Message.id == bindparam("line"),
    Message.conversation_id == bindparam("conversation"),
    Message.author == Author.BOT,
)
_SAID_LAST = (
    select(Message.content, Message.author)
    .where(
        Message.conversation_id == bindparam("conversation"),
        # What was not delivered was not seen, and offers nothing.
        Message.delivery.in_((Delivery.SENT, Delivery.NONE)),
    )
    .order_by(Message.id.desc())
    .limit(_LINES)
)


def token(message_id: int, number: int) -> str:
    """Name a button: `number` counts from 0 over the buttons of the line."""
    return f"{message_id}.{number}"


class Choices:
    """Finds the button that somebody means. Errors: StorageDown.

    Channels ask for it when a message arrives, so that "2" means what its writer then saw.
    """

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def meant(self, incoming: Incoming) -> Incoming:
        """Put a button in the place of its token (``metadata["token"]``) or of its typed number.

        A token that is not known goes, and the words stay as they are; where there are none, the
        message is of the kind "stale".
        """
        metadata = dict(incoming.metadata)
        tapped = metadata.pop(TAPPED, None)
        if tapped is not None:
            button = await self.tapped(incoming.channel, incoming.sender, str(tapped))
        else:
            button = await self.typed(incoming.channel, incoming.sender, incoming.text)
        if button is None:
            stale = {"kind": "stale"} if tapped is not None and not incoming.text else {}
            return replace(incoming, metadata=metadata | stale)
        return replace(incoming, text=button.payload, metadata=metadata | {"title": button.title})

    async def tapped(self, channel: str, sender: str, token: str) -> Button | None:
        """Return the button of a token; None for one that this person was never offered."""
        read = _TOKEN.fullmatch(token)
        if read is None:
            return None
        rows = await self._read(_OFFERED_THEN, channel, sender, line=int(read[1]))
        return self._button(rows[0].content, int(read[2])) if rows else None

    async def typed(self, channel: str, sender: str, text: str) -> Button | None:
        """Return the button whose number somebody typed: "2", "2.", "số 2".

        None when the text is something else, or when nothing was offered since they last spoke.
        """
        read = _NUMBER.fullmatch(text.strip())
        if read is None:
            return None
        for line in await self._read(_SAID_LAST, channel, sender):
            if line.author is Author.CITIZEN:
                return None
            if self._reply(line.content).buttons:
                return self._button(line.content, int(read[1]) - 1)
        return None

    def _button(self, content: bytes, number: int) -> Button | None:
        buttons = self._reply(content).buttons
        return buttons[number] if 0 <= number < len(buttons) else None

    def _reply(self, content: bytes) -> Reply:
        return msgspec.msgpack.decode(self._vault.open(content), type=Reply)

    async def _read(
        self, query: Select[Any], channel: str, sender: str, **asked: object
    ) -> Sequence[Row[Any]]:
        asked["conversation"] = conversation_id(self._vault, channel, sender)
        try:
            async with self._engine.connect() as connection:
                return (await connection.execute(query, asked)).all()
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error
