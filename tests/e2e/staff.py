"""Somebody of the staff (cán bộ) in a browser: each method is an act or a look of a person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.console.frame import Console
from bot.console.guard import COOKIE
from tests.fakes.console import a_client, console_app, signed_in

AXE = {
    "resultTypes": ["violations"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}


class Person:
    """Somebody in front of pages under `url`; hears what their browser complains about."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    # -- acts --

    async def opens(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def types(self, *keys: str) -> None:
        """Type texts and press keys, which stand in brackets; no mouse is touched."""
        for key in keys:
            if key.startswith("["):
                await self.page.keyboard.press(key.strip("[]"))
            else:
                await self.page.keyboard.insert_text(key)

    async def signs_in(self, name: str, password: str) -> None:
        """From the first field, which has the focus."""
        await self.types("[Control+a]", name, "[Tab]", password, "[Enter]")

    async def changes_password(self, old: str, *new: str) -> None:
        """Fill in the form; ``new``: also a second time, when it was mistyped."""
        await self.fills("Mật khẩu hiện tại", old)
        await self.fills("Mật khẩu mới", new[0])
        await self.fills("Nhập lại mật khẩu mới", new[-1])
        await self.presses("Đổi mật khẩu")

    async def fills(self, label: str, text: str) -> None:
        await self.page.get_by_label(label, exact=True).fill(text)

    async def presses(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    # -- looks --

    async def reads(self, words: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(words)

    async def sticks_out(self) -> int:
        """Pixels that stick out of the window to the right."""
        return await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    async def finds_accessible(self, words: str) -> None:
        """Wait for a page, known by its words, and look at how it can be used."""
        await self.reads(words)
        assert await self.sticks_out() <= 0, self.page.url
        found = await Axe().run(self.page, options=AXE)
        broken = [
            (each["id"], node["html"])
            for each in found.response["violations"]
            for node in each["nodes"]
        ]
        assert not broken, (self.page.url, broken)


@asynccontextmanager
async def a_person(
    browser: Browser, console: Console, name: str = "", **context: object
) -> AsyncIterator[Person]:
    """Open a console of the test's own for somebody, whose browser must not complain on the way.

    ``name``: of a new account that has signed in already.
    """
    client = await a_client(console_app(console))
    url = str(client.server.make_url("/")).rstrip("/")
    seen = await browser.new_context(**context)
    try:
        if name:
            cookie = (await signed_in(client, name=name)).cookie
            await seen.add_cookies([{"name": COOKIE, "value": cookie, "url": url}])
        person = Person(await seen.new_page(), url)
        yield person
        assert person.troubles == []
    finally:
        await seen.close()
        await client.close()
