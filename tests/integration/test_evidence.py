"""Evidence on real databases: kept sealed, bound once, told by the chain, forgotten in time."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.feedback import evidence, services
from bot.feedback.category import Category
from bot.feedback.chain import content_of
from bot.feedback.deadlines import load_deadlines
from bot.feedback.errors import BadFile, NoSuchCase, NoSuchEvidence, Unfit
from bot.feedback.evidence import Cleaned, Opened
from bot.feedback.models import Case, CaseEvent, Evidence, Kind, Media
from bot.feedback.services import REPORTER, Actor, Desk, Step, Told
from bot.feedback.states import Move, Role
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
LAN = Actor(Role.SUPERVISOR, "lan")
PICTURE = Cleaned(Media.JPEG, b"a picture of a counter", b"a small picture")
LETTER = Cleaned(Media.PDF, b"%PDF-1.4 a letter")
HERS, HIS = "conversation of An", "conversation of Binh"


@pytest.fixture
def doing(sessions):
    """Do one thing in a transaction of its own."""

    async def do(work: Callable[..., Awaitable], *arguments):
        async with sessions() as session, session.begin():
            return await work(session, *arguments)

    return do


@pytest.fixture
def desk(vault) -> Desk:
    return Desk(vault, load_deadlines())


@pytest.fixture
async def case(doing, desk) -> Case:
    told = Told(Category.BRIBERY, "Cán bộ đòi tiền", "web", "2026-11", conversation=HERS)
    case, _ = await doing(services.open_case, desk, told, NOW)
    return case


@pytest.fixture
def sent(doing, vault):
    """Keep files as somebody sends them, a second apart; return their ids."""

    async def send(*files: Cleaned, by: str = HERS, at: datetime = NOW) -> list[str]:
        return [
            await doing(evidence.keep, vault, file, by, at + timedelta(seconds=second))
            for second, file in enumerate(files)
        ]

    return send


@pytest.fixture
def bound(doing, vault, case):
    """Bind ids to the case of a conversation."""

    async def bind(ids: list[str], *, by: str = HERS) -> tuple[str, ...]:
        return await doing(evidence.bind, vault, ids, case.id, by, NOW)

    return bind


async def verdict(doing, vault):
    return await doing(services.verify_chain, vault)


async def row_of(doing, id: str) -> Evidence:
    return await doing(lambda session: session.get_one(Evidence, id))


async def change(doing, id: str, **columns) -> None:
    await doing(
        lambda session: session.execute(update(Evidence).where(Evidence.id == id).values(**columns))
    )


async def how_many(doing) -> int:
    return await doing(lambda session: session.scalar(select(func.count(Evidence.id))))


async def test_a_picture_is_kept_sealed_and_tells_nobody_whose_it_is(sent, doing, vault):
    (id,) = await sent(PICTURE)
    columns = select(Evidence.content, Evidence.thumbnail, Evidence.owner)
    row = (await doing(lambda session: session.execute(columns))).one()
    assert PICTURE.content not in row.content
    assert PICTURE.thumbnail not in row.thumbnail
    assert row.owner != HERS
    assert len(id) == 32


async def test_what_was_sent_is_bound_to_the_case_and_the_chain_tells_it(
    sent, bound, case, doing, vault
):
    ids = await sent(PICTURE, LETTER)
    assert await bound(ids[::-1]) == tuple(ids)
    pieces = await doing(evidence.of_case, case.id)
    assert [(piece.id, piece.media) for piece in pieces] == [
        (ids[0], Media.JPEG),
        (ids[1], Media.PDF),
    ]
    query = select(CaseEvent).where(CaseEvent.kind == Kind.EVIDENCE)
    event = await doing(lambda session: session.scalar(query))
    assert content_of(vault, event).evidence == tuple(ids)
    assert (await verdict(doing, vault)).whole


async def test_only_the_conversation_that_sent_a_picture_can_give_it_to_a_case(
    sent, bound, case, doing, vault
):
    (his,) = await sent(PICTURE, by=HIS)
    (hers,) = await sent(PICTURE)
    assert await bound([his, hers, "0" * 32]) == (hers,)
    assert await bound([his]) == ()
    assert [piece.id for piece in await doing(evidence.own, vault, [his, hers], HIS)] == [his]


async def test_a_picture_is_bound_once(sent, bound, doing, vault):
    ids = await sent(PICTURE)
    await bound(ids)
    assert await bound(ids) == ()
    assert (await verdict(doing, vault)).events == 2


async def test_a_case_that_does_not_exist_takes_nothing(sent, doing, vault):
    ids = await sent(PICTURE)
    with pytest.raises(NoSuchCase):
        await doing(evidence.bind, vault, ids, 99, HERS, NOW)


async def test_a_case_takes_so_many_and_no_more(sent, bound, monkeypatch):
    monkeypatch.setattr(evidence, "PER_CASE", 3)
    first, second = await sent(PICTURE, PICTURE), await sent(PICTURE, PICTURE)
    assert len(await bound(first)) == 2
    assert await bound(second) == (second[0],)


async def test_a_conversation_sends_so_many_a_day(sent, monkeypatch):
    monkeypatch.setattr(evidence, "PER_DAY", 2)
    await sent(PICTURE, PICTURE)
    with pytest.raises(BadFile) as refused:
        await sent(PICTURE)
    assert refused.value.problem is Unfit.TOO_MANY
    await sent(PICTURE, by=HIS)
    await sent(PICTURE, at=NOW + timedelta(days=1, minutes=1))


async def test_what_waits_for_a_case_is_bounded_and_what_a_case_took_does_not_count(
    sent, bound, monkeypatch
):
    monkeypatch.setattr(evidence, "UNBOUND_BYTES", len(PICTURE.content) + 1)
    ids = await sent(PICTURE)
    with pytest.raises(BadFile) as refused:
        await sent(PICTURE, by=HIS)
    assert refused.value.problem is Unfit.FULL
    await bound(ids)
    await sent(PICTURE, by=HIS)


async def test_opening_a_piece_is_an_event_with_the_name_of_who_opened_it(
    sent, bound, case, doing, vault
):
    ids = await sent(LETTER)
    await bound(ids)
    later = NOW + timedelta(hours=1)
    opened = await doing(evidence.open_evidence, vault, case.id, ids[0], LAN, later)
    assert opened == Opened((await doing(evidence.of_case, case.id))[0], LETTER.content)
    assert opened.piece.name == f"bang-chung-{ids[0][:8]}.pdf"
    event = await doing(
        lambda session: session.scalar(select(CaseEvent).where(CaseEvent.kind == Kind.READ))
    )
    assert (event.actor, content_of(vault, event).evidence) == ("lan", (ids[0],))


async def test_a_piece_is_opened_only_with_its_case(sent, bound, case, doing, vault):
    waiting = await sent(PICTURE)
    for case_id, id in ((case.id, waiting[0]), (case.id, "no such"), (99, waiting[0])):
        with pytest.raises(NoSuchEvidence):
            await doing(evidence.open_evidence, vault, case_id, id, LAN, NOW)
    await bound(waiting)
    with pytest.raises(NoSuchEvidence):
        await doing(evidence.open_evidence, vault, 99, waiting[0], LAN, NOW)


async def test_thumbnails_are_for_the_case_and_for_who_sent_the_picture(
    sent, bound, case, doing, vault
):
    picture, letter = await sent(PICTURE, LETTER)
    assert await doing(evidence.own_thumbnail, vault, picture, HERS) == PICTURE.thumbnail
    with pytest.raises(NoSuchEvidence):
        await doing(evidence.own_thumbnail, vault, picture, HIS)
    with pytest.raises(NoSuchEvidence):
        await doing(evidence.thumbnail_of_case, vault, case.id, picture)
    await bound([picture, letter])
    assert await doing(evidence.own_thumbnail, vault, picture, HERS) == PICTURE.thumbnail
    seen = await doing(evidence.thumbnail_of_case, vault, case.id, picture)
    assert seen == PICTURE.thumbnail
    assert await doing(evidence.thumbnail_of_case, vault, case.id, letter) == b""


async def test_whoever_sent_a_file_can_take_it_back_until_a_case_has_it(sent, bound, doing, vault):
    taken, waiting, his = *await sent(PICTURE, PICTURE), *await sent(PICTURE, by=HIS)
    await bound([taken])
    for id in (taken, waiting, his):
        await doing(evidence.discard, vault, id, HERS)
    assert await how_many(doing) == 2
    assert (await verdict(doing, vault)).whole


@pytest.mark.parametrize("column", ["content", "thumbnail", "hash"])
async def test_a_swapped_picture_breaks_the_chain(column, sent, bound, doing, vault):
    ids = await sent(PICTURE, PICTURE)
    await bound(ids)
    other = "0" * 32 if column == "hash" else vault.seal(b"another picture")
    await change(doing, ids[0], **{column: other})
    broken = await verdict(doing, vault)
    assert (broken.broken_at, broken.reason) == (
        2,
        "the evidence of event 2 (case 1) was changed",
    )


async def test_a_picture_taken_out_or_slipped_in_breaks_the_chain(sent, bound, doing, vault):
    ids = await sent(PICTURE, PICTURE)
    await bound(ids[:1])
    await change(doing, ids[1], case_id=1, event_number=2)
    assert (await verdict(doing, vault)).broken_at == 2
    await change(doing, ids[0], case_id=None, event_number=None)
    assert (await verdict(doing, vault)).broken_at == 2


async def test_emptying_a_picture_without_an_erasure_breaks_the_chain(sent, bound, doing, vault):
    ids = await sent(PICTURE)
    await bound(ids)
    await change(doing, ids[0], content=b"", thumbnail=b"", owner="")
    assert (await verdict(doing, vault)).broken_at == 2


async def test_erasing_a_case_empties_its_evidence_and_the_chain_stays_whole(
    sent, bound, case, doing, desk
):
    ids = await sent(PICTURE)
    await bound(ids)
    withdrawn = Step(Move.WITHDRAW)
    await doing(services.move, desk, case.id, withdrawn, REPORTER, NOW + timedelta(hours=1))
    await doing(services.erase, desk, case.id, LAN, NOW + timedelta(hours=2))
    assert await doing(evidence.of_case, case.id) == []
    with pytest.raises(NoSuchEvidence):
        await doing(evidence.own_thumbnail, desk.vault, ids[0], HERS)
    with pytest.raises(NoSuchEvidence):
        await doing(evidence.open_evidence, desk.vault, case.id, ids[0], LAN, NOW)
    assert (await verdict(doing, desk.vault)).whole


async def test_what_no_case_took_is_forgotten(sent, bound, doing, engine, vault):
    taken, waiting = await sent(PICTURE, PICTURE)
    await sent(PICTURE, at=NOW + timedelta(hours=12))
    await bound([taken])
    async with engine.begin() as connection:
        await evidence.forget_unbound(connection, NOW + timedelta(hours=1))
    assert await how_many(doing) == 2
    assert (await row_of(doing, taken)).case_id == 1
    assert await bound([waiting]) == ()
    assert (await verdict(doing, vault)).whole
