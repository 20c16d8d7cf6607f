"""Letting somebody in: password first, then the code of the second factor where there is one.

Each step has transactions of its own: what a wrong try has cost is kept, and nobody holds the
database up while a password is hashed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.staff import services, sessions
from bot.staff.errors import SignInRefused
from bot.staff.guessing import Tries
from bot.staff.happening import Happening, Tell
from bot.staff.models import LONGEST_NAME, Account
from bot.staff.services import Staff
from bot.staff.sessions import Lifetime


@dataclass(frozen=True)
class LetIn:
    """A session that has begun."""

    token: str  # for the browser's cookie, and kept nowhere else
    awaits_code: bool = False  # it opens nothing before the second factor


@dataclass(frozen=True)
class Door:
    """Where one browser signs in."""

    transactions: async_sessionmaker[AsyncSession]
    staff: Staff
    lifetime: Lifetime
    address: str
    now: datetime
    tell_of: Callable[[AsyncSession, Account | None], Tell]  # None: as done by a stranger

    async def show_password(self, typed_name: str, password: str) -> LetIn:
        """Begin a session; with a second factor it still awaits the code.

        Raises SignInRefused, with the same words whatever is wrong, and TooManyTries.
        """
        name = typed_name.strip().lower()[: LONGEST_NAME + 1]
        tries = Tries(self.staff.vault, name, self.address)
        async with self.transactions() as session, session.begin():
            account = await session.get(Account, name, with_for_update=True)
            await tries.count(session, self.now)
        hashed = account.password if account else None
        right = await self.staff.hasher.fits(hashed, password)
        async with self.transactions() as session, session.begin():
            account = await session.get(Account, name, with_for_update=True)
            if account and right and account.password == hashed and account.disabled_at is None:
                return await self._let_in(session, tries, account)
            if account:
                await self._refuse(session, tries, account)
        raise SignInRefused

    async def show_code(self, token: str, code: str) -> LetIn:
        """Take the code of the second factor; the session that awaited it ends, another begins.

        Raises SignInRefused, also when the session that awaits a code is over, and TooManyTries.
        """
        async with self.transactions() as session, session.begin():
            found = await sessions.find(session, token, self.now, self.lifetime)
            if found is None or not found[1].awaits_code:
                raise SignInRefused
            account = await services.find(session, found[0].name)
            tries = Tries(self.staff.vault, account.name, self.address)
            await tries.count(session, self.now)
            if services.take_code(self.staff, account, code, self.now):
                await sessions.end(session, token)
                return await self._let_in(session, tries, account, with_code=True)
            await self._refuse(session, tries, account)
        raise SignInRefused

    async def _let_in(
        self, session: AsyncSession, tries: Tries, account: Account, *, with_code: bool = False
    ) -> LetIn:
        awaits_code = account.totp is not None and not with_code
        # While a code is due the misses stay: a known password does not make guessing codes free.
        await tries.was_right(session, self.now, forget=not awaits_code)
        await sessions.forget_ended(session, self.now, self.lifetime)
        token = await sessions.begin(session, account, self.now, awaits_code=awaits_code)
        await session.flush()
        if not awaits_code:
            await self.tell_of(session, account)(Happening.SIGNED_IN, account.name, "")
        return LetIn(token, awaits_code)

    async def _refuse(self, session: AsyncSession, tries: Tries, account: Account) -> None:
        tell = self.tell_of(session, None)
        await tell(Happening.SIGN_IN_REFUSED, account.name, "")
        if await tries.are_over(session, self.now):
            await tell(Happening.LOCKED_OUT, account.name, "")
