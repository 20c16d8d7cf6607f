"""Somebody at the web chat: each method is an act or a look of a person."""

import mimetypes
import re

from playwright.async_api import BrowserContext, Page, expect


class Citizen:
    """A citizen (người dân) in a browser of their own, at the chat page under `url`."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.troubles: list[str] = []  # what the browser complained about
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._hear)

    @classmethod
    async def arrives(cls, context: BrowserContext, url: str) -> "Citizen":
        """Open the page and wait until it listens."""
        citizen = cls(await context.new_page(), url)
        await citizen.opens_the_page()
        return citizen

    def _hear(self, message) -> None:
        lost_connection = "net::ERR" in message.text or "Failed to load" in message.text
        if message.type == "error" and not lost_connection:
            self.troubles.append(message.text)

    # -- acts --

    async def opens_the_page(self) -> None:
        await self.page.goto(self.url)
        await self.is_connected()

    async def reloads(self) -> None:
        await self.page.reload()
        await self.is_connected()

    async def types(self, text: str) -> None:
        await self._field.fill(text)

    async def asks(self, text: str) -> None:
        await self.types(text)
        await self._field.press("Enter")

    async def taps(self, title: str) -> None:
        """Tap the newest button of that title."""
        await self.page.get_by_role("button", name=title, exact=True).last.click()

    async def attaches(self, *files: tuple[str, bytes]) -> None:
        """Choose files, by name and content, as from a folder."""
        chosen = [
            {"name": name, "mimeType": mimetypes.guess_type(name)[0], "buffer": content}
            for name, content in files
        ]
        await self.page.get_by_label("Thêm ảnh hoặc tệp PDF").set_input_files(chosen)

    async def sends(self) -> None:
        await self.page.get_by_role("button", name="Gửi", exact=True).click()

    async def sends_again(self, text: str) -> None:
        """Tap a message that failed."""
        await self._line(text).locator(".bubble").click()

    async def loses_the_network(self) -> None:
        await self.page.context.set_offline(True)

    async def finds_the_network(self) -> None:
        await self.page.context.set_offline(False)

    async def begins_anew(self) -> None:
        self.page.once("dialog", lambda dialog: dialog.accept())
        await self.page.get_by_text("Tôi giúp được gì?").click()
        await self.page.get_by_role("button", name="Bắt đầu cuộc trò chuyện mới").click()
        await expect(self._lines).to_have_count(0)
        await self.is_connected()

    # -- looks --

    async def is_connected(self, seconds: float = 30) -> None:
        connected = self.page.locator("body[data-stream=open]")
        await expect(connected).to_be_attached(timeout=seconds * 1000)

    async def reads(self, words: str, seconds: float = 30) -> None:
        """Wait for an answer that holds the words, after everything asked so far."""
        newest = self._lines.last
        await expect(newest).to_have_class(re.compile(r"\bbot\b"), timeout=seconds * 1000)
        await expect(newest).to_contain_text(words, timeout=seconds * 1000)

    async def sees(self, words: str) -> None:
        await expect(self.page.get_by_text(words).last).to_be_visible(timeout=10_000)

    async def sees_no(self, words: str) -> None:
        await expect(self.page.get_by_text(words)).to_have_count(0)

    async def sees_received(self, text: str) -> None:
        await expect(self._line(text).locator(".when")).to_contain_text("Đã nhận", timeout=30_000)

    async def sees_in_the_tray(self, *told: str) -> None:
        """Wait until the tray holds just so many files, each telling this."""
        files = self.page.get_by_role("list", name="Ảnh và tệp gửi kèm").get_by_role("listitem")
        await expect(files).to_have_count(len(told), timeout=30_000)
        for file, words in zip(await files.all(), told, strict=True):
            await expect(file).to_contain_text(words, timeout=30_000)

    async def sees_failed(self, text: str) -> None:
        again = self._line(text).get_by_role("button", name="Bấm để gửi lại")
        await expect(again).to_be_visible(timeout=30_000)

    async def said(self) -> list[str]:
        """The conversation as it stands on the page, without hours: 'citizen: …', 'bot: …'."""
        return await self._lines.evaluate_all(
            """lines => lines.map(line => {
                const who = line.classList.contains("citizen") ? "citizen" : "bot";
                const words = line.querySelector(".bubble, .card");
                return `${who}: ${words ? words.innerText : ""}`;
            })"""
        )

    async def draft(self) -> str:
        return await self._field.input_value()

    async def sideways_overflow(self) -> int:
        """Pixels that stick out of the window to the right."""
        return await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    @property
    def _field(self):
        return self.page.get_by_role("textbox", name="Viết câu hỏi của bạn")

    @property
    def _lines(self):
        return self.page.locator("#log > .line")

    def _line(self, text: str):
        """The citizen's newest message of just this text."""
        mine = self.page.locator("#log > .citizen")
        return mine.filter(has=self.page.get_by_text(text, exact=True)).last
