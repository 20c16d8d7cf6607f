"""The Zalo Bot Platform on loopback: one bot, its people, one update at a time.

Answers are envelopes; a failure has its number in `error_code` and, with `http_errors`, as the HTTP
status too (both are reported of the real one). `moods` are given first: an error code, "hangs up",
"broken" (HTTP 502) or "html".
"""

import asyncio
import itertools
import json
import time
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.zalo_hosting import FakeHosting, hung_up

TOKEN = "4711:fake-token-of-the-tests"
SECRET = "secret-of-the-webhook"
AN = "6ede9afa66b88fe6d6a9"
LONGEST_TEXT = 2000
MOST_PEOPLE = 50
MOST_MESSAGES = 3000  # a month
DEADLINE = 2.0  # seconds in which a delivery has to be answered
_numbers = itertools.count(1)


class Refusal(Exception):
    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


class FakeZaloBot:
    """Takes messages for people who have written; `quota` is what is left of the month."""

    def __init__(self) -> None:
        self.origin = ""
        self.people: set[str] = set()
        self.taken: list[tuple[str, str, dict[str, str]]] = []
        self.waiting: asyncio.Queue[dict] = asyncio.Queue()
        self.webhook: tuple[str, str] | None = None
        self.quota = MOST_MESSAGES
        self.moods: list[int | str] = []
        self.hosting = FakeHosting()
        self.http_errors = False
        self.polls = 0

    # -- what people do ---------------------------------------------------------------------------

    def update(self, kind: str = "text", user: str = AN, **fields: object) -> dict:
        """Make an update, in the wrapper that the documentation shows."""
        if user not in self.people and len(self.people) >= MOST_PEOPLE:
            raise Refusal(403, "the bot has as many users as its plan allows")
        self.people.add(user)
        message = {
            "from": {"id": user, "display_name": "An", "is_bot": False},
            "chat": {"id": user, "chat_type": "PRIVATE"},
            "message_id": f"2d758cb5e22{next(_numbers):06d}",
            "message_type": "CHAT_MESSAGE",
            "date": time.time_ns() // 1_000_000,
        }
        return {
            "ok": True,
            "result": {"event_name": f"message.{kind}.received", "message": message | fields},
        }

    def says(self, text: str, user: str = AN) -> dict:
        return self.update(text=text, user=user)

    def sends_photo(self, url: str, user: str = AN, caption: str = "") -> dict:
        return self.update("image", user, photo_url=url, caption=caption)

    async def deliver(
        self, url: str, update: dict, *, secret: str = SECRET, flat: bool = False
    ) -> int | None:
        """Post an update; returns the answer, None for none. It is not delivered again."""
        body = json.dumps(update["result"] if flat else update, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "X-Bot-Api-Secret-Token": secret}
        limit = aiohttp.ClientTimeout(total=DEADLINE)
        try:
            async with (
                aiohttp.ClientSession() as client,
                client.post(url, data=body, headers=headers, timeout=limit) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return None

    # -- what the bot calls -----------------------------------------------------------------------

    async def call(self, request: web.Request) -> web.StreamResponse:
        match self.moods.pop(0) if self.moods else None:
            case "hangs up":
                return hung_up(request)
            case "broken":
                return web.Response(status=502, text="Bad Gateway")
            case "html":
                return web.Response(text="<html>Bảo trì</html>", content_type="text/html")
            case int(code):
                return self._failed(code, "as the test wants")
        if request.match_info["token"] != TOKEN:
            return self._failed(401, "Unauthorized")
        try:
            fields = await self._fields(request)
            result = await self._do(request.match_info["method"], fields)
        except Refusal as refusal:
            return self._failed(refusal.code, str(refusal))
        return web.json_response({"ok": True, "result": result})

    def _failed(self, code: int, description: str) -> web.Response:
        body = {"ok": False, "description": description, "error_code": code}
        return web.json_response(body, status=code if self.http_errors else 200)

    async def _fields(self, request: web.Request) -> dict[str, str]:
        if request.method == "GET" or not request.can_read_body:
            return dict(request.query)
        match request.content_type:
            case "application/json":
                body = await request.json()
                if not isinstance(body, dict):
                    raise Refusal(400, "Bad Request")
                return body
            case "application/x-www-form-urlencoded" | "multipart/form-data":
                return {name: str(value) for name, value in (await request.post()).items()}
        raise Refusal(400, "Bad Request: unsupported content type")

    async def _do(self, method: str, fields: dict[str, str]) -> object:
        match method:
            case "getMe":
                return {
                    "id": "1459232241454765289",
                    "account_name": "bot.danhoi",
                    "account_type": "BASIC",
                    "can_join_groups": False,
                }
            case "getUpdates":
                return await self._one_update(fields)
            case "setWebhook":
                return self._set_webhook(fields)
            case "deleteWebhook":
                self.webhook = None
                return {"url": "", "updated_at": time.time_ns() // 1_000_000}
            case "getWebhookInfo":
                url = self.webhook[0] if self.webhook else ""
                return {"url": url, "updated_at": time.time_ns() // 1_000_000}
            case "sendMessage":
                return self._take(fields, fields.get("text", ""))
            case "sendPhoto":
                if not str(fields.get("photo", "")).startswith("https://"):
                    raise Refusal(400, "Bad Request: photo must be an address")
                return self._take(fields, fields.get("caption", "(ảnh)"))
            case "sendChatAction":
                return {}
        raise Refusal(404, "Not Found")

    async def _one_update(self, fields: dict[str, str]) -> object:
        """Give one update, which is gone with that, or end the wait with 408."""
        if self.webhook:
            raise Refusal(400, "Bad Request: a webhook is set")
        self.polls += 1
        try:
            timeout = float(fields.get("timeout", 30))
            update = await asyncio.wait_for(self.waiting.get(), timeout)
        except TimeoutError:
            raise Refusal(408, "Request timeout") from None
        return update["result"]

    def _set_webhook(self, fields: dict[str, str]) -> object:
        url, secret = fields.get("url", ""), fields.get("secret_token", "")
        if not url.startswith("https://") or not 8 <= len(secret) <= 256:
            raise Refusal(400, "Bad Request: url or secret_token is invalid")
        self.webhook = (url, secret)
        return {"url": url, "updated_at": time.time_ns() // 1_000_000}

    def _take(self, fields: dict[str, str], text: str) -> object:
        known = {"chat_id", "text", "photo", "caption", "parse_mode", "reply_to_message_id"}
        if set(fields) - known or not isinstance(text, str):
            raise Refusal(400, "Bad Request: unknown parameter")
        if not 0 < len(text) <= LONGEST_TEXT or not text.strip():
            raise Refusal(400, "Bad Request: text is empty or too long")
        if fields.get("chat_id") not in self.people:
            raise Refusal(400, "Bad Request: chat not found")
        if self.quota <= 0:
            raise Refusal(429, "Quota exceeded")
        self.quota -= 1
        self.taken.append((str(fields["chat_id"]), text, fields))
        return {"message_id": f"sent-{len(self.taken)}", "date": time.time_ns() // 1_000_000}


@asynccontextmanager
async def zalo_bot_api():
    fake = FakeZaloBot()
    app = web.Application()
    app.router.add_get("/files/{name}", fake.hosting.give)
    app.router.add_route("*", "/bot{token}/{method}", fake.call)
    async with TestServer(app) as server:
        fake.origin = str(server.make_url("")).rstrip("/")
        yield fake
