"""Guessing passwords and codes costs time, for each account and for each address.

A try counts as a miss before it is looked at, and is forgiven when it was right: however many are
sent at once, no more are looked at than the throttle lets through. Names that no account has are
counted alike, so that waiting tells nothing of who there is.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.staff.errors import TooManyTries
from bot.storage.misses import forgive, misses_of, note_miss, take_back
from bot.storage.vault import Vault
from bot.throttle import Throttle

# An hour at most: longer, and whoever wants to keep somebody out only has to guess now and then.
OF_ACCOUNT = Throttle(longest=timedelta(hours=1))
# An office goes out by one address: so many of its people may mistype.
OF_ADDRESS = Throttle(misses=30)


class Tries:
    """The tries at one account from one address."""

    def __init__(self, vault: Vault, name: str, address: str) -> None:
        self._account = vault.fingerprint("sign-in", "account", name)
        self._address = vault.fingerprint("sign-in", "address", address)

    async def count(self, session: AsyncSession, now: datetime) -> None:
        """Count one more try.

        Raises TooManyTries while the account or the address waits; then the try does not count,
        once the transaction is rolled back.
        """
        # Written before it is read: on SQLite whoever tries at the same time waits from here on.
        await note_miss(session, self._account, now)
        await note_miss(session, self._address, now)
        waits = [
            await _waiting(session, OF_ACCOUNT, self._account, now, but=now),
            await _waiting(session, OF_ADDRESS, self._address, now, but=now),
        ]
        if any(waits):
            raise TooManyTries(max(waits))

    async def are_over(self, session: AsyncSession, now: datetime) -> bool:
        """Tell whether the account waits from now on."""
        return bool(await _waiting(session, OF_ACCOUNT, self._account, now))

    async def was_right(self, session: AsyncSession, now: datetime, *, forget: bool) -> None:
        """Take the try counted at `now` back; ``forget``: all earlier ones at the account, too.

        Those of the address stay: with an account of one's own, guessing at others' is not free.
        """
        await take_back(session, self._address, now)
        if forget:
            await forgive(session, self._account)
        else:
            await take_back(session, self._account, now)


async def forgive_account(session: AsyncSession, vault: Vault, name: str) -> None:
    """Let somebody try again at once: who looks after accounts has given a new password."""
    await forgive(session, vault.fingerprint("sign-in", "account", name))


async def _waiting(
    session: AsyncSession,
    throttle: Throttle,
    guess: str,
    now: datetime,
    *,
    but: datetime | None = None,
) -> timedelta:
    """Return how long to wait; ``but``: the instant of one try that does not count."""
    missed_at = await misses_of(session, guess, now - throttle.memory)
    if but in missed_at:
        missed_at.remove(but)
    return throttle.waiting(missed_at, now)
