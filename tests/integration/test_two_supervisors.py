"""Supervisors at the same case at the same moment: nothing is lost, nothing overwritten unseen.

All have the page open as it is now, and their forms are posted at once, over HTTP, each in a
transaction of its own on a real database.
"""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from bot.console import case_texts
from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.models import Case, CaseEvent, Kind, Side
from bot.feedback.services import REPORTER, Told
from bot.feedback.states import Move, State
from bot.feedback.versions import version_of
from tests.fakes.console import NOW, a_client, a_console, console_app, signed_in

CHANGED = case_texts.CASE["changed"]
TOLD = Told(Category.DELAY, "Hẹn mười ngày mà một tháng chưa xong", "web", "2026-11")
JUNK = {"rejection": "junk", "words": "Tin nhắn này không có nội dung phản ánh."}


@pytest.fixture
def console(engine):
    return a_console(engine)


@pytest.fixture
async def staff(console):
    """Four supervisors, each in a browser of their own."""
    client = await a_client(console_app(console))
    names = ("lan", "minh", "hoa", "tuan")
    yield [await signed_in(client, name=name) for name in names]
    await client.close()


@pytest.fixture
async def case_id(console) -> int:
    async with console.sessions() as session, session.begin():
        case, _ = await services.open_case(session, console.desk, TOLD, NOW)
    return case.id


@pytest.fixture
def seen(console, case_id):
    """The version that everybody's page shows."""

    async def see() -> int:
        async with console.sessions() as session:
            return await version_of(session, case_id)

    return see


@pytest.fixture
def post(case_id):
    async def post(somebody, act: str, version: int, **fields) -> tuple[int, str]:
        path = f"/console/cases/{case_id}/{act}"
        answer = await somebody.posts(path, version=version, **fields)
        return answer.status, await answer.text()

    return post


@pytest.fixture
def kept(console, case_id):
    """What happened to the case, each with its account; the chain is whole."""

    async def read() -> list[tuple[Move | Kind, str]]:
        async with console.sessions() as session:
            assert (await services.verify_chain(session, console.vault)).whole
            events = await session.scalars(
                select(CaseEvent)
                .where(CaseEvent.case_id == case_id, CaseEvent.kind != Kind.READ)
                .order_by(CaseEvent.number)
            )
            return [(each.move or each.kind, each.actor) for each in events]

    return read


async def test_of_many_who_move_a_case_at_once_one_does_and_the_others_are_told(
    staff, seen, post, kept, console, case_id
):
    acts = [
        ("triage", {"category": "delay"}),
        ("ask", {"words": "Giấy hẹn của bạn ghi ngày nào?"}),
        ("reject", JUNK),
        ("note", {"words": "Đã gọi bộ phận một cửa hai lần."}),
    ]
    version = await seen()
    answers = await asyncio.gather(
        *(post(who, act, version, **fields) for who, (act, fields) in zip(staff, acts, strict=True))
    )
    assert sorted(status for status, _ in answers) == [303, 409, 409, 409]
    for (status, page), (_, fields) in zip(answers, acts, strict=True):
        if status == 409:
            assert CHANGED in page
            assert fields.get("words", "") in page  # nobody types it again
    winner = [status for status, _ in answers].index(303)
    did, by = (await kept())[-1]
    assert (did.value, by) == (acts[winner][0], staff[winner].account.name)
    assert len(await kept()) == 2
    async with console.sessions() as session:
        case = await session.get_one(Case, case_id)
        said = await services.messages_of(session, console.vault, case_id)
    assert (case.rejection is not None) == (did is Move.REJECT)
    told = {Move.ASK: "Giấy hẹn của bạn ghi ngày nào?", Move.REJECT: JUNK["words"]}
    assert [each.text for each in said] == ([told[did]] if did in told else [])


async def test_notes_of_many_at_once_are_all_kept_once_each_has_seen_the_others(
    staff, seen, post, kept
):
    """Whoever is told that the case has changed sends the words again, as the page offers."""
    waiting = {who: f"Đã gọi quầy số {number}." for number, who in enumerate(staff)}
    rounds = 0
    while waiting:
        version = await seen()
        answers = await asyncio.gather(
            *(post(who, "note", version, words=words) for who, words in waiting.items())
        )
        assert Counter(status for status, _ in answers)[303] == 1
        told = zip(waiting.items(), answers, strict=True)
        waiting = {who: words for (who, words), (status, _) in told if status == 409}
        rounds += 1
    assert rounds == len(staff)
    notes = [by for did, by in await kept() if did is Kind.NOTE]
    assert sorted(notes) == sorted(who.account.name for who in staff)


async def test_a_form_that_is_sent_twice_at_once_is_carried_out_once(staff, seen, post, kept):
    version, (lan, *_) = await seen(), staff
    words = "Chào bạn, chúng tôi đang kiểm tra."
    answers = await asyncio.gather(*(post(lan, "message", version, words=words) for _ in range(4)))
    assert [status for status, _ in answers] == [303] * 4
    assert (await kept())[1:] == [(Kind.MESSAGE, "lan")]


async def test_what_the_reporter_adds_at_that_moment_is_neither_lost_nor_passed_over(
    staff, seen, post, kept, console, case_id
):
    async def adds() -> None:
        async with console.sessions() as session, session.begin():
            text = "Tôi có ảnh giấy hẹn đây."
            await services.add_to_case(session, console.desk, case_id, text, REPORTER, NOW)

    version, (lan, *_) = await seen(), staff
    (status, page), _ = await asyncio.gather(post(lan, "reject", version, **JUNK), adds())
    async with console.sessions() as session:
        said = await services.messages_of(session, console.vault, case_id)
        state = (await session.get_one(Case, case_id)).state
    assert "Tôi có ảnh giấy hẹn đây." in [each.text for each in said if each.side is Side.REPORTER]
    if status == 409:  # the reporter came first: whoever rejects has to read that first
        assert CHANGED in page
        assert state is State.NEW
    else:
        assert (status, state) == (303, State.REJECTED)
        assert [did for did, _ in await kept()] == [Kind.OPENED, Move.REJECT, Kind.MESSAGE]
