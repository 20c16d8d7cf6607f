"""What a missed question is, and what a person makes of it."""

from enum import Enum
from typing import NamedTuple

from msgspec import Struct

DISMISS = "dismiss"  # in the place of an intent: nothing can be learned from this question


class State(Enum):
    """Where a question stands."""

    OPEN = "open"
    LABELLED = "labelled"
    DISMISSED = "dismissed"


class Meant(Enum):
    """What the search should have made of a question; the kinds of procedures.tsv."""

    ANSWER = "answer"  # one procedure is meant; every code of the label is accepted
    CLARIFY = "clarify"  # several fit: the bot has to ask which one
    NONE = "none"  # no procedure of the catalogue


class Reading(NamedTuple):
    """One intent that a message may have, and the probability (0..1) that it has."""

    intent: str
    confidence: float


class Missed(Struct, frozen=True):
    """A turn below the line, as it was heard: ``text`` still holds whatever the citizen typed.

    ``readings`` are the likeliest intents, best first; ``decision``, ``best_code`` and ``chance``
    (0..1) are what the search of procedures said, empty when it found nothing at all.
    """

    text: str
    readings: tuple[Reading, ...] = ()
    decision: str = ""
    best_code: str = ""
    chance: float = 0.0


class Label(Struct, frozen=True):
    """What a person says that a question means. ``meant`` is None when nobody said."""

    intent: str
    meant: Meant | None = None
    codes: tuple[str, ...] = ()
    note: str = ""
