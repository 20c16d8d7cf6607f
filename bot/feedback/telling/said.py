"""What one message tells, as understanding read it."""

from dataclasses import dataclass
from datetime import date

from bot.feedback.telling.draft import Candidate, Question


@dataclass(frozen=True)
class Answer:
    """A button of ours that was pressed, or picked by number or by its words."""

    question: Question
    value: str


@dataclass(frozen=True)
class PlaceSaid:
    """A place in the citizen's words, where they stand, and what they mean today.

    Of several ``candidates`` one is meant; no code and no candidate: an area, or a name that is
    not known.
    """

    words: str
    start: int = 0
    province_code: str | None = None
    commune_code: str | None = None
    name: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class DaySaid:
    """When, in the citizen's words, and the day where they mean one."""

    words: str
    start: int = 0
    day: date | None = None


@dataclass(frozen=True)
class Said:
    """One message. ``text`` is empty for a button.

    ``complaint``: how likely the message is a complaint at all; ``guesses``: what kind, by the
    label "category" or "category/subtype". ``today``: the day on which it was written.
    """

    today: date
    text: str = ""
    answer: Answer | None = None
    intent: str = ""
    confidence: float = 0.0
    complaint: float = 0.0
    guesses: tuple[tuple[str, float], ...] = ()
    places: tuple[PlaceSaid, ...] = ()
    office: str = ""
    days: tuple[DaySaid, ...] = ()
    phone: str = ""
    evidence: tuple[str, ...] = ()
