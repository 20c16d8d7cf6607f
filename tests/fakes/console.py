"""The console for tests: over a database of its own, with somebody signed in in one line."""

from datetime import UTC, datetime
from html import unescape
from itertools import count

from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.console.frame import CONSOLE, Console
from bot.console.guard import COOKIE
from bot.console.site import add_console
from bot.feedback.deadlines import load_deadlines
from bot.feedback.services import Desk
from bot.staff import sessions
from bot.staff.models import Account, StaffRole
from bot.staff.passwords import Passwords
from bot.staff.sessions import form_token
from bot.storage.engine import open_sessions
from bot.storage.vault import Vault
from bot.tables import METADATA

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PASSWORD = "trời xanh mây trắng"
_numbers = count(1)


def quick_passwords() -> Passwords:
    """argon2 with the least work: what the real parameters are for would only slow tests down."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Clock:
    """The time, which passes when a test says so."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def a_console(engine, clock=None, **changes) -> Console:
    """Build what pages need; the database has its tables."""
    defaults = {
        "sessions": open_sessions(engine),
        "desk": Desk(Vault(bytes(range(32))), load_deadlines()),
        "now": clock or Clock(),
        "passwords": quick_passwords(),
        "least_pause": 0,
    }
    return Console(**(defaults | changes))


async def make_tables(engine) -> None:
    """Make all tables at once, as the migrations would."""
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)


def console_app(console: Console) -> web.Application:
    app = web.Application()
    add_console(app, console)
    app[CONSOLE] = console  # where signed_in finds it
    return app


async def an_account(console: Console, name: str = "", **changes) -> Account:
    """Keep an account that may sign in with PASSWORD; for all places unless told otherwise."""
    name = name or f"can-bo-{next(_numbers)}"
    values = {
        "full_name": "Nguyễn Thị Lan",
        "role": StaffRole.SUPERVISOR,
        "everywhere": not {"provinces", "communes"} & changes.keys(),
        "provinces": frozenset(),
        "communes": frozenset(),
        "password": await console.passwords.hash(PASSWORD),
        "must_change": False,
        "totp_step": 0,
        "created_at": console.now(),
    }
    account = Account(name=name, **(values | changes))
    async with console.sessions() as session, session.begin():
        session.add(account)
    return account


class Staff:
    """Somebody of the staff in a browser of their own, without script; it keeps one cookie."""

    def __init__(
        self, client: TestClient, account: Account | None = None, cookie: str = ""
    ) -> None:
        self.client = client
        self.account = account
        self.cookie = cookie

    async def opens(self, path: str, **query):
        """Load a page as a browser does, without following where it leads."""
        return await self._asks("GET", path, params=query)

    async def reads(self, path: str, **query) -> str:
        """Load a page that must be there; returns its HTML, unescaped."""
        answer = await self.opens(path, **query)
        assert answer.status == 200, (answer.status, answer.headers.get("Location"))
        return unescape(await answer.text())

    async def posts(self, path: str, fields=None, *, token=None, headers=None, **more):
        """Send a form with its token, without following where it leads.

        ``fields``: also a list of pairs, for a name that comes several times.
        """
        pairs = [*(fields.items() if isinstance(fields, dict) else fields or []), *more.items()]
        pairs.append(("form_token", form_token(self.cookie) if token is None else token))
        data = [(name, str(value)) for name, value in pairs]
        return await self._asks("POST", path, data=data, headers=headers)

    async def _asks(self, method: str, path: str, headers=None, **request):
        headers = {"Accept": "text/html", "Cookie": f"{COOKIE}={self.cookie}"} | (headers or {})
        answer = await self.client.request(
            method, path, headers=headers, allow_redirects=False, **request
        )
        if COOKIE in answer.cookies:
            self.cookie = answer.cookies[COOKIE].value
        return answer


async def signed_in(client: TestClient, role: StaffRole = StaffRole.SUPERVISOR, **account) -> Staff:
    """Return somebody who has signed in; keywords go to the account (name, provinces, …).

    Several people may share a client, made by ``a_client`` or with a DummyCookieJar.
    """
    console = client.app[CONSOLE]
    made = await an_account(console, role=role, **account)
    async with console.sessions() as session, session.begin():
        token = await sessions.begin(session, made, console.now())
    return Staff(client, made, token)


async def a_client(app: web.Application) -> TestClient:
    """Start a client; whoever starts it closes it."""
    client = TestClient(TestServer(app), cookie_jar=DummyCookieJar())
    await client.start_server()
    return client
