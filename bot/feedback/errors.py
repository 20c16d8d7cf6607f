"""What can go wrong with a case.

FeedbackError
├── IllegalMove    the case's state, the mover's role or a missing word forbids the move
├── BadReceipt     what was read is no receipt code: too short, too long, or mistyped
├── NoSuchCase     no case of this number (any more), or none that this code opens
├── BadDetails     words or figures that a case cannot hold
├── BadFile        a picture or file that is not taken as evidence
├── NoSuchEvidence no evidence of this id, or not this caller's
├── CaseChanged    something happened to the case since it was shown
├── UnknownAccount a note calls somebody who is not there
├── BadTemplate    a text for answers that could not be filled in
├── NotPublishable what stands in the way of publishing an outcome
├── BadFilter      a list of cases that nobody can make
└── BadDeadlines   the file of deadlines contradicts itself or the law that it names
"""

from collections.abc import Sequence
from enum import Enum


class FeedbackError(Exception):
    """Base of all; the message is one clear English sentence without a citizen's words."""


class Forbidden(Enum):
    """Why a move is illegal."""

    STATE = "state"
    ROLE = "role"
    ONCE = "once"
    MISSING = "missing"


class IllegalMove(FeedbackError):
    """A move that the case may not make; nothing was changed."""

    def __init__(self, why: Forbidden, sentence: str) -> None:
        """``why`` is for programs, the sentence for people."""
        super().__init__(sentence)
        self.why = why


class Misread(Enum):
    """What is wrong with a code that somebody typed or said; the value says it to operators."""

    LENGTH = "a receipt code has 15 characters"
    CHARACTER = "it holds a character that no receipt code has"
    CHECK = "it is mistyped: the check character does not fit"


class BadReceipt(FeedbackError):
    """Something that cannot be a receipt code; no case was looked for."""

    def __init__(self, problem: Misread) -> None:
        """Name the problem; the code itself is a secret and stays out of messages."""
        super().__init__(problem.value)
        self.problem = problem


class NoSuchCase(FeedbackError):
    """There is no such case."""

    def __init__(self, id: int | None = None) -> None:
        """Name the case by its number; None where a code was asked for."""
        super().__init__("no case has this code" if id is None else f"there is no case {id}")
        self.id = id


class BadDetails(FeedbackError):
    """A case, message or rating that cannot be kept; nothing was changed."""


class Unfit(Enum):
    """Why a file is not taken; the value says it to operators."""

    EMPTY = "the file is empty"
    TOO_LARGE = "the file is larger than is taken"
    KIND = "the file is neither JPEG, PNG, WebP nor PDF"
    HEIC = "the file is a HEIC or AVIF picture, which is not decoded here"
    DAMAGED = "the picture is damaged or cut off"
    PIXELS = "the picture has more pixels than are decoded"
    SLOW = "decoding the picture took too long or failed hard"
    TOO_MANY = "the conversation has sent as many files as a day allows"
    FULL = "as much waits for a case as may wait at all"


class BadFile(FeedbackError):
    """A picture or file that is not taken; nothing was kept."""

    def __init__(self, problem: Unfit) -> None:
        """Name the problem; a file's name and content stay out of messages."""
        super().__init__(problem.value)
        self.problem = problem


class NoSuchEvidence(FeedbackError):
    """There is no such evidence, for whoever asked."""

    def __init__(self) -> None:
        super().__init__("there is no such evidence")


class CaseChanged(FeedbackError):
    """The case is not as it was when somebody decided what to do with it; nothing was changed."""

    def __init__(self, id: int, version: int) -> None:
        """``version``: of the case as it was shown."""
        super().__init__(f"case {id} has changed since event {version}")
        self.id = id
        self.version = version


class UnknownAccount(FeedbackError):
    """A note that calls accounts that are not there, or may not see the case; nothing was kept."""

    def __init__(self, names: Sequence[str]) -> None:
        """``names``: as the note has them, in small letters."""
        super().__init__(f"no such account: {', '.join(names)}")
        self.names = tuple(names)


class BadTemplate(FeedbackError):
    """A text for answers with placeholders that nothing fills in, or of no use."""

    def __init__(self, sentence: str, placeholders: Sequence[str] = ()) -> None:
        """``placeholders``: those that are unknown."""
        super().__init__(sentence)
        self.placeholders = tuple(placeholders)


class Obstacle(Enum):
    """What stands in the way of publishing; the value says it to operators."""

    UNFINISHED = "only the outcome of an answered case is published"
    NO_DRAFT = "there is no draft"
    PUBLISHED = "it is published already"
    SAME_PERSON = "who wrote the draft does not publish it"
    PERSONAL = "the text still seems to hold personal data"
    REPORTER = "the text names its reporter"


class NotPublishable(FeedbackError):
    """A publication that may not be; nothing was changed."""

    def __init__(self, obstacle: Obstacle, found: Sequence[str] = ()) -> None:
        """``found``: what seems personal, for the eyes of whoever edits; never in the message."""
        super().__init__(obstacle.value)
        self.obstacle = obstacle
        self.found = tuple(found)


class BadDeadlines(FeedbackError):
    """A file of deadlines that cannot be followed."""


class BadFilter(FeedbackError):
    """A query string that asks for no list of cases."""

    def __init__(self, field: str, expected: str) -> None:
        """Name the field and what belongs there; what stood there stays out of messages."""
        super().__init__(f"{field} must be {expected}")
        self.field = field
