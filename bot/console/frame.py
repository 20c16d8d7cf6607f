"""What every page of the console is made with: who asks, what it needs, how it answers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler
from markupsafe import Markup
from multidict import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.console import texts
from bot.console.arrivals import Arrivals
from bot.console.report_counts import Reports
from bot.conversation.deliveries import Outgoing
from bot.doors.assets import Asset
from bot.dossiers.letter import default_template
from bot.feedback.services import Desk
from bot.feedback.tally import Tally
from bot.notifications.models import Medium
from bot.staff.models import Account, StaffRole
from bot.staff.passwords import Passwords
from bot.staff.services import Staff
from bot.staff.sessions import Lifetime, form_token
from bot.storage.vault import Vault
from bot.working_time.zone import VIETNAM

HOME = "/console"
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
TOKEN_HEADER = "X-Form-Token"  # noqa: S105 - the name of a header


@dataclass(frozen=True)
class Console:
    """What the pages need from the rest of the program."""

    sessions: async_sessionmaker[AsyncSession]
    desk: Desk
    now: Callable[[], datetime]
    public_origin: str = ""  # "https://hoi.example.gov.vn"; empty: what the Host header says
    outcomes_at: str = "/ket-qua"  # where the public reads what became of cases
    agency: str = ""  # who reports to a People's Committee, in Vietnamese; empty: a line to fill in
    passwords: Passwords = field(default_factory=Passwords)
    lifetime: Lifetime = field(default_factory=Lifetime)
    letter: bytes = field(default_factory=default_template)  # of apology, a .docx to be filled in
    outgoing: Outgoing = field(default_factory=Outgoing)
    ways: Collection[Medium] = tuple(Medium)  # by which the staff can be notified
    least_pause: float = 0.4  # seconds until a sign-in is refused, whatever was wrong

    @cached_property
    def arrivals(self) -> Arrivals:
        """By which the open pages of this gateway hear of new cases."""
        return Arrivals(self.sessions)

    @cached_property
    def tally(self) -> Tally:
        """The counts of the queue."""
        return Tally()

    @cached_property
    def reports(self) -> Reports:
        """The figures of reports."""
        return Reports(self.sessions)

    @property
    def staff(self) -> Staff:
        """What the services of accounts need."""
        return Staff(self.vault, self.passwords)

    @property
    def vault(self) -> Vault:
        """The key to what is sealed."""
        return self.desk.vault

    def is_https(self, request: web.Request) -> bool:
        """Tell whether browsers reach us over https, also through a proxy that we know of."""
        return request.secure or self.public_origin.startswith("https://")


class Place(Enum):
    """Where a page stands in the navigation; their order is this one."""

    QUEUE = "queue"  # Hàng chờ
    MENTIONS = "mentions"  # Nhắc tôi
    DOSSIERS = "dossiers"  # Hồ sơ trễ hạn
    USERS = "users"  # Người dùng: before reports, so that an admin comes to it first
    REPORTS = "reports"  # Báo cáo
    TEMPLATES = "templates"  # Mẫu trả lời
    MISSED = "missed"  # Câu hỏi bỏ sót
    CHANNELS = "channels"  # Kênh
    AUDIT = "audit"  # Nhật ký


@dataclass(frozen=True)
class Page:
    """One page of the console: its routes, the first of which its place in the navigation opens."""

    routes: tuple[web.RouteDef, ...]
    place: Place | None = None

    @property
    def path(self) -> str:
        """The address that the navigation leads to."""
        return HOME + self.routes[0].path

    def is_for(self, account: Account) -> bool:
        """Tell whether somebody may open it."""
        return account.role in access_to(self.routes[0].handler).roles


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody who handles cases."""

    cases: int = 0  # that they have, open
    mentions: int = 0  # notes that call them and were not seen


CONSOLE = web.AppKey("console", Console)
ASSETS = web.AppKey("console_assets", dict[str, Asset])
NAVIGATION = web.AppKey("console_navigation", tuple[Page, ...])
TEMPLATES = web.AppKey("console_templates", jinja2.Environment)

ACCOUNT = web.RequestKey("account", Account)  # whoever is signed in
FORM = web.RequestKey("form", MultiDict[str])  # what a form posted, its token checked
WAITING = web.RequestKey("waiting", Waiting)  # for the navigation
TOKEN = web.RequestKey("token", str)  # the cookie's secret; of nobody yet before the sign-in


# -- who may open what ------------------------------------------------------------------------


@dataclass(frozen=True)
class Access:
    """Who may call a handler."""

    roles: frozenset[StaffRole] = frozenset()
    to_all: bool = False  # also to whom has not signed in
    counts: bool = True  # as a visit: keeps the session from being idle
    while_changing: bool = False  # also while a one-time password waits to be replaced


_ACCESS = "console_access"


def allowed(
    *roles: StaffRole, counts: bool = True, while_changing: bool = False
) -> Callable[[Handler], Handler]:
    """Let people of these roles call a handler; without any, everybody who has signed in."""
    return _marked(Access(frozenset(roles or StaffRole), False, counts, while_changing))


def open_to_all(handler: Handler) -> Handler:
    """Let strangers call a handler."""
    return _marked(Access(to_all=True))(handler)


def _marked(access: Access) -> Callable[[Handler], Handler]:
    def mark(handler: Handler) -> Handler:
        setattr(handler, _ACCESS, access)
        return handler

    return mark


def access_to(handler: object) -> Access:
    """Return who may call a handler; nobody may when it does not say."""
    access = getattr(handler, _ACCESS, None)
    return access if isinstance(access, Access) else Access()


# -- answers ----------------------------------------------------------------------------------


def render(
    request: web.Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> web.Response:
    """Show a page; ``?notice=`` names a sentence of ``texts.NOTICES`` to say on it."""
    account = request.get(ACCOUNT)
    shared = {
        "frame": texts.FRAME,
        "asset": request.app[ASSETS],
        "account": account,
        "role": texts.ROLES[account.role] if account else "",
        "navigation": _navigation(request, account),
        "token": form_token(request[TOKEN]) if TOKEN in request else "",
        "form_token": lambda: _token_field(request),
        "notice": texts.NOTICES.get(request.query.get("notice", ""), ""),
    }
    page = aiohttp_jinja2.render_template(
        template, request, {**shared, **context}, app_key=TEMPLATES, status=status
    )
    page.enable_compression()
    return page


@dataclass(frozen=True)
class Link:
    """A page in the navigation."""

    name: str
    path: str
    here: bool
    count: int  # of what waits there
    counted: str  # the same for who cannot see where it stands; empty for none


def _navigation(request: web.Request, account: Account | None) -> list[Link]:
    """Return the pages that somebody may open now."""
    if account is None or account.must_change:
        return []
    pages = (page for page in request.app[NAVIGATION] if page.is_for(account))
    return [_link(request, page, page.place) for page in pages if page.place]


def _link(request: web.Request, page: Page, place: Place) -> Link:
    waiting = request.get(WAITING, Waiting())
    counts = {Place.QUEUE: waiting.cases, Place.MENTIONS: waiting.mentions}
    count = counts.get(place, 0)
    said = texts.WAITING[place.value].format(count=count) if count else ""
    here = request.path.startswith(page.path)
    return Link(texts.PLACES[place.value], page.path, here, count, said)


def _token_field(request: web.Request) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        TOKEN_FIELD, form_token(request[TOKEN])
    )


def lead_to(path: str, *, notice: str = "", **query: str) -> web.Response:
    """Answer a form with 303: what is then loaded again is a page, never the form."""
    if notice:
        query["notice"] = notice
    address = f"{path}?{urlencode(query)}" if query else path
    return web.Response(status=303, headers={"Location": address})


def moment(at: datetime) -> str:
    """Say an instant: 22/11/2026 14:05."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def day(on: date | datetime) -> str:
    """Say a day, of an instant that in Vietnam: 22/11/2026."""
    return f"{on.astimezone(VIETNAM) if isinstance(on, datetime) else on:%d/%m/%Y}"
