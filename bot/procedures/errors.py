"""What can go wrong with the catalogue.

CatalogueError
├── SourceRefused     a file or folder that will not be read, with the reason
├── BuiltinBroken     a built-in record that does not fit the shape of a procedure
├── BadEverydayNames  the file of everyday names breaks its own rules
├── TooManyMissing    retiring would empty the catalogue; nothing was retired
└── PortalError       the national portal's interface
    ├── PortalTimeout     no answer in time
    ├── PortalRefused     this request was refused or failed for good
    └── PortalStopped     refused several times in a row: leave the portal alone
"""

from collections.abc import Sequence


class CatalogueError(Exception):
    """Base of all; the message is one clear English sentence for operators."""


class SourceRefused(CatalogueError):
    """A file or folder that will not be read."""


class BuiltinBroken(CatalogueError):
    """A built-in record that does not fit the shape of a procedure."""


class BadEverydayNames(CatalogueError):
    """The file of everyday names breaks its own rules; ``problems`` lists every breach."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Tell all breaches at once, so that they can be mended at once."""
        super().__init__(f"everyday-names.yml: {'; '.join(problems)}")
        self.problems = tuple(problems)


class TooManyMissing(CatalogueError):
    """Retiring what is missing would take away too much of the catalogue."""

    def __init__(self, missing: int, total: int) -> None:
        """Tell how many of the catalogue's official procedures the source does not hold."""
        super().__init__(
            f"{missing} of {total} official procedures are not in this source; "
            "that looks like an incomplete source, so nothing was retired"
        )
        self.missing = missing
        self.total = total


class PortalError(CatalogueError):
    """The national portal's interface did not give what was asked."""


class PortalTimeout(PortalError):
    """The portal did not answer in time."""


class PortalRefused(PortalError):
    """The portal refused this request, or failed on it after every try."""


class PortalStopped(PortalError):
    """The portal refused several requests in a row; going on would be rude and useless."""
