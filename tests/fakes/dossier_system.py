"""A provincial system of dossiers on loopback: strict about who asks, and slow, wrong, down or
lying when told.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "Bearer of-the-province"


def a_record(code: str, **fields: object) -> dict[str, object]:
    """Build a dossier as the system tells it, in the national service's field names."""
    return {
        "MaHoSo": code,
        "TenTTHC": "Đăng ký khai sinh",
        "TrangThaiHoSo": 4,
        "NgayTiepNhan": "20261103080000",
        "NgayHenTra": "20261110170000",
        "DonViXuLy": "UBND phường A",
        "SoDienThoai": "0912345678",
        "MaDoiTuong": "079301001234",
    } | fields


class FakeDossierSystem:
    """Answers ``GET /ho-so/{code}`` with ``{"data": record}``, or null for one that it has not.

    ``mood``: "" as it should be; "slow", "busy" (503), "broken" (500), "forbidden", "html",
    "huge", "nested", "lying" (another dossier), "nonsense" (a date that is none), "gone" (404).
    """

    def __init__(self, *records: dict[str, object]) -> None:
        self.records = {str(record["MaHoSo"]): record for record in records}
        self.mood = ""
        self.asked: list[str] = []
        self.mistakes: list[str] = []
        self.most_at_once = 0
        self._now = 0
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeDossierSystem"]:
        application = web.Application()
        application.router.add_get("/ho-so/{code}", self._answer)
        server = TestServer(application)
        # Without a log of its own: the tests look for codes in ours.
        await server.start_server(access_log=None)
        async with server:
            self.url = str(server.make_url("/ho-so/")) + "{code}"
            yield self

    async def _answer(self, request: web.Request) -> web.Response:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            return await self._in_its_mood(request)
        finally:
            self._now -= 1

    async def _in_its_mood(self, request: web.Request) -> web.Response:
        code = request.match_info["code"]
        self.asked.append(code)
        if request.headers.get("Authorization") != TOKEN:
            self.mistakes.append("nobody knows who asks")
            return web.json_response({"error": "unauthorized"}, status=401)
        await asyncio.sleep(10 if self.mood == "slow" else 0.01)
        match self.mood:
            case "busy":
                return web.Response(status=503)
            case "broken":
                return web.Response(status=500, text="Traceback …")
            case "forbidden":
                return web.Response(status=403)
            case "gone":
                return web.Response(status=404)
            case "html":
                return web.Response(text="<html>Bảo trì</html>", content_type="text/html")
            case "huge":
                return web.Response(body=b'"' + b"x" * 2_000_000 + b'"')
            case "nested":
                return web.Response(body=b"[" * 200_000)
            case "lying":
                return web.json_response({"data": a_record("H29.16-261103-9998")})
            case "nonsense":
                return web.json_response({"data": a_record(code, NgayHenTra="mai")})
        return web.json_response({"data": self.records.get(code)})
