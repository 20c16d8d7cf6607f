"""A gateway in this process with its trained brain in another, and the office behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import func, select

from bot.app.desks import build_desk
from bot.app.doors import build_web
from bot.app.gateway import build_road
from bot.app.store import Store, now, open_store
from bot.commands.serve import prepare
from bot.conversation.model_file import model_path
from bot.feedback import services
from bot.feedback.chain import Actor
from bot.feedback.models import Case, Evidence
from bot.feedback.services import Desk, Step
from bot.feedback.states import Move, Role
from bot.settings import Settings, read_settings
from tests.e2e.server import a_free_port

LAN = Actor(Role.SUPERVISOR, "lan")
STORY = (
    "Sáng 20/11 tôi ra phường Cầu Giấy, Hà Nội làm khai sinh cho con, cán bộ hạch sách, bắt tôi đi "
    "lại ba lần mà không nhận hồ sơ."
)
ANSWERED = (
    Step(Move.TRIAGE),
    Step(Move.ASSIGN, assignee="lan"),
    Step(Move.START),
    Step(Move.ANSWER, note="Hồ sơ của anh đã được nhận, mời anh tới lấy."),
)


class Office:
    """Who handles the cases that people told."""

    def __init__(self, settings: Settings, store: Store, desk: Desk) -> None:
        self.settings = settings
        self.store = store
        self.desk = desk

    async def evidence_of(self, case_id: int) -> int:
        query = select(func.count()).where(Evidence.case_id == case_id)
        async with self.store.sessions() as session:
            return await session.scalar(query)

    async def case(self, case_id: int) -> Case:
        async with self.store.sessions() as session:
            return await session.get_one(Case, case_id)

    async def tells(self, path: str) -> str:
        async with ClientSession() as client, client.get(self.settings.origin + path) as answer:
            return await answer.text()

    async def moves(self, case_id: int, *steps: Step) -> None:
        for step in steps:
            async with self.store.sessions() as session, session.begin():
                await services.move(session, self.desk, case_id, step, LAN, now())


@asynccontextmanager
async def an_office(data: Path, **more: str) -> AsyncIterator[Office]:
    """Run the gateway on a folder with a model; ``more``: settings, as of a messaging app."""
    port = a_free_port()
    origin = f"http://127.0.0.1:{port}"
    place = {"BOT_DATA": str(data), "BOT_PORT": str(port), "BOT_PUBLIC_ORIGIN": origin}
    given = {"BOT_BRAINS": "1", **place, **more}
    settings = read_settings(given)
    await asyncio.to_thread(prepare, settings)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in given.items():
            environment.setenv(name, value)  # the brain reads them
        async with _a_gateway(settings) as office:
            yield office


@asynccontextmanager
async def _a_gateway(settings: Settings) -> AsyncIterator[Office]:
    async with open_store(settings) as store:
        road = build_road(settings, store, model_path(settings.data_folder))
        runner = web.AppRunner(build_web(settings, store, road), shutdown_timeout=2)
        running = asyncio.create_task(road.run())
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port).start()
        await asyncio.wait_for(road.brains.wait_until_ready(), 240)
        yield Office(settings, store, build_desk(settings, store, road.ring))
        await runner.cleanup()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
