"""Publishing what became of a case (công khai kết quả): a draft by one, published by another.

What was once public cannot be taken back from who copied it. So nothing is published that one
person alone has looked at, nothing that still seems to hold personal data unless the second
person says that it is none, and never the name or number of the reporter. Taking a publication
down is one person's act, at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback import wording
from bot.feedback.category import Category
from bot.feedback.chain import Actor, Content, Happened, append
from bot.feedback.errors import BadDetails, NotPublishable, Obstacle
from bot.feedback.models import Case, Kind, Publication
from bot.feedback.redaction import Strip, names_reporter, still_personal
from bot.feedback.sealing import seal, unseal
from bot.feedback.services import LONGEST_TEXT, Desk, tell
from bot.feedback.states import State
from bot.feedback.versions import hold
from bot.storage.vault import Vault

SETTLED = frozenset({State.ANSWERED, State.CLOSED})


@dataclass(frozen=True)
class Texts:
    """What the public reads: what it was about, and what became of it."""

    matter: str
    outcome: str

    @property
    def whole(self) -> str:
        """Both, for whoever looks for something in them."""
        return f"{self.matter}\n{self.outcome}"


def is_public(case: Case, publication: Publication | None) -> bool:
    """Tell whether the public can read it now.

    A case that was reopened is no longer settled; once answered anew it has another outcome, which
    is published anew.
    """
    if publication is None or publication.published_at is None or case.answered_at is None:
        return False
    return case.state in SETTLED and publication.published_at >= case.answered_at


def public() -> ColumnElement[bool]:
    """Return the same as a condition on Publication joined with Case."""
    return and_(Case.state.in_(SETTLED), Publication.published_at >= Case.answered_at)


async def publication_of(session: AsyncSession, case_id: int) -> Publication | None:
    """Return draft or publication of a case."""
    found: Publication | None = await session.scalar(
        select(Publication).where(Publication.case_id == case_id)
    )
    return found


def texts_of(vault: Vault, publication: Publication) -> Texts:
    """Open a draft or publication; raises CannotOpen."""
    return Texts(unseal(vault, publication.matter), unseal(vault, publication.outcome))


async def draft(
    session: AsyncSession, desk: Desk, case_id: int, texts: Texts, by: Actor, now: datetime
) -> Publication:
    """Propose what is to be published, in place of an earlier draft.

    Raises NotPublishable, BadDetails, NoSuchCase.
    """
    if not texts.matter.strip() or not texts.outcome.strip():
        raise BadDetails("a publication tells what it was about and what became of it")
    if len(texts.whole) > LONGEST_TEXT:
        raise BadDetails(f"a publication has at most {LONGEST_TEXT} characters")
    end, case = await hold(session, desk.vault, case_id)
    if case.state not in SETTLED or case.answered_at is None:
        raise NotPublishable(Obstacle.UNFINISHED)
    publication = await publication_of(session, case_id)
    if is_public(case, publication):
        raise NotPublishable(Obstacle.PUBLISHED)
    if publication is None:
        publication = Publication(case_id=case_id)
        session.add(publication)
    publication.matter = seal(desk.vault, texts.matter)
    publication.outcome = seal(desk.vault, texts.outcome)
    publication.drafted_by, publication.drafted_at = by.account, now
    publication.published_by = publication.published_at = None
    content = Content(matter=texts.matter, outcome=texts.outcome)
    await append(session, desk.vault, end, case, Happened(Kind.DRAFTED, by, now, content))
    return publication


async def publish(
    session: AsyncSession,
    desk: Desk,
    case_id: int,
    strip: Strip,
    by: Actor,
    now: datetime,
    *,
    nothing_personal: bool = False,
    page: str = "/ket-qua",
) -> Publication:
    """Publish the draft that somebody else wrote, and tell the reporter where it is read.

    ``nothing_personal``: this person has looked at each passage that seems personal, and says that
    none is. It does not help against the reporter's own name and number. ``page``: the address of
    the page of outcomes. Raises NotPublishable, NoSuchCase, CannotOpen.
    """
    end, case = await hold(session, desk.vault, case_id)
    publication = await publication_of(session, case_id)
    if publication is None:
        raise NotPublishable(Obstacle.NO_DRAFT)
    if publication.published_at is not None:
        already = is_public(case, publication)
        raise NotPublishable(Obstacle.PUBLISHED if already else Obstacle.NO_DRAFT)
    if case.state not in SETTLED:
        raise NotPublishable(Obstacle.UNFINISHED)
    if publication.drafted_by == by.account:
        raise NotPublishable(Obstacle.SAME_PERSON)
    texts = texts_of(desk.vault, publication)
    _check_personal(desk, case, texts, strip, nothing_personal=nothing_personal)
    publication.published_by, publication.published_at = by.account, now
    content = Content(matter=texts.matter, outcome=texts.outcome)
    await append(session, desk.vault, end, case, Happened(Kind.PUBLISHED, by, now, content))
    notice = wording.notice_of_publication(case, f"{page}/{publication.id}")
    await tell(session, desk, case, notice)
    return publication


def _check_personal(
    desk: Desk, case: Case, texts: Texts, strip: Strip, *, nothing_personal: bool
) -> None:
    if names_reporter(texts.whole, unseal(desk.vault, case.identity or b"")):
        raise NotPublishable(Obstacle.REPORTER)
    found = still_personal(texts.whole, strip)
    if found and not nothing_personal:
        raise NotPublishable(Obstacle.PERSONAL, found)


async def unpublish(
    session: AsyncSession, desk: Desk, case_id: int, reason: str, by: Actor, now: datetime
) -> Publication:
    """Take a publication down at once; its text is a draft again.

    Raises NotPublishable when nothing was published, BadDetails without a reason, NoSuchCase.
    """
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        raise BadDetails("taking a publication down needs a reason")
    end, case = await hold(session, desk.vault, case_id)
    publication = await publication_of(session, case_id)
    if publication is None or publication.published_at is None:
        raise NotPublishable(Obstacle.NO_DRAFT)
    publication.published_by = publication.published_at = None
    content = Content(note=reason)
    await append(session, desk.vault, end, case, Happened(Kind.UNPUBLISHED, by, now, content))
    return publication


@dataclass(frozen=True)
class Filter:
    """Which outcomes somebody wants to read."""

    province_code: str | None = None
    commune_code: str | None = None
    category: Category | None = None
    answered_from: datetime | None = None
    answered_until: datetime | None = None  # not included


@dataclass(frozen=True)
class Outcome:
    """One published outcome, as the public reads it."""

    id: int  # of the publication; the case's number stays inside
    category: Category
    province_code: str | None
    commune_code: str | None
    answered_at: datetime
    published_at: datetime
    texts: Texts


async def outcomes(
    session: AsyncSession,
    vault: Vault,
    wanted: Filter,
    after: tuple[datetime, int] | None = None,
    limit: int = 20,
) -> Sequence[Outcome]:
    """Return published outcomes, newest first; ``after``: the last one of the page before."""
    query = select(Publication, Case).join(Case, Publication.case_id == Case.id)
    query = query.where(public(), *_conditions(wanted))
    if after is not None:
        at, id = after
        query = query.where(
            or_(
                Publication.published_at < at,
                and_(Publication.published_at == at, Publication.id < id),
            )
        )
    query = query.order_by(Publication.published_at.desc(), Publication.id.desc()).limit(limit)
    rows = await session.execute(query)
    return [_outcome(vault, publication, case) for publication, case in rows.tuples()]


async def outcome(session: AsyncSession, vault: Vault, id: int) -> Outcome | None:
    """Return one published outcome; None when it is not, or no longer, public."""
    rows = await session.execute(
        select(Publication, Case)
        .join(Case, Publication.case_id == Case.id)
        .where(Publication.id == id, public())
    )
    row = rows.tuples().first()
    return _outcome(vault, *row) if row else None


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.province_code is not None:
        conditions.append(Case.province_code == wanted.province_code)
    if wanted.commune_code is not None:
        conditions.append(Case.commune_code == wanted.commune_code)
    if wanted.category is not None:
        conditions.append(Case.category == wanted.category)
    if wanted.answered_from is not None:
        conditions.append(Case.answered_at >= wanted.answered_from)
    if wanted.answered_until is not None:
        conditions.append(Case.answered_at < wanted.answered_until)
    return conditions


def _outcome(vault: Vault, publication: Publication, case: Case) -> Outcome:
    if case.answered_at is None or publication.published_at is None:
        raise ValueError("what is public was answered and published")
    return Outcome(
        id=publication.id,
        category=case.category,
        province_code=case.province_code,
        commune_code=case.commune_code,
        answered_at=case.answered_at,
        published_at=publication.published_at,
        texts=texts_of(vault, publication),
    )
