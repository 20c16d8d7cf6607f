"""A web chat served for a browser, over a road that outlives it."""

from datetime import date
from socket import socket

from aiohttp import web

from bot.channels.web import WebChat, add_web_chat
from bot.hotline import Hotline
from tests.fakes.uploads import FakeUploads

HOTLINE = Hotline("thành phố", "1022", date(2026, 11, 2))


def a_free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class WebServer:
    """The page on one port; stopping and starting it again is a restart."""

    def __init__(self, road, port: int | None = None) -> None:
        self.road = road
        self.uploads = FakeUploads()
        self.port = port or a_free_port()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        add_web_chat(app, WebChat(self.road, self.road, self.uploads, HOTLINE))
        self._runner = web.AppRunner(app, shutdown_timeout=2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
        self._runner = None
