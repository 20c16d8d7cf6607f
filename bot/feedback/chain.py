"""The chain of events: each holds the hash of the one before, so that nothing is changed unseen.

The hashes are keyed: whoever can write to the database but has not the secret key can neither
change an event, nor slip one in, nor take some off the end. What it does not show: the database
as a whole put back to an older backup.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from sqlalchemy import func, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.category import Category, Subtype
from bot.feedback.deadlines import Clock
from bot.feedback.models import Case, CaseEvent, CaseMessage, ChainEnd, Evidence, Kind
from bot.feedback.states import Move, Rejection, Role
from bot.storage.base import Base
from bot.storage.vault import Vault

_end = Base.metadata.tables[ChainEnd.__tablename__]
# As text: SQLAlchemy compiles an ON CONFLICT anew each time, which costs a millisecond.
_HOLD = text(
    "INSERT INTO case_chain (id, number, hash, proof) VALUES (1, 0, :hash, :proof)"
    " ON CONFLICT (id) DO UPDATE SET id = 1"
)
_Row = tuple[CaseEvent, Case | None, CaseMessage | None]
_BATCH = 1000  # events held at once while the chain is checked


@dataclass(frozen=True)
class Actor:
    """Who did something: a role, and the account of somebody of the staff."""

    role: Role
    account: str = ""


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an event has to tell beside its columns; kept sealed."""

    note: str = ""
    category: Category | None = None
    subtype: Subtype | None = None
    assignee: str = ""
    body: str = ""
    original: int | None = None
    rejection: Rejection | None = None
    rating: int | None = None
    province_code: str | None = None
    commune_code: str | None = None
    place_words: str = ""
    office_words: str = ""
    happened_on: str = ""
    channel: str = ""
    consent_version: str = ""
    evidence: tuple[str, ...] = ()  # ids
    mentions: tuple[str, ...] = ()  # accounts that a note calls
    matter: str = ""  # of a publication
    outcome: str = ""
    clock: Clock | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Happened:
    """An event before it has its place in the chain."""

    kind: Kind
    by: Actor
    at: datetime
    content: Content = field(default_factory=Content)
    move: Move | None = None
    message: CaseMessage | None = None
    evidence: tuple[Evidence, ...] = ()
    subject: str = ""  # the account that it happened to


async def take_hold(session: AsyncSession, vault: Vault) -> ChainEnd:
    """Hold the end of the chain until the transaction ends; every writer begins with this.

    It is a write, so that from here on nobody else changes a case and what is read is the newest:
    on SQLite it takes the one write lock, on PostgreSQL that of this row.
    """
    start = _start(vault)
    await session.execute(_HOLD, {"hash": start, "proof": _proof(vault, 0, start)})
    return await session.get_one(ChainEnd, 1, populate_existing=True)


async def append(
    session: AsyncSession, vault: Vault, end: ChainEnd, case: Case | None, happened: Happened
) -> CaseEvent:
    """Add an event, with the state that the case has now; case and message have their numbers.

    ``case``: None for an event of the house, as when somebody signs in.
    """
    content = vault.seal(msgspec.json.encode(happened.content))
    event = CaseEvent(
        number=end.number + 1,
        case_id=case.id if case else None,
        at=happened.at,
        kind=happened.kind,
        move=happened.move,
        state=case.state if case else None,
        role=happened.by.role,
        actor=happened.by.account,
        subject=happened.subject,
        content=content,
        content_hash=_digest(vault, content),
        message_id=happened.message.id if happened.message else None,
        text_hash=_evidence_digest(vault, ((it.id, it.hash) for it in happened.evidence))
        or _digest(vault, _text(happened.kind, case, happened.message)),
        previous=end.hash,
    )
    event.hash = _hash(vault, event)
    session.add(event)
    end.number, end.hash = event.number, event.hash
    end.proof = _proof(vault, end.number, end.hash)
    await session.flush()
    return event


def content_of(vault: Vault, event: CaseEvent) -> Content:
    """Open what an event tells, nothing when it was erased; raises CannotOpen."""
    if not event.content:
        return Content()
    return msgspec.json.decode(vault.open(event.content), type=Content)


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found."""

    events: int  # that were found whole
    broken_at: int | None = None  # number of the first event that is not, or of the missing one
    reason: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken_at is None


async def verify_chain(session: AsyncSession, vault: Vault) -> Verdict:
    """Check every event, story and message, and that each case is where its last event left it.

    What was erased is missed nowhere: an event of the erasure follows, and the hashes stay.

    Stops at the first break and names it. Holds some events at a time, and nobody up: what is
    added while it runs is left to the next check. Give it a session of its own.
    """
    end = await _end_as_marked(session)
    erased = await _erased(session)
    number, hash_before = 0, _start(vault)
    while number < end.last:
        for event, case, message in await _batch(session, number, end.last):
            reason = _misplaced(vault, event, number, hash_before)
            gone = _may_be_gone(event, erased)
            reason = reason or _changed(vault, event, case, message, may_be_gone=gone)
            if event.kind is Kind.EVIDENCE:
                reason = reason or await _swapped(session, vault, event, may_be_gone=gone)
            if reason:
                return Verdict(number, number + 1, reason)
            number, hash_before = event.number, event.hash
    reason = _fault_at_the_end(vault, end, hash_before)
    if reason:
        ends_at = number if end.number is None else min(number, end.number)
        return Verdict(number, ends_at + 1, reason)
    return await _check_states(session, number)


@dataclass(frozen=True)
class _Marked:
    """Where the events end, and where their end is marked; None where it is not."""

    last: int
    number: int | None
    hash: str | None
    proof: str | None


async def _end_as_marked(session: AsyncSession) -> _Marked:
    last = select(func.coalesce(func.max(CaseEvent.number), 0)).scalar_subquery()
    # One statement, so that an event that is added meanwhile is in both or in none.
    marked = select(_end.c.number, _end.c.hash, _end.c.proof).where(_end.c.id == 1).subquery()
    counted = select(last.label("last")).subquery()
    row = (await session.execute(select(counted, marked).outerjoin(marked, true()))).one()
    return _Marked(*row)


async def _batch(session: AsyncSession, after: int, last: int) -> list[_Row]:
    rows = await session.execute(
        select(CaseEvent, Case, CaseMessage)
        .outerjoin(Case, CaseEvent.case_id == Case.id)
        .outerjoin(CaseMessage, CaseEvent.message_id == CaseMessage.id)
        .where(CaseEvent.number > after, CaseEvent.number <= last)
        .order_by(CaseEvent.number)
        .limit(_BATCH)
        .execution_options(populate_existing=True)
    )
    return [tuple(row) for row in rows]


async def _erased(session: AsyncSession) -> dict[int, int]:
    """Return for each case that was erased the number of the last event that says so."""
    rows = await session.execute(
        select(CaseEvent.case_id, func.max(CaseEvent.number))
        .where(CaseEvent.kind == Kind.ERASED)
        .group_by(CaseEvent.case_id)
    )
    return {case_id: number for case_id, number in rows if case_id is not None}


def _misplaced(vault: Vault, event: CaseEvent, number: int, hash_before: str) -> str:
    """Say why an event is not the next one of the chain; empty when it is."""
    if event.number != number + 1:
        return f"event {number + 1} is missing"
    if event.previous != hash_before:
        return f"event {event.number} does not follow the one before it"
    if event.hash != _hash(vault, event):
        return f"event {event.number} was changed"
    return ""


def _may_be_gone(event: CaseEvent, erased: dict[int, int]) -> bool:
    return event.case_id is not None and event.number < erased.get(event.case_id, 0)


def _changed(
    vault: Vault,
    event: CaseEvent,
    case: Case | None,
    message: CaseMessage | None,
    *,
    may_be_gone: bool,
) -> str:
    """Say what the event no longer tells as it did; empty when nothing."""
    text = _text(event.kind, case, message)
    if event.content_hash != _digest(vault, event.content) and (event.content or not may_be_gone):
        return f"the content of event {event.number} was changed"
    if event.kind is Kind.EVIDENCE:
        return ""
    if event.text_hash != _digest(vault, text) and (text or not may_be_gone):
        return f"the story or message of event {event.number} (case {event.case_id}) was changed"
    return ""


async def _swapped(
    session: AsyncSession, vault: Vault, event: CaseEvent, *, may_be_gone: bool
) -> str:
    """Say that the evidence is not what came by this event; holds one piece at a time."""
    pieces = await session.execute(
        select(Evidence.id, Evidence.hash).where(
            Evidence.case_id == event.case_id, Evidence.event_number == event.number
        )
    )
    hashes = dict(pieces.tuples().all())
    reason = f"the evidence of event {event.number} (case {event.case_id}) was changed"
    if event.text_hash != _evidence_digest(vault, hashes.items()):
        return reason
    for id, hash in hashes.items():
        sealed = select(Evidence.content, Evidence.thumbnail).where(Evidence.id == id)
        content, thumbnail = (await session.execute(sealed)).one()
        if hash != evidence_hash(vault, content, thumbnail) and (content or not may_be_gone):
            return reason
    return ""


def evidence_hash(vault: Vault, content: bytes, thumbnail: bytes) -> str:
    """Return the keyed hash of one piece of evidence, as it is sealed."""
    parts = (hashlib.sha256(sealed).hexdigest() for sealed in (content, thumbnail))
    return vault.fingerprint("case evidence", *parts)


def _evidence_digest(vault: Vault, hashes: Iterable[tuple[str, str]]) -> str:
    """Return the keyed hash of all the pieces that came by one event; empty for none."""
    pieces = [f"{id}={hash}" for id, hash in sorted(hashes)]
    return vault.fingerprint("case evidence", *pieces) if pieces else ""


def _fault_at_the_end(vault: Vault, end: _Marked, last_hash: str) -> str:
    if end.number is None:
        return "the end of the chain is not marked" if end.last else ""
    whole = (end.last, last_hash, _proof(vault, end.last, last_hash))
    if (end.number, end.hash, end.proof) != whole:
        return "the chain does not end where its end is marked"
    return ""


async def _check_states(session: AsyncSession, events: int) -> Verdict:
    """Compare each case with its last event."""
    told = (
        select(CaseEvent.state)
        .where(CaseEvent.case_id == Case.id)
        .order_by(CaseEvent.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    strays = select(Case.id, Case.state).where(Case.state.is_distinct_from(told))
    stray = (await session.execute(strays.order_by(Case.id).limit(1))).first()
    if stray is None:
        return Verdict(events)
    reason = f"case {stray.id} is {stray.state.value}, which its events do not tell"
    return Verdict(events, events, reason)


def _text(kind: Kind, case: Case | None, message: CaseMessage | None) -> bytes:
    if message is not None:
        return message.body
    return case.story if case is not None and kind is Kind.OPENED else b""


def _hash(vault: Vault, event: CaseEvent) -> str:
    return vault.fingerprint(
        "case event",
        event.previous,
        str(event.number),
        str(event.case_id or ""),
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.kind.value,
        event.move.value if event.move else "",
        event.state.value if event.state else "",
        event.role.value,
        event.actor,
        event.content_hash,
        str(event.message_id or ""),
        event.text_hash,
        # Without a subject it hashes as events did before there were subjects.
        *([event.subject] if event.subject else []),
    )


def _digest(vault: Vault, sealed: bytes) -> str:
    return vault.fingerprint("case text", sealed.hex()) if sealed else ""


def _start(vault: Vault) -> str:
    return vault.fingerprint("case chain", "start")


def _proof(vault: Vault, number: int, hash: str) -> str:
    return vault.fingerprint("case chain", "end", str(number), hash)
