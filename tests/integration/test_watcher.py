"""The watch over cases on real databases: done once, wholly or not at all, whoever is killed."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.chain import append, content_of
from bot.feedback.deadlines import Clock, load_deadlines
from bot.feedback.errors import BadDetails
from bot.feedback.models import Case, CaseEvent, CaseMessage, Kind
from bot.feedback.services import REPORTER, Actor, Desk, Step, Told
from bot.feedback.states import Move, Role, State
from bot.feedback.watch import Stage
from bot.feedback.watcher import Trust, Watcher, look_after
from bot.working_time.zone import VIETNAM

MONDAY = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
LAN = Actor(Role.SUPERVISOR, "lan")
STORY = "Cán bộ bắt tôi về bổ sung giấy ba lần"


class Time:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


class Killed(Exception):
    """The process ends here."""


class Room:
    """A desk with its cases, and as many watchers over them as the test wants."""

    def __init__(self, sessions, vault) -> None:
        self.sessions = sessions
        self.desk = Desk(vault, load_deadlines())
        self.time = Time()

    async def opens(self, at: datetime = MONDAY, category: Category = Category.ATTITUDE) -> int:
        async with self.sessions() as session, session.begin():
            told = Told(category, STORY, "web", "2026-11")
            case, _ = await services.open_case(session, self.desk, told, at)
            return case.id

    async def moves(self, case_id: int, *steps: Step, at: datetime = MONDAY) -> None:
        for step in steps:
            async with self.sessions() as session, session.begin():
                await services.move(session, self.desk, case_id, step, LAN, at)

    def watcher(self) -> Watcher:
        return Watcher(self.sessions, self.desk, self.time)

    async def watched(self, until: datetime, every: timedelta = timedelta(hours=6)) -> None:
        """Let time pass up to an instant, watching now and then."""
        while self.time.now < until:
            self.time.now = min(self.time.now + every, until)
            await self.watcher().go_round()

    async def case(self, case_id: int) -> Case:
        async with self.sessions() as session:
            return await session.get_one(Case, case_id)

    async def by_the_clock(self, case_id: int) -> list[CaseEvent]:
        query = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.role == Role.CLOCK)
        async with self.sessions() as session:
            return (await session.scalars(query.order_by(CaseEvent.number))).all()

    async def said(self, case_id: int) -> list[str]:
        async with self.sessions() as session:
            found = await services.messages_of(session, self.desk.vault, case_id)
        return [message.text for message in found]

    async def whole(self) -> bool:
        async with self.sessions() as session:
            return (await services.verify_chain(session, self.desk.vault)).whole


@pytest.fixture
def room(sessions, vault) -> Room:
    return Room(sessions, vault)


async def test_a_case_that_nobody_touches_is_marked_step_by_step(room):
    case_id = await room.opens()
    await room.watched(MONDAY + timedelta(days=30))
    events = await room.by_the_clock(case_id)
    told = [
        (event.kind, content_of(room.desk.vault, event).clock)
        for event in events
        if event.kind is not Kind.MESSAGE
    ]
    assert told == [
        (kind, clock)
        for clock in (Clock.TRIAGE, Clock.FORWARD, Clock.ANSWER)
        for kind in (Kind.WARNED, Kind.OVERDUE, Kind.ESCALATED)
    ]
    assert (await room.case(case_id)).look_at is None
    assert await room.whole()


async def test_the_reporter_hears_once_that_the_answer_is_late_and_when_it_is_expected(room):
    case_id = await room.opens()
    await room.watched(MONDAY + timedelta(days=60))
    (said,) = await room.said(case_id)
    assert "Xin lỗi bạn" in said
    assert "hạn là 17:00 ngày 01/12/2026" in said
    assert "trước 17:00 ngày 08/12/2026" in said
    assert (await room.case(case_id)).promised_at == datetime(2026, 12, 8, 17, tzinfo=VIETNAM)


async def test_moving_a_late_case_about_makes_no_second_apology(room):
    case_id = await room.opens()
    late = datetime(2026, 12, 2, 9, tzinfo=VIETNAM)
    await room.watched(late)
    triaged = Step(Move.TRIAGE, category=Category.IMPROPER_DEMAND)  # five days instead of ten
    await room.moves(case_id, triaged, Step(Move.ASSIGN, assignee="lan"), at=late)
    await room.moves(case_id, Step(Move.ASK, note="Ở quầy nào ạ?"), at=late)
    await room.watched(late + timedelta(days=30))
    assert sum("Xin lỗi bạn" in said for said in await room.said(case_id)) == 1


async def test_a_reopened_case_that_is_late_again_is_owned_up_to_again(room):
    case_id = await room.opens()
    await room.watched(datetime(2026, 12, 2, 9, tzinfo=VIETNAM))
    done = (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee="lan"), Step(Move.START))
    await room.moves(case_id, *done, Step(Move.ANSWER, note="Đã nhắc nhở."), at=room.time.now)
    async with room.sessions() as session, session.begin():
        again = Step(Move.REOPEN)
        await services.move(session, room.desk, case_id, again, REPORTER, room.time.now)
    case = await room.case(case_id)
    assert (case.answer_stage, case.promised_at) == (None, None)
    await room.watched(datetime(2026, 12, 20, tzinfo=VIETNAM))
    assert sum("Xin lỗi bạn" in said for said in await room.said(case_id)) == 2


async def test_a_case_moved_in_time_is_left_alone(room):
    case_id = await room.opens()
    done = (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee="lan"), Step(Move.START))
    await room.moves(case_id, *done, Step(Move.ANSWER, note="Đã nhắc nhở."))
    await room.watched(MONDAY + timedelta(days=14))
    assert await room.by_the_clock(case_id) == []


async def test_a_question_is_repeated_once_and_then_the_work_goes_on(room):
    case_id = await room.opens()
    await room.moves(case_id, Step(Move.TRIAGE), Step(Move.ASK, note="Ở quầy nào ạ?"))
    await room.watched(datetime(2026, 11, 20, tzinfo=VIETNAM))
    assert [said[:8] for said in await room.said(case_id)] == ["Ở quầy n", "Nhắc bạn"]
    await room.watched(datetime(2026, 11, 28, tzinfo=VIETNAM))
    assert len(await room.said(case_id)) == 3
    case = await room.case(case_id)
    assert (case.state, case.resume_to) == (State.TRIAGED, None)


async def test_an_answer_that_nobody_disputes_closes_the_case_which_can_still_be_reopened(room):
    case_id = await room.opens()
    done = (Step(Move.TRIAGE), Step(Move.ASSIGN, assignee="lan"), Step(Move.START))
    await room.moves(case_id, *done, Step(Move.ANSWER, note="Đã nhắc nhở."))
    await room.watched(datetime(2026, 12, 9, tzinfo=VIETNAM), every=timedelta(days=1))
    assert (await room.case(case_id)).state is State.CLOSED
    async with room.sessions() as session, session.begin():
        await services.move(session, room.desk, case_id, Step(Move.REOPEN), REPORTER, room.time.now)
    assert (await room.case(case_id)).state is State.REOPENED


async def test_after_a_long_outage_everything_is_caught_up_with_once(room):
    case_id = await room.opens()
    room.time.now = MONDAY + timedelta(days=90)
    await room.watcher().go_round()
    kinds = Counter(event.kind for event in await room.by_the_clock(case_id))
    assert kinds == {Kind.OVERDUE: 3, Kind.ESCALATED: 3, Kind.MESSAGE: 1}


async def test_a_clock_set_back_repeats_nothing(room):
    case_id = await room.opens()
    await room.watched(MONDAY + timedelta(days=30))
    before = len(await room.by_the_clock(case_id))
    room.time.now = MONDAY - timedelta(days=400)
    await room.watched(MONDAY + timedelta(days=30), every=timedelta(days=50))
    assert len(await room.by_the_clock(case_id)) == before


@pytest.mark.parametrize("after", range(1, 9))
async def test_killed_at_any_moment_nothing_is_told_twice_or_not_at_all(room, monkeypatch, after):
    """The process ends at its n-th write, and its transaction with it; the next one goes on."""
    case_id = await room.opens()
    room.time.now = MONDAY + timedelta(days=90)
    written = 0

    async def dying(*arguments):
        nonlocal written
        written += 1
        if written == after:
            raise Killed
        return await append(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr("bot.feedback.watcher.append", dying)
        patched.setattr("bot.feedback.services.append", dying)
        try:
            await room.watcher().go_round()
        except Killed:
            assert await room.by_the_clock(case_id) == []
    await room.watcher().go_round()
    kinds = Counter(event.kind for event in await room.by_the_clock(case_id))
    assert kinds == {Kind.OVERDUE: 3, Kind.ESCALATED: 3, Kind.MESSAGE: 1}
    assert await room.whole()


async def test_of_several_nodes_exactly_one_acts(room):
    cases = [await room.opens() for _ in range(5)]
    room.time.now = MONDAY + timedelta(days=90)
    await asyncio.gather(*(room.watcher().go_round() for _ in range(3)))
    for case_id in cases:
        kinds = Counter(event.kind for event in await room.by_the_clock(case_id))
        assert kinds == {Kind.OVERDUE: 3, Kind.ESCALATED: 3, Kind.MESSAGE: 1}
    assert await room.whole()


async def test_a_case_that_cannot_be_handled_holds_up_no_other(room, monkeypatch):
    broken, sound = await room.opens(), await room.opens()
    room.time.now = MONDAY + timedelta(days=90)
    async with room.sessions() as session, session.begin():
        # Waits, and nothing is known of where it came from: it cannot go on.
        values = {"state": State.NEED_INFO, "resume_to": State.NEED_INFO}
        await session.execute(update(Case).where(Case.id == broken).values(**values))
        await session.execute(
            update(CaseEvent).where(CaseEvent.case_id == broken).values(state=State.NEED_INFO)
        )

    async def refusing(*arguments):
        raise BadDetails("a case that nothing can be done with")

    with monkeypatch.context() as patched:
        patched.setattr("bot.feedback.watcher.move", refusing)
        await room.watcher().go_round()
    assert await room.by_the_clock(broken) == []
    assert len(await room.by_the_clock(sound)) == 7
    assert (await room.case(broken)).look_at == room.time.now + timedelta(hours=1)


async def test_hundreds_of_cases_that_fall_due_together_are_all_seen_to(room):
    count = 300
    await room.opens()
    async with room.sessions() as session, session.begin():
        await multiply(session, count)
    room.time.now = datetime(2026, 11, 18, 20, tzinfo=VIETNAM)
    await room.watcher().go_round()
    async with room.sessions() as session:
        late = select(func.count()).where(Case.triage_stage == Stage.OVERDUE)
        assert await session.scalar(late) == count
        assert await session.scalar(select(func.count()).select_from(CaseMessage)) == 0


async def multiply(session, count: int) -> None:
    """Make of the one case there is so many, each with the event that opened it."""
    case = (await session.execute(select(Case.__table__))).mappings().one()
    event = (await session.execute(select(CaseEvent.__table__))).mappings().one()
    numbers = range(2, count + 1)
    cases = [dict(case) | {"id": number, "receipt": f"{number:032}"} for number in numbers]
    events = [
        dict(event) | {"number": number, "case_id": number, "hash": f"{number:032}"}
        for number in numbers
    ]
    await session.execute(Case.__table__.insert(), cases)
    await session.execute(CaseEvent.__table__.insert(), events)
    end = {"number": count, "hash": f"{count:032}"}
    await session.execute(update(services.ChainEnd).values(**end))


async def test_another_node_that_was_first_is_noticed(room):
    case_id = await room.opens()
    later = MONDAY + timedelta(days=90)
    async with room.sessions() as session, session.begin():
        assert await look_after(session, room.desk, case_id, later)
    async with room.sessions() as session, session.begin():
        assert await look_after(session, room.desk, case_id, later) == ()


def test_a_clock_that_jumps_is_believed_once_it_has_run_evenly():
    trust = Trust(patience=timedelta(minutes=10))
    assert trust.believes(MONDAY, 0)
    assert trust.believes(MONDAY + timedelta(seconds=30), 15)  # set by a few seconds
    jumped = MONDAY + timedelta(days=400)
    assert not trust.believes(jumped, 30)
    assert not trust.believes(jumped + timedelta(seconds=300), 330)
    assert trust.believes(jumped + timedelta(seconds=600), 630)
    assert not trust.believes(MONDAY, 640)  # and set back
