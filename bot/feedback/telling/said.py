"""What one message tells, as understanding read it."""

from datetime import date

from msgspec import Struct

from bot.feedback.telling.question import Candidate, Question


class Answer(Struct, frozen=True):
    """A button of ours that was pressed, or picked by number or by its words."""

    question: Question
    value: str


class PlaceSaid(Struct, frozen=True):
    """A place in the citizen's words, where they stand, and what they mean today.

    Of several ``candidates`` one is meant; no code and no candidate: a name that is not known.
    """

    words: str
    start: int = 0
    province_code: str | None = None
    commune_code: str | None = None
    name: str = ""
    candidates: tuple[Candidate, ...] = ()


class DaySaid(Struct, frozen=True):
    """When, in the citizen's words, and the day where they mean one."""

    words: str
    start: int = 0
    day: date | None = None


class Said(Struct, frozen=True):
    """One message; ``text`` is empty for a button.

    ``today``: the day on which it was written. ``complaint``: how likely it is a complaint at all;
    ``guesses``: of what kind, by the label "category" or "category/subtype". ``elsewhere``: how
    likely it wants something that others can answer; ``about``: the question about telling itself
    that it asks, where it asks one.
    """

    today: date
    text: str = ""
    answer: Answer | None = None
    intent: str = ""
    complaint: float = 0.0
    elsewhere: float = 0.0
    about: str = ""
    guesses: tuple[tuple[str, float], ...] = ()
    places: tuple[PlaceSaid, ...] = ()
    office: str = ""
    days: tuple[DaySaid, ...] = ()
    phone: str = ""
    evidence: tuple[str, ...] = ()
