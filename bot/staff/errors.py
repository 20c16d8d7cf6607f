"""What can go wrong with an account.

StaffError
├── NoSuchAccount    nobody of that name
├── NameTaken        an account of that name is there already
├── BadAccount       a name, role or area that no account can have
├── WeakPassword     a new password that is too easy to guess; carries why
├── SignInRefused    name, password or code is wrong, or the account is disabled: never said which
└── TooManyTries     wrong ones before: nothing was looked at; carries how long to wait
"""

from datetime import timedelta
from enum import Enum


class StaffError(Exception):
    """Base of all; the message is one English sentence without any secret."""


class NoSuchAccount(StaffError):
    """There is no such account."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no account {name}")


class NameTaken(StaffError):
    """The name is somebody's already; a disabled account keeps its name, too."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is an account {name} already")


class BadAccount(StaffError):
    """What was given makes no account; nothing was changed."""


class Weakness(Enum):
    """Why a password is refused; the value says it to operators."""

    SHORT = "at least 12 characters are needed"
    LONG = "at most 200 characters are taken"
    PLAIN = "it repeats a few characters over and over"
    NAME = "it holds the name of the account"
    SAME = "it is the one that was to be replaced"


class WeakPassword(StaffError):
    """A new password that is not taken."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness.value)
        self.weakness = weakness


class SignInRefused(StaffError):
    """Nobody was let in."""

    def __init__(self) -> None:
        super().__init__("name, password or code is wrong, or the account is disabled")


class TooManyTries(StaffError):
    """Nothing was looked at, since too much was wrong before."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many wrong tries")
        self.wait = wait
