"""Opening cases, adding to them, moving them, finding them by their receipt. The caller commits.

Every function that writes takes hold of the end of the chain of events first: writers of cases
come one after the other, so none works on an old state of a case and no two wait for each other
crosswise. Call them late in a turn, since the others wait until it commits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback import receipts, wording
from bot.feedback.category import Category, Subtype, fits
from bot.feedback.chain import Actor, Content, Happened, append, take_hold, verify_chain
from bot.feedback.deadlines import Deadlines
from bot.feedback.errors import BadDetails, NoSuchCase
from bot.feedback.finding import add_words, forget_words
from bot.feedback.marks import CaseRules, set_deadlines
from bot.feedback.models import (
    Case,
    CaseEvent,
    CaseMessage,
    ChainEnd,
    Evidence,
    Kind,
    Presence,
    Publication,
    Side,
)
from bot.feedback.notice import Notice, TellReporter, nobody_is_told
from bot.feedback.ranking import Lane
from bot.feedback.reckoning import Entered
from bot.feedback.sealing import seal, unseal
from bot.feedback.states import (
    FINISHED,
    Move,
    Need,
    Rejection,
    Role,
    State,
    Status,
    apply,
    check_needs,
    check_role,
    moves_from,
)
from bot.feedback.versions import hold
from bot.storage.vault import Vault
from bot.vietnamese import clean

__all__ = [
    "REPORTER",
    "Actor",
    "Desk",
    "Message",
    "Personal",
    "Step",
    "Told",
    "add_to_case",
    "by_receipt",
    "erase",
    "messages_of",
    "move",
    "open_case",
    "opened",
    "past_of",
    "rate",
    "read_personal",
    "tell",
    "teller",
    "verify_chain",
]

DISSATISFIED = 2  # of 5; who rates so or lower is not satisfied
LONGEST_TEXT = 20_000  # characters of a story, message or note
_EXCERPT = 160  # characters

REPORTER = Actor(Role.REPORTER)
# What the reporter reads of these moves is their note; the notes of all others stay inside.
_TELLS = frozenset({Move.ASK, Move.ANSWER, Move.TRANSFER, Move.REJECT})


def tell_nothing(text: str) -> str:
    """Strip everything: for a desk that nobody taught what is personal."""
    return ""


@dataclass(frozen=True)
class Desk:
    """What every service needs: the key to what is sealed, the deadlines, the way to reporters.

    ``strip`` takes out of a text what is personal; only what it leaves is shown in the queue
    without an event, and found by its words.
    """

    vault: Vault
    deadlines: Deadlines
    tell_reporter: TellReporter = nobody_is_told
    strip: Callable[[str], str] = tell_nothing


@dataclass(frozen=True)
class Told:
    """What a reporter told, and agreed to."""

    category: Category
    story: str
    channel: str
    consent_version: str
    subtype: Subtype | None = None
    province_code: str | None = None
    commune_code: str | None = None
    place_words: str = ""
    office_words: str = ""
    happened_on: date | None = None
    conversation: str | None = None  # where to write back; None: only by the receipt
    identity: str | None = None  # name and contact; None: anonymous


@dataclass(frozen=True)
class Step:
    """A move with what it brings along."""

    move: Move
    note: str = ""
    assignee: str = ""
    body: str = ""
    original: int | None = None
    rejection: Rejection | None = None
    category: Category | None = None  # of a triage: as it was found to be
    subtype: Subtype | None = None

    def brings(self) -> set[Need]:
        """Return what is there of what a move can need."""
        there = {
            Need.NOTE: bool(self.note.strip()),
            Need.ASSIGNEE: bool(self.assignee.strip()),
            Need.BODY: bool(self.body.strip()),
            Need.ORIGINAL: self.original is not None,
            Need.REASON: self.rejection is not None,
        }
        return {need for need, given in there.items() if given}


@dataclass(frozen=True)
class Message:
    """A message of a case, opened."""

    side: Side
    said_at: datetime
    text: str


@dataclass(frozen=True)
class Personal:
    """What is sealed of a case and may be shown to staff; a chat address never is."""

    story: str
    identity: str | None
    messages: tuple[Message, ...]


async def open_case(
    session: AsyncSession, desk: Desk, told: Told, now: datetime, by: Actor = REPORTER
) -> tuple[Case, str]:
    """Keep a new case; return it and its receipt code, which is kept nowhere and told once.

    Raises BadDetails.
    """
    _check_text(told.story)
    if not fits(told.subtype, told.category):
        raise BadDetails(f"a case about {told.category.value} has no such subtype")
    impersonal = desk.strip(told.story)  # takes its time, so before anybody has to wait
    end = await take_hold(session, desk.vault)
    code = receipts.new_code()
    case = _new_case(desk, told, receipts.fingerprint(desk.vault, code), now)
    case.excerpt = seal(desk.vault, _first_words(impersonal))
    _set_deadlines(desk, case, [Entered(case.state, now)])
    session.add(case)
    await session.flush()
    found_by = (impersonal, case.place_words)
    await add_words(session, desk.vault, case.id, found_by, case.office_words)
    happened = Happened(Kind.OPENED, by, now, _facts(told))
    await append(session, desk.vault, end, case, happened)
    return case, code


def _first_words(text: str) -> str:
    if len(text) <= _EXCERPT:
        return text
    return f"{text[:_EXCERPT].rpartition(' ')[0] or text[:_EXCERPT]} …"


def _new_case(desk: Desk, told: Told, receipt: str, now: datetime) -> Case:
    return Case(
        receipt=receipt,
        category=told.category,
        subtype=told.subtype,
        state=State.NEW,
        reopened=False,
        channel=told.channel,
        province_code=told.province_code,
        commune_code=told.commune_code,
        place_words=clean(told.place_words),
        office_words=clean(told.office_words),
        happened_on=told.happened_on,
        story=seal(desk.vault, told.story),
        conversation=seal(desk.vault, told.conversation) if told.conversation else None,
        identity=seal(desk.vault, told.identity) if told.identity else None,
        consent_version=told.consent_version,
        transferred_to="",
        received_at=now,
        changed_at=now,
    )


def _facts(told: Told) -> Content:
    return Content(
        category=told.category,
        subtype=told.subtype,
        province_code=told.province_code,
        commune_code=told.commune_code,
        place_words=told.place_words,
        office_words=told.office_words,
        happened_on=told.happened_on.isoformat() if told.happened_on else "",
        channel=told.channel,
        consent_version=told.consent_version,
    )


async def by_receipt(session: AsyncSession, vault: Vault, text: str) -> Case:
    """Return the case of a code as somebody typed or spelt it.

    Raises BadReceipt when it is no code (a slip, no guess), NoSuchCase when no case has it (a
    miss, which the caller counts: bot.throttle).
    """
    receipt = receipts.fingerprint(vault, receipts.read(text))
    case: Case | None = await session.scalar(select(Case).where(Case.receipt == receipt))
    if case is None:
        raise NoSuchCase
    return case


async def add_to_case(
    session: AsyncSession, desk: Desk, case_id: int, text: str, by: Actor, now: datetime
) -> Case:
    """Keep a message of reporter or office, in whatever state the case is.

    What a reporter adds to a case that waits for them is the reply: it goes on. Raises BadDetails,
    NoSuchCase.
    """
    _check_text(text)
    end, case = await hold(session, desk.vault, case_id)
    message = await _add_message(session, desk, case, text, by, now)
    if by.role is Role.REPORTER:
        await add_words(session, desk.vault, case.id, [desk.strip(text)])
    if by.role is Role.REPORTER and case.state is State.NEED_INFO:
        happened = Happened(Kind.MOVED, by, now, move=Move.REPLY, message=message)
        await _carry_out(session, desk, end, case, happened)
    else:
        happened = Happened(Kind.MESSAGE, by, now, message=message)
        await append(session, desk.vault, end, case, happened)
    if message.side is Side.OFFICE:
        by_itself = by.role is Role.CLOCK
        notice = wording.notice_of_clock if by_itself else wording.notice_of_message
        await tell(session, desk, case, notice(case, text))
    return case


async def move(
    session: AsyncSession, desk: Desk, case_id: int, step: Step, actor: Actor, now: datetime
) -> Case:
    """Move a case on; what the reporter is to read of it becomes a message.

    Raises IllegalMove, BadDetails, NoSuchCase; then nothing was changed.
    """
    check_role(step.move, actor.role)
    check_needs(step.move, step.brings())
    _check_text(step.note, may_be_empty=True)
    end, case = await hold(session, desk.vault, case_id)
    apply(case.status, step.move)
    await _check_original(session, case, step)
    _check_kind(case, step)
    message = None
    if step.move in _TELLS:
        message = await _add_message(session, desk, case, step.note, actor, now)
    _take_over(case, step)
    content = _content(step, with_note=message is None)
    happened = Happened(Kind.MOVED, actor, now, content, step.move, message)
    await _carry_out(session, desk, end, case, happened)
    if message is not None:
        await tell(session, desk, case, wording.notice_of_move(case, step.move, step.note))
    return case


async def rate(
    session: AsyncSession, desk: Desk, case_id: int, rating: int, words: str, now: datetime
) -> Case:
    """Keep how satisfied the reporter is with an answer, 1 to 5, with words or without.

    DISSATISFIED or less opens the case again, once; more than that closes it. Who rates again has
    changed their mind: the last one counts. Raises BadDetails, NoSuchCase.
    """
    if rating not in range(1, 6):
        raise BadDetails("a rating is a number from 1 to 5")
    _check_text(words, may_be_empty=True)
    end, case = await hold(session, desk.vault, case_id)
    if case.answered_at is None or case.state not in {State.ANSWERED, State.CLOSED}:
        raise BadDetails("what is not answered cannot be rated")
    case.rating, case.rated_at, case.changed_at = rating, now, now
    message = None
    if words.strip():
        message = await _add_message(session, desk, case, words, REPORTER, now)
    happened = Happened(Kind.RATED, REPORTER, now, Content(rating=rating), message=message)
    await append(session, desk.vault, end, case, happened)
    follows = Move.REOPEN if rating <= DISSATISFIED else Move.CLOSE
    if follows in moves_from(case.status, Role.REPORTER):
        await _carry_out(
            session, desk, end, case, Happened(Kind.MOVED, REPORTER, now, move=follows)
        )
    return case


async def tell(session: AsyncSession, desk: Desk, case: Case, notice: Notice) -> None:
    """Tell the reporter where they want to hear back; nobody else, and not who kept it to a code.

    Call it after everything else that the transaction does to the case.
    """
    conversation_id = teller(desk.vault, case)
    if conversation_id is not None:
        await desk.tell_reporter(session, conversation_id, notice)


def teller(vault: Vault, case: Case) -> str | None:
    """Return the conversation that told the case and hears back; never for the eyes of staff."""
    return unseal(vault, case.conversation) if case.conversation is not None else None


async def read_personal(
    session: AsyncSession, desk: Desk, case_id: int, actor: Actor, now: datetime
) -> Personal:
    """Open what is sealed of a case for somebody of the staff; that they read it is an event.

    Raises NoSuchCase, CannotOpen.
    """
    end, case = await hold(session, desk.vault, case_id)
    personal = Personal(
        story=unseal(desk.vault, case.story),
        identity=unseal(desk.vault, case.identity) if case.identity else None,
        messages=tuple(await messages_of(session, desk.vault, case_id)),
    )
    await append(session, desk.vault, end, case, Happened(Kind.READ, actor, now))
    return personal


async def erase(
    session: AsyncSession, desk: Desk, case_id: int, actor: Actor, now: datetime
) -> Case:
    """Erase everything sealed of a case that is finished; that it was erased is an event.

    What stays are its kind, place, office, times and moves, for the reports. Raises NoSuchCase,
    BadDetails while somebody still works on it: it has to be withdrawn first.
    """
    end, case = await hold(session, desk.vault, case_id)
    if case.state not in FINISHED:
        raise BadDetails("a case is erased when it is finished or withdrawn")
    case.story, case.excerpt, case.conversation, case.identity = b"", b"", None, None
    _touch(case, now)
    await forget_words(session, case.id)
    for table, column in ((CaseMessage, "body"), (CaseEvent, "content")):
        of_case = update(table).where(table.case_id == case_id)
        await session.execute(of_case.values({column: b""}))
    pieces = update(Evidence).where(Evidence.case_id == case_id)
    await session.execute(pieces.values(content=b"", thumbnail=b"", dossiers=b"", owner=""))
    await session.execute(delete(Presence).where(Presence.case_id == case_id))
    # A draft may still hold a name; what was published holds none.
    drafts = delete(Publication).where(Publication.case_id == case_id)
    await session.execute(drafts.where(Publication.published_at.is_(None)))
    await append(session, desk.vault, end, case, Happened(Kind.ERASED, actor, now))
    return case


async def messages_of(session: AsyncSession, vault: Vault, case_id: int) -> Sequence[Message]:
    """Return what reporter and office wrote to each other, oldest first; raises CannotOpen."""
    rows = await session.scalars(
        select(CaseMessage).where(CaseMessage.case_id == case_id).order_by(CaseMessage.id)
    )
    return [opened(vault, row) for row in rows]


def opened(vault: Vault, row: CaseMessage) -> Message:
    """Open one message; raises CannotOpen."""
    return Message(row.side, row.said_at, unseal(vault, row.body))


async def _carry_out(
    session: AsyncSession, desk: Desk, end: ChainEnd, case: Case, happened: Happened
) -> None:
    """Bring the case into the state to which a legal move leads, with its deadlines."""
    if happened.move is None:
        raise ValueError("an event that moves a case names its move")
    _enter(case, apply(case.status, happened.move), happened.at)
    past = [*await past_of(session, case.id), Entered(case.state, happened.at)]
    _set_deadlines(desk, case, past)
    await append(session, desk.vault, end, case, happened)


def _enter(case: Case, status: Status, now: datetime) -> None:
    case.state, case.resume_to, case.reopened = status.state, status.resume_to, status.reopened
    _touch(case, now)
    if status.state is State.ANSWERED:
        case.answered_at = now


def _touch(case: Case, now: datetime) -> None:
    """Note that something changed; what is done comes up in its lane of the queue."""
    case.changed_at = now
    if case.lane is Lane.DONE:
        case.rank_at = now


def _take_over(case: Case, step: Step) -> None:
    """Set what the move brings along for the columns of the case."""
    if step.category is not None:
        case.category, case.subtype = step.category, step.subtype
    match step.move:
        case Move.ASSIGN:
            case.assignee = step.assignee
        case Move.TRANSFER:
            case.transferred_to = step.body
        case Move.MERGE:
            case.duplicate_of = step.original
        case Move.REJECT:
            case.rejection = step.rejection
        case Move.TAKE_BACK:
            case.transferred_to, case.duplicate_of, case.rejection = "", None, None


def _set_deadlines(desk: Desk, case: Case, past: Sequence[Entered]) -> None:
    set_deadlines(case, past, CaseRules(desk.deadlines, case, past))


async def past_of(session: AsyncSession, case_id: int) -> list[Entered]:
    """Return every state that a case came into, from its arrival to the present one."""
    rows = await session.execute(
        select(CaseEvent.state, CaseEvent.at)
        .where(CaseEvent.case_id == case_id, CaseEvent.kind.in_([Kind.OPENED, Kind.MOVED]))
        .order_by(CaseEvent.number)
    )
    return [Entered(state, at) for state, at in rows if state is not None]


async def _add_message(
    session: AsyncSession, desk: Desk, case: Case, text: str, by: Actor, now: datetime
) -> CaseMessage:
    side = Side.REPORTER if by.role is Role.REPORTER else Side.OFFICE
    message = CaseMessage(case_id=case.id, side=side, said_at=now, body=seal(desk.vault, text))
    session.add(message)
    await session.flush()
    _touch(case, now)
    return message


async def _check_original(session: AsyncSession, case: Case, step: Step) -> None:
    if step.move is not Move.MERGE or step.original is None:
        return
    original = await session.get(Case, step.original, populate_existing=True)
    if original is None:
        raise NoSuchCase(step.original)
    if original.id == case.id or original.state is State.DUPLICATE:
        raise BadDetails("a case repeats another one, which repeats none itself")


def _check_kind(case: Case, step: Step) -> None:
    if step.category is not None and step.move is not Move.TRIAGE:
        raise BadDetails("the category is set by triage")
    if not fits(step.subtype, step.category or case.category):
        raise BadDetails("this category has no such subtype")


def _content(step: Step, *, with_note: bool) -> Content:
    return Content(
        note=step.note if with_note else "",
        category=step.category,
        subtype=step.subtype,
        assignee=step.assignee,
        body=step.body,
        original=step.original,
        rejection=step.rejection,
    )


def _check_text(text: str, *, may_be_empty: bool = False) -> None:
    if not may_be_empty and not text.strip():
        raise BadDetails("there is no text")
    if len(text) > LONGEST_TEXT:
        raise BadDetails(f"the text is longer than {LONGEST_TEXT} characters")
