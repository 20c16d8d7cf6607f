"""What happens to accounts, told to whoever keeps the audit: slices do not know each other."""

from collections.abc import Awaitable, Callable
from enum import Enum


class Happening(Enum):
    """What is told; the value is the kind of the event in the audit."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    LOCKED_OUT = "locked_out"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word, no password
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word, no password
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"


# Told within the transaction that does it: what happened, to which account, what else to say.
Tell = Callable[[Happening, str, str], Awaitable[None]]
