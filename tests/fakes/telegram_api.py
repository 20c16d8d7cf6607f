"""Telegram's Bot API on loopback, as strict as the real one about what it takes.

Real clients run against it (tests/integration/test_telegram_clients.py), which keeps it honest.
"""

import asyncio
import contextlib
import json
import re
import time
from collections import defaultdict, deque
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.telegram_world import BOT, NOW, Chat, Webhook, World

TOKEN = "4711:AAfake-token-of-the-tests"
LONGEST_TEXT = 4096  # UTF-16 units, as Telegram counts
LONGEST_CAPTION = 1024
LONGEST_DATA = 64  # bytes of a button's data
MOST_BUTTONS, MOST_IN_A_ROW = 100, 8
LARGEST_DOWNLOAD = 20 << 20
HOOK_PORTS = {443, 80, 88, 8443}
UPDATE_KINDS = {
    *("message", "edited_message", "channel_post", "edited_channel_post", "inline_query"),
    *("chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "poll"),
    *("poll_answer", "my_chat_member", "chat_member", "chat_join_request", "message_reaction"),
    "message_reaction_count",
}


class Refusal(Exception):
    """The API says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.answer = refusal(code, description, **parameters)


def refusal(code: int, description: str, **parameters: int) -> web.Response:
    body = {"ok": False, "error_code": code, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=code)


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


class FakeTelegram(World):
    """Takes messages for the chats it knows.

    `moods` are answers that it gives first to messages, `moods_of` to other methods: a response, a
    number of seconds to wait before going on, "hangs up" (nothing was taken), or "takes and hangs
    up". `calls` counts what was asked; `limited` makes it keep to Telegram's pace.
    """

    def __init__(self, *chats: int, haste: float = 1.0) -> None:
        super().__init__(haste)
        for id in chats:
            self.chat(id)
        self.taken: list[tuple[int, str]] = []
        self.moods: list[web.Response | str | float] = []
        self.moods_of: defaultdict[str, list[web.Response | str | float]] = defaultdict(list)
        self.calls: defaultdict[str, int] = defaultdict(int)
        self.limited = False
        self.pictures: dict[str, bytes] = {}  # what the fake finds on the web, by address
        self.commands: list[dict] = []
        self.origin = ""
        self._polling: asyncio.Event | None = None
        self._sent: defaultdict[int, deque[float]] = defaultdict(deque)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one method."""
        if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", request.match_info["token"]):
            return refusal(404, "Not Found")
        if request.match_info["token"] != TOKEN:
            return refusal(401, "Unauthorized")
        name, method = METHODS.get(request.match_info["method"].lower(), ("", None))
        if method is None:
            return refusal(404, "Not Found: method not found")
        self.calls[name] += 1
        form = await self._form(request)
        queue = self.moods if name in SENDS else self.moods_of[name]
        mood = queue.pop(0) if queue else None
        if isinstance(mood, web.Response):
            return mood
        if isinstance(mood, float | int):
            await asyncio.sleep(mood)
        if mood == "hangs up":
            return _hang_up(request)
        try:
            result = await method(self, form)
        except Refusal as no:
            return no.answer
        if mood == "takes and hangs up":
            return _hang_up(request)
        return web.json_response({"ok": True, "result": result})

    @staticmethod
    async def _form(request: web.Request) -> dict[str, str]:
        if request.content_type == "application/json":
            return await request.json()
        return dict(request.query) | dict((await request.post()).items())

    async def get_me(self, form: dict) -> dict:
        return BOT

    async def send_message(self, form: dict) -> dict:
        chat = self._chat(form)
        text = form.get("text", "")
        if not text.strip():
            raise bad("message text is empty")
        if _units(text) > LONGEST_TEXT:
            raise bad("message is too long")
        self.taken.append((chat.id, text))
        return self._written(chat, form, text=text)

    async def send_photo(self, form: dict) -> dict:
        chat = self._chat(form)
        photo, caption = form.get("photo", ""), form.get("caption", "")
        if _units(caption) > LONGEST_CAPTION:
            raise bad("message caption is too long")
        if isinstance(photo, web.FileField):
            body = photo.file.read()
        elif photo in self.files:
            body = self.files[photo][1]
        elif urlsplit(photo).scheme in ("http", "https"):
            if photo not in self.pictures:
                raise bad("failed to get HTTP URL content")
            body = self.pictures[photo]
        else:
            raise bad("wrong remote file identifier specified: Wrong string length")
        size = self.keep_file(body, "photos") | {"width": 10, "height": 10}
        self.taken.append((chat.id, caption))
        return self._written(chat, form, photo=[size], **({"caption": caption} if caption else {}))

    async def send_chat_action(self, form: dict) -> bool:
        self._chat(form)
        if form.get("action") != "typing":
            raise bad("wrong parameter action in request")
        return True

    async def answer_callback_query(self, form: dict) -> bool:
        query = form.get("callback_query_id", "")
        if self.queries.get(query, True):
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if _units(form.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.queries[query] = True
        return True

    async def get_file(self, form: dict) -> dict:
        file_id = form.get("file_id", "")
        if file_id not in self.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        path, body = self.files[file_id]
        if file_id in self.too_big or len(body) > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": file_id[-8:],
            "file_size": len(body),
            "file_path": path,
        }

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file, without its name and its type."""
        self.calls["download"] += 1
        queue = self.moods_of["download"]
        mood = queue.pop(0) if queue else None
        if isinstance(mood, web.Response):
            return mood
        if mood == "hangs up":
            return _hang_up(request)
        bodies = [body for path, body in self.files.values() if path == request.match_info["path"]]
        if request.match_info["token"] != TOKEN or not bodies:
            return refusal(404, "Not Found")
        return web.Response(body=bodies[0], content_type="application/octet-stream")

    async def get_updates(self, form: dict) -> list[dict]:
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._polling:  # the one that asks later wins
            self._polling.set()
        ended = self._polling = asyncio.Event()
        self._allow(form)
        offset = int(form.get("offset") or 0)
        for number in [n for n in self.pending if n < offset]:
            del self.pending[number]
        limit = int(form.get("limit") or 100)
        if not 1 <= limit <= 100:
            raise bad("limit must be between 1 and 100")
        until = time.monotonic() + min(float(form.get("timeout") or 0), 50)
        while not self.pending and time.monotonic() < until and not ended.is_set():
            self.arrived.clear()
            waits = [asyncio.create_task(each.wait()) for each in (self.arrived, ended)]
            left = until - time.monotonic()
            await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for each in waits:
                each.cancel()
        if ended.is_set():
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        self._polling = None
        return [update for _, update in [*self.pending.values()][:limit]]

    async def set_webhook(self, form: dict) -> bool:
        url = form.get("url", "")
        if not url:
            return await self.delete_webhook(form)
        secret = form.get("secret_token", "")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        connections = int(form.get("max_connections") or 40)
        if not 1 <= connections <= 100:
            raise bad("max_connections must be between 1 and 100")
        _check_address(url)
        self._allow(form)
        if form.get("drop_pending_updates") in ("true", "True", True):
            self.pending.clear()
        self.webhook = Webhook(url, secret, connections)
        if self._polling:
            self._polling.set()
        self.send_couriers()
        return True

    async def delete_webhook(self, form: dict) -> bool:
        if form.get("drop_pending_updates") in ("true", "True", True):
            self.pending.clear()
        self.webhook = None
        await self.recall_couriers()
        return True

    async def get_webhook_info(self, form: dict) -> dict:
        hook = self.webhook
        info = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }
        if hook:
            info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
        if hook and hook.last_error:
            info |= {"last_error_date": NOW, "last_error_message": hook.last_error}
        if self.allowed is not None:
            info["allowed_updates"] = sorted(self.allowed)
        return info

    async def set_my_commands(self, form: dict) -> bool:
        commands = _json(form.get("commands", ""), list, "can't parse BotCommands")
        for each in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", each.get("command", "").lstrip("/")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(each.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = commands
        return True

    def _allow(self, form: dict) -> None:
        if "allowed_updates" not in form:
            return
        kinds = _json(form["allowed_updates"], list, "can't parse allowed updates")
        if not set(kinds) <= UPDATE_KINDS:
            raise bad("unsupported update type specified")
        self.allowed = set(kinds) or None

    def _chat(self, form: dict) -> Chat:
        """Return the chat of a message that may be written to."""
        said = str(form.get("chat_id", ""))
        if not re.fullmatch(r"-?\d+", said) or int(said) not in self.chats:
            raise bad("chat not found")
        chat = self.chats[int(said)]
        if not chat.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.gone and chat.kind == "private":
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat.gone:
            raise Refusal(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if "parse_mode" in form:
            raise bad("these texts are plain")
        thread = form.get("message_thread_id")
        if thread is not None and int(thread) not in chat.topics:
            raise bad("message thread not found")
        if "reply_markup" in form:
            _check_keyboard(form["reply_markup"])
        if "link_preview_options" in form:
            _json(form["link_preview_options"], dict, "can't parse link preview options")
        self._keep_pace(chat)
        return chat

    def _keep_pace(self, chat: Chat) -> None:
        if not self.limited:
            return
        now = time.monotonic()
        rules = [(0, 30, 1.0), (chat.id, 20, 60.0) if chat.id < 0 else (chat.id, 1, 1.0)]
        for key, count, seconds in rules:
            sent = self._sent[key]
            while sent and now - sent[0] >= seconds:
                sent.popleft()
            if len(sent) >= count:
                pause = max(1, round(seconds - (now - sent[0])))
                raise Refusal(429, f"Too Many Requests: retry after {pause}", retry_after=pause)
        for key, _, _ in rules:
            self._sent[key].append(now)

    def _written(self, chat: Chat, form: dict, **content) -> dict:
        if "reply_markup" in form:
            content["reply_markup"] = json.loads(form["reply_markup"])
        if "message_thread_id" in form:
            thread = int(form["message_thread_id"])
            content |= {"message_thread_id": thread, "is_topic_message": True}
        return self.write(chat, BOT, **content)


METHODS = {
    name.lower(): (name, getattr(FakeTelegram, re.sub("[A-Z]", lambda m: f"_{m[0]}", name).lower()))
    for name in (
        *("getMe", "sendMessage", "sendPhoto", "sendChatAction", "answerCallbackQuery", "getFile"),
        *("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "setMyCommands"),
    )
}
SENDS = {"sendMessage", "sendPhoto"}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _json(text: str, kind: type, otherwise: str):
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        raise bad(otherwise) from None
    if not isinstance(value, kind):
        raise bad(otherwise)
    return value


def _check_keyboard(markup: str) -> None:
    rows = _json(markup, dict, "object expected as reply markup").get("inline_keyboard")
    if rows is None:
        raise bad("only inline keyboards are used here")
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button.get("text", "").strip():
            raise bad("can't parse inline keyboard button: Text must be non-empty")
        if not 1 <= len(button.get("callback_data", "").encode()) <= LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname in ("127.0.0.1", "localhost"):  # what the real one would never reach
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in HOOK_PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not parts.hostname or "." not in parts.hostname:
        raise bad("bad webhook: Failed to resolve host: Name or service not known")


def _hang_up(request: web.Request) -> web.Response:
    with contextlib.suppress(AttributeError):
        request.transport.close()
    return web.Response()


@asynccontextmanager
async def telegram_api(*chats: int, haste: float = 1.0):
    """Serve a fake Telegram that knows these chats."""
    fake = FakeTelegram(*chats, haste=haste)
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/bot{token}/{method}", fake.call)
    app.router.add_get("/file/bot{token}/{path:.+}", fake.download)
    async with TestServer(app) as server:
        fake.origin = str(server.make_url("")).rstrip("/")
        yield fake
        await fake.close()
