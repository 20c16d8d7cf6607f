"""Where a case stands in the queue (hàng chờ): its lane, and its place in it. Pure.

running   a clock runs; ranked by what is due next, the earliest first
waiting   for its reporter, no clock runs; ranked by when that began, the longest first
done      nobody has anything to do; ranked by its last change, the newest first
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.feedback.clocks import Rule, warn_at
from bot.feedback.states import FINISHED, State


class Lane(Enum):
    """The three parts of the queue."""

    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True)
class Rank:
    """A case's place; see the columns of the same names."""

    lane: Lane
    rank_at: datetime
    warn_at: datetime | None = None


def lane_of(state: State) -> Lane:
    """Return the lane of a state."""
    if state in FINISHED:
        return Lane.DONE
    return Lane.WAITING if state is State.NEED_INFO else Lane.RUNNING


def rank(state: State, changed_at: datetime, ends: Iterable[tuple[datetime, Rule]]) -> Rank:
    """Return the place of a case; ``ends``: when it is due by each clock that runs now."""
    lane = lane_of(state)
    if lane is not Lane.RUNNING:
        return Rank(lane, changed_at)
    due_at, rule = min(ends, key=lambda each: each[0])
    return Rank(lane, due_at, warn_at(due_at, rule))
