"""The national portal's public interface on loopback: strict about what it is asked.

It pages, and plays every mood of the real one when told: it throttles, refuses, keeps silent,
breaks off, nests its answers, repeats a cursor, and changes while it is being read. A request that
a real server would have to reject is answered 400 and remembered in ``mistakes``.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy

from aiohttp import web
from aiohttp.test_utils import TestServer

LIST = "/api/v1/submitting/formality/list-all-public-formality-by-citizen"
DETAIL = "/api/v1/configuring/formality/get-formality-by-citizen"
FORM = "/api/v1/submitting/preview-attachment"
_LIST_FIELDS = {"limit", "lastId", "q", "categoryId", "departmentCode"}

Mood = Callable[[str, dict[str, object]], web.StreamResponse | str | None]


class FakePortal:
    """A portal that holds ``records`` (the details) and ``forms`` (bytes by file id).

    ``mood`` is asked before every sound request: None to answer it, a response to give that
    instead, "silence" to let it time out, "break" to cut the connection.
    """

    def __init__(self, records: list[dict[str, object]], *, at_once: int = 3) -> None:
        self.records = {str(record["id"]): record for record in records}
        self.forms: dict[str, bytes] = {}
        self.at_once = at_once
        self.nested = False
        self.repeats_cursor = False
        self.biggest_page: int | None = None  # asked for more, it keeps silent
        self.mood: Mood = lambda path, body: None
        self.asked: Counter[str] = Counter()
        self.asked_details: list[str] = []
        self.asked_limits: list[int] = []
        self.mistakes: list[str] = []
        self.most_at_once = 0
        self._now_asking = 0
        self.base = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakePortal"]:
        application = web.Application(middlewares=[self._door])
        application.router.add_post(LIST, self._list)
        application.router.add_post(DETAIL, self._detail)
        application.router.add_post(FORM, self._form)
        async with TestServer(application) as server:
            self.base = str(server.make_url("/api/v1"))
            yield self

    @web.middleware
    async def _door(self, request: web.Request, handler) -> web.StreamResponse:
        self._now_asking += 1
        self.most_at_once = max(self.most_at_once, self._now_asking)
        try:
            return await self._answer(request, handler)
        finally:
            self._now_asking -= 1

    async def _answer(self, request: web.Request, handler) -> web.StreamResponse:
        self.asked[request.path] += 1
        if self._now_asking > self.at_once:
            return self._reject("too many requests at once")
        if request.content_type != "application/json":
            return self._reject("content type is not JSON")
        agent = request.headers.get("User-Agent", "")
        if "DanHoi" not in agent or "@" not in agent:
            return self._reject("User-Agent names nobody to call")
        body = await request.json()
        if not isinstance(body, dict):
            return self._reject("body is not an object")
        instead = self.mood(request.path, body)
        if instead == "silence":
            await asyncio.sleep(30)
        if instead == "break":
            request.transport.abort()
            return web.Response()
        if isinstance(instead, web.StreamResponse):
            return instead
        return await handler(body)

    def _reject(self, why: str) -> web.Response:
        self.mistakes.append(why)
        return web.json_response({"code": "BAD_REQUEST", "message": why}, status=400)

    def _ok(self, data: object) -> web.Response:
        return web.json_response({"code": "OK", "data": {"data": data} if self.nested else data})

    async def _list(self, body: dict[str, object]) -> web.Response:
        limit, cursor = body.get("limit"), body.get("lastId")
        if set(body) != _LIST_FIELDS or not isinstance(cursor, str):
            return self._reject("the list's body fields are wrong")
        if not isinstance(limit, int) or not 1 <= limit <= 200:
            return self._reject("limit must be 1 to 200")
        self.asked_limits.append(limit)
        if self.biggest_page is not None and limit > self.biggest_page:
            await asyncio.sleep(30)
        ids = sorted(self.records)
        page = [key for key in ids if key > cursor][:limit]
        last = page[-1] if page and page[-1] != ids[-1] else ""
        if not last and self.repeats_cursor:
            last = cursor or ids[-1]
        return self._ok({"items": [_row(self.records[key]) for key in page], "lastId": last})

    async def _detail(self, body: dict[str, object]) -> web.Response:
        if set(body) != {"id"} or not isinstance(body["id"], str):
            return self._reject("the detail's body fields are wrong")
        self.asked_details.append(body["id"])
        if body["id"] not in self.records:
            return web.json_response({"code": "NOT_FOUND", "data": None}, status=404)
        return self._ok(self.records[body["id"]])

    async def _form(self, body: dict[str, object]) -> web.Response:
        if set(body) != {"fileId"} or body["fileId"] not in self.forms:
            return self._reject("no such file")
        content = self.forms[str(body["fileId"])]
        return web.Response(body=content, content_type="application/octet-stream")

    def changes(self, portal_id: str, **fields: object) -> None:
        """Let one record become another under way."""
        self.records[portal_id] = {**deepcopy(self.records[portal_id]), **fields}


def _row(record: dict[str, object]) -> dict[str, object]:
    return {name: record.get(name) for name in ("id", "code", "name", "type", "updatedAt")} | {
        "categories": [],
        "views": 17,
    }


def refusal(status: int, **headers: str) -> web.Response:
    """An answer of the portal's firewall."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(status=status, text="<html>Access denied</html>", headers=named)


def as_jsonl(records: list[dict[str, object]]) -> bytes:
    """The records in the form in which they are handed on: one a line."""
    lines = ({"id": r["id"], "code": r["code"], "name": r["name"], "detail": r} for r in records)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
