"""One Chromium for all journeys, one trained model; a context of its own for every citizen."""

import fcntl
import shutil
from pathlib import Path

import pytest
import pytest_asyncio

from bot.conversation.model_file import model_path
from tests.e2e.browser import chromium
from tests.e2e.citizen import Citizen
from tests.e2e.house import a_house
from tests.e2e.server import WebServer
from tests.fakes.clerk import clerk
from tests.fakes.program import ROOT, Program
from tests.fakes.road import FakeRoad


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser():
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def road():
    return FakeRoad(clerk, delay=0.05)


@pytest_asyncio.fixture(loop_scope="session")
async def server(road):
    server = WebServer(road)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def citizens(browser, server):
    """Return a maker of citizens, each with a browser profile of their own.

    Whatever a journey is about, the browser must not have complained on the way.
    """
    arrived = []

    async def arrive(**options):
        options = {"viewport": {"width": 390, "height": 780}, "locale": "vi-VN"} | options
        context = await browser.new_context(**options)
        citizen = await Citizen.arrives(context, server.url)
        arrived.append(citizen)
        return citizen

    yield arrive
    for citizen in arrived:
        await citizen.page.context.close()
        assert citizen.troubles == []


@pytest_asyncio.fixture(loop_scope="session")
async def citizen(citizens):
    return await citizens()


@pytest.fixture(scope="session")
def model(tmp_path_factory, worker_id: str) -> Path:
    """The model of the present sources: the one of `make run` where there is one, or trained.

    Of several workers the first one trains, the others wait for it.
    """
    made = model_path(ROOT / "var")
    if made.exists():
        return made
    mine = tmp_path_factory.getbasetemp()
    data = (mine if worker_id == "master" else mine.parent) / "training"
    data.mkdir(exist_ok=True)
    with (data / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Program(data).command("train")  # nothing is done when the model is there
    return model_path(data)


@pytest.fixture(scope="session")
def data_with_model(model, tmp_path_factory):
    def make() -> Path:
        data = tmp_path_factory.mktemp("data")
        (data / "models").mkdir()
        shutil.copy(model, data / "models")
        return data

    return make


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(browser, data_with_model):
    async with a_house(data_with_model(), browser) as house:
        yield house
