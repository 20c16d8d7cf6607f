"""What a reporter is told without having asked, and who carries it to them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback.states import State


@dataclass(frozen=True)
class Offer:
    """A button under a notice: what is read on it, and what it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Notice:
    """One message about a case, in the reporter's language."""

    case_id: int
    state: State
    text: str
    offers: tuple[Offer, ...] = ()


TellReporter = Callable[[AsyncSession, str, Notice], Awaitable[None]]
"""Write a notice into a conversation within the caller's transaction; no such one, no error."""


async def nobody_is_told(session: AsyncSession, conversation_id: str, notice: Notice) -> None:
    """Keep silent: for a desk behind which there is no conversation."""
