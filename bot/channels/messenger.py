"""Facebook Messenger: a page's webhook and its Send API, in one file.

The worked example of docs/adding-a-channel.md, which also says how well each limit and code is
known. Facts that it stands on: the signature is an HMAC over the raw bytes, a body holds two lists
one in the other, a page is told of its own messages too, and answers are taken for 24 hours after
the person's last message.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from msgspec import Struct

from bot.channels.base import (
    FILES,
    Button,
    Incoming,
    Limits,
    Pace,
    Parcel,
    PassingFailure,
    PermanentFailure,
    Reply,
    storable,
)
from bot.channels.calling import Answer, address_of, post_json
from bot.channels.downloads import Downloads
from bot.channels.files import keep_files
from bot.channels.house import House
from bot.channels.plain import parts, utf16, words
from bot.channels.troubles import Troubles
from bot.channels.webhook import Webhook, same
from bot.conversation.choices import TAPPED, token
from bot.doors.http import Refused
from bot.settings import Settings

NAME = "messenger"
PATH = "/webhooks/messenger"
SIGNATURE = "X-Hub-Signature-256"
LONGEST_TEXT = 2000
LONGEST_TITLE = 20  # of a quick reply; Facebook cuts off what is longer
MOST_QUICK_REPLIES = 13
GET_STARTED = "start"  # the payload to give to the page's "Get Started" button
GREET = "/greet"

# How turns know what was sent in place of words.
KINDS = {"audio": "voice", "video": "video"}


class Page(Struct, frozen=True):
    """What a page is known by."""

    token: str
    app_secret: str
    verify_token: str
    api: str  # origin and version of the Graph API
    origin: str  # our own, under which pictures are found
    file_hosts: tuple[str, ...] = ("fbcdn.net", "fbsbx.com")

    def __repr__(self) -> str:
        """Show nothing: most of it is secret."""
        return "Page(…)"

    @classmethod
    def read(cls, settings: Settings) -> "Page | None":
        """Take what concerns the page out of the program's settings; None where there is none."""
        if not settings.messenger_page_token:
            return None
        return cls(
            settings.messenger_page_token,
            settings.messenger_app_secret,
            settings.messenger_verify_token,
            settings.messenger_api,
            settings.origin,
            tuple(settings.messenger_file_hosts.split(",")),
        )


# -- what arrives -------------------------------------------------------------------------------


class _Party(Struct):
    id: str


class _Attachment(Struct):
    type: str = ""
    payload: dict[str, Any] | None = None


class _QuickReply(Struct):
    payload: str


class _Message(Struct):
    mid: str
    text: str = ""
    is_echo: bool = False
    attachments: list[_Attachment] = []
    quick_reply: _QuickReply | None = None


class _Postback(Struct):
    payload: str
    title: str = ""
    mid: str = ""


class _Event(Struct):
    sender: _Party | None = None
    timestamp: int = 0
    message: _Message | None = None
    postback: _Postback | None = None


class _Entry(Struct):
    messaging: list[Any] = []


class _Body(Struct):
    object: str
    entry: list[_Entry] = []


def events(body: bytes) -> Iterator[_Event | None]:
    """Yield the events of a call; None for one that we cannot read. Raises Refused (400)."""
    read = _read(body)
    for entry in read.entry if read.object == "page" else ():
        for raw in entry.messaging:
            try:
                yield msgspec.convert(raw, _Event)
            except msgspec.ValidationError:
                yield None


def _read(body: bytes) -> _Body:
    """Decode a call; half of an emoji in it, which msgspec refuses, must not cost the message."""
    try:
        return msgspec.convert(json.loads(body), _Body)
    except msgspec.ValidationError:
        raise Refused(400, "wrong_shape", "the body is no delivery") from None
    except (ValueError, RecursionError):
        raise Refused(400, "not_json", "the body is not valid JSON in UTF-8") from None


def understand(event: _Event) -> Incoming | None:
    """Make sense of an event; None for what wants no turn: echoes, receipts, reactions.

    A tapped button keeps its token in ``metadata``, for `Choices.meant`.
    """
    if event.sender is None:
        return None
    sender = storable(event.sender.id)
    if event.postback is not None:
        tapped = event.postback
        key = tapped.mid or f"{sender}\x1f{event.timestamp}\x1f{tapped.payload}"
        if tapped.payload == GET_STARTED:
            return _incoming(key, sender, GREET, {"title": storable(tapped.title) or GREET})
        return _incoming(key, sender, tapped.title, {TAPPED: storable(tapped.payload)})
    message = event.message
    if message is None or message.is_echo:
        return None
    metadata = _attached(message.attachments)
    if message.quick_reply is not None:
        metadata[TAPPED] = storable(message.quick_reply.payload)
    if not message.text and not metadata:
        metadata["kind"] = "unsupported"
    return _incoming(message.mid, sender, message.text, metadata)


def _incoming(key: str, sender: str, text: str, metadata: dict[str, Any]) -> Incoming:
    return Incoming(NAME, storable(key), sender, storable(text), metadata, push=True)


def _attached(attachments: Sequence[_Attachment]) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for attachment in attachments:
        payload = attachment.payload or {}
        match attachment.type:
            case "image" if "sticker_id" in payload:
                metadata["kind"] = "sticker"
            case "image" | "file":
                metadata.setdefault(FILES, []).append(storable(str(payload.get("url", ""))))
            case "location":
                metadata |= {"kind": "location", **_position(payload)}
            case "fallback":  # a link that was shared; its address stands in the text
                pass
            case kind:
                metadata["kind"] = KINDS.get(kind, "unsupported")
    return metadata


def _position(payload: Mapping[str, Any]) -> dict[str, float]:
    match payload.get("coordinates"):
        case {"lat": int() | float() as latitude, "long": int() | float() as longitude}:
            return {"latitude": float(latitude), "longitude": float(longitude)}
    return {}


# -- what is sent -------------------------------------------------------------------------------


def fit_under_the_text(buttons: Sequence[Button]) -> bool:
    """Tell whether Messenger shows these titles whole; else they are numbered in the text."""
    return all(utf16(button.title) <= LONGEST_TITLE for button in buttons)


def message_of(parcel: Parcel, origin: str) -> dict[str, Any]:
    """Write one part as the Send API takes it."""
    reply = parcel.reply
    if reply.image:
        picture = {"url": address_of(reply.image, origin), "is_reusable": True}
        return {"attachment": {"type": "image", "payload": picture}}
    message: dict[str, Any] = {"text": words(parcel)}
    whole = fit_under_the_text(reply.buttons)
    quick_replies = [
        {
            "content_type": "text",
            "title": button.title if whole else str(number + 1),
            "payload": token(parcel.message_id, number),
        }
        for number, button in enumerate(reply.buttons[:MOST_QUICK_REPLIES])
    ]
    return message | ({"quick_replies": quick_replies} if quick_replies else {})


class _Error(Struct):
    code: int = 0
    error_subcode: int = 0


class _Answer(Struct):
    message_id: str = ""
    error: _Error | None = None


TOO_FAST = frozenset({4, 32, 613, 80006})  # for the app or the page, not for one person
NOT_NOW = frozenset({1, 2, 1200})
OUR_RIGHTS = frozenset({10, 102, 190, 200, 230})  # token or permission: nothing goes to anybody
# Subcodes come first: with the same codes as missing rights, these are about one person only.
OUTSIDE_THE_WINDOW = frozenset({2018065, 2018278})
UNREACHABLE = frozenset({1545041, 2018108})
UNAVAILABLE = 551
PAUSE_FOR_RIGHTS = 300.0  # seconds; somebody has to mend it meanwhile


class NoRights(PassingFailure):
    """Nothing goes to anybody until somebody has mended our token or its rights."""


def judge(answer: Answer) -> str:
    """Return the id of a message that was taken. Raises PassingFailure, PermanentFailure."""
    said = answer.read(_Answer)
    if said.error is None and answer.status == 200 and said.message_id:
        return said.message_id
    error = said.error or _Error()
    reason = f"HTTP {answer.status}, code {error.code}/{error.error_subcode}"
    if error.error_subcode in OUTSIDE_THE_WINDOW:
        window = "more than 24 hours after the person's last message"
        raise PermanentFailure(window, until_inbound=True)
    if error.error_subcode in UNREACHABLE or error.code == UNAVAILABLE:
        raise PermanentFailure("the person takes no messages from the page", until_inbound=True)
    if error.code in TOO_FAST:
        raise PassingFailure(reason, retry_after=answer.retry_after, everybody=True)
    if error.code in OUR_RIGHTS:
        raise NoRights(reason, retry_after=PAUSE_FOR_RIGHTS, everybody=True)
    if error.code in NOT_NOW or answer.status >= 500:
        raise PassingFailure(reason, may_have_arrived=answer.status >= 500)
    raise PermanentFailure(reason)


# -- the channel --------------------------------------------------------------------------------


class Messenger:
    """One page; implements bot.channels.base.Channel."""

    name = NAME
    limits = Limits(overall=Pace(200, 1.0))  # Facebook takes 300 a second for a page

    def __init__(self, page: Page, house: House) -> None:
        self._page = page
        self._choices = house.choices
        self._uploads = house.uploads
        self._counts = house.counts
        self._webhook = Webhook(NAME, self.verified, self.read, house.inbox, house.counts)
        self._downloads = Downloads(page.file_hosts)
        self._http: aiohttp.ClientSession | None = None
        self.troubles = Troubles(NAME)

    def add_routes(self, app: web.Application) -> None:
        """Put up the door: GET once, when the page is connected, then POST."""
        self._webhook.add_to(app, PATH)
        app.router.add_get(PATH, self.confirm)

    async def confirm(self, request: web.Request) -> web.Response:
        """Answer Facebook's question whether this door is ours."""
        asked = request.query
        ours = same(asked.get("hub.verify_token", ""), self._page.verify_token)
        if asked.get("hub.mode") != "subscribe" or not ours:
            raise Refused(401, "not_genuine", "the verify token is missing or wrong")
        return web.Response(text=asked.get("hub.challenge", ""))

    def verified(self, headers: Mapping[str, str], body: bytes) -> bytes | None:
        """Return the body when the app's secret signed these bytes; see webhook.Verified."""
        signed = hmac.digest(self._page.app_secret.encode(), body, hashlib.sha256).hex()
        return body if same(headers.get(SIGNATURE, ""), f"sha256={signed}") else None

    async def read(self, body: bytes) -> Sequence[Incoming]:
        """Read a genuine call; see bot.channels.webhook.Read."""
        arrivals = []
        for event in events(body):
            incoming = understand(event) if event is not None else None
            if incoming is not None:
                arrivals.append(await self._choices.meant(incoming))
            else:
                self._counts.unread(NAME, "unreadable" if event is None else "aside")
        return arrivals

    def parts(self, reply: Reply) -> Sequence[Reply]:
        """Cut a reply into messages; a picture is one of its own, before the last words."""
        numbered = not fit_under_the_text(reply.buttons)
        *first, last = parts(reply, LONGEST_TEXT, length=utf16, choices=numbered)
        pictures = [Reply(image=last.image)] if last.image else []
        spoken = [Reply(last.text, last.buttons)] if last.text or not pictures else []
        return (*first, *pictures, *spoken)

    async def deliver(self, address: str, parcel: Parcel) -> str:
        """Send one message; see bot.conversation.contracts.Messenger."""
        if self._http is None:
            self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        message = {
            "recipient": {"id": address},
            "messaging_type": "RESPONSE",
            "message": message_of(parcel, self._page.origin),
        }
        rights = {"Authorization": f"Bearer {self._page.token}"}
        url = f"{self._page.api}/me/messages"
        try:
            taken = judge(await post_json(self._http, url, message, headers=rights))
        except NoRights as failure:
            self.troubles.begin("rights", f"Facebook refuses our token or its rights: {failure}")
            raise
        self.troubles.end("rights")
        return taken

    async def fetch(self, incoming: Incoming) -> Incoming:
        """Keep the files of a message; see bot.conversation.contracts.Messenger."""
        return await keep_files(incoming, self._uploads, self._downloads.get)

    async def run(self) -> None:
        """Nothing besides: Facebook delivers everything."""

    async def close(self) -> None:
        """Close the connections that are kept open."""
        await self._downloads.close()
        if self._http is not None:
            await self._http.close()
