"""What a search says: a decision and the ranked procedures."""

from enum import Enum

from msgspec import Struct


class Decision(Enum):
    """What to do with a question."""

    ANSWER = "answer"  # one procedure is meant: the first hit
    CLARIFY = "clarify"  # several fit: offer the first hits and ask which one
    NONE = "none"  # not a procedure that the catalogue knows


class Hit(Struct, frozen=True):
    """One procedure; ``score`` is the estimated probability (0..1) that it is the one meant."""

    code: str
    name: str
    score: float


class Outcome(Struct, frozen=True):
    """The decision and at most ten hits, best first.

    With CLARIFY they are the choices, five at most. With NONE the hits are merely what was nearest.
    """

    decision: Decision
    hits: tuple[Hit, ...] = ()
