"""The window at which reporters ask after their cases (theo dõi phản ánh), with a receipt in hand.

Who shows a receipt code that a case has may see where it stands, what the office wrote, and act as
its reporter. Who shows one that none has is told nothing, the same in every case, and each such
miss counts: `bot.throttle` makes guessing slow. What is done here is written into the caller's
transaction.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback import evidence, services, wording
from bot.feedback.category import Category
from bot.feedback.clocks import is_provisional
from bot.feedback.deadlines import Clock
from bot.feedback.errors import FeedbackError, NoSuchCase
from bot.feedback.models import Case, CaseMessage, Side
from bot.feedback.reckoning import RUNS_IN, Entered, started
from bot.feedback.services import REPORTER, Desk, Message, Step, past_of
from bot.feedback.states import FINISHED, Move, Rejection, Role, State, moves_from
from bot.storage.misses import misses_of, note_miss
from bot.throttle import Throttle
from bot.working_time.zone import VIETNAM

THROTTLE = Throttle()
MOST_SHOWN = 10  # messages of the talk with the office, the newest


class MustWait(FeedbackError):
    """Too many codes that no case has: nothing is looked up for a while."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many codes were tried that no case has")
        self.wait = wait


@dataclass(frozen=True)
class Due:
    """What is promised next, and how far off it is."""

    clock: Clock
    on: date
    working_days: int  # left, the last one included; 0: today; less: overdue by so many
    overdue: bool
    expected: date | None  # of a late answer: the new day that the reporter was told
    provisional: bool  # holidays that nobody announced yet may still move it
    law: bool  # it rests on a legal text; else it is a goal of this service


class Act(Enum):
    """What a reporter can do with a case; the value is what a button sends."""

    ADD = "add"  # words and files, also the reply to a question of the office
    TALK = "talk"  # read what both sides wrote
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    ERASE = "erase"


@dataclass(frozen=True)
class Standing:
    """What its reporter is told of a case; ``acts``: what they can do now."""

    case_id: int
    category: Category
    state: State
    since: datetime
    due: Due | None
    transferred_to: str
    rejection: Rejection | None
    rating: int | None
    unread: Sequence[Message]  # what the office wrote past the mark that was handed in
    read: int  # the mark to hand in when asking again
    acts: frozenset[Act]
    erased: bool


class Window:
    """Acts for reporters at a desk; each call belongs to the transaction that runs."""

    def __init__(
        self, desk: Desk, session: Callable[[], AsyncSession], now: Callable[[], datetime]
    ) -> None:
        self._desk = desk
        self._session = session
        self._now = now

    async def find(self, code: str, callers: Sequence[str]) -> int:
        """Return the number of the case that a code opens.

        ``callers``: by whatever the one who asks is known, the conversation first. Raises
        BadReceipt (a slip, which counts as nothing), NoSuchCase (a miss), MustWait.
        """
        session, now = self._session(), self._now()
        guesses = [self._desk.vault.fingerprint("guess", "receipt", caller) for caller in callers]
        since = now - THROTTLE.memory
        waits = [THROTTLE.waiting(await misses_of(session, guess, since), now) for guess in guesses]
        if wait := max(waits, default=timedelta()):
            raise MustWait(wait)
        try:
            return (await services.by_receipt(session, self._desk.vault, code)).id
        except NoSuchCase:
            for guess in guesses:
                await note_miss(session, guess, now)
            raise

    async def was_told_by(self, case_id: int, conversation: str) -> bool:
        """Tell whether this conversation told the case, and wanted to hear back here."""
        try:
            return services.teller(self._desk.vault, await self._case(case_id)) == conversation
        except NoSuchCase:
            return False

    async def look(self, case_id: int, read: int = 0) -> Standing:
        """Return where a case stands; ``read``: the mark of what was shown before.

        Raises NoSuchCase.
        """
        session = self._session()
        case = await self._case(case_id)
        past = await past_of(session, case_id)
        written = (
            await session.scalars(
                select(CaseMessage).where(CaseMessage.case_id == case_id).order_by(CaseMessage.id)
            )
        ).all()
        new = [row for row in written if row.side is Side.OFFICE and row.id > read and row.body]
        return Standing(
            case_id=case.id,
            category=case.category,
            state=case.state,
            since=_since(past),
            due=self._due(case, started(Clock.ANSWER, past)),
            transferred_to=case.transferred_to,
            rejection=case.rejection,
            rating=case.rating,
            unread=[services.opened(self._desk.vault, row) for row in new],
            read=max([read, *(row.id for row in written)]),
            acts=_acts(case, talked=bool(written)),
            erased=not case.story,
        )

    async def talk(self, case_id: int) -> Sequence[Message]:
        """Return the newest messages of both sides, oldest first."""
        vault = self._desk.vault
        return (await services.messages_of(self._session(), vault, case_id))[-MOST_SHOWN:]

    async def add(
        self, case_id: int, text: str, files: Sequence[str], conversation: str
    ) -> tuple[str, ...]:
        """Add words and files to a case; return the ids of the files that it took.

        Raises BadDetails, NoSuchCase.
        """
        session, now = self._session(), self._now()
        if text.strip():
            await services.add_to_case(session, self._desk, case_id, text, REPORTER, now)
        if not files:
            return ()
        vault = self._desk.vault
        return await evidence.bind(session, vault, files, case_id, conversation, now)

    async def rate(self, case_id: int, rating: int, words: str = "") -> None:
        """Rate the answer; a low rating opens the case again, once. Raises BadDetails."""
        await services.rate(self._session(), self._desk, case_id, rating, words, self._now())

    async def reopen(self, case_id: int) -> None:
        """Open an answered case again without a rating. Raises IllegalMove."""
        await self._move(case_id, Move.REOPEN)

    async def withdraw(self, case_id: int, conversation: str) -> None:
        """Withdraw a case; whoever told it from elsewhere hears of it. Raises IllegalMove."""
        case = await self._move(case_id, Move.WITHDRAW)
        teller = services.teller(self._desk.vault, case)
        await self._tell_elsewhere(case, teller, conversation, wording.WITHDRAWN_ELSEWHERE)

    async def erase(self, case_id: int, conversation: str) -> None:
        """Erase what is sealed of a case; whoever told it from elsewhere hears of it.

        Raises BadDetails while it is worked on.
        """
        teller = services.teller(self._desk.vault, await self._case(case_id))
        session, now = self._session(), self._now()
        case = await services.erase(session, self._desk, case_id, REPORTER, now)
        await self._tell_elsewhere(case, teller, conversation, wording.ERASED_ELSEWHERE)

    async def _move(self, case_id: int, move: Move) -> Case:
        session, now = self._session(), self._now()
        return await services.move(session, self._desk, case_id, Step(move), REPORTER, now)

    async def _tell_elsewhere(
        self, case: Case, teller: str | None, conversation: str, words: str
    ) -> None:
        if teller is not None and teller != conversation:
            notice = wording.notice(case, words)
            await self._desk.tell_reporter(self._session(), teller, notice)

    async def _case(self, case_id: int) -> Case:
        case = await self._session().get(Case, case_id, populate_existing=True)
        if case is None:
            raise NoSuchCase(case_id)
        return case

    def _due(self, case: Case, answer_began: datetime) -> Due | None:
        """Return the next deadline: to be read while the case is new, then to be answered."""
        clock, at, began = (
            (Clock.TRIAGE, case.triage_due_at, case.received_at)
            if case.state is State.NEW
            else (Clock.ANSWER, case.answer_due_at, answer_began)
        )
        if at is None or case.state not in RUNS_IN[clock]:
            return None
        rule = self._desk.deadlines.rule(clock, case.category, case.province_code, began)
        now, on = self._now(), rule.calendar.day_of(at)
        count = partial(_working_days, rule.calendar.holidays.works)
        today = now.astimezone(VIETNAM).date()
        left = count(today, on) if on >= today else -count(on, today)
        told = case.promised_at if clock is Clock.ANSWER else None
        return Due(
            clock,
            on,
            left,
            overdue=now > at,
            expected=rule.calendar.day_of(told) if told else None,
            provisional=is_provisional(at, rule),
            law=rule.basis.law,
        )


def _since(past: Sequence[Entered]) -> datetime:
    """Return when the case came into its present state; handed on within it does not count."""
    same = itertools.takewhile(lambda each: each.state is past[-1].state, reversed(past))
    return list(same)[-1].at


def _acts(case: Case, *, talked: bool) -> frozenset[Act]:
    if not case.story:  # erased
        return frozenset()
    moves = moves_from(case.status, Role.REPORTER)
    answered = case.answered_at is not None and case.state in {State.ANSWERED, State.CLOSED}
    there = {
        Act.ADD: True,
        Act.TALK: talked,
        Act.RATE: answered,
        Act.REOPEN: answered and Move.REOPEN in moves,
        Act.WITHDRAW: Move.WITHDRAW in moves,
        Act.ERASE: case.state in FINISHED,
    }
    return frozenset(act for act, possible in there.items() if possible)


def _working_days(works: Callable[[date], bool], after: date, until: date) -> int:
    """Count the working days after one day up to another."""
    days = (until - after).days
    return sum(works(after + timedelta(days=day)) for day in range(1, days + 1))
