"""/ket-qua: what became of feedback, for everybody (công khai kết quả). No script, no cookie.

Only what two of the staff have put out, without personal data; the day of a case is told as its
month, since a day and a place may say who it was.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.channels.web import texts
from bot.channels.web.site import SITE, TEMPLATES
from bot.doors.http import Refused
from bot.feedback.category import Category
from bot.feedback.publishing import Filter, Outcome, outcome, outcomes
from bot.feedback.wording import ABOUT
from bot.places.unit import Commune, Province
from bot.places.units import units
from bot.storage.vault import Vault
from bot.working_time.zone import VIETNAM

AT = "/ket-qua"
PAGE_OUTCOMES = 20
_CACHED = "public, max-age=300"  # what is taken down is gone everywhere five minutes later
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_CURSOR = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")  # microseconds and number of the last one
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Published:
    """Where the outcomes are read, and under which address others find them."""

    sessions: async_sessionmaker[AsyncSession]
    vault: Vault
    origin: str  # "https://hoi.example.gov.vn"


PUBLISHED = web.AppKey("published", Published)


def add_outcomes(app: web.Application, published: Published) -> None:
    """Put /ket-qua beside the chat page, which the application has already."""
    app[PUBLISHED] = published
    app.add_routes(
        [
            web.get(AT, show_outcomes),
            web.get(f"{AT}/feed.xml", show_feed),
            web.get(AT + "/{id:[1-9][0-9]{0,17}}", show_outcome),
        ]
    )


@dataclass(frozen=True)
class Asked:
    """What a reader asked for; what is no place, kind or month is left out."""

    province: Province | None = None
    commune: Commune | None = None
    category: Category | None = None
    month: str = ""  # 2026-11

    @property
    def filter(self) -> Filter:
        """The same for the service."""
        wanted = Filter(
            province_code=self.province.code if self.province else None,
            commune_code=self.commune.code if self.commune else None,
            category=self.category,
        )
        if not self.month:
            return wanted
        first = datetime.fromisoformat(f"{self.month}-01").replace(tzinfo=VIETNAM)
        year, month = divmod(first.year * 12 + first.month, 12)
        after = first.replace(year=year, month=month + 1)
        return replace(wanted, answered_from=first, answered_until=after)

    @property
    def query(self) -> dict[str, str]:
        """The same for an address."""
        named = {
            "tinh": self.province.code if self.province else "",
            "xa": self.commune.code if self.commune else "",
            "loai": self.category.value if self.category else "",
            "thang": self.month,
        }
        return {name: value for name, value in named.items() if value}


def asked(query: Mapping[str, str]) -> Asked:
    """Read an address, also one mangled by hand."""
    known = units()
    provinces = {province.code: province for province in known.provinces}
    communes = {commune.code: commune for commune in known.communes}
    commune = communes.get(query.get("xa", ""))
    province = provinces.get(query.get("tinh", ""))
    if commune is not None and province is not None and commune.province.code != province.code:
        commune = None  # another province was chosen, and its communes are not shown yet
    month = query.get("thang", "")
    return Asked(
        province=province or (commune.province if commune else None),
        commune=commune,
        category={each.value: each for each in Category}.get(query.get("loai", "")),
        month=month if _MONTH.fullmatch(month) else "",
    )


async def show_outcomes(request: web.Request) -> web.Response:
    """A page of outcomes, the newest first."""
    wanted = asked(request.query)
    found = await _found(request, wanted, _after(request.query.get("sau", "")))
    more = found[PAGE_OUTCOMES - 1] if len(found) > PAGE_OUTCOMES else None
    older = {**wanted.query, "sau": _cursor(more)} if more else {}
    context = {
        "asked": wanted,
        "provinces": sorted(units().provinces, key=lambda each: each.short),
        "communes": _communes_of(wanted.province),
        "outcomes": found[:PAGE_OUTCOMES],
        "older": f"{AT}?{urlencode(older)}" if older else "",
        "feed": f"{AT}/feed.xml?{urlencode(wanted.query)}",
    }
    return _page(request, "outcomes.html", context)


async def show_outcome(request: web.Request) -> web.Response:
    """One outcome, at the address that its reporter was told."""
    published = request.app[PUBLISHED]
    try:
        async with published.sessions() as session:
            found = await outcome(session, published.vault, int(request.match_info["id"]))
    except (OperationalError, InterfaceError):
        raise _storage_down() from None
    context = {"outcome": found}
    return _page(request, "outcome.html", context, status=200 if found else 404)


async def show_feed(request: web.Request) -> web.Response:
    """The newest outcomes as an Atom feed."""
    wanted = asked(request.query)
    found = (await _found(request, wanted, None))[:PAGE_OUTCOMES]
    context = {"outcomes": found, "origin": request.app[PUBLISHED].origin, "xml": in_xml}
    feed = _page(request, "outcomes_feed.xml", context)
    feed.content_type = "application/atom+xml"
    return feed


def in_xml(text: str) -> str:
    """Leave out what no XML may hold."""
    return _NOT_IN_XML.sub("", text)


async def _found(
    request: web.Request, wanted: Asked, after: tuple[datetime, int] | None
) -> Sequence[Outcome]:
    """Return the outcomes of a page, and one more where there is a next page."""
    published = request.app[PUBLISHED]
    try:
        async with published.sessions() as session:
            return await outcomes(session, published.vault, wanted.filter, after, PAGE_OUTCOMES + 1)
    except (OperationalError, InterfaceError):
        raise _storage_down() from None


def _storage_down() -> Refused:
    return Refused(503, "storage_down", "the database does not answer; try again", retry_after=2)


def _after(cursor: str) -> tuple[datetime, int] | None:
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        return None
    micros, id = int(match[1]), int(match[2])
    return datetime.fromtimestamp(micros / 1_000_000, VIETNAM), id


def _cursor(last: Outcome) -> str:
    return f"{round(last.published_at.timestamp() * 1_000_000)}-{last.id}"


def _communes_of(province: Province | None) -> list[Commune]:
    if province is None:
        return []
    theirs = (each for each in units().communes if each.province.code == province.code)
    return sorted(theirs, key=lambda each: each.short)


def _page(
    request: web.Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> web.Response:
    site = request.app[SITE]
    shared = {
        "words": texts.PAGE,
        "said": texts.OUTCOMES,
        "asset": site.assets,
        "about": ABOUT,
        "place": _place,
        "month": _month,
    }
    page = aiohttp_jinja2.render_template(
        template, request, {**shared, **context}, app_key=TEMPLATES, status=status
    )
    page.headers["Cache-Control"] = _CACHED
    page.enable_compression()
    return page


def _place(shown: Outcome) -> str:
    """Name where it was, as far as it is known."""
    for commune in units().communes:
        if commune.code == shown.commune_code:
            return f"{commune.name}, {commune.province.name}"
    for province in units().provinces:
        if province.code == shown.province_code:
            return province.name
    return str(texts.OUTCOMES["nowhere"])


def _month(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%m/%Y}"
