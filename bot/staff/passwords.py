"""Passwords: what is taken as one, how it is kept, and one-time passwords."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.staff.errors import Weakness, WeakPassword

SHORTEST = 12  # characters
LONGEST = 200
FEWEST_DIFFERENT = 5

# Without what looks or sounds alike: a one-time password is read out and typed in once.
_ALPHABET = "23456789abcdefghkmnpqrstuvwxyz"


def check(password: str, *, name: str, before: str = "") -> None:
    """Refuse a new password that is easy to guess. Raises WeakPassword.

    Length counts, rules about kinds of characters do not: they make people write it down.
    Source: NIST SP 800-63B, 5.1.1.2.
    """
    weaknesses = {
        Weakness.SHORT: len(password) < SHORTEST,
        Weakness.LONG: len(password) > LONGEST,
        Weakness.PLAIN: len(set(password)) < FEWEST_DIFFERENT,
        Weakness.NAME: name in password.lower(),
        Weakness.SAME: password == before,
    }
    for weakness, found in weaknesses.items():
        if found:
            raise WeakPassword(weakness)


def one_time_password() -> str:
    """Make a password of 78 random bits, in four groups: for the first sign-in and no other."""
    drawn = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(drawn[at : at + 4]) for at in range(0, 16, 4))


class Passwords:
    """Hashes and verifies with argon2id, beside the event loop and a few at a time.

    Each hash takes 64 MiB and some 50 ms of a core on purpose; without the limit, strangers who
    sign in all at once would take the machine's memory.
    """

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        self._room = asyncio.Semaphore(at_once)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(16))

    async def hash(self, password: str) -> str:
        """Hash a password that :func:`check` has let pass."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, hashed: str | None, password: str) -> bool:
        """Tell whether the password is the hashed one.

        ``hashed``: None for an account that is not there, which takes as long as a wrong password.
        """
        async with self._room:
            return await asyncio.to_thread(self._fits, hashed, password[: LONGEST + 1])

    def _fits(self, hashed: str | None, password: str) -> bool:
        try:
            right = self._hasher.verify(hashed or self._nobodys, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
        return right and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with weaker parameters than those of today."""
        return self._hasher.check_needs_rehash(hashed)
