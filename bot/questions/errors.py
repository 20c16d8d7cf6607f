"""What can go wrong with labels.

QuestionError
├── BadLabel       one label breaks a rule; ``problem`` says which, ``what`` is the part at fault
├── BadTable       a file of labels with every line that is wrong; nothing of it was written
└── AlreadyTaken   somebody else has labelled the question meanwhile
"""

from collections.abc import Sequence
from enum import Enum


class Problem(Enum):
    """Which rule a label breaks; the value says it to operators."""

    UNKNOWN_INTENT = "there is no such intent"
    UNKNOWN_CODE = "the catalogue has no procedure of this code"
    UNKNOWN_MEANING = "kind must be answer, clarify, none or empty"
    CODES_WITHOUT_PROCEDURE = "codes belong to ask_procedure or ask_place only"
    CODES_BUT_NONE = "kind none goes without codes"
    NO_CODES = "kind answer or clarify needs a code"
    NOT_UNDERSTOOD = "this is no answer"
    UNKNOWN_QUESTION = "there is no question of this number (any more)"
    OTHER_TEXT = "this number belongs to another question now"
    TWICE = "this question stands in the file twice, with two labels"


class QuestionError(Exception):
    """Base of all; the message is one clear English sentence for operators."""


class BadLabel(QuestionError):
    """A label that cannot be kept."""

    def __init__(self, problem: Problem, what: str = "") -> None:
        """``what``: the part of the label that is at fault; never a citizen's words."""
        super().__init__(f"{problem.value}: {what}" if what else problem.value)
        self.problem = problem
        self.what = what


class BadTable(QuestionError):
    """A file with lines that cannot be kept; ``problems`` holds (line, reason)."""

    def __init__(self, problems: Sequence[tuple[int, str]]) -> None:
        """Tell all lines at once, so that they can be mended at once."""
        lines = "\n".join(f"  line {line}: {reason}" for line, reason in sorted(problems))
        super().__init__(f"nothing was imported, {len(problems)} lines are wrong:\n{lines}")
        self.problems = tuple(sorted(problems))


class AlreadyTaken(QuestionError):
    """The question is not open any more."""

    def __init__(self, id: int) -> None:
        """Name the question by its number."""
        super().__init__(f"question {id} has been labelled meanwhile")
        self.id = id
