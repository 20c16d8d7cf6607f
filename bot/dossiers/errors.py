"""What can go wrong with dossiers.

DossierError
├── SourceDown    a source cannot say anything now; ``source`` names it
├── BadMapping    the file that says how to read a source contradicts itself
├── BadTable      a file of dossiers that cannot be read at all
└── BadRow        one row that cannot be understood; the others are
"""


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
