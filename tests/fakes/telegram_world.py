"""Who is on the fake Telegram: chats, people who do things, and the updates that come of it."""

import asyncio
import itertools
import json

import aiohttp

BOT_ID = 4711
BOT = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Dân Hỏi",
    "username": "danhoi_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
NOW = 1795500000  # the clock of the fake, seconds; it moves a second a message
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}  # only when asked for
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between deliveries of one update


class Chat:
    """A private chat (positive id), or a group."""

    def __init__(self, id: int, kind: str, topics: tuple[int, ...] = ()) -> None:
        self.id = id
        self.kind = kind
        self.topics = topics
        self.started = True  # a bot writes first to nobody
        self.gone = False  # blocked the bot, or removed it
        self.messages: dict[int, dict] = {}

    def shown(self) -> dict:
        name = {"first_name": "An"} if self.kind == "private" else {"title": "Nhóm"}
        return {"id": self.id, "type": self.kind} | name

    @property
    def from_the_bot(self) -> list[dict]:
        return [m for m in self.messages.values() if m["from"]["id"] == BOT_ID]


class Webhook:
    """Where updates are delivered to."""

    def __init__(self, url: str, secret: str, connections: int) -> None:
        self.url = url
        self.secret = secret
        self.connections = connections
        self.room = asyncio.Semaphore(connections)
        self.last_error = ""
        self.statuses: list[int] = []


class World:
    """Chats and files, and updates until somebody has taken them.

    ``haste`` divides the pauses between deliveries of one update.
    """

    def __init__(self, haste: float = 1.0) -> None:
        self.haste = haste
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, bytes]] = {}  # by id: path, body
        self.too_big: set[str] = set()  # ids of files that are not handed out
        self.queries: dict[str, bool] = {}  # taps: whether they were answered
        self.pending: dict[int, tuple[int, dict]] = {}  # by update_id: chat, update
        self.allowed: set[str] | None = None
        self.webhook: Webhook | None = None
        self.arrived = asyncio.Event()
        self._http: aiohttp.ClientSession | None = None
        self._couriers: dict[int, asyncio.Task[None]] = {}
        self._updates = itertools.count(870_001)
        self._messages = itertools.count(1)
        self._names = itertools.count(1)

    def chat(self, id: int, kind: str = "", topics: tuple[int, ...] = ()) -> Chat:
        default = "private" if id > 0 else "supergroup"
        return self.chats.setdefault(id, Chat(id, kind or default, topics))

    def person(self, id: int) -> "Person":
        return Person(self, id, self.chat(id))

    def member(self, id: int, group: Chat) -> "Person":
        return Person(self, id, group)

    def write(self, chat: Chat, sender: dict, **content) -> dict:
        number = next(self._messages)
        message = {
            "message_id": number,
            "date": NOW + number,
            "chat": chat.shown(),
            "from": sender,
        } | content
        chat.messages[number] = message
        return message

    def keep_file(self, body: bytes, name: str) -> dict:
        number = next(self._names)
        file_id = f"BQACAgUAAx{number:06d}"
        self.files[file_id] = (f"{name}/file_{number}", body)
        return {"file_id": file_id, "file_unique_id": f"AQAD{number}", "file_size": len(body)}

    def new_query(self) -> str:
        query = str(4_000_000_000_000 + next(self._names))
        self.queries[query] = False
        return query

    def happens(self, chat: Chat, **update) -> int | None:
        """Make an update of what happened, if anybody asked for its kind."""
        (kind,) = update
        asked = kind not in UNASKED if self.allowed is None else kind in self.allowed
        if not asked:
            return None
        number = next(self._updates)
        self.pending[number] = (chat.id, {"update_id": number} | update)
        self.arrived.set()
        self.send_couriers()
        return number

    def send_couriers(self) -> None:
        """See that every chat with something pending has somebody who delivers it."""
        for chat in {chat for chat, _ in self.pending.values()}:
            courier = self._couriers.get(chat)
            if self.webhook and (courier is None or courier.done()):
                self._couriers[chat] = asyncio.create_task(self._deliver(chat))

    async def _deliver(self, chat: int) -> None:
        """Deliver the updates of one chat, each until it is taken, in order."""
        pause = FIRST_PAUSE
        while hook := self.webhook:
            number = next((n for n, (at, _) in self.pending.items() if at == chat), None)
            if number is None:
                return  # and nothing is awaited from here on: what comes later is seen
            status, asked = await self._post(hook, self.pending[number][1])
            hook.statuses.append(status)
            if 200 <= status < 300:
                self.pending.pop(number, None)
                pause = FIRST_PAUSE
                continue
            hook.last_error = f"Wrong response from the webhook: {status}"
            await asyncio.sleep((asked or pause) / self.haste)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, hook: Webhook, update: dict) -> tuple[int, float | None]:
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        body = json.dumps(update)  # as the real one: characters beyond ASCII are escaped
        try:
            self._http = self._http or aiohttp.ClientSession()
            async with (
                hook.room,
                self._http.post(
                    hook.url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(60)
                ) as answer,
            ):
                asked = answer.headers.get("Retry-After")
                return answer.status, min(float(asked), 3600) if asked else None
        except (aiohttp.ClientError, TimeoutError):
            return 0, None

    async def close(self) -> None:
        """Deliver nothing any more."""
        await self.recall_couriers()
        if self._http:
            await self._http.close()

    async def recall_couriers(self) -> None:
        couriers = [*self._couriers.values()]
        for courier in couriers:
            courier.cancel()
        await asyncio.gather(*couriers, return_exceptions=True)

    async def settled(self, seconds: float = 20) -> None:
        """Return when everything pending was taken."""
        async with asyncio.timeout(seconds):
            while self.pending:
                await asyncio.sleep(0.01)


class Person:
    """Somebody with a telephone, in the private chat with the bot or in a group."""

    def __init__(self, world: World, id: int, chat: Chat) -> None:
        self._world = world
        self.id = id
        self.chat = chat
        self.shown = {
            "id": id,
            "is_bot": False,
            "first_name": "An",
            "last_name": "Nguyễn",
            "language_code": "vi",
        }

    def says(self, text: str, **more) -> dict:
        entities = []
        if text.startswith("/"):
            length = len(text.split()[0])
            entities = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._sends(text=text, **({"entities": entities} if entities else {}), **more)

    def replies(self, text: str, to: dict) -> dict:
        return self._sends(text=text, reply_to_message=to)

    def sends_photo(self, body: bytes, **more) -> dict:
        """Send a picture as Telegram passes it on: in several sizes, the largest last."""
        small = self._world.keep_file(b"\xff\xd8\xff small", "photos") | {"width": 90, "height": 60}
        large = self._world.keep_file(body, "photos") | {"width": 1280, "height": 853}
        return self._sends(photo=[small, large], **more)

    def sends_album(self, *bodies: bytes, caption: str = "") -> list[dict]:
        group = str(13_000_000_000 + next(self._world._names))
        captions = [caption] + [""] * (len(bodies) - 1)
        return [
            self.sends_photo(body, media_group_id=group, **({"caption": words} if words else {}))
            for body, words in zip(bodies, captions, strict=True)
        ]

    def sends_document(self, body: bytes, mime: str, **more) -> dict:
        file = self._world.keep_file(body, "documents") | {"mime_type": mime, "file_name": "tep"}
        return self._sends(document=file | more.pop("document", {}), **more)

    def sends(self, **content) -> dict:
        """Send whatever else there is: voice, sticker, location, contact …"""
        return self._sends(**content)

    def edits(self, message: dict, text: str, *, seconds_later: int = 30) -> dict:
        changed = message | {"text": text, "edit_date": message["date"] + seconds_later}
        self.chat.messages[message["message_id"]] = changed
        self._world.happens(self.chat, edited_message=changed)
        return changed

    def taps(self, title: str) -> str:
        """Tap the newest button of that title; return the id of the query."""
        for message in reversed(self.chat.from_the_bot):
            for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    if button["text"] == title:
                        return self.taps_data(button["callback_data"], message)
        raise AssertionError(f"no button {title!r}")

    def taps_data(self, data: str, message: dict) -> str:
        query = self._world.new_query()
        self._world.happens(
            self.chat,
            callback_query={
                "id": query,
                "from": self.shown,
                "message": message,
                "chat_instance": "-7",
                "data": data,
            },
        )
        return query

    def blocks(self) -> None:
        self.chat.gone = True
        self._changes("member", "kicked")

    def returns(self) -> None:
        self.chat.gone = False
        self._changes("kicked", "member")

    def _changes(self, old: str, new: str) -> None:
        until = {"until_date": 0}
        standing = {
            name: {"user": BOT, "status": status} | (until if status == "kicked" else {})
            for name, status in (("old_chat_member", old), ("new_chat_member", new))
        }
        change = {"chat": self.chat.shown(), "from": self.shown, "date": NOW} | standing
        self._world.happens(self.chat, my_chat_member=change)

    def _sends(self, **content) -> dict:
        message = self._world.write(self.chat, self.shown, **content)
        self._world.happens(self.chat, message=message)
        return message

    @property
    def read(self) -> list[str]:
        """What the bot wrote into this chat."""
        return [m.get("text") or m.get("caption", "") for m in self.chat.from_the_bot]

    async def reads(self, words: str, *, seconds: float = 20) -> dict:
        """Wait for a message of the bot that holds these words; return the newest such one."""
        async with asyncio.timeout(seconds):
            while True:
                for message in reversed(self.chat.from_the_bot):
                    if words in (message.get("text") or message.get("caption", "")):
                        return message
                await asyncio.sleep(0.02)
