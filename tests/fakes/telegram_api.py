"""Telegram's sendMessage on loopback, as strict as the real one about what it takes."""

from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "4711:AAfake-token-of-the-tests"
LONGEST_TEXT = 4096  # characters


class FakeTelegram:
    """Takes messages for the chats it knows; `moods` are answers that it gives first."""

    def __init__(self, *chats: int) -> None:
        self.chats = set(chats)
        self.taken: list[tuple[int, str]] = []
        self.moods: list[web.Response | str] = []
        self.origin = ""

    async def send_message(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return refusal(401, "Unauthorized")
        form = await request.post()
        if self.moods:
            mood = self.moods.pop(0)
            if mood == "hangs up":
                request.transport.close()
                return web.Response()
            return mood
        chat, text = int(form["chat_id"]), form["text"]
        if chat not in self.chats:
            return refusal(400, "Bad Request: chat not found")
        if not text.strip() or len(text) > LONGEST_TEXT:
            return refusal(400, "Bad Request: message is empty or too long")
        if "parse_mode" in form:
            return refusal(400, "Bad Request: these texts are plain")
        self.taken.append((chat, text))
        message = {
            "message_id": len(self.taken),
            "date": 1795500000,
            "chat": {"id": chat, "type": "private"},
            "text": text,
        }
        return web.json_response({"ok": True, "result": message})


def refusal(code: int, description: str, **parameters: int) -> web.Response:
    body = {"ok": False, "error_code": code, "description": description}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=code)


@asynccontextmanager
async def telegram_api(*chats: int):
    fake = FakeTelegram(*chats)
    app = web.Application()
    app.router.add_post("/bot{token}/sendMessage", fake.send_message)
    async with TestServer(app) as server:
        fake.origin = str(server.make_url("")).rstrip("/")
        yield fake
