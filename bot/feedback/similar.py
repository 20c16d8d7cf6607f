"""Cases that may tell of the same matter (phản ánh tương tự), each with the reasons why.

Place, office, kind and time stand in the clear and are compared here. What the stories have in
common is found by the blind index of their words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.feedback.category import Category, Subtype
from bot.feedback.models import Case, CaseWord
from bot.feedback.states import State
from bot.vietnamese import fold, normalise
from bot.working_time.zone import VIETNAM

WITHIN = timedelta(days=180)  # older or younger cases are about something else
_CANDIDATES = 300  # newest first; one commune has fewer in half a year
_AT_MOST = 5
_RARE = 300  # cases in which a word may occur to tell something
_WORDS = 12  # the rarest of a case
_FEWEST_WORDS = 3  # in common: two may be chance


class Reason(Enum):
    """What two cases have in common."""

    OFFICE = "office"
    COMMUNE = "commune"
    PROVINCE = "province"
    CATEGORY = "category"
    SUBTYPE = "subtype"
    DAY = "day"
    WEEK = "week"
    WORDS = "words"


_WEIGHT = {
    Reason.OFFICE: 3.0,
    Reason.COMMUNE: 2.0,
    Reason.PROVINCE: 0.5,
    Reason.CATEGORY: 2.0,
    Reason.SUBTYPE: 1.0,
    Reason.DAY: 2.0,
    Reason.WEEK: 1.0,
    Reason.WORDS: 4.0,  # times the share of the words
}
_ENOUGH = 4.0  # place and kind, or place and day; a kind alone is no likeness


@dataclass(frozen=True)
class Compared:
    """What is compared of a case, and shown of one that is similar; nothing sealed."""

    id: int
    state: State
    category: Category
    subtype: Subtype | None
    province_code: str | None
    commune_code: str | None
    office_words: str
    happened_on: date | None
    received_at: datetime


@dataclass(frozen=True)
class Similar:
    """A case that is like another one."""

    case: Compared
    reasons: tuple[Reason, ...]
    likeness: float  # only to rank by


_COMPARED = tuple(getattr(Case, each.name) for each in fields(Compared))


async def similar_cases(
    session: AsyncSession,
    case: Case,
    shared_words: Mapping[int, float] | None = None,
    within: ColumnElement[bool] | None = None,
    at_most: int = _AT_MOST,
) -> Sequence[Similar]:
    """Return the cases most like one, the likest first.

    ``shared_words``: cases whose stories have words in common with it, with the share of them
    (0 to 1). ``within``: the condition of what the asker may see.
    """
    shared = shared_words or {}
    near: list[ColumnElement[bool]] = [Case.id.in_(shared)] if shared else []
    if case.commune_code is not None:
        near.append(Case.commune_code == case.commune_code)
    elif case.province_code is not None:
        near.append(and_(Case.province_code == case.province_code, Case.category == case.category))
    if not near:
        return []
    candidates = await session.execute(
        select(*_COMPARED)
        .where(
            or_(*near),
            Case.id != case.id,
            Case.state.not_in([State.DUPLICATE, State.REJECTED]),
            Case.received_at.between(case.received_at - WITHIN, case.received_at + WITHIN),
            true() if within is None else within,
        )
        .order_by(Case.received_at.desc())
        .limit(_CANDIDATES)
    )
    others = [Compared(*row) for row in candidates]
    compared = [_compared(case, other, shared.get(other.id, 0.0)) for other in others]
    alike = [each for each in compared if each.likeness >= _ENOUGH]
    return sorted(alike, key=lambda each: (-each.likeness, -each.case.id))[:at_most]


async def shared_words(session: AsyncSession, case_id: int) -> Mapping[int, float]:
    """Return the cases that have rare words of one in common, with the share of them.

    Words that stand in many cases tell nothing; those that stand in no other find nothing.
    """
    other = aliased(CaseWord)
    some = select(other.case_id).where(other.word == CaseWord.word).limit(_RARE + 1).subquery()
    cases = select(func.count()).select_from(some).scalar_subquery()
    counted = await session.execute(select(CaseWord.word, cases).where(CaseWord.case_id == case_id))
    rare = sorted((count, word) for word, count in counted.tuples() if 1 < count <= _RARE)
    chosen = [word for _, word in rare[:_WORDS]]
    if len(chosen) < _FEWEST_WORDS:
        return {}
    common = func.count()
    rows = await session.execute(
        select(CaseWord.case_id, common)
        .where(CaseWord.word.in_(chosen), CaseWord.case_id != case_id)
        .group_by(CaseWord.case_id)
        .having(common >= _FEWEST_WORDS)
        .order_by(common.desc(), CaseWord.case_id.desc())
        .limit(_CANDIDATES)
    )
    return {other_id: count / len(chosen) for other_id, count in rows.tuples()}


def _compared(case: Case, other: Compared, share: float) -> Similar:
    reasons = [*_place(case, other), *_kind(case, other), *_time(case, other)]
    likeness = sum(_WEIGHT[reason] for reason in reasons)
    if share:
        reasons.append(Reason.WORDS)
        likeness += _WEIGHT[Reason.WORDS] * share
    return Similar(other, tuple(reasons), likeness)


def _place(case: Case, other: Compared) -> list[Reason]:
    reasons = []
    same_province = case.province_code is not None and case.province_code == other.province_code
    if case.commune_code is not None and case.commune_code == other.commune_code:
        reasons.append(Reason.COMMUNE)
    elif same_province:
        reasons.append(Reason.PROVINCE)
    if reasons and _office(case.office_words) and _same_office(case, other):
        reasons.append(Reason.OFFICE)
    return reasons


def _same_office(case: Case, other: Compared) -> bool:
    return _office(case.office_words) == _office(other.office_words)


@lru_cache(maxsize=1000)  # a place has few offices, and each is called by few names
def _office(words: str) -> str:
    return fold(normalise(words))


def _kind(case: Case, other: Compared) -> list[Reason]:
    if case.category is not other.category:
        return []
    same_subtype = case.subtype is not None and case.subtype is other.subtype
    return [Reason.CATEGORY, Reason.SUBTYPE] if same_subtype else [Reason.CATEGORY]


def _time(case: Case, other: Compared) -> list[Reason]:
    apart = abs(_day(case) - _day(other))
    if not apart:
        return [Reason.DAY]
    return [Reason.WEEK] if apart <= timedelta(days=7) else []


def _day(case: Case | Compared) -> date:
    return case.happened_on or case.received_at.astimezone(VIETNAM).date()
