"""Cases on real databases: opened with a receipt, moved, answered, told by an unbroken chain."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from bot.feedback import services
from bot.feedback.category import Category, Subtype
from bot.feedback.chain import Content, Verdict, content_of
from bot.feedback.deadlines import load_deadlines
from bot.feedback.errors import BadDetails, BadReceipt, Forbidden, IllegalMove, NoSuchCase
from bot.feedback.models import Case, CaseEvent, CaseMessage, Kind, Side
from bot.feedback.receipts import new_code, shown
from bot.feedback.services import REPORTER, Actor, Desk, Step, Told
from bot.feedback.states import RULES, Move, Rejection, Role, State, replay
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import CannotOpen, Vault
from bot.tables import METADATA
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)  # a Monday
LAN = Actor(Role.SUPERVISOR, "lan")
STORY = "Sáng nay ở phường Bến Nghé cán bộ Tuấn đòi 500k mới nhận hồ sơ, số tôi 0912345678"
TOLD = Told(
    category=Category.BRIBERY,
    story=STORY,
    channel="telegram",
    consent_version="2026-11",
    province_code="79",
    commune_code="26740",
    place_words="phường Bến Nghé",
    office_words="Trung tâm Phục vụ hành chính công",
    happened_on=date(2026, 11, 16),
    conversation="telegram:người-4711",
    identity="Nguyễn Thị Lan, 0912345678",
)
ROAD = (
    Step(Move.TRIAGE),
    Step(Move.ASSIGN, assignee="lan"),
    Step(Move.START),
    Step(Move.ANSWER, note="Đã nhắc nhở cán bộ và trả lại tiền."),
)


@pytest.fixture
def moved(doing, desk):
    """Take steps with a case, an hour apart."""

    async def go(case_id: int, *steps: Step, by: Actor = LAN, at: datetime = NOW) -> Case:
        for hour, step in enumerate(steps, start=1):
            when = at + timedelta(hours=hour)
            case = await doing(services.move, desk, case_id, step, by, when)
        return case

    return go


@pytest.fixture
async def opened(doing, desk) -> tuple[Case, str]:
    return await doing(services.open_case, desk, TOLD, NOW)


@pytest.fixture
def verdict(doing, vault):
    async def verify() -> Verdict:
        return await doing(services.verify_chain, vault)

    return verify


async def events_of(doing, case_id: int) -> list[CaseEvent]:
    async def find(session):
        query = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.number)
        return (await session.scalars(query)).all()

    return await doing(find)


async def test_a_case_is_found_by_its_receipt_however_it_is_typed(opened, doing, vault):
    case, code = opened
    for typed in (code, shown(code), shown(code).lower().replace("-", " ")):
        assert (await doing(services.by_receipt, vault, typed)).id == case.id
    assert (case.state, case.category, case.happened_on) == (
        State.NEW,
        Category.BRIBERY,
        date(2026, 11, 16),
    )


async def test_a_slip_and_a_foreign_code_are_refused_differently(opened, doing, vault):
    _, code = opened
    with pytest.raises(BadReceipt):
        await doing(services.by_receipt, vault, code[:-1])
    with pytest.raises(NoSuchCase, match="no case has this code"):
        await doing(services.by_receipt, vault, new_code())


async def test_nothing_personal_and_no_code_stands_in_the_clear(opened, doing, desk, moved):
    case, code = opened
    await moved(case.id, *ROAD)
    await doing(services.add_to_case, desk, case.id, "Tôi là Lan, cảm ơn", REPORTER, NOW)

    async def everything(session):
        rows = []
        for table in METADATA.sorted_tables:
            if table.name.startswith(("feedback_", "case_")):
                rows += (await session.execute(table.select())).all()
        return b" ".join(
            value if isinstance(value, bytes) else str(value).encode()
            for row in rows
            for value in row
        )

    stored = await doing(everything)
    secrets = (
        "500k",
        "0912345678",
        "người-4711",
        "Nguyễn",
        "nhắc nhở",
        "cảm ơn",
        code,
        shown(code),
    )
    for secret in secrets:
        assert secret.encode() not in stored


async def test_the_deadlines_are_those_of_its_kind(opened, doing, desk):
    case, _ = opened
    due = (case.triage_due_at, case.forward_due_at, case.answer_due_at)
    assert [each.astimezone(VIETNAM).strftime("%d/%m %H:%M") for each in due] == [
        "16/11 15:00",  # four working hours
        "23/11 17:00",
        "01/12 17:00",  # ten working days, 24 November is none
    ]


async def test_a_case_goes_its_way_and_its_reporter_reads_the_answer(opened, moved, doing, desk):
    case, _ = opened
    case = await moved(case.id, *ROAD)
    assert (case.state, case.assignee) == (State.ANSWERED, "lan")
    assert case.answered_at == NOW + timedelta(hours=4)
    (message,) = await doing(services.messages_of, desk.vault, case.id)
    assert (message.side, message.text) == (Side.OFFICE, "Đã nhắc nhở cán bộ và trả lại tiền.")
    told = [(event.kind, event.move, event.state) for event in await events_of(doing, case.id)]
    assert told == [
        (Kind.OPENED, None, State.NEW),
        (Kind.MOVED, Move.TRIAGE, State.TRIAGED),
        (Kind.MOVED, Move.ASSIGN, State.ASSIGNED),
        (Kind.MOVED, Move.START, State.IN_PROGRESS),
        (Kind.MOVED, Move.ANSWER, State.ANSWERED),
    ]


async def test_triage_may_find_it_to_be_of_another_kind_and_the_clock_follows(opened, moved):
    case, _ = opened
    found = Step(Move.TRIAGE, category=Category.IMPROPER_DEMAND, subtype=Subtype.FORCED_VNEID)
    case = await moved(case.id, found)
    assert (case.category, case.subtype) == (Category.IMPROPER_DEMAND, Subtype.FORCED_VNEID)
    assert case.answer_due_at.astimezone(VIETNAM).strftime("%d/%m") == "23/11"
    with pytest.raises(BadDetails, match="set by triage"):
        await moved(case.id, Step(Move.ASSIGN, assignee="lan", category=Category.DELAY))


async def test_waiting_for_the_reporter_stops_the_clock_and_the_reply_starts_it(
    opened, moved, doing, desk
):
    case, _ = opened
    await moved(case.id, Step(Move.TRIAGE))
    case = await moved(case.id, Step(Move.ASK, note="Vào lúc mấy giờ?"), at=NOW)
    assert (case.state, case.answer_due_at, case.forward_due_at) == (State.NEED_INFO, None, None)
    a_day_later = NOW + timedelta(days=1, hours=1)
    case = await doing(services.add_to_case, desk, case.id, "Lúc 9 giờ", REPORTER, a_day_later)
    assert (case.state, case.resume_to) == (State.TRIAGED, None)
    # It waited from Monday 10:00 to Tuesday 10:00, of which Monday did not count anyway.
    assert case.answer_due_at.astimezone(VIETNAM).strftime("%d/%m %H:%M") == "02/12 10:00"
    messages = await doing(services.messages_of, desk.vault, case.id)
    assert [message.text for message in messages] == ["Vào lúc mấy giờ?", "Lúc 9 giờ"]


async def test_who_is_not_satisfied_reopens_once_with_a_new_clock(opened, moved):
    case, _ = opened
    await moved(case.id, *ROAD, at=NOW)
    later = NOW + timedelta(days=14)
    case = await moved(case.id, Step(Move.REOPEN), by=REPORTER, at=later)
    assert case.state is State.REOPENED
    assert case.answer_due_at.astimezone(VIETNAM).strftime("%d/%m") == "14/12"
    await moved(case.id, *ROAD[1:], at=later)
    with pytest.raises(IllegalMove) as refused:
        await moved(case.id, Step(Move.REOPEN), by=REPORTER, at=later)
    assert refused.value.why is Forbidden.ONCE


async def test_not_ours_goes_to_a_body_with_a_name_and_can_come_back(opened, moved, doing, desk):
    case, _ = opened
    await moved(case.id, Step(Move.TRIAGE))
    for half in (Step(Move.TRANSFER, note="Việc của công an"), Step(Move.TRANSFER, body="CA")):
        with pytest.raises(IllegalMove):
            await moved(case.id, half)
    away = Step(Move.TRANSFER, body="Công an phường Bến Nghé", note="Đã chuyển công an phường.")
    case = await moved(case.id, away)
    assert (case.state, case.transferred_to) == (State.TRANSFERRED, "Công an phường Bến Nghé")
    with pytest.raises(IllegalMove):
        await moved(case.id, Step(Move.CLOSE))
    case = await moved(case.id, Step(Move.TAKE_BACK, note="Công an trả lại"))
    assert (case.state, case.transferred_to) == (State.TRIAGED, "")
    texts = [each.text for each in await doing(services.messages_of, desk.vault, case.id)]
    assert texts == ["Đã chuyển công an phường."]  # why it came back stays inside
    last = (await events_of(doing, case.id))[-1]
    assert content_of(desk.vault, last) == Content(note="Công an trả lại")


async def test_a_duplicate_names_a_case_that_repeats_none(opened, moved, doing, desk, verdict):
    case, _ = opened
    other, _ = await doing(services.open_case, desk, TOLD, NOW)
    for wrong, refusal in ((other.id, BadDetails), (10**9, NoSuchCase)):
        with pytest.raises(refusal):
            await moved(other.id, Step(Move.MERGE, original=wrong))
    merged = await moved(other.id, Step(Move.MERGE, original=case.id))
    assert (merged.state, merged.duplicate_of) == (State.DUPLICATE, case.id)
    with pytest.raises(BadDetails):
        await moved(case.id, Step(Move.MERGE, original=other.id))
    assert (await verdict()).whole


async def test_a_rejection_has_one_of_the_named_reasons_and_words_for_the_reporter(opened, moved):
    case, _ = opened
    with pytest.raises(IllegalMove, match="one of the named reasons"):
        await moved(case.id, Step(Move.REJECT, note="Không thuộc thẩm quyền"))
    case = await moved(
        case.id, Step(Move.REJECT, note="Tin nhắn quảng cáo", rejection=Rejection.JUNK)
    )
    assert (case.state, case.rejection) == (State.REJECTED, Rejection.JUNK)


@pytest.mark.parametrize(
    ("step", "by"),
    [
        (Step(Move.ANSWER, note="xong"), LAN),  # not from new
        (Step(Move.TRIAGE), REPORTER),
        (Step(Move.TRIAGE, category=Category.DELAY, subtype=Subtype.EXTRA_PAPERS), LAN),
        (Step(Move.ASK, note="x" * 20_001), LAN),
    ],
)
async def test_a_refused_move_leaves_no_trace(opened, moved, doing, verdict, step, by):
    case, _ = opened
    with pytest.raises((IllegalMove, BadDetails)):
        await moved(case.id, step, by=by)
    assert len(await events_of(doing, case.id)) == 1
    assert await verdict() == Verdict(1)


@pytest.mark.parametrize("wrong", [{"story": " \n"}, {"story": "x" * 20_001}, {"subtype": 1}])
async def test_a_case_that_cannot_be_kept_is_refused(doing, desk, wrong):
    fields = {name: getattr(TOLD, name) for name in TOLD.__dataclass_fields__}
    if "subtype" in wrong:
        wrong = {"subtype": Subtype.EXTRA_PAPERS}
    with pytest.raises(BadDetails):
        await doing(services.open_case, desk, Told(**fields | wrong), NOW)


async def test_there_is_no_case_of_a_number_nobody_gave(doing, desk, moved):
    with pytest.raises(NoSuchCase, match="there is no case 12"):
        await moved(12, Step(Move.TRIAGE))
    with pytest.raises(NoSuchCase):
        await doing(services.add_to_case, desk, 12, "?", REPORTER, NOW)


async def test_a_story_with_broken_characters_is_kept_whole(doing, desk):
    story = "hỏng \ud83d \x00 hết <b>&amp; =1+1"
    told = Told(Category.OTHER, story, "rest", "1", place_words="xã \x00 A")
    case, _ = await doing(services.open_case, desk, told, NOW)
    assert (await doing(services.read_personal, desk, case.id, LAN, NOW)).story == story


async def test_who_reads_what_is_sealed_leaves_an_event(opened, doing, desk, verdict):
    case, _ = opened
    personal = await doing(services.read_personal, desk, case.id, LAN, NOW)
    assert (personal.story, personal.identity, personal.messages) == (STORY, TOLD.identity, ())
    last = (await events_of(doing, case.id))[-1]
    assert (last.kind, last.actor, last.state) == (Kind.READ, "lan", State.NEW)
    assert "người-4711" not in repr(personal)
    assert (await verdict()).whole


async def test_what_is_erased_is_gone_and_the_chain_stays_whole(
    opened, moved, doing, desk, verdict
):
    case, code = opened
    with pytest.raises(BadDetails, match="finished or withdrawn"):
        await doing(services.erase, desk, case.id, LAN, NOW)
    await moved(case.id, *ROAD, Step(Move.CLOSE))
    await doing(services.erase, desk, case.id, LAN, NOW)
    personal = await doing(services.read_personal, desk, case.id, LAN, NOW)
    assert (personal.story, personal.identity) == ("", None)
    assert [message.text for message in personal.messages] == [""]
    events = await events_of(doing, case.id)
    assert content_of(desk.vault, events[0]) == Content()
    found = await doing(services.by_receipt, desk.vault, code)
    assert (found.state, found.category, found.conversation) == (
        State.CLOSED,
        Category.BRIBERY,
        None,
    )
    assert await verdict() == Verdict(8)


async def test_a_story_made_empty_without_an_erasure_is_a_break(opened, doing, desk, verdict):
    await doing(services.open_case, desk, TOLD, NOW)

    async def tamper(session):
        await session.execute(text("UPDATE feedback_case SET story = conversation WHERE id = 2"))
        await session.execute(update(Case).where(Case.id == 1).values(story=b""))

    await doing(tamper)
    assert (await verdict()).broken_at == 1


async def test_another_key_opens_nothing_and_finds_no_case(opened, doing, desk):
    case, code = opened
    other = Desk(Vault(bytes(32)), desk.deadlines)
    with pytest.raises(NoSuchCase):
        await doing(services.by_receipt, other.vault, code)
    with pytest.raises(CannotOpen):
        await doing(services.read_personal, other, case.id, LAN, NOW)


async def test_an_empty_chain_is_whole(verdict):
    assert await verdict() == Verdict(0)


TAMPERING = {
    "a state": ("UPDATE case_event SET state = 'closed' WHERE number = 3", 3),
    "an actor": ("UPDATE case_event SET actor = 'minh' WHERE number = 2", 2),
    "a time": ("UPDATE case_event SET at = '2026-11-15 01:00:00.000000' WHERE number = 4", 4),
    "a note": ("UPDATE case_event SET content = story FROM feedback_case WHERE number = 3", 3),
    "an event taken out": ("DELETE FROM case_event WHERE number = 3", 3),
    "an end cut off": ("DELETE FROM case_event WHERE number = 5", 5),
    "the first": ("DELETE FROM case_event WHERE number = 1", 1),
    "a story": ("UPDATE feedback_case SET story = conversation", 1),
    "a message": ("UPDATE case_message SET body = story FROM feedback_case", 5),
    "a case moved in silence": ("UPDATE feedback_case SET state = 'closed'", 5),
    "an end moved back": (
        "DELETE FROM case_event WHERE number = 5; UPDATE case_chain SET number = 4, hash ="
        " (SELECT hash FROM case_event WHERE number = 4)",
        5,
    ),
    "no end at all": ("DELETE FROM case_chain", 6),
}


@pytest.mark.parametrize("what", TAMPERING)
async def test_the_first_break_of_the_chain_is_named(opened, moved, doing, verdict, what):
    case, _ = opened
    await moved(case.id, *ROAD)
    assert await verdict() == Verdict(5)
    statements, number = TAMPERING[what]

    async def tamper(session):
        for statement in statements.split("; "):
            await session.execute(text(statement))

    await doing(tamper)
    found = await verdict()
    assert (found.whole, found.broken_at) == (False, number)
    assert found.reason


async def test_a_rolled_back_move_leaves_the_chain_as_it_was(opened, sessions, desk, verdict):
    case, _ = opened
    async with sessions() as session:
        await services.move(session, desk, case.id, Step(Move.TRIAGE), LAN, NOW)
        await session.rollback()
    assert await verdict() == Verdict(1)


async def test_many_writers_at_once_make_one_chain_and_only_one_wins_a_move(
    opened, doing, desk, moved, verdict
):
    case, _ = opened

    async def try_triage() -> bool:
        try:
            await moved(case.id, Step(Move.TRIAGE))
        except IllegalMove:
            return False
        return True

    works = [try_triage() for _ in range(4)]
    works += [doing(services.open_case, desk, TOLD, NOW) for _ in range(4)]
    done = await asyncio.gather(*works)
    assert sum(each is True for each in done) == 1
    assert await verdict() == Verdict(6)


steps = st.sampled_from(
    [
        Step(Move.ASSIGN, assignee="lan"),
        Step(Move.ASK, note="Khi nào?"),
        Step(Move.ANSWER, note="Đã xong"),
        Step(Move.TRANSFER, body="Thanh tra tỉnh", note="Đã chuyển"),
        Step(Move.REJECT, note="Không có nội dung", rejection=Rejection.EMPTY),
        Step(Move.TAKE_BACK, note="Nhận lại"),
        *(Step(each) for each in Move if not RULES[each].needs),
    ]
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(steps, min_size=5, max_size=25))
def test_whatever_is_tried_every_event_is_kept_and_tells_the_state(tmp_path_factory, tried):
    asyncio.run(try_all(f"sqlite:///{tmp_path_factory.mktemp('cases') / 'danhoi.db'}", tried))


async def try_all(url: str, tried: list[Step]) -> None:
    engine, desk = open_engine(url, inline=True), Desk(Vault(bytes(32)), load_deadlines())
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    async with open_sessions(engine)() as session:
        case, _ = await services.open_case(session, desk, TOLD, NOW)
        done = []
        for hour, step in enumerate(tried, start=1):
            by = Actor(min(RULES[step.move].roles, key=lambda role: role.value))
            try:
                await services.move(session, desk, case.id, step, by, NOW + timedelta(hours=hour))
            except IllegalMove:
                continue
            done.append(step.move)
        kept = await session.scalars(
            select(CaseEvent.move).where(CaseEvent.kind == Kind.MOVED).order_by(CaseEvent.number)
        )
        assert kept.all() == done
        assert case.status == replay(done)
        assert await services.verify_chain(session, desk.vault) == Verdict(len(done) + 1)
        told = await session.scalar(select(func.count()).select_from(CaseMessage))
        assert told == sum(
            move in (Move.ASK, Move.ANSWER, Move.TRANSFER, Move.REJECT) for move in done
        )
    await engine.dispose()
