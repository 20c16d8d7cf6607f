"""Telegram's library, opened: one way for replies, notifications and commands."""

import logging

from telegram import Bot
from telegram.request import HTTPXRequest

TIMEOUT = 20.0  # seconds
AT_ONCE = 64  # connections

# The token is part of every address, and these write addresses down, the library also messages.
for _talkative in ("httpx", "httpcore", "telegram"):
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)


class Client:
    """The library's `bot`, and the connections behind it."""

    def __init__(self, token: str, api: str) -> None:
        """``api``: origin of the Bot API, Telegram's own or one that an operator runs."""
        self.id = int(token.partition(":")[0])  # of our account; the token begins with it
        self._connections = HTTPXRequest(AT_ONCE, connect_timeout=TIMEOUT, read_timeout=TIMEOUT)
        self.bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._connections,
            get_updates_request=self._connections,
        )

    async def close(self) -> None:
        """Close what is kept open to Telegram."""
        await self._connections.shutdown()
