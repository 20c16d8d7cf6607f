"""What comes of a message: the draft after it, and what is to be done."""

from dataclasses import dataclass
from enum import Enum

from bot.feedback.telling.draft import Draft


class Then(Enum):
    """What is to be done after a message."""

    ASK = "ask"  # what is missing; where that is the open question still, once more
    AGAIN = "again"  # the open question, for no fault of ours: it costs nothing of the budget
    ASIDE = "aside"  # let somebody else answer, then ask again
    EXPLAIN = "explain"  # answer a question about telling itself, then ask again
    LATER = "later"  # say that the draft is kept, and ask nothing
    SEND = "send"
    ERASE = "erase"  # stopped: keep nothing
    REFUSED = "refused"  # no consent: keep nothing


class Noted(Enum):
    """What was made of a message, to be told in a word."""

    OPENED = "opened"
    STORY = "story"
    CORRECTED = "corrected"
    EVIDENCE = "evidence"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class Heard:
    """The draft after a message, what to do, and what of the message was noted."""

    draft: Draft
    then: Then = Then.ASK
    noted: tuple[Noted, ...] = ()
