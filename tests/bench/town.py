"""A town for `tests.bench.hour`: the true program, every messenger, and people on each of them.

The program runs as its operator starts it, with the trained assistant. The messengers are the
strict fakes that real clients accept. People read an answer before they go on, as people do.
"""

import asyncio
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.bench.script import conversation
from tests.fakes import messenger_api, telegram_api, zalo_bot_api, zalo_oa_api, zalo_oa_events
from tests.fakes.pictures import a_picture
from tests.fakes.program import Program
from tests.fakes.telegram_world import Webhook

SECRET = "s-0123456789abcdef"
PATIENCE = 90.0  # seconds for which somebody waits for an answer
PICTURES = 0.02  # of the messages on Telegram
TIMES = (1, 1, 1, 2, 3)  # that a call is delivered
Says = Callable[[str], Awaitable[object]]


@dataclass
class Books:
    """What people said, by messenger, and how it was answered."""

    said: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)  # seconds until the first answer
    refused: int = 0  # calls of strangers, and broken ones

    @property
    def balance(self) -> bool:
        return self.said == self.answered

    def __str__(self) -> str:
        each = ", ".join(f"{name} {self.answered[name]} of {self.said[name]}" for name in self.said)
        return f"{self.said.total()} messages, answered: {each}"


class Mailbox:
    """Counts what each person was sent on one messenger."""

    def __init__(self, taken: list[tuple[str, ...]]) -> None:
        self._taken = taken  # grows; each entry begins with whom it was sent to
        self._seen = 0
        self._got: Counter[str] = Counter()

    def got(self, person: str) -> int:
        self._got.update(to for to, *_ in itertools.islice(self._taken, self._seen, None))
        self._seen = len(self._taken)
        return self._got[person]


@dataclass(frozen=True)
class Messengers:
    """The fakes, each strict about what the real one refuses."""

    telegram: telegram_api.FakeTelegram
    oa: zalo_oa_api.FakeZaloOa
    bot: zalo_bot_api.FakeZaloBot
    facebook: messenger_api.FakeFacebook

    def bad_moods(self) -> None:
        """Let each hang up, fail and be busy for a moment."""
        self.facebook.moods += ["hangs up", web.Response(status=502)]
        self.oa.moods += ["hangs up", "broken", "html"]
        self.bot.moods += ["broken"]
        self.telegram.moods += ["hangs up", telegram_api.refusal(500, "Internal Server Error")]


class Town:
    """The program, its messengers, and the books on who was answered."""

    def __init__(self, program: Program, at: Messengers, http: aiohttp.ClientSession) -> None:
        self.program = program
        self.books = Books()
        self._at = at
        self._http = http
        self._boxes = {
            "zalo-oa": Mailbox(at.oa.taken),
            "zalo-bot": Mailbox(at.bot.taken),
            "messenger": Mailbox(at.facebook.taken),
        }

    def url(self, channel: str) -> str:
        return f"{self.program.url}/webhooks/{channel}"

    async def post(self, channel: str, body: bytes, headers: dict[str, str]) -> int:
        async with self._http.post(self.url(channel), data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    # -- how people write: what says a text, and what tells how much was read ---------------------

    def _on_telegram(self, number: int) -> tuple[Says, Callable[[], int]]:
        person = self._at.telegram.person(10_000 + number)

        async def says(text: str) -> None:
            if random.random() < PICTURES:
                person.sends_photo(a_picture())
            else:
                person.says(text)

        return says, lambda: len(person.chat.from_the_bot)

    def _on_zalo_oa(self, number: int) -> tuple[Says, Callable[[], int]]:
        name = str(246_845_883_000_000 + number)

        async def says(text: str) -> None:
            event = zalo_oa_events.says(text, name)
            for _ in range(random.choice(TIMES)):
                assert (await self._at.oa.deliver(self.url("zalo-oa"), event))[-1] == 200

        return says, lambda: self._boxes["zalo-oa"].got(name)

    def _on_zalo_bot(self, number: int) -> tuple[Says, Callable[[], int]]:
        name = f"zb{number:018d}"

        async def says(text: str) -> None:
            await self._at.bot.waiting.put(self._at.bot.says(text, name))

        return says, lambda: self._boxes["zalo-bot"].got(name)

    def _on_messenger(self, number: int) -> tuple[Says, Callable[[], int]]:
        name = f"fb-{number}"

        async def says(text: str) -> None:
            body = messenger_api.delivery(self._at.facebook.says(name, text))
            for _ in range(random.choice(TIMES)):
                status = await self.post("messenger", body, messenger_api.signed(body))
                assert status == 200, status

        return says, lambda: self._boxes["messenger"].got(name)

    def _over_rest(self, number: int) -> tuple[Says, Callable[[], int]]:
        replies = 0

        async def says(text: str) -> None:
            nonlocal replies
            asks = {"sender": f"rest-{number}", "message": text}
            async with self._http.post(self.url("rest/webhook"), json=asks) as answer:
                replies += len(await answer.json())

        return says, lambda: replies

    # -- what people and strangers do -------------------------------------------------------------

    async def lives(self, channel: str, number: int, pause: float, over: asyncio.Event) -> None:
        """Somebody goes on talking until it is over, reading an answer before the next message."""
        ways = {
            "telegram": self._on_telegram,
            "zalo-oa": self._on_zalo_oa,
            "zalo-bot": self._on_zalo_bot,
            "messenger": self._on_messenger,
            "rest": self._over_rest,
        }
        says, read = ways[channel](number)
        for text in self._words(number):
            await asyncio.sleep(random.expovariate(1 / pause))
            if over.is_set():
                return
            before, began = read(), time.perf_counter()
            self.books.said[channel] += 1
            await says(text)
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    while read() == before:
                        await asyncio.sleep(0.02)
                self.books.waits.append(time.perf_counter() - began)
                self.books.answered[channel] += 1

    @staticmethod
    def _words(number: int) -> Iterator[str]:
        for start in itertools.count(number):
            yield from conversation(start)

    async def nuisance(self, pause: float) -> None:
        """Call the webhooks as strangers and broken networks do, again and again."""
        genuine = messenger_api.delivery({"sender": {"id": "x"}, "message": {"mid": "x"}})
        forged = {"X-Bot-Api-Secret-Token": "x" * 16, "X-Telegram-Bot-Api-Secret-Token": "x" * 16}
        ways = (
            ("messenger", genuine, {}),
            ("messenger", genuine, messenger_api.signed(genuine, "another secret")),
            ("messenger", genuine[:20], messenger_api.signed(genuine[:20])),
            ("messenger", b"x" * 600_000, messenger_api.signed(b"")),
            ("telegram", b"{}", forged),
            ("zalo-oa", b'{"app_id": "1"}', {"X-ZEvent-Signature": "mac=00"}),
        )
        while True:
            await asyncio.sleep(pause)
            channel, body, headers = random.choice(ways)
            status = await self.post(channel, body, headers)
            assert status in (400, 401, 413), (channel, status)
            self.books.refused += 1

    async def bad_moods(self, pause: float) -> None:
        """Let the platforms be away for a moment, again and again."""
        while True:
            await asyncio.sleep(pause)
            self._at.bad_moods()


@asynccontextmanager
async def a_town(folder: Path, database_url: str = "") -> AsyncIterator[Town]:
    """Open the messengers and start the program between them; it trains where it must."""
    async with AsyncExitStack() as open_now:
        telegram = await open_now.enter_async_context(telegram_api.telegram_api())
        oa = await open_now.enter_async_context(zalo_oa_api.zalo_oa_api())
        bot = await open_now.enter_async_context(zalo_bot_api.zalo_bot_api())
        facebook = await open_now.enter_async_context(messenger_api.facebook())
        oa.unlimited, bot.quota = True, sys.maxsize
        settings = {
            "BOT_PUBLIC_ORIGIN": "https://hoi.example.vn",
            "BOT_BRAINS": "2",
            "BOT_TELEGRAM_TOKEN": telegram_api.TOKEN,
            "BOT_TELEGRAM_API": telegram.origin,
            "BOT_TELEGRAM_MODE": "webhook",
            "BOT_TELEGRAM_SECRET": SECRET,
            "BOT_ZALO_OA_APP_ID": zalo_oa_events.APP_ID,
            "BOT_ZALO_OA_APP_SECRET": zalo_oa_api.APP_SECRET,
            "BOT_ZALO_OA_SECRET": zalo_oa_events.OA_SECRET,
            "BOT_ZALO_OA_API": oa.origin,
            "BOT_ZALO_OA_OAUTH": oa.origin,
            "BOT_ZALO_BOT_TOKEN": zalo_bot_api.TOKEN,
            "BOT_ZALO_BOT_MODE": "polling",
            "BOT_ZALO_BOT_API": bot.origin,
            "BOT_MESSENGER_PAGE_TOKEN": messenger_api.TOKEN,
            "BOT_MESSENGER_APP_SECRET": messenger_api.SECRET,
            "BOT_MESSENGER_VERIFY_TOKEN": messenger_api.VERIFY,
            "BOT_MESSENGER_API": f"{facebook.origin}/{messenger_api.VERSION}",
        } | ({"BOT_DATABASE_URL": database_url} if database_url else {})
        program = Program(folder, **settings)
        await program.start(seconds=600)
        open_now.callback(program.stop)
        http = await open_now.enter_async_context(aiohttp.ClientSession())
        town = Town(program, Messengers(telegram, oa, bot, facebook), http)
        telegram.webhook = Webhook(town.url("telegram"), SECRET, 40)
        login = ("channels", "zalo-oa-login", "--refresh-token")
        await asyncio.to_thread(program.command, *login, typed=f"{oa.new_pair()[1]}\n")
        yield town
