"""What a citizen reads about a dossier: where it stands, what to do next, what is owed when late.

Nothing is added to what the source says. A state that no vocabulary knows is shown in the
source's own words, and nothing is concluded from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dossiers import wording
from bot.dossiers.dossier import Dossier, Status

WorkingDays = Callable[[date, date], int]
"""How many working days follow the first day, the second included; 0 when that is earlier."""


@dataclass(frozen=True)
class Answer:
    """One answer: as text, and as a card for channels that draw one."""

    text: str
    card: dict[str, Any]
    is_late: bool


def answer(dossier: Dossier, today: date, working_days: WorkingDays) -> Answer:
    """Say where a dossier stands."""
    late = dossier.is_late(today)
    heading = wording.HEADING.format(code=dossier.code)
    lead = _lead(dossier)
    facts = [(term, value) for term, value in _facts(dossier, today, working_days) if value]
    after = [
        line for line in (_next_step(dossier), *_lateness(dossier, today, working_days)) if line
    ]
    source = wording.SOURCE.format(source=dossier.source, day=_day(dossier.as_of or today))
    lines = [heading, lead, *(f"{term}: {value}" for term, value in facts)]
    text = "\n\n".join(filter(None, ("\n".join(filter(None, lines)), "\n".join(after), source)))
    card = {
        "heading": heading,
        "lead": lead,
        "facts": [list(fact) for fact in facts],
        "paragraphs": [*after, source],
    }
    return Answer(text, card, late)


def moved(dossier: Dossier, today: date, working_days: WorkingDays) -> Answer:
    """Say that a followed dossier has moved, and how it stands now."""
    told = answer(dossier, today, working_days)
    return Answer(
        f"{wording.MOVED}\n\n{told.text}", told.card | {"lead": wording.MOVED}, told.is_late
    )


def grievance(dossier: Dossier, today: date, working_days: WorkingDays) -> str:
    """Tell the story of a late dossier, for the citizen to send as a report."""
    due_on = dossier.due_on
    if due_on is None:
        raise ValueError("a dossier without a due date is not late")
    story = wording.GRIEVANCE.format(
        code=dossier.code,
        procedure=dossier.procedure_name or wording.SOME_PROCEDURE,
        received=_day(dossier.received_on) if dossier.received_on else wording.UNKNOWN_DAY,
        due=_day(due_on),
        days=working_days(due_on, dossier.finished_on or today),
        state=wording.STATES[dossier.status] or dossier.status_words,
    )
    if dossier.new_day is None:
        return story
    return story + wording.GRIEVANCE_AFTER_APOLOGY.format(new=_day(dossier.new_day))


def _lead(dossier: Dossier) -> str:
    known = wording.STATES[dossier.status]
    return known or wording.IN_ITS_WORDS.format(words=dossier.status_words)


def _facts(dossier: Dossier, today: date, working_days: WorkingDays) -> list[tuple[str, str]]:
    procedure = dossier.procedure_name
    if procedure and dossier.procedure_code:
        procedure = wording.WITH_CODE.format(name=procedure, code=dossier.procedure_code)
    return [
        (wording.PROCEDURE, procedure),
        (wording.OFFICE, dossier.office),
        (wording.RECEIVED, _day(dossier.received_on)),
        (wording.DUE, _due(dossier, today, working_days)),
        (wording.FINISHED, _day(dossier.finished_on)),
        (wording.RETURNED, _day(dossier.returned_on)),
    ]


def _due(dossier: Dossier, today: date, working_days: WorkingDays) -> str:
    if dossier.due_on is None:
        return wording.NO_DUE_DATE if dossier.status is not Status.SENT else wording.NO_CLOCK_YET
    day = _day(dossier.due_on)
    if dossier.finished_on or dossier.status is Status.NEEDS_PAPERS or today > dossier.due_on:
        return day
    left = working_days(today, dossier.due_on)
    return wording.DUE_IN.format(day=day, days=left) if left else wording.DUE_TODAY.format(day=day)


def _next_step(dossier: Dossier) -> str:
    step = wording.NEXT_STEPS.get(dossier.status, "")
    return " ".join(
        filter(None, (step, wording.TO_DO.format(what=dossier.to_do) if dossier.to_do else ""))
    )


def _lateness(dossier: Dossier, today: date, working_days: WorkingDays) -> tuple[str, ...]:
    if not dossier.is_late(today) or dossier.due_on is None:
        return ()
    if dossier.finished_on is not None:
        days = working_days(dossier.due_on, dossier.finished_on)
        return (wording.WAS_LATE.format(days=days), wording.OWED)
    late = wording.LATE.format(days=working_days(dossier.due_on, today))
    new_day, apologised_on = dossier.new_day, dossier.apologised_on
    if new_day is None or apologised_on is None:
        return (late, wording.OWED)
    told = {"on": _day(apologised_on), "new": _day(new_day)}
    if today <= new_day:
        return (late, wording.APOLOGISED.format(**told))
    return (late, wording.NEW_DAY_PASSED.format(**told), wording.OWED)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
