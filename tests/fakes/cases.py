"""Cases for tests: told, and taken so far, in one line."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.feedback import services
from bot.feedback.category import Category
from bot.feedback.chain import Actor
from bot.feedback.services import Desk, Step, Told
from bot.feedback.states import Move, Role

LAN = Actor(Role.SUPERVISOR, "lan")
HOUR = timedelta(hours=1)
TOLD = Told(
    Category.DELAY,
    "Hẹn trả kết quả khai sinh mà nay chưa có.",
    "web",
    "2026-11",
    province_code="79",
    commune_code="26740",
    office_words="Bộ phận một cửa",
)
ANSWERED = (
    Step(Move.TRIAGE),
    Step(Move.ASSIGN, assignee="lan"),
    Step(Move.START),
    Step(Move.ANSWER, note="Đã trả kết quả."),
)


async def a_case(
    sessions: async_sessionmaker[AsyncSession],
    desk: Desk,
    at: datetime,
    *steps: Step,
    rated: int = 0,
    **differing,
) -> int:
    """Open a case like TOLD at an instant and take it a step an hour; return its number.

    ``rated``: with how many stars, with the last step.
    """
    async with sessions() as session, session.begin():
        case, _ = await services.open_case(session, desk, replace(TOLD, **differing), at)
        for step in steps:
            at += HOUR
            await services.move(session, desk, case.id, step, LAN, at)
        if rated:
            await services.rate(session, desk, case.id, rated, "", at)
    return case.id
