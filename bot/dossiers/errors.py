"""What can go wrong with dossiers.

DossierError
├── SourceDown    a source cannot say anything now; ``source`` names it
├── BadMapping    the file that says how to read a source contradicts itself
├── BadTable      a file of dossiers that cannot be read at all
├── BadRow        one row that cannot be understood; the others are
├── BadDay        a new date that cannot be promised; ``fault`` says why
├── NotOwed       a dossier that is not overdue, or not any more
├── ApologisedMeanwhile   somebody else recorded an apology for it first
└── BadTemplate   a letter that cannot be filled in
"""

from enum import Enum


class DossierError(Exception):
    """Base of all; the message is one clear English sentence without personal data."""


class SourceDown(DossierError):
    """Whether there is such a dossier, and where it stands, cannot be said now."""

    def __init__(self, source: str, reason: str) -> None:
        """Name the source, and for operators why it is silent."""
        super().__init__(f"the dossier source {source} cannot answer: {reason}")
        self.source = source
        self.reason = reason


class BadMapping(DossierError):
    """A mapping that cannot be followed."""


class BadTable(DossierError):
    """A file that holds no readable table."""


class BadRow(DossierError):
    """A row that says too little or nonsense; the message names the column, never its content."""


class Fault(Enum):
    """Why a new date cannot be promised."""

    UNREADABLE = "unreadable"
    PAST = "past"  # today or before
    CLOSED = "closed"  # offices do not work on that day
    FAR = "far"


class BadDay(DossierError):
    """A new date that cannot be promised."""

    def __init__(self, fault: Fault) -> None:
        """Say why."""
        super().__init__(f"not a day that can be promised: {fault.value}")
        self.fault = fault


class NotOwed(DossierError):
    """There is no such dossier, or nothing about it is overdue."""


class ApologisedMeanwhile(DossierError):
    """Another apology was recorded since the page was opened."""


class BadTemplate(DossierError):
    """A template that is no Word document, or asks for what no letter tells."""
