"""Dossiers on real databases: imported, told only to whom they concern, and when they move."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import count
from statistics import median

import pytest
from sqlalchemy import event, func, select

from bot.dossiers import services
from bot.dossiers.apologies import Promise, apologise
from bot.dossiers.codes import read_code
from bot.dossiers.dossier import Status
from bot.dossiers.errors import SourceDown
from bot.dossiers.importer import Report, keep, understood
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.models import DossierRow
from bot.dossiers.movements import LOOK_EVERY, Movements, followed_by, subscribe, unsubscribe
from bot.dossiers.sample import TO_TRY, is_there, load_sample, remove_sample
from bot.dossiers.services import Desk, Matches, NoMatch, Wait
from bot.dossiers.sources import Found, Served, Sources
from bot.dossiers.table import TableSource

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # ten in the morning in Vietnam
CODE = "H29.16-261103-0001"
LAN, MINH = "conversation-of-lan", "conversation-of-minh"
CELLS = {
    "code": CODE,
    "status": "Đang xử lý",
    "procedure_name": "Đăng ký khai sinh",
    "office": "UBND phường A",
    "received_on": "03/11/2026",
    "due_on": "10/11/2026",
    "phone": "0912 345 678",
    "identity": "079301001234",
}


@pytest.fixture
def take_in(sessions, vault):
    """Import rows; returns the report."""

    async def take(*rows: dict, at: datetime = NOW) -> Report:
        report = Report()
        mapping = SourceMapping.load()
        cells = enumerate((CELLS | row for row in rows), 2)
        read = understood(cells, mapping, report)
        await keep(sessions, vault, read, report, at, lambda rows: None)
        return report

    return take


@pytest.fixture
def desk(sessions, vault) -> Desk:
    return Desk(Sources([Served(TableSource(sessions, vault))]), vault)


@pytest.fixture
def ask(sessions, desk):
    """Ask for a dossier as somebody who shows digits."""

    async def look(digits: str, code: str = CODE, who: str = LAN, at: datetime = NOW):
        async with sessions() as session, session.begin():
            return await services.by_code(session, desk, read_code(code), digits, who, at)

    return look


async def test_a_dossier_is_told_to_whoever_shows_digits_that_stand_on_it(take_in, ask):
    await take_in({})
    for digits in ("5678", "1234", "0912345678", "079 301 001 234"):
        told = await ask(digits)
        assert isinstance(told, Matches)
        (dossier,) = told.dossiers
        assert dossier.status is Status.IN_PROGRESS
        assert dossier.due_on == date(2026, 11, 10)
        assert dossier.as_of == date(2026, 11, 23)


async def test_the_code_is_found_however_it_is_typed(take_in, ask):
    await take_in({})
    assert isinstance(await ask("5678", code="h2916 26llo3 ooo1".replace("oo", "0o")), Matches)


async def test_no_such_dossier_and_wrong_digits_are_one_answer(take_in, ask):
    await take_in({})
    assert await ask("0000") == await ask("5678", code="H29.16-261103-9999") == NoMatch()
    assert await ask("") == await ask("12") == NoMatch()


async def test_five_misses_lock_the_dossier_for_this_conversation_only(take_in, ask):
    await take_in({})
    for _ in range(5):
        assert await ask("0000") == NoMatch()
    assert isinstance(await ask("5678"), Wait)
    assert isinstance(await ask("5678", who=MINH), Matches)
    assert isinstance(await ask("5678", at=NOW + timedelta(days=1, minutes=1)), Matches)


async def test_a_code_that_no_dossier_has_is_locked_just_the_same(ask):
    for _ in range(5):
        await ask("0000", code="H29.16-261103-9999")
    assert isinstance(await ask("0000", code="H29.16-261103-9999"), Wait)


async def test_many_dossiers_in_turn_slow_the_conversation_as_a_whole(take_in, ask):
    await take_in({})
    for serial in range(8):
        await ask("0000", code=f"H29.16-261103-7{serial:03}")
    assert isinstance(await ask("5678"), Wait)


async def test_new_conversations_do_not_help_whoever_guesses_one_dossier(take_in, ask):
    await take_in({})
    for number in range(30):
        assert await ask("0000", who=f"stranger {number}") == NoMatch()
    assert isinstance(await ask("0001", who="one more"), Wait)


async def test_a_right_guess_forgives_the_slips_before_it(take_in, ask):
    await take_in({})
    for _ in range(4):
        await ask("0000")
    assert isinstance(await ask("5678"), Matches)
    for _ in range(3):
        assert await ask("0000") == NoMatch()


async def test_a_telephone_number_finds_its_dossiers_and_the_identity_proves_them(
    take_in, sessions, desk
):
    await take_in(
        {},
        {"code": "H29.16-261104-0002", "received_on": "04/11/2026"},
        {"code": "H29.16-261105-0003", "identity": "001099005555"},
    )

    async def ask_by_phone(phone: str, digits: str):
        async with sessions() as session, session.begin():
            return await services.by_phone(session, desk, phone, digits, LAN, NOW)

    told = await ask_by_phone("+84 912 345 678", "1234")
    assert [each.code for each in told.dossiers] == ["H29.16-261104-0002", CODE]
    assert await ask_by_phone("0912345678", "5678") == NoMatch()  # its own digits prove nothing
    assert await ask_by_phone("0999999999", "1234") == NoMatch()


async def test_of_the_applicant_nothing_is_kept_that_can_be_read(take_in, sessions):
    await take_in({})
    async with sessions() as session:
        row = (await session.scalars(select(DossierRow))).one()
    kept = " ".join(str(value) for value in vars(row).values())
    for number in ("912345678", "912 345 678", "079301001234", "5678"):
        assert number not in kept.replace(CODE, "")


async def test_an_import_can_be_repeated_and_says_what_changed_when(take_in, sessions):
    await take_in({}, {"code": "H29.16-261104-0002"})
    later = NOW + timedelta(days=1)
    report = await take_in({"status": "Đã xử lý xong"}, {"code": "H29.16-261104-0002"}, at=later)
    assert (report.read, report.stored, report.bad) == (2, 2, 0)
    async with sessions() as session:
        first, second = (await session.scalars(select(DossierRow).order_by(DossierRow.key))).all()
        assert await session.scalar(select(func.count()).select_from(DossierRow)) == 2
    assert (first.status, first.changed_at, first.imported_at) == (Status.READY, later, later)
    assert (second.changed_at, second.imported_at) == (NOW, later)


async def test_the_sample_is_there_until_something_real_is(sessions, vault, take_in, ask):
    await load_sample(sessions, vault, NOW)
    async with sessions() as session, session.begin():
        assert await is_there(session)
        for code in TO_TRY:
            assert isinstance(await ask(code[-4:], code=code), Matches)
        await remove_sample(session)
    async with sessions() as session:
        assert not await is_there(session)


async def test_bad_rows_are_reported_and_cost_no_other(take_in):
    report = await take_in({"code": "?"}, {}, {"code": "H29.16-261104-0002", "due_on": "mai"})
    assert (report.read, report.stored) == (3, 1)
    assert report.problems == [(2, "code: no dossier code"), (4, "due_on: no date")]


async def test_the_later_of_two_rows_about_one_dossier_counts(take_in, ask):
    await take_in({}, {"status": "10"})
    (dossier,) = (await ask("5678")).dossiers
    assert dossier.status is Status.RETURNED


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def movements(sessions, vault, desk, told) -> Movements:
    async def tell(session, conversation, dossier) -> bool:
        told.append((conversation, dossier.status.value))
        return True

    return Movements(sessions, vault, desk.source, tell)


@pytest.fixture
def follow(sessions, vault, ask):
    async def start(who: str = LAN) -> None:
        (dossier,) = (await ask("5678", who=who)).dossiers
        async with sessions() as session, session.begin():
            await subscribe(session, vault, dossier, who, NOW)

    return start


async def test_every_movement_is_told_once(take_in, follow, movements, told):
    await take_in({})
    await follow()
    await follow()  # twice is once
    await follow(MINH)
    at = NOW
    for status in ("Đang xử lý", "Yêu cầu bổ sung giấy tờ", "Đang xử lý"):
        at += LOOK_EVERY
        await take_in({"status": status}, at=at)
        await movements.look(at)
        await movements.look(at)
    assert told == [
        (LAN, "needs_papers"),
        (MINH, "needs_papers"),
        (LAN, "in_progress"),
        (MINH, "in_progress"),
    ]


async def test_whoever_follows_hears_of_an_apology(take_in, follow, movements, told, sessions):
    await take_in({})
    await follow()
    promise = Promise("minh", NOW.date(), date(2026, 12, 1))

    async def tell(happening, note) -> None: ...

    async with sessions() as session, session.begin():
        await apologise(session, read_code(CODE).key, promise, None, tell)
    for at in (NOW + LOOK_EVERY, NOW + 2 * LOOK_EVERY):
        await movements.look(at)
    assert told == [(LAN, "in_progress")]


async def test_nobody_is_woken_at_night_and_nothing_is_lost(take_in, follow, movements, told):
    await take_in({})
    await follow()
    night = datetime(2026, 11, 23, 15, tzinfo=UTC)  # ten in the evening in Vietnam
    await take_in({"status": "9"}, at=night)
    assert await movements.look(night) == 0
    assert await movements.look(night + timedelta(hours=9, minutes=30)) == 1
    assert told == [(LAN, "ready")]


async def test_a_message_that_could_not_be_written_is_told_later(
    take_in, follow, sessions, vault, desk, movements, told
):
    async def fail(session, conversation, dossier) -> None:
        raise ConnectionError

    await take_in({})
    await follow()
    at = NOW + LOOK_EVERY
    await take_in({"status": "9"}, at=at)
    with pytest.raises(ConnectionError):
        await Movements(sessions, vault, desk.source, fail).look(at)
    assert await movements.look(at) == 1
    assert told == [(LAN, "ready")]


async def test_what_has_come_to_rest_is_followed_no_longer(take_in, follow, movements, sessions):
    await take_in({})
    await follow()
    at = NOW + LOOK_EVERY
    await take_in({"status": "Đã trả kết quả"}, at=at)
    assert await movements.look(at) == 1
    async with sessions() as session:
        assert not await followed_by(session, LAN)


async def test_a_conversation_that_is_gone_follows_nothing(take_in, follow, sessions, vault, desk):
    async def tell(session, conversation, dossier) -> bool:
        return False

    await take_in({})
    await follow()
    at = NOW + LOOK_EVERY
    await take_in({"status": "9"}, at=at)
    await Movements(sessions, vault, desk.source, tell).look(at)
    async with sessions() as session:
        assert not await followed_by(session, LAN)


async def test_a_word_ends_following(take_in, follow, movements, told, sessions):
    await take_in({})
    await follow()
    async with sessions() as session, session.begin():
        assert await unsubscribe(session, LAN) == 1
        assert await unsubscribe(session, LAN) == 0
    at = NOW + LOOK_EVERY
    await take_in({"status": "9"}, at=at)
    await movements.look(at)
    assert told == []


async def test_a_source_that_is_down_moves_nothing(take_in, follow, sessions, vault, told):
    class Down:
        name = "down"

        async def find(self, code):
            raise SourceDown(self.name, "it sleeps")

        async def of_phone(self, phone):
            raise SourceDown(self.name, "it sleeps")

    async def tell(session, conversation, dossier) -> bool:
        told.append(conversation)
        return True

    await take_in({})
    await follow()
    assert await Movements(sessions, vault, Down(), tell).look(NOW + LOOK_EVERY) == 0
    assert told == []
    async with sessions() as session:
        assert len(await followed_by(session, LAN)) == 1


class Unreliable:
    """Another system, asked after the table; it has nothing, counts how often, and may be down."""

    name = "another"

    def __init__(self) -> None:
        self.asked = 0
        self.down = False

    async def find(self, code) -> Found | None:
        self.asked += 1
        if self.down:
            raise SourceDown(self.name, "it sleeps")
        return None

    async def of_phone(self, phone) -> None:
        return None


@pytest.fixture
def ask_both(sessions, vault):
    """Ask two systems, as somebody who shows digits."""
    another = Unreliable()
    desk = Desk(Sources([Served(TableSource(sessions, vault)), Served(another)]), vault)

    async def look(digits: str, code: str = CODE):
        async with sessions() as session, session.begin():
            try:
                return await services.by_code(session, desk, read_code(code), digits, LAN, NOW)
            except SourceDown as down:
                return down

    return another, look


async def test_wrong_digits_cost_as_many_questions_as_a_code_that_nobody_has(take_in, ask_both):
    await take_in({})
    another, ask = ask_both
    for digits, code in (("0000", CODE), ("0000", "H29.16-261103-9999")):
        another.asked = 0
        assert await ask(digits, code) == NoMatch()
        assert another.asked == 1
    another.asked = 0
    assert isinstance(await ask("5678"), Matches)
    assert another.asked == 0  # whoever may know is not kept waiting


async def test_an_outage_tells_nothing_and_makes_no_guess_free(take_in, ask_both):
    await take_in({})
    another, ask = ask_both
    another.down = True
    assert isinstance(await ask("5678"), Matches)
    for _ in range(5):
        assert isinstance(await ask("0000"), SourceDown)
        assert isinstance(await ask("0000", "H29.16-261103-9999"), SourceDown)
    assert isinstance(await ask("5678"), Wait)


async def test_no_such_dossier_and_wrong_digits_are_the_same_work(take_in, ask, engine):
    """The same statements in the same order; they are what takes the time."""
    await take_in({})
    done: list[str] = []
    event.listen(
        engine.sync_engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *more: done.append(statement),
    )
    work = []
    for code in (CODE, "H29.16-261103-9999"):
        done.clear()
        assert await ask("0000", code=code) == NoMatch()
        work.append(tuple(done))
    there, not_there = work
    assert there == not_there


async def test_no_such_dossier_and_wrong_digits_take_the_same_time(take_in, ask):
    """Measured in pairs, one right after the other, so that a slow moment meets both.

    Of a machine that is busy one series may be bad; of three one is good, unless there is a
    difference. A leak of a tenth would show: the real one, of loading a row, is far below.
    """
    await take_in({})
    numbers = count()

    async def took(code: str) -> float:
        number = next(numbers)
        started = time.perf_counter()
        await ask("0000", code=code, who=f"somebody {number}", at=NOW + timedelta(days=number))
        return time.perf_counter() - started

    async def series() -> float:
        """Return by how much one takes longer, as a share of the other."""
        ratios = []
        for number in range(40):
            pair = [CODE, "H29.16-261103-9999"][:: 1 if number % 2 else -1]
            spent = {code: await took(code) for code in pair}
            ratios.append(spent[CODE] / spent["H29.16-261103-9999"])
        return abs(median(ratios) - 1)

    found = [await series()]
    while found[-1] >= 0.15 and len(found) < 3:
        found.append(await series())
    assert min(found) < 0.15
