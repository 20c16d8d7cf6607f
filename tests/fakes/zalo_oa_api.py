"""Zalo's OpenAPI v3 and its OAuth on loopback, as strict as the real ones about what they take.

Failures come as HTTP 200 with an error in the body, as the real ones do; `moods` are answers that
are given first: an error code, or "hangs up", "slow", "broken" (HTTP 502), "html".
"""

import asyncio
import itertools
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.fakes.zalo_hosting import FakeHosting, hung_up
from tests.fakes.zalo_oa_events import APP_ID, OA_ID, signed

APP_SECRET = "app-secret-of-the-tests"
LONGEST_TEXT = 2000  # characters
MOST_BUTTONS = 5
LONGEST_TITLE = 100
LONGEST_PAYLOAD = 1000
TOKEN_LIFE = 90_000  # seconds
REPLY_QUOTA = 8
RETRIES = (30, 300, 900, 1800, 3600)  # seconds after which an event is delivered again
DEADLINE = 2.0  # seconds in which a delivery has to be answered
BUTTON_PAYLOADS: dict[str, Callable[[object], bool]] = {
    "oa.open.url": lambda payload: isinstance(payload, dict) and set(payload) == {"url"},
    "oa.query.show": lambda payload: isinstance(payload, str) and 0 < len(payload) <= 1000,
    "oa.query.hide": lambda payload: isinstance(payload, str) and 0 < len(payload) <= 1000,
    "oa.open.phone": lambda payload: isinstance(payload, dict) and set(payload) == {"phone_code"},
    "oa.open.sms": lambda payload: isinstance(payload, dict) and "phone_code" in payload,
}


class Refusal(Exception):
    """An error envelope; Zalo sends it with HTTP 200."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.body = {"error": code, "message": message}


class FakeZaloOa:
    """One OA with its followers, its tokens, and what was sent to whom."""

    def __init__(self) -> None:
        self.origin = ""
        self.moods: list[int | str] = []
        self.taken: list[tuple[str, dict]] = []
        self.buttons_known = True
        self.quota_type = "reply"
        self.quota_left: dict[str, int] = defaultdict(lambda: REPLY_QUOTA)
        self.unlimited = False  # as of 2026, one source says
        self.hosting = FakeHosting()
        self.paused = asyncio.Event()  # while it is not set, OAuth does not answer
        self.paused.set()
        self.heard = asyncio.Event()  # while it is not set, nothing that OAuth is asked arrives
        self.heard.set()
        self.oauth_calls = 0
        self.oauth_moods: list[int | str] = []
        self.refreshes = 0
        self.refused_refreshes: list[int] = []
        self._now: Callable[[], float] = time.monotonic
        self._numbers = itertools.count(1)
        self._codes: dict[str, str] = {}
        self._access: tuple[str, float] = ("", 0.0)
        self._refresh = ""
        self._spent: set[str] = set()

    # -- tokens ---------------------------------------------------------------------------------

    def new_pair(self) -> tuple[str, str]:
        """Give out a new pair; the old one is dead at once."""
        if self._refresh:
            self._spent.add(self._refresh)
        number = next(self._numbers)
        self._access = (f"access-{number}", self._now() + TOKEN_LIFE)
        self._refresh = f"refresh-{number}"
        return self._access[0], self._refresh

    def new_code(self, challenge: str) -> str:
        """Give out a code as the consent page does; it works once, with its verifier."""
        code = f"code-{next(self._numbers)}"
        self._codes[code] = challenge
        return code

    @property
    def live_token(self) -> str:
        """The one access token that is taken."""
        return self._access[0]

    def forget_access_token(self) -> None:
        """Let the access token die before its time."""
        self._access = ("", 0.0)

    async def oauth(self, request: web.Request) -> web.StreamResponse:
        form = await self._oauth_form(request)
        self.oauth_calls += 1
        await self.heard.wait()
        if request.transport is None or request.transport.is_closing():
            return web.Response()  # whoever asked is gone, and was not heard
        mood = self.oauth_moods.pop(0) if self.oauth_moods else None
        if mood == "down":
            return hung_up(request)
        try:
            pair = self._exchange(form)
        except Refusal as refusal:
            code, message = refusal.body["error"], refusal.body["message"]
            if form.get("grant_type") == "refresh_token":
                self.refused_refreshes.append(code)
            return web.json_response(
                {"error": code, "error_name": message, "error_description": message}
            )
        await self.paused.wait()
        if mood == "hangs up":  # the old pair is dead, and the new one was never heard of
            return hung_up(request)
        access, refresh = pair
        return web.json_response(
            {"access_token": access, "refresh_token": refresh, "expires_in": str(TOKEN_LIFE)}
        )

    async def _oauth_form(self, request: web.Request) -> dict[str, str]:
        if request.content_type != "application/x-www-form-urlencoded" or request.query_string:
            return {}
        if request.headers.get("secret_key") != APP_SECRET:
            return {"wrong": "secret"}
        return {name: str(value) for name, value in (await request.post()).items()}

    def _exchange(self, form: dict[str, str]) -> tuple[str, str]:
        from bot.channels.zalo_oa.oauth import challenge_of

        if form == {"wrong": "secret"}:
            raise Refusal(-14004, "Invalid app secret key")
        if form.get("app_id") != APP_ID:
            raise Refusal(-14002, "App is not active")
        match form.get("grant_type"):
            case "authorization_code":
                challenge = self._codes.pop(form.get("code", ""), None)
                verifier = form.get("code_verifier", "")
                if challenge is None or len(verifier) != 43 or challenge_of(verifier) != challenge:
                    raise Refusal(-14012, "Invalid authorization code")
                return self.new_pair()
            case "refresh_token":
                shown = form.get("refresh_token", "")
                if shown in self._spent:
                    raise Refusal(-14020, "Refresh token has been used")
                if shown != self._refresh:
                    raise Refusal(-14014, "Invalid refresh token")
                self.refreshes += 1
                return self.new_pair()
        raise Refusal(-14001, "Invalid grant type")

    # -- messages -------------------------------------------------------------------------------

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Take a consultation message."""
        return await self._answer(request, self._taken_from)

    async def send_old(self, request: web.Request) -> web.StreamResponse:
        """Take a message by the API before this one: only for people without an account."""
        return await self._answer(request, self._taken_from_anonymous)

    async def _answer(self, request: web.Request, take: Callable) -> web.StreamResponse:
        mood = self.moods.pop(0) if self.moods else None
        match mood:
            case "hangs up":
                return hung_up(request)
            case "slow":
                await asyncio.sleep(60)
            case "broken":
                return web.Response(status=502, text="Bad Gateway")
            case "html":
                return web.Response(text="<html>Bảo trì</html>", content_type="text/html")
            case "unauthorized":
                return web.json_response({"error": -216, "message": "expired"}, status=401)
            case int():
                return web.json_response({"error": mood, "message": "as the test wants"})
        try:
            body = await self._authorized(request)
            data = take(body)
        except Refusal as refusal:
            return web.json_response(refusal.body)
        return web.json_response(
            {"error": 0, "message": "Success", "data": data},
            headers={"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": "3999"},
        )

    async def _authorized(self, request: web.Request) -> dict:
        token, dies_at = self._access
        shown = request.headers.get("access_token", "")
        if "Authorization" in request.headers or "access_token" in request.query:
            raise Refusal(-216, "Access token is invalid: it belongs into its header")
        if not token or shown != token:
            raise Refusal(-216, "Access token is invalid")
        if self._now() > dies_at:
            raise Refusal(-220, "Access token has expired")
        if request.method == "GET":
            return {}
        if request.content_type != "application/json":
            raise Refusal(-201, "Content-Type is invalid")
        body = await request.json()
        if not isinstance(body, dict):
            raise Refusal(-201, "body is invalid")
        return body

    def _taken_from(self, body: dict) -> dict:
        user = body.get("recipient", {}).get("user_id")
        if set(body) != {"recipient", "message"} or not isinstance(user, str) or not user:
            raise Refusal(-201, "recipient is invalid")
        self._check_message(body["message"])
        if self.quota_left[user] <= 0 and not self.unlimited:
            raise Refusal(-218, "Out of quota receive")
        self.quota_left[user] -= 1
        self.taken.append((user, body["message"]))
        return {
            "message_id": f"sent-{len(self.taken)}",
            "user_id": user,
            "sent_time": str(time.time_ns() // 1_000_000),
            "quota": {
                "quota_type": self.quota_type,
                "remain": str(max(0, self.quota_left[user])),
                "total": str(REPLY_QUOTA),
                "expired_date": "01/12/2026",
                "owner_type": "OA",
                "owner_id": OA_ID,
            },
        }

    def _taken_from_anonymous(self, body: dict) -> dict:
        recipient = body.get("recipient", {})
        if set(recipient) != {"anonymous_id", "conversation_id"}:
            raise Refusal(-240, "API deprecated")
        self._check_message(body.get("message", {}))
        self.taken.append((recipient["anonymous_id"], body["message"]))
        return {"message_id": f"sent-{len(self.taken)}"}

    def _check_message(self, message: dict) -> None:
        if not isinstance(message, dict) or set(message) - {
            "text",
            "attachment",
            "quote_message_id",
        }:
            raise Refusal(-201, "message is invalid")
        text = message.get("text", "")
        if not isinstance(text, str) or (not text.strip() and "attachment" not in message):
            raise Refusal(-201, "text is empty")
        if len(text) > LONGEST_TEXT or unicodedata.normalize("NFC", text) != text:
            raise Refusal(-210, "text is over its limit")
        if "attachment" in message:
            self._check_attachment(message["attachment"])

    def _check_attachment(self, attachment: dict) -> None:
        if attachment.get("type") != "template" or set(attachment) != {"type", "payload"}:
            raise Refusal(-201, "attachment is invalid")
        payload = attachment["payload"]
        if payload.get("template_type") == "media":
            (element,) = payload.get("elements", [{}])
            if element.get("media_type") != "image" or not str(element.get("url", "")).startswith(
                "https://"
            ):
                raise Refusal(-201, "element is invalid")
            return
        if not self.buttons_known:
            raise Refusal(-233, "Message type is not supported")
        buttons = payload.get("buttons")
        if set(payload) != {"buttons"} or not isinstance(buttons, list):
            raise Refusal(-201, "payload is invalid")
        if not 0 < len(buttons) <= MOST_BUTTONS:
            raise Refusal(-210, "too many buttons")
        for button in buttons:
            fits = BUTTON_PAYLOADS.get(button.get("type"), lambda _: False)
            if set(button) != {"title", "type", "payload"} or not fits(button["payload"]):
                raise Refusal(-201, "button is invalid")
            if not 0 < len(button["title"]) <= LONGEST_TITLE:
                raise Refusal(-210, "title is over its limit")

    async def tell_oa(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(
            request,
            lambda _: {"oaid": OA_ID, "name": "Dân Hỏi", "is_verified": True, "oa_type": 4},
        )

    async def tell_person(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(
            request, lambda _: {"user_id": "1", "display_name": "An", "user_is_follower": True}
        )

    async def tell_quota(self, request: web.Request) -> web.StreamResponse:
        def quota(body: dict) -> dict:
            left = self.quota_left[str(body.get("user_id", ""))]
            return {"cs_reply": {"remain": left, "total": REPLY_QUOTA}}

        return await self._answer(request, quota)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("access_token") != self._access[0]:
            return web.json_response({"error": -216, "message": "Access token is invalid"})
        form = await request.post()
        if not isinstance(form.get("file"), web.FileField):
            return web.json_response({"error": -201, "message": "file is missing"})
        kind = request.match_info["kind"]
        data = {"token": "upload-1"} if kind == "file" else {"attachment_id": "upload-1"}
        return web.json_response({"error": 0, "message": "Success", "data": data})

    # -- events ---------------------------------------------------------------------------------

    async def deliver(
        self, url: str, event: dict, *, scale: float = 0.0, secret: str | None = None
    ) -> list[int | None]:
        """Post an event as Zalo does, again along its ladder; returns the answers, None for none.

        ``scale``: seconds of the test for a second of the ladder.
        """
        body, headers = signed(event, secret) if secret else signed(event)
        answers: list[int | None] = []
        async with aiohttp.ClientSession() as client:
            for tries, pause in enumerate((0, *RETRIES)):
                await asyncio.sleep(pause * scale)
                again = {"num_retry": str(tries)} if tries else {}
                answers.append(await self._post(client, url, body, headers | again))
                if answers[-1] == 200:
                    break
        return answers

    async def _post(
        self, client: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]
    ) -> int | None:
        limit = aiohttp.ClientTimeout(total=DEADLINE)
        try:
            async with client.post(url, data=body, headers=headers, timeout=limit) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return None

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.post("/v4/oa/access_token", self.oauth),
                web.post("/v3.0/oa/message/cs", self.send),
                web.post("/v2.0/oa/message", self.send_old),
                web.post("/v3.0/oa/quota/message", self.tell_quota),
                web.get("/v3.0/oa/user/detail", self.tell_person),
                web.get("/v2.0/oa/getoa", self.tell_oa),
                web.post("/v2.0/oa/upload/{kind:image|gif|file}", self.upload),
                web.get("/files/{name}", self.hosting.give),
            ]
        )
        return app


@asynccontextmanager
async def zalo_oa_api():
    fake = FakeZaloOa()
    async with TestServer(fake.application()) as server:
        fake.origin = str(server.make_url("")).rstrip("/")
        yield fake
