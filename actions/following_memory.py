"""What a talk remembers of cases that it follows: numbers and marks, never a receipt code.

A code that was shown lets this talk see its case for SEEN_FOR. On a telephone that several people
use, that is long enough to read and to answer, and short enough not to lie open for ever. The talk
that told a case needs no code for it: what is said of it is written here anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct
from rasa_sdk.events import SlotSet

from actions.heard import Heard
from actions.speaking import Event

FOLLOWED, FOLLOWING = "followed", "following"  # slots
SEEN_FOR = timedelta(hours=24)
ASKED_FOR = timedelta(hours=2)  # an open question is let go after this, lest a greeting answer it
MORE_FOR = timedelta(minutes=15)  # so long words that follow others go the same way
MOST = 5  # cases

Awaits = Literal["code", "words", "more", "rating", "withdraw", "erase"]


class Followed(Struct, frozen=True):
    """A case that this talk has asked after."""

    case: int
    until: datetime  # up to when the code that was shown counts
    read: int = 0  # mark of the last message of the office that was shown


class Open(Struct, frozen=True):
    """A question that is open; ``case`` 0: which case is the question."""

    awaits: Awaits
    at: datetime
    case: int = 0


@dataclass(frozen=True)
class Memory:
    """The slots, read."""

    followed: tuple[Followed, ...] = ()
    open: Open | None = None

    def of(self, case_id: int) -> Followed | None:
        """Return what is remembered of a case."""
        return next((each for each in self.followed if each.case == case_id), None)

    def awaits(self, now: datetime) -> Awaits | None:
        """Return what an open question waits for, None when there is none or it is too old."""
        if self.open is None:
            return None
        lasts = MORE_FOR if self.open.awaits == "more" else ASKED_FOR
        return self.open.awaits if now - self.open.at < lasts else None


def remembered(heard: Heard) -> Memory:
    """Read the slots; what this program did not write counts as nothing."""
    return Memory(
        followed=_read(heard.followed, tuple[Followed, ...]) or (),
        open=_read(heard.following, Open),
    )


def _read(value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind) if value else None
    except msgspec.ValidationError:
        return None


def follow(memory: Memory, case_id: int, now: datetime, *, read: int = 0, shown: bool) -> Event:
    """Put a case in front of what is followed; ``shown``: its code was shown just now."""
    before = memory.of(case_id)
    until = now + SEEN_FOR if shown else before.until if before else now
    mark = max(read, before.read if before else 0)
    others = [each for each in memory.followed if each.case != case_id]
    return _followed([Followed(case_id, until, mark), *others][:MOST])


def unfollow(memory: Memory, case_id: int) -> Event:
    """Forget a case."""
    return _followed([each for each in memory.followed if each.case != case_id])


def ask(awaits: Awaits, now: datetime, case_id: int = 0) -> Event:
    """Remember that something is asked."""
    event: Event = SlotSet(FOLLOWING, msgspec.to_builtins(Open(awaits, now, case_id)))
    return event


def nothing_asked() -> Event:
    """Let the open question go."""
    event: Event = SlotSet(FOLLOWING, None)
    return event


def _followed(cases: Sequence[Followed]) -> Event:
    event: Event = SlotSet(FOLLOWED, msgspec.to_builtins(cases) or None)
    return event
