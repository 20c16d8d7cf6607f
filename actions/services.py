"""What the actions need from outside, as small protocols; the composition root fills them in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.hotline import Hotline
from bot.procedures.facts import no_form_file
from bot.procedures.procedure import Form, Procedure
from bot.procedures.search import Outcome
from bot.questions.question import Missed


class Procedures(Protocol):
    """The catalogue of procedures and its search."""

    def find(self, question: str) -> Outcome:
        """Rank the procedures that a question may mean, and decide."""

    async def get(self, code: str) -> Procedure | None:
        """Return the record of a code, or None when the catalogue has none."""


def vietnam_today() -> date:
    """Return the date in Vietnam."""
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


async def note_nothing(missed: Missed) -> None:
    """Let a missed question go, where nobody learns from use."""


@dataclass(frozen=True)
class Services:
    """Everything that ``registry.build_actions`` hands to the actions."""

    procedures: Procedures
    hotline: Hotline | None = None
    form_file: Callable[[Form], str | None] = no_form_file
    today: Callable[[], date] = vietnam_today
    note_missed: Callable[[Missed], Awaitable[None]] = note_nothing
