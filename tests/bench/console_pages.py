"""The pages that the console's bench loads, as whom, and what has to be there for them first.

What ``tests.bench.cases`` does not write in bulk is made here by the services themselves: accounts,
notes that call somebody, and one case with a long history and evidence.
"""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.channels.web.outcomes import AT
from bot.console.frame import HOME, access_to
from bot.feedback import evidence, notes, services
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.evidence import Cleaned
from bot.feedback.models import Case, CaseEvent, Evidence, Media, Publication
from bot.feedback.reports.follower import read_on
from bot.feedback.services import REPORTER, Desk, Step, Told
from bot.feedback.states import Move, Role
from bot.staff.models import Account, StaffRole
from tests.bench.cases import STAFF
from tests.bench.stories import the_busiest_commune
from tests.fakes.pictures import a_picture

QUEUE = f"{HOME}/hang-cho"
HISTORY = 200  # events of the case that has many
PIECES = 12  # of evidence that it has
CALLS = 40  # of LEAD by name
AT_ONCE = 5_000  # events read for reports in one transaction
LEAD, ADMIN, VOLUNTEER = STAFF[6], "quan-tri", "tinh-nguyen"
ONE_COMMUNE, LEAD_OF_ONE = "can-bo-xa", "truong-nhom-xa"  # responsible for a single commune
TOLD = Told(
    Category.BRIBERY,
    "Sáng nay tôi nộp hồ sơ khai sinh, người ngồi quầy đòi năm trăm nghìn mới nhận.",
    "web",
    "2026-11",
    province_code=the_busiest_commune().province.code,
    commune_code=the_busiest_commune().code,
    place_words=the_busiest_commune().name,
    office_words="Bộ phận một cửa",
    conversation="web:nguoi-phan-anh",
)


@dataclass(frozen=True)
class Asked:
    """A page and whoever loads it; what stands in braces is another one each time."""

    name: str
    at: str
    who: str = LEAD  # empty: the public


@dataclass(frozen=True)
class There:
    """What is in the database, for the addresses of pages."""

    cases: int
    events: int
    outcomes: int
    long_case: int
    piece: str  # of its evidence

    def address(self, at: str, chance: random.Random) -> str:
        """Return the address of a page with other numbers each time."""
        return at.format(
            case=chance.randint(1, self.cases),
            event=chance.randint(100, self.events),
            outcome=chance.randint(1, self.outcomes),
            day=datetime.now(UTC).date() - timedelta(days=chance.randrange(700)),
        )


def named_pages(there: There) -> Iterator[Asked]:
    """Yield the pages whose address has to be known."""
    commune = the_busiest_commune()
    yield Asked("queue", QUEUE)
    yield Asked("queue, overdue", f"{QUEUE}?due=overdue")
    yield Asked("queue, mine", f"{QUEUE}?who=me")
    yield Asked("queue, all of a commune", f"{QUEUE}?commune={commune.code}&scope=all")
    yield Asked("queue, done of two kinds", f"{QUEUE}?category=bribery&category=broker&scope=done")
    yield Asked("queue, a rare state", f"{QUEUE}?state=reopened&channel=zalo")
    yield Asked("queue, frequent words", f"{QUEUE}?q=đòi+giấy+xác+nhận&scope=all")
    yield Asked("queue, rare words", f"{QUEUE}?q=camera+phong+bì&scope=all")
    yield Asked("queue, office and words", f"{QUEUE}?office=bảo+hiểm&q=trễ+hạn&scope=all")
    yield Asked("queue, a number", f"{QUEUE}?q={{case}}")
    yield Asked("queue of one commune", QUEUE, ONE_COMMUNE)
    yield Asked("queue of one commune, all", f"{QUEUE}?scope=all", ONE_COMMUNE)
    yield Asked("queue of one commune, words", f"{QUEUE}?q=đòi+giấy&scope=all", ONE_COMMUNE)
    case, long = f"{HOME}/cases/{{case}}", f"{HOME}/cases/{there.long_case}"
    yield Asked("case", case)
    yield Asked("case, its changes", f"{case}/fresh")
    yield Asked("case, its version", f"{case}/version")
    yield Asked("case, in print", f"{case}/print")
    yield Asked(f"case of {HISTORY} events", long)
    yield Asked(f"case of {HISTORY} events, in print", f"{long}/print")
    yield Asked("evidence, small", f"{long}/evidence/{there.piece}/small")
    yield Asked("evidence", f"{long}/evidence/{there.piece}")
    yield Asked("audit, deep", f"{HOME}/nhat-ky?before={{event}}", ADMIN)
    yield Asked("audit of an account", f"{HOME}/nhat-ky?account={STAFF[3]}", ADMIN)
    yield Asked("audit of a case", f"{HOME}/nhat-ky?case={{case}}", ADMIN)
    yield Asked("audit of one commune", f"{HOME}/nhat-ky", LEAD_OF_ONE)
    yield Asked("user", f"{HOME}/nguoi-dung/tai-khoan/{STAFF[1]}", ADMIN)
    year = f"{HOME}/reports?period=year&on={{day}}"  # each time of another day: counted anew
    yield Asked("report of a month", f"{HOME}/reports?on={{day}}")
    yield Asked("report of a year", year)
    yield Asked("report of a province, a year", f"{year}&province={commune.province.code}")
    yield Asked("report of one commune, a year", year, ONE_COMMUNE)
    yield Asked("chart of a year", f"{HOME}/reports/charts/times.svg?period=year&on={{day}}")
    yield Asked("outcomes", AT, "")
    yield Asked("outcomes of a province", f"{AT}?tinh={commune.province.code}", "")
    yield Asked("outcomes of a commune", f"{AT}?xa={commune.code}", "")
    yield Asked("outcomes of a kind and month", f"{AT}?loai=bribery&thang=2026-03", "")
    yield Asked("outcome", f"{AT}/{{outcome}}", "")
    yield Asked("feed of outcomes", f"{AT}/feed.xml", "")


def other_pages(app: web.Application, named: Collection[str]) -> Iterator[Asked]:
    """Yield what else of the console has one address, as somebody who may open it."""
    for route in app.router.routes():
        at = route.resource.canonical if route.resource else ""
        if route.method != "GET" or not at.startswith(HOME) or "{" in at or at in named:
            continue
        roles = access_to(route.handler).roles or {StaffRole.LEAD}
        yield Asked(at.removeprefix(HOME), at, next(_WHO[role] for role in _WHO if role in roles))


_WHO = {
    StaffRole.LEAD: LEAD,
    StaffRole.ADMIN: ADMIN,
    StaffRole.VOLUNTEER: VOLUNTEER,
    StaffRole.SUPERVISOR: ONE_COMMUNE,
}


# -- what has to be there first -------------------------------------------------------------------


async def follow(sessions: async_sessionmaker[AsyncSession], desk: Desk) -> None:
    """Read the chain on for reports, which a gateway does by and by; minutes, the first time."""
    while True:
        async with sessions() as session, session.begin():
            if not await read_on(session, desk, AT_ONCE):
                return


async def prepare(session: AsyncSession, desk: Desk) -> There:
    """Make what is not there yet; return what is."""
    now = datetime.now(UTC)
    if await session.get(Account, LEAD) is None:
        session.add_all(_accounts(now))
        await _call_by_name(session, desk, now)
        await _a_long_history(session, desk, now)
    piece = (await session.execute(select(Evidence.id, Evidence.case_id).limit(1))).one()
    return There(
        cases=await session.scalar(select(func.max(Case.id))) or 0,
        events=await session.scalar(select(func.max(CaseEvent.number))) or 0,
        outcomes=await session.scalar(select(func.max(Publication.id))) or 0,
        long_case=piece.case_id or 0,
        piece=piece.id,
    )


def _accounts(now: datetime) -> Iterator[Account]:
    commune = frozenset({TOLD.commune_code or ""})
    for name in STAFF:
        yield _account(name, StaffRole.LEAD if name == LEAD else StaffRole.SUPERVISOR, now)
    yield _account(ADMIN, StaffRole.ADMIN, now)
    yield _account(VOLUNTEER, StaffRole.VOLUNTEER, now)
    yield _account(ONE_COMMUNE, StaffRole.SUPERVISOR, now, commune)
    yield _account(LEAD_OF_ONE, StaffRole.LEAD, now, commune)


def _account(
    name: str, role: StaffRole, now: datetime, communes: frozenset[str] = frozenset()
) -> Account:
    return Account(
        name=name,
        full_name=f"Cán bộ {name}",
        role=role,
        everywhere=not communes,
        provinces=frozenset(),
        communes=communes,
        password="",  # nobody signs in by it
        must_change=False,
        totp_step=0,
        created_at=now,
    )


async def _call_by_name(session: AsyncSession, desk: Desk, now: datetime) -> None:
    by = Actor(Role.SUPERVISOR, STAFF[0])
    for case_id in range(1, CALLS + 1):
        await notes.add_note(session, desk, case_id, f"@{LEAD} xem giúp.", by, STAFF, now)


async def _a_long_history(session: AsyncSession, desk: Desk, now: datetime) -> None:
    by = Actor(Role.SUPERVISOR, STAFF[0])
    case, _ = await services.open_case(session, desk, TOLD, now)
    for step in (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee=STAFF[0]), Step(Move.START)):
        await services.move(session, desk, case.id, step, by, now)
    for _ in range(PIECES):
        picture = Cleaned(Media.JPEG, a_picture(size=(1600, 1200)), a_picture(size=(240, 180)))
        id = await evidence.keep(session, desk.vault, picture, TOLD.conversation or "", now)
        await evidence.bind(session, desk.vault, [id], case.id, TOLD.conversation or "", now)
    words = "Tôi bổ sung: hôm đó có người đi cùng chứng kiến, biên nhận còn giữ đây."
    for _ in range((HISTORY - PIECES) // 3):
        await services.add_to_case(session, desk, case.id, words, REPORTER, now)
        await services.add_to_case(session, desk, case.id, "Đã nhận, cảm ơn bạn.", by, now)
        await notes.add_note(session, desk, case.id, "Đã gọi lại bộ phận một cửa.", by, STAFF, now)
