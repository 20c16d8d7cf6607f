"""What the page of a case shows, gathered once for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import case_texts, texts
from bot.console.acting import actor_of, area_of, responsible
from bot.console.frame import Console
from bot.console.placing import communes_by_code, provinces_by_code
from bot.console.timing import Bar, bars
from bot.doors.http import Refused
from bot.feedback import evidence
from bot.feedback.bodies import Body, bodies_for
from bot.feedback.evidence import Piece
from bot.feedback.merging import followers
from bot.feedback.models import Case, Kind, Publication, Side
from bot.feedback.notes import see_mentions
from bot.feedback.own_templates import templates
from bot.feedback.publishing import SETTLED, Texts, is_public, publication_of, texts_of
from bot.feedback.redaction import redacted, still_personal
from bot.feedback.similar import Similar, shared_words, similar_cases
from bot.feedback.states import Move, State, moves_from
from bot.feedback.templates import Filling, Template, fill
from bot.feedback.timeline import CaseFile, Entry, open_file
from bot.questions.stripping import strip
from bot.staff import services as staff
from bot.staff.models import Account
from bot.working_time.zone import VIETNAM

# What is most likely to be done next in each state; the others stand behind it. Where it is the
# reporter's turn, or all is done, nothing is: no button should invite to cut that short.
_LIKELY = {
    State.NEW: Move.TRIAGE,
    State.TRIAGED: Move.ASSIGN,
    State.REOPENED: Move.ASSIGN,
    State.ASSIGNED: Move.START,
    State.IN_PROGRESS: Move.ANSWER,
    State.TRANSFERRED: Move.ANSWER,
}


@dataclass(frozen=True)
class Place:
    """Names of the units of today in which a case lies; empty when unknown."""

    commune: str = ""
    province: str = ""

    @property
    def words(self) -> str:
        """Both, the smaller one first."""
        return ", ".join(filter(None, (self.commune, self.province)))


@dataclass(frozen=True)
class Typed:
    """What somebody typed into a form that was not carried out, so that nothing is lost."""

    act: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    changed_since: int = 0  # the version that was seen, when the case has moved on

    def get(self, act: str, name: str, default: str = "") -> str:
        """Return what stood in a field of a form."""
        return self.fields.get(name, default) if act == self.act else default

    @property
    def sentences(self) -> list[str]:
        """What nobody should have to think of again."""
        return [text for text in self.fields.values() if " " in text.strip()]


@dataclass(frozen=True)
class Public:
    """How far the publishing of the outcome is."""

    publication: Publication | None
    texts: Texts  # of the draft, else the proposal
    found: tuple[str, ...]  # what still seems personal
    shown: bool  # to the public, now


@dataclass(frozen=True)
class View:
    """A case as its page shows it."""

    file: CaseFile
    place: Place
    bars: list[Bar]
    evidence: Sequence[Piece]
    similar: Sequence[Similar]
    followers: Sequence[Case]
    likely: Move | None
    others: list[Move]
    staff: list[Account]
    names: dict[str, str]  # of all accounts, by how they sign in
    templates: list[tuple[Template, str]]
    bodies: Sequence[Body]
    public: Public | None

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.file.case

    @property
    def told(self) -> list[Entry]:
        """The entries without those that only say that somebody read it."""
        return [entry for entry in self.file.entries if entry.kind is not Kind.READ]

    @property
    def readings(self) -> list[Entry]:
        """The entries that only say that somebody read it."""
        return [entry for entry in self.file.entries if entry.kind is Kind.READ]

    def offers(self, act: str) -> bool:
        """Tell whether the form of an act stands on the page for sure: its move is still possible.

        How far the publishing is may have changed, and its forms with it.
        """
        moves = {move.value for move in (self.likely, *self.others) if move is not None}
        return act in moves | {"message", "note"}

    def since(self, version: int) -> list[Entry]:
        """Return what happened after a version."""
        return [entry for entry in self.told if entry.number > version]


async def case_for(session: AsyncSession, account: Account, case_id: int) -> Case:
    """Return a case of somebody's area. Raises Refused (404) for any other, there or not."""
    case = await session.get(Case, case_id)
    if case is None or not area_of(account).covers(case.province_code, case.commune_code):
        raise Refused(404, "no_such_case", "no such case in the area of this account")
    return case


async def view_of(session: AsyncSession, console: Console, account: Account, case_id: int) -> View:
    """Open a case for its page; the caller commits, since that is an event. Raises Refused."""
    await case_for(session, account, case_id)
    now = console.now()
    file = await open_file(session, console.desk, case_id, actor_of(account), now)
    await see_mentions(session, case_id, account.name, now)
    case, place = file.case, place_of(file.case)
    filling = _filling(file, place, now)
    moves = moves_from(case.status, actor_of(account).role)
    likely = _LIKELY.get(case.state)
    everybody = await staff.everybody(session)
    return View(
        file=file,
        place=place,
        bars=bars(case, file.entries, console.desk.deadlines, now),
        evidence=await evidence.of_case(session, case_id),
        similar=await similar_cases(
            session, case, await shared_words(session, case_id), area_of(account).where()
        ),
        followers=await followers(session, case_id),
        likely=likely if likely in moves else None,
        others=[move for move in case_texts.MOVES if move in moves and move is not likely],
        staff=responsible(everybody, case),
        names={each.name: each.full_name for each in everybody},
        templates=[(each, fill(each.text, filling)) for each in await templates(session)],
        bodies=bodies_for(case.category, place.commune, place.province),
        public=await _public(session, console, file),
    )


def place_of(case: Case) -> Place:
    """Name the place of a case."""
    commune = communes_by_code().get(case.commune_code or "")
    if commune is not None:
        return Place(commune.name, commune.province.name)
    province = provinces_by_code().get(case.province_code or "")
    return Place(province=province.name) if province else Place()


def _filling(file: CaseFile, place: Place, now: datetime) -> Filling:
    case = file.case
    due_at = case.answer_due_at
    return Filling(
        case_number=case.id,
        place=place.words or case.place_words,
        office=case.office_words,
        category=texts.CATEGORIES[case.category].lower(),
        received_on=case.received_at.astimezone(VIETNAM).date(),
        due_on=due_at.astimezone(VIETNAM).date() if due_at else None,
        today=now.astimezone(VIETNAM).date(),
        name=_name(file.identity),
        body=case.transferred_to,
    )


def _name(identity: str) -> str:
    """Return how to address somebody by the name they gave; nothing when they gave none."""
    first = identity.replace("\n", ",").partition(",")[0].strip()
    if not first or any(letter.isdigit() for letter in first):
        return ""
    return case_texts.ADDRESS.format(name=first)


async def _public(session: AsyncSession, console: Console, file: CaseFile) -> Public | None:
    case = file.case
    if case.state not in SETTLED or case.answered_at is None:
        return None
    publication = await publication_of(session, case.id)
    outdated = (
        publication is not None
        and publication.published_at is not None
        and not is_public(case, publication)
    )
    if publication is None or outdated:
        proposal = Texts(redacted(file.story, strip), redacted(_last_answer(file), strip))
        return Public(publication, proposal, (), shown=False)
    drafted = texts_of(console.vault, publication)
    found = still_personal(drafted.whole, strip)
    return Public(publication, drafted, found, shown=is_public(case, publication))


def _last_answer(file: CaseFile) -> str:
    answers = [
        entry.text
        for entry in file.entries
        if entry.move is Move.ANSWER and entry.side is Side.OFFICE
    ]
    return answers[-1] if answers else ""
