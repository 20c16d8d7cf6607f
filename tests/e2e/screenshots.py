"""Remake the pictures of the web chat: python -m tests.e2e.screenshots

Photographs a running program (--url http://127.0.0.1:8080); without one, the page over the clerk
of the tests. Writes chat-<width>-<scheme>.png and welcome-<width>-<scheme>.png.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path

import click

from tests.e2e.browser import chromium
from tests.e2e.citizen import Citizen
from tests.e2e.server import WebServer
from tests.fakes.clerk import clerk
from tests.fakes.road import FakeRoad

QUESTION = "lam giay khai sinh can gi"
SIZES = {320: 720, 1280: 860}  # width: height, in pixels


@click.command(help=__doc__)
@click.option("--url", default="", help="The program to photograph.")
@click.option("--into", type=click.Path(path_type=Path), default=Path("docs/images"))
@click.option("--ask", "question", default=QUESTION, show_default=True)
def main(url: str, into: Path, question: str) -> None:
    into.mkdir(parents=True, exist_ok=True)
    asyncio.run(photograph(url, into, question))


async def photograph(url: str, into: Path, question: str) -> None:
    async with chromium() as browser, program(url) as url:
        for (width, height), scheme in product(SIZES.items(), ("light", "dark")):
            viewport = {"width": width, "height": height}
            context = await browser.new_context(
                viewport=viewport, color_scheme=scheme, device_scale_factor=2
            )
            citizen = await Citizen.arrives(context, url)
            await citizen.page.screenshot(path=into / f"welcome-{width}-{scheme}.png")
            await citizen.asks(question)
            await citizen.reads("")
            await citizen.page.screenshot(path=into / f"chat-{width}-{scheme}.png")
            await context.close()


@asynccontextmanager
async def program(url: str) -> AsyncIterator[str]:
    if url:
        yield url
        return
    server = WebServer(FakeRoad(clerk, delay=0.1))
    await server.start()
    yield server.url
    await server.stop()


if __name__ == "__main__":
    main()
