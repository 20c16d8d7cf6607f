"""A web chat over the fake road, spoken to as the page's script does."""

import io
import uuid

import pytest
from aiohttp import web

from bot.channels.web import WebChat, add_web_chat
from tests.fakes.road import FakeRoad
from tests.fakes.uploads import FakeUploads


class Script:
    """What chat.js does with the server, without a browser."""

    def __init__(self, client, road, uploads) -> None:
        self.client = client
        self.road = road
        self.uploads = uploads

    async def opens_the_page(self):
        return await self.client.get("/")

    async def sends(self, text="xin chào", *, message_id=None, **more):
        body = {"id": message_id or str(uuid.uuid4()), "text": text, **more}
        return await self.client.post("/chat/messages", json=body)

    async def uploads_a_file(self, body, *, content_type="application/octet-stream", **query):
        headers = {"Content-Type": content_type}
        body = io.BytesIO(body) if isinstance(body, bytes) else body
        return await self.client.post("/chat/uploads", data=body, headers=headers, params=query)

    async def reads(self, **query):
        answer = await self.client.get("/chat/history", params=query)
        return (await answer.json())["lines"]


@pytest.fixture
def road():
    return FakeRoad()


@pytest.fixture
def build(aiohttp_client, road):
    """Return a maker of clients; keywords go to WebChat."""

    async def make(**settings):
        app = web.Application()
        uploads = FakeUploads()
        add_web_chat(app, WebChat(road, road, uploads, **settings))
        return Script(await aiohttp_client(app), road, uploads)

    return make


@pytest.fixture
async def script(build):
    """Somebody who has opened the page."""
    script = await build()
    await script.opens_the_page()
    return script
