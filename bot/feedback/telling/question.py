"""What can be asked while a story is told."""

from enum import Enum

from msgspec import Struct


class Question(Enum):
    """One at a time is open."""

    STORY = "story"
    WHERE = "where"
    WHICH = "which"  # of the communes that may be meant
    WHEN = "when"
    KIND = "kind"
    IDENTITY = "identity"  # anonymous or named, and where to write back
    CONTACT = "contact"
    EVIDENCE = "evidence"
    SUMMARY = "summary"
    EDIT = "edit"  # what is to be corrected
    STOP = "stop"  # whether to stop for good
    ANOTHER = "another"  # whether to finish this story or to begin another


# What the citizen brings about; none of it counts among the questions that we ask.
UNCOUNTED = frozenset({Question.EDIT, Question.STOP, Question.ANOTHER})


class Candidate(Struct, frozen=True):
    """A commune of today that may be meant."""

    code: str
    name: str
    province_code: str
    province: str = ""
