"""Facebook on loopback: the Send API, as strict as the real one, and what a page is told.

It signs what it delivers, keeps the 24-hour window, and refuses whatever the real one refuses:
unknown fields, titles and texts that are too long, people who never wrote to the page.
"""

import argparse
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.messenger import Page

PAGE_ID = "1044"
TOKEN = "EAAfake-token-of-the-tests"
SECRET = "fake-app-secret-of-the-tests"
VERIFY = "một từ riêng"
VERSION = "v23.0"
_numbers = itertools.count(1)


class FakeFacebook:
    """`moods` are answers that it gives first; `silent` people have not written for a day."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.knows_everybody = False
        self.on_taken: Callable[[str, dict], object] = lambda whom, message: None
        self.silent: set[str] = set()
        self.taken: list[tuple[str, dict]] = []
        self.moods: list[web.Response | str] = []
        self.files: dict[str, bytes] = {}
        self.origin = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post(f"/{VERSION}/me/messages", self.send)
        app.router.add_get("/files/{name}", self.give_file)
        return app

    @property
    def page(self) -> Page:
        host = self.origin.removeprefix("http://")
        return Page(
            TOKEN, SECRET, VERIFY, f"{self.origin}/{VERSION}", "https://hoi.example.vn", (host,)
        )

    def to(self, person: str) -> list[str]:
        return [message.get("text", "") for whom, message in self.taken if whom == person]

    # -- what the page sends --

    async def send(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(400, 190)
        if self.moods:
            mood = self.moods.pop(0)
            if mood == "hangs up":
                request.transport.close()
                return web.Response()
            return mood
        body = await request.json()
        problem = self._problem(body)
        if problem is not None:
            return problem
        person = body["recipient"]["id"]
        self.on_taken(person, body["message"])
        self.taken.append((person, body["message"]))
        return web.json_response({"recipient_id": person, "message_id": f"m_{next(_numbers)}"})

    def _problem(self, body: dict) -> web.Response | None:
        if set(body) != {"recipient", "messaging_type", "message"}:
            return refusal(400, 100)
        if set(body["recipient"]) != {"id"} or body["messaging_type"] not in ("RESPONSE", "UPDATE"):
            return refusal(400, 100)
        if body["recipient"]["id"] not in self.known and not self.knows_everybody:
            return refusal(400, 100, 2018001)
        if body["recipient"]["id"] in self.silent:
            return refusal(400, 10, 2018278)
        return None if fits(body["message"]) else refusal(400, 100)

    async def give_file(self, request: web.Request) -> web.Response:
        body = self.files.get(request.match_info["name"])
        return web.Response(body=body) if body is not None else web.Response(status=404)

    # -- what the page is told --

    def event(self, person: str, **what) -> dict:
        self.known.add(person)
        return {
            "sender": {"id": person},
            "recipient": {"id": PAGE_ID},
            "timestamp": 1795500000000,
            **what,
        }

    def says(self, person: str, text: str = "", *, mid: str = "", **more) -> dict:
        message = {
            "mid": mid or f"mid.{next(_numbers)}",
            **({"text": text} if text else {}),
            **more,
        }
        return self.event(person, message=message)


def fits(message: dict) -> bool:
    """Tell whether the Send API would take a message."""
    if "attachment" in message:
        payload = message["attachment"].get("payload", {})
        return set(message) == {"attachment"} and payload.get("url", "").startswith("https://")
    if not set(message) <= {"text", "quick_replies"}:
        return False
    text = message.get("text", "")
    if not text.strip() or len(text.encode("utf-16-le")) // 2 > 2000:
        return False
    replies = message.get("quick_replies", [])
    return len(replies) <= 13 and all(
        set(reply) == {"content_type", "title", "payload"}
        and reply["content_type"] == "text"
        and 0 < len(reply["title"]) <= 20
        and 0 < len(reply["payload"]) <= 1000
        for reply in replies
    )


def refusal(
    status: int, code: int, subcode: int = 0, headers: dict[str, str] | None = None
) -> web.Response:
    error = {"message": "…", "type": "OAuthException", "code": code, "error_subcode": subcode}
    return web.json_response({"error": error}, status=status, headers=headers)


def delivery(*events: dict, entries: int = 1) -> bytes:
    """Put events into the body of one call, over so many entries."""
    share = -(-len(events) // entries)
    parts = [events[start : start + share] for start in range(0, len(events), share)]
    body = {
        "object": "page",
        "entry": [{"id": PAGE_ID, "time": 1795500000000, "messaging": part} for part in parts],
    }
    return json.dumps(body, ensure_ascii=False).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={mac}", "Content-Type": "application/json"}


@asynccontextmanager
async def facebook():
    fake = FakeFacebook()
    async with TestServer(fake.app()) as server:
        fake.origin = str(server.make_url("")).rstrip("/")
        yield fake


# -- as a program of its own, which can be killed -----------------------------------------------


def main() -> None:
    """Serve until killed; what is taken is in the log before it is answered."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    wanted = parser.parse_args()
    log = wanted.log.open("a", buffering=1)
    fake = FakeFacebook()
    fake.knows_everybody = True
    fake.on_taken = lambda whom, message: log.write(json.dumps([whom, message["text"]]) + "\n")
    web.run_app(fake.app(), host="127.0.0.1", port=wanted.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
