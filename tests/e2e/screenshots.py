"""Remake the pictures of the documentation: python -m tests.e2e.screenshots

Of the chat: a running program (--url http://127.0.0.1:8080), or without one the page over the clerk
of the tests. Of the console: always an invented office. Pictures are drawn with 256 colours, which
keeps them small.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from itertools import product
from pathlib import Path

import click
from PIL import Image
from playwright.async_api import Browser, Page

from bot.console.guard import COOKIE
from tests.e2e.browser import chromium
from tests.e2e.citizen import Citizen
from tests.e2e.invented_office import Office, an_invented_office
from tests.e2e.server import WebServer
from tests.fakes.clerk import clerk
from tests.fakes.road import FakeRoad

QUESTION = "lam giay khai sinh can gi"
SIZES = {320: 720, 1280: 860}  # width: height, in pixels


@click.command(help=__doc__)
@click.option("--url", default="", help="The program whose chat to photograph.")
@click.option("--into", type=click.Path(path_type=Path), default=Path("docs/images"))
@click.option("--ask", "question", default=QUESTION, show_default=True)
@click.option("--only", type=click.Choice(["chat", "console"]), help="Only these pictures.")
def main(url: str, into: Path, question: str, only: str | None) -> None:
    into.mkdir(parents=True, exist_ok=True)
    asyncio.run(photograph(url, into, question, only))


async def photograph(url: str, into: Path, question: str, only: str | None) -> None:
    async with chromium() as browser:
        if only != "console":
            async with program(url) as url:
                await photograph_chat(browser, url, into, question)
        if only != "chat":
            with tempfile.TemporaryDirectory() as folder:
                async with an_invented_office(Path(folder)) as office:
                    await photograph_console(browser, office, into)


async def photograph_chat(browser: Browser, url: str, into: Path, question: str) -> None:
    for (width, height), scheme in product(SIZES.items(), ("light", "dark")):
        viewport = {"width": width, "height": height}
        context = await browser.new_context(
            viewport=viewport, color_scheme=scheme, device_scale_factor=2
        )
        citizen = await Citizen.arrives(context, url)
        await keep(citizen.page, into / f"welcome-{width}-{scheme}.png")
        await citizen.asks(question)
        await citizen.reads("")
        await keep(citizen.page, into / f"chat-{width}-{scheme}.png")
        await context.close()


async def photograph_console(browser: Browser, office: Office, into: Path) -> None:
    """What the guide for supervisors shows, in the order of their day."""
    case = f"/console/cases/{office.case}"
    async with at_console(browser, office, "lan", 1280, 900) as page:
        await page.goto(f"{office.url}/console/hang-cho")
        await keep(page, into / "console-queue.png")
        await page.goto(office.url + case)
        await keep(page, into / "console-case.png", height=1500)
        form = page.locator("form#answer")
        await form.get_by_text("Chèn mẫu câu").click()
        await keep(page, into / "console-answer.png", of=".case-right > section:first-child")
        await page.goto(f"{office.url}{case}?form=note")
        await page.get_by_label("Ghi chú", exact=True).fill("@minh anh xem giúp em vụ này nhé")
        await keep(page, into / "console-note.png", of="section:has(> [data-form=note])")
    async with at_console(browser, office, "lan", 390, 780) as page:
        await page.goto(office.url + case)
        await keep(page, into / "console-case-phone.png")
    await office.answers()
    async with at_console(browser, office, "minh", 1280, 900) as page:
        await page.goto(office.url + case)
        await keep(page, into / "console-publish.png", of="section:has(> #publishing)")
        await page.goto(f"{office.url}{case}/print")
        await keep(page, into / "console-print.png")


@asynccontextmanager
async def at_console(
    browser: Browser, office: Office, name: str, width: int, height: int
) -> AsyncIterator[Page]:
    """Let one of the office sit down at a screen of this size."""
    context = await browser.new_context(viewport={"width": width, "height": height})
    cookie = {"name": COOKIE, "value": office.cookies[name], "url": f"{office.url}/"}
    await context.add_cookies([cookie])
    yield await context.new_page()
    await context.close()


async def keep(page: Page, path: Path, *, of: str = "", height: int = 0) -> None:
    """Keep a picture of the window, of one piece of the page, or of its upper part."""
    if height:
        size = page.viewport_size
        await page.set_viewport_size({"width": size["width"], "height": height})
    taken = await (page.locator(of) if of else page).screenshot()
    picture = Image.open(BytesIO(taken)).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


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
