"""What the actions need from outside, as small protocols; the composition root fills them in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

from bot.dossiers.codes import FoundCode
from bot.dossiers.dossier import Dossier
from bot.dossiers.errors import SourceDown
from bot.dossiers.services import Outcome as Lookup
from bot.feedback.following import Window
from bot.feedback.services import Told
from bot.hotline import Hotline
from bot.procedures.facts import no_form_file
from bot.procedures.procedure import Form, Procedure
from bot.procedures.search import Outcome
from bot.questions.question import Missed
from bot.working_time.zone import VIETNAM


class Procedures(Protocol):
    """The catalogue of procedures and its search."""

    def find(self, question: str) -> Outcome:
        """Rank the procedures that a question may mean, and decide."""

    async def get(self, code: str) -> Procedure | None:
        """Return the record of a code, or None when the catalogue has none."""


def vietnam_today() -> date:
    """Return the date in Vietnam."""
    return datetime.now(VIETNAM).date()


async def note_nothing(missed: Missed) -> None:
    """Let a missed question go, where nobody learns from use."""


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Opened:
    """A case that was opened: its number, its code, when it is due, and the files it took."""

    case_id: int
    receipt_code: str
    read_by: datetime | None
    answered_by: datetime | None
    evidence: int = 0


# Keeps what was told as a case, with files of a conversation.
OpenCase = Callable[[Told, Sequence[str], str], Awaitable[Opened]]


async def open_no_case(told: Told, evidence: Sequence[str], conversation: str) -> Opened:
    """Refuse, where the actions were given no desk for cases. Raises NotImplementedError."""
    raise NotImplementedError("the actions were given no desk for cases")


class Dossiers(Protocol):
    """Where filed dossiers stand, and who is told when one moves; see dossiers.inquiries."""

    def working_days(self, first: date, second: date) -> int:
        """Count the working days that follow the first day, the second included."""

    async def by_code(self, code: FoundCode, digits: str, who: str) -> Lookup:
        """Look a code up for somebody who shows digits; raises SourceDown."""

    async def by_phone(self, phone: str, digits: str, who: str) -> Lookup | None:
        """Look up a telephone number's dossiers; None where nobody can be asked so."""

    async def again(self, code: FoundCode) -> Dossier | None:
        """Return a dossier that was proven before; raises SourceDown."""

    async def follow(self, dossier: Dossier, who: str) -> None:
        """Tell the conversation whenever the dossier moves; raises TooMany."""

    async def unfollow(self, who: str) -> int:
        """Tell it of no dossier any more; returns of how many it was told."""

    async def has_sample(self) -> bool:
        """Tell whether invented dossiers are there to be tried, because no others are."""


class NoDossiers:
    """No system of dossiers at all: whoever asks hears that it cannot be asked."""

    def working_days(self, first: date, second: date) -> int:
        """Count nothing: there is no dossier to count for."""
        return 0

    async def by_code(self, code: FoundCode, digits: str, who: str) -> Lookup:
        """Raise SourceDown."""
        raise SourceDown("none", "no source is set up")

    async def by_phone(self, phone: str, digits: str, who: str) -> Lookup | None:
        """Raise SourceDown."""
        raise SourceDown("none", "no source is set up")

    async def again(self, code: FoundCode) -> Dossier | None:
        """Raise SourceDown."""
        raise SourceDown("none", "no source is set up")

    async def follow(self, dossier: Dossier, who: str) -> None:
        """Raise SourceDown."""
        raise SourceDown("none", "no source is set up")

    async def unfollow(self, who: str) -> int:
        """Nobody is told of anything."""
        return 0

    async def has_sample(self) -> bool:
        """There is none."""
        return False


@dataclass(frozen=True)
class Services:
    """Everything that ``registry.build_actions`` hands to the actions."""

    procedures: Procedures
    hotline: Hotline | None = None
    form_file: Callable[[Form], str | None] = no_form_file
    today: Callable[[], date] = vietnam_today
    note_missed: Callable[[Missed], Awaitable[None]] = note_nothing
    now: Callable[[], datetime] = utc_now
    open_case: OpenCase = open_no_case
    dossiers: Dossiers = field(default_factory=NoDossiers)
    controller: str = ""
    window: Window | None = None  # where reporters ask after their cases
