"""What is personal of a case does not outlive its time, in whatever table it stands."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import LargeBinary, select

from bot.feedback import evidence, retention, services
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.deadlines import load_deadlines
from bot.feedback.evidence import Cleaned
from bot.feedback.models import Case, CaseEvent, Kind, Media
from bot.feedback.retention import Retention
from bot.feedback.services import REPORTER, Desk, Step, Told
from bot.feedback.states import Move, Role
from bot.tables import METADATA
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
LATER = NOW + timedelta(days=800)
LAN = Actor(Role.SUPERVISOR, "lan")
TOLD = Told(
    Category.BRIBERY, "Cán bộ đòi tiền", "web", "2026-11", conversation="an", identity="Lan, 0912"
)


@pytest.fixture
def desk(vault) -> Desk:
    return Desk(vault, load_deadlines())


@pytest.fixture
def told(sessions, desk):
    """Keep a case with everything that people write about one; return its number."""

    async def tell(*, at: datetime = NOW, finished: bool = True) -> int:
        async with sessions() as session, session.begin():
            case, _ = await services.open_case(session, desk, TOLD, at)
            picture = Cleaned(Media.JPEG, b"a picture", b"small")
            id = await evidence.keep(session, desk.vault, picture, "an", at)
            await evidence.bind(session, desk.vault, [id], case.id, "an", at)
            await services.add_to_case(session, desk, case.id, "Thêm chi tiết", REPORTER, at)
            triage = Step(Move.TRIAGE, note="Đã gọi cho chị Lan")
            await services.move(session, desk, case.id, triage, LAN, at)
            if finished:
                withdrawn = Step(Move.WITHDRAW, note="Tôi rút")
                await services.move(session, desk, case.id, withdrawn, REPORTER, at)
            return case.id

    return tell


@pytest.fixture
def swept(engine, desk):
    """Forget what was not touched for so many days."""

    async def sweep(days: int = 730) -> None:
        async with engine.begin() as connection:
            await Retention(desk, lambda: LATER)(connection, LATER - timedelta(days=days))

    return sweep


async def erased(sessions) -> list[int]:
    async with sessions() as session:
        query = select(Case.id).where(Case.story == b"").order_by(Case.id)
        return list(await session.scalars(query))


async def test_a_finished_case_is_erased_when_its_time_is_over(told, swept, sessions, desk):
    old, _, _ = await told(), await told(finished=False), await told(at=LATER - timedelta(days=700))
    await swept()
    assert await erased(sessions) == [old]
    async with sessions() as session:
        assert (await services.verify_chain(session, desk.vault)).whole
        event = await session.scalar(select(CaseEvent).where(CaseEvent.kind == Kind.ERASED))
    assert (event.case_id, event.role) == (old, Role.CLOCK)


async def test_a_case_is_erased_once(told, swept, sessions):
    await told()
    await swept()
    await swept(days=0)
    async with sessions() as session:
        events = select(CaseEvent.number).where(CaseEvent.kind == Kind.ERASED)
        assert len(list(await session.scalars(events))) == 1


async def test_a_clock_that_runs_ahead_does_not_cost_everything_at_once(
    told, swept, sessions, monkeypatch
):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    ids = [await told() for _ in range(3)]
    await swept()
    assert await erased(sessions) == ids[:2]


async def test_nothing_sealed_of_an_erased_case_is_left_in_any_table(told, swept, engine):
    """Whoever adds a sealed column of a case sees to it that it is erased.

    What was published holds no personal data: people read it before it went out.
    """
    case_id = await told()
    await swept()
    left = []
    async with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            of_case = table.c.get("id" if table.name == "feedback_case" else "case_id")
            if of_case is None or table.name == "case_publication":
                continue
            sealed = [each for each in table.c if isinstance(each.type, LargeBinary)]
            query = select(*sealed or [of_case]).where(of_case == case_id)
            for row in (await connection.execute(query)).mappings() if sealed else ():
                left += [f"{table.name}.{name}" for name, value in row.items() if value]
    # The event of the erasure itself tells nothing but that it happened.
    assert left == ["case_event.content"]
