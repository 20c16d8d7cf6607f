"""What the web chat's handlers share: its configuration, and the road seen from a browser."""

import time

import jinja2
from aiohttp import web
from msgspec import Struct

from bot.channels.base import Inbox, Incoming, Journal, Kept, storable
from bot.channels.web.cookie import Visitor
from bot.channels.web.limits import RateLimit
from bot.channels.web.stream import Streams
from bot.channels.web.view import Line, line, update_id
from bot.doors.assets import Asset
from bot.doors.http import Refused
from bot.hotline import Hotline

NAME = "web"  # Incoming.channel
MESSAGE_BYTES = 256 * 1024  # a pasted letter of 100 KB still gets an answer
PAGE_LINES = 50


class WebChat(Struct, frozen=True):
    """What the web chat needs from the rest of the program."""

    inbox: Inbox
    journal: Journal
    hotline: Hotline | None = None
    public_origin: str = ""  # "https://hoi.example.gov.vn"; empty: what the Host header says
    burst: int = 30  # messages of one conversation at once …
    per_minute: float = 30  # … and in the long run

    def is_https(self, request: web.Request) -> bool:
        """Tell whether browsers reach us over https, also through a proxy that we know of."""
        return request.secure or self.public_origin.startswith("https://")


class Site:
    """The web chat while it runs."""

    def __init__(self, chat: WebChat, assets: dict[str, Asset]) -> None:
        self.chat = chat
        self.assets = assets
        self.streams = Streams()
        self._limit = RateLimit(burst=chat.burst, per_minute=chat.per_minute, clock=time.monotonic)

    async def put(self, visitor: Visitor, message_id: str, text: str, *, payload: str = "") -> Kept:
        """Leave a message in the inbox. Raises Refused (429), StorageDown.

        `payload`: what the tapped button `text` stands for.
        """
        pause = self._limit.spend(visitor.address)
        if pause:
            raise Refused(429, "too_fast", "too many messages", retry_after=pause)
        text, payload = storable(text), storable(payload)
        incoming = Incoming(
            channel=NAME,
            update_id=update_id(visitor.address, message_id),
            sender=visitor.address,
            text=payload or text,
            metadata={"title": text} if payload else {},
        )
        return await self.chat.inbox.put(incoming)

    async def lines(
        self,
        visitor: Visitor,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int = PAGE_LINES,
    ) -> list[Line]:
        """Read the conversation, oldest first; the last lines unless told. Raises StorageDown."""
        entries = await self.chat.journal.history(
            NAME, visitor.address, after=after, before=before, limit=limit
        )
        return [line(entry) for entry in entries]


SITE = web.AppKey("web_chat", Site)
TEMPLATES = web.AppKey("web_chat_templates", jinja2.Environment)
