"""What can go wrong on the way of a notification.

NotificationError
├── NotNow     the way out is closed for the moment; it is tried again
├── Unsure     it may have arrived or not; it is sent once more, marked as a repeat
├── Never      it will never be taken: an unknown address, a refused content
└── BadWishes  something that cannot be meant: no address, no hour
"""


class NotificationError(Exception):
    """Base of all; the message is one English sentence without personal data."""


class NotNow(NotificationError):
    """A passing failure."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        """``retry_after``: seconds that the other side asked us to wait, where it did."""
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Unsure(NotificationError):
    """Nobody knows how it ended."""


class Never(NotificationError):
    """A permanent failure."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadWishes(NotificationError):
    """Wishes that cannot be kept; ``code`` names what is wrong to the page."""

    def __init__(self, code: str) -> None:
        super().__init__(f"these wishes cannot be kept: {code}")
        self.code = code
