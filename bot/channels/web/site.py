"""What the web chat's handlers share: its configuration, and the road seen from a browser."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import jinja2
from aiohttp import web
from msgspec import Struct

from bot.channels.base import Inbox, Incoming, Journal, Kept, Uploads, storable
from bot.channels.web.cookie import Visitor
from bot.channels.web.limits import RateLimit
from bot.channels.web.stream import Streams
from bot.channels.web.view import Line, line, update_id
from bot.doors.assets import Asset
from bot.doors.http import Refused
from bot.feedback.errors import BadFile, Unfit
from bot.hotline import Hotline

NAME = "web"  # Incoming.channel
MESSAGE_BYTES = 256 * 1024  # a pasted letter of 100 KB still gets an answer
PAGE_LINES = 50
MOST_ATTACHMENTS = 5  # of one message
UPLOADS_AT_ONCE = 20  # being read, by all browsers; each holds its bytes in memory meanwhile


class WebChat(Struct, frozen=True):
    """What the web chat needs from the rest of the program."""

    inbox: Inbox
    journal: Journal
    uploads: Uploads
    hotline: Hotline | None = None
    public_origin: str = ""  # "https://hoi.example.gov.vn"; empty: what the Host header says
    history_days: int = 90  # that the conversation is kept, as the page on privacy promises …
    case_days: int = 730  # … and what is personal of a case that is finished
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
        self._upload_limit = RateLimit(burst=10, per_minute=10, clock=time.monotonic)
        self._uploading = 0

    async def put(
        self,
        visitor: Visitor,
        message_id: str,
        text: str,
        *,
        payload: str = "",
        attachments: Sequence[str] = (),
    ) -> Kept:
        """Leave a message in the inbox. Raises Refused, StorageDown.

        `payload`: what the tapped button `text` stands for. `attachments`: ids of uploads.
        """
        _spend(self._limit, visitor)
        if len(attachments) > MOST_ATTACHMENTS:
            raise Refused(422, "file_count", "too many files for one message")
        if attachments and len(await self.still_there(visitor, attachments)) < len(attachments):
            raise Refused(409, "file_gone", "an attachment is not there any more")
        text, payload = storable(text), storable(payload)
        incoming = Incoming(
            channel=NAME,
            update_id=update_id(visitor.address, message_id),
            sender=visitor.address,
            text=payload or text,
            metadata={"title": text} if payload else {},
            attachments=tuple(attachments),
        )
        return await self.chat.inbox.put(incoming)

    @contextmanager
    def room_for_a_file(self) -> Iterator[None]:
        """Hold room for one file while it is read and kept. Raises Refused (503)."""
        if self._uploading >= UPLOADS_AT_ONCE:
            raise Refused(503, "file_busy", "too many uploads at once", retry_after=5)
        self._uploading += 1
        try:
            yield
        finally:
            self._uploading -= 1

    async def keep_file(self, visitor: Visitor, body: bytes) -> str:
        """Keep a file; returns its id. Raises Refused (413, 422, 429, 503), StorageDown."""
        _spend(self._upload_limit, visitor)
        try:
            return await self.chat.uploads.keep(NAME, visitor.address, body)
        except BadFile as error:
            raise not_taken(error.problem) from None

    async def still_there(self, visitor: Visitor, ids: Sequence[str]) -> Sequence[str]:
        """Return which of these files are kept for this browser. Raises StorageDown."""
        return await self.chat.uploads.there(NAME, visitor.address, ids) if ids else ()

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


def not_taken(problem: Unfit) -> Refused:
    """Say why a file is not taken."""
    status = {Unfit.TOO_LARGE: 413, Unfit.TOO_MANY: 429, Unfit.FULL: 503}.get(problem, 422)
    return Refused(status, f"file_{problem.name.lower()}", problem.value)


def _spend(limit: RateLimit, visitor: Visitor) -> None:
    pause = limit.spend(visitor.address)
    if pause:
        raise Refused(429, "too_fast", "too many at once", retry_after=pause)


SITE = web.AppKey("web_chat", Site)
TEMPLATES = web.AppKey("web_chat_templates", jinja2.Environment)
