"""The OA's tokens: kept sealed, refreshed by one node at a time, written down before they are used.

A refresh token works once, so two refreshers at once, or a pair that was received and not kept,
end the grant: only a person can give a new one. Hence:

- Who refreshes first claims the row with one UPDATE, which only one can win; the claim ends by
  itself after LEASE, should its holder die. No lock is held while Zalo is waited for: on SQLite
  that would stop every arrival.
- The pair goes to the database before anything else is done with it, again and again until it is
  there, also while the program is being stopped.

What remains: a process that dies between Zalo's answer and the commit takes the pair with it. Then
the next refresh is refused, and the failure that stands in the row says what to do.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from msgspec import Struct
from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import StorageDown
from bot.channels.troubles import Troubles
from bot.channels.zalo_oa.models import ZaloGrant
from bot.channels.zalo_oa.oauth import GrantRefused, Pair, Unanswered
from bot.storage.vault import CannotOpen, Vault

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than a refresh can take
AFTER_SILENCE = timedelta(seconds=30)
AFTER_REFUSAL = timedelta(minutes=15)
LIFE_USED = 0.8  # of an access token when it is refreshed: 20 of 25 hours
JUST_ISSUED = timedelta(minutes=2)  # a pair so new is not replaced because Zalo refuses it
LOOK_AGAIN = 30.0  # seconds
WAIT_FOR_OTHERS = 5.0  # seconds, for a refresh that another node has begun
LOG_IN = "run: python -m bot channels zalo-oa-login"


class NoToken(Exception):
    """There is no token to speak with now; the message says to operators why."""


class Exchange(Protocol):
    """Who gives the next pair; see oauth.OAuth."""

    async def next(self, refresh_token: str) -> Pair:
        """Exchange a refresh token. Raises GrantRefused or Unanswered."""


class Standing(Struct, frozen=True):
    """How the grant stands, without its secrets."""

    expires_at: datetime
    failure: str = ""


class _Grant(Struct, frozen=True):
    access: str
    refresh: str
    generation: int
    issued_at: datetime
    expires_at: datetime
    failure: str

    def __repr__(self) -> str:
        """Show nothing: two of the fields are secrets."""
        return "_Grant(…)"

    def is_due(self, now: datetime) -> bool:
        """Tell whether most of its life is used up."""
        return now >= self.issued_at + (self.expires_at - self.issued_at) * LIFE_USED


class Tokens:
    """The grant of one app, shared by all nodes through the database."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        clock: Callable[[], datetime],
        app_id: str,
        exchange: Exchange,
        troubles: Troubles,
    ) -> None:
        """``troubles``: where an operator reads that there is no grant, or that it has ended."""
        self._engine = engine
        self._vault = vault
        self._clock = clock
        self._app_id = app_id
        self._exchange = exchange
        self._troubles = troubles
        self._one_at_a_time = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """Return the access token of now. Raises NoToken, StorageDown."""
        grant = await self._present()
        self._tell(grant)  # who sends knows sooner than who looks now and then
        return grant.access

    async def token_after(self, refused: str) -> str:
        """Return a newer access token than one that Zalo refused. Raises NoToken, StorageDown."""
        async with self._one_at_a_time:
            grant = await self._present()
            if grant.access == refused:
                if self._clock() - grant.issued_at < JUST_ISSUED:
                    raise NoToken("Zalo refuses a token that it has just issued")
                await self._refresh(grant)
                grant = await self._moved_on(grant)
            return grant.access

    async def keep(self, pair: Pair) -> None:
        """Begin a new grant with this pair, in the place of any other."""
        now = self._clock()
        values = self._values(pair, now)
        async with self._engine.begin() as connection:
            known = await connection.execute(
                update(ZaloGrant)
                .where(ZaloGrant.app_id == self._app_id)
                .values(generation=ZaloGrant.generation + 1, **values)
            )
            if not known.rowcount:
                await connection.execute(
                    insert(ZaloGrant).values(app_id=self._app_id, generation=1, **values)
                )

    async def standing(self) -> Standing | None:
        """Tell how the grant stands; None before the first login."""
        grant = await self._read()
        return Standing(grant.expires_at, grant.failure) if grant else None

    async def run(self) -> None:
        """Refresh when it is time, until cancelled."""
        while True:
            try:
                async with self._one_at_a_time:
                    await self._look()
            except StorageDown:
                logger.warning("zalo-oa tokens: the storage is down")
            except NoToken as error:
                self._troubles.begin("token", str(error))
            await asyncio.sleep(LOOK_AGAIN)

    async def close(self) -> None:
        """Let a refresh that is under way be written down."""
        if self._refreshing is not None:
            await self._refreshing

    async def _look(self) -> None:
        """Refresh what is due, and tell how the grant stands, whichever node has found out."""
        grant = await self._read()
        if grant is not None and grant.is_due(self._clock()):
            await self._refresh(grant)
            grant = await self._read()
        self._tell(grant)

    def _tell(self, grant: _Grant | None) -> None:
        trouble = f"nobody has logged in yet; {LOG_IN}" if grant is None else grant.failure
        if trouble:
            self._troubles.begin("token", trouble)
        else:
            self._troubles.end("token")

    # -- refreshing -----------------------------------------------------------------------------

    async def _refresh(self, grant: _Grant) -> None:
        """Replace the pair, unless another does or did; cancelling the caller does not stop it."""
        self._refreshing = asyncio.create_task(self._claim_and_refresh(grant))
        await asyncio.shield(self._refreshing)

    async def _claim_and_refresh(self, grant: _Grant) -> None:
        if not await self._claimed(grant):
            return
        try:
            pair = await self._exchange.next(grant.refresh)
        except Unanswered as error:
            # Should Zalo have used up the token all the same, the next try is refused.
            await self._failed(grant, f"Zalo does not answer: {error}", AFTER_SILENCE)
        except GrantRefused as error:
            await self._failed(grant, f"the grant has ended ({error}); {LOG_IN}", AFTER_REFUSAL)
        else:
            await self._until_written(grant, pair)
            logger.info("zalo-oa tokens: refreshed, generation %d", grant.generation + 1)

    async def _claimed(self, grant: _Grant) -> bool:
        now = self._clock()
        free = or_(
            ZaloGrant.not_before <= now,
            ZaloGrant.not_before > now + AFTER_REFUSAL,  # the clock was set back since
        )
        return await self._change(grant, free, not_before=now + LEASE)

    async def _failed(self, grant: _Grant, failure: str, pause: timedelta) -> None:
        self._troubles.begin("token", failure)
        await self._change(grant, failure=failure[:200], not_before=self._clock() + pause)

    async def _until_written(self, grant: _Grant, pair: Pair) -> None:
        """Write a pair that exists nowhere else; a storage that is down is waited for."""
        values = self._values(pair, self._clock())
        pause = 0.1
        while True:
            try:
                if not await self._change(grant, generation=grant.generation + 1, **values):
                    logger.warning("zalo-oa tokens: a login came between; its pair is kept")
                return
            except StorageDown:
                logger.error("zalo-oa tokens: not written yet, the storage is down")
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _change(self, grant: _Grant, *conditions: object, **values: object) -> bool:
        """Change the row where it still holds this pair; tells whether it did.

        Raises StorageDown.
        """
        statement = update(ZaloGrant).where(
            ZaloGrant.app_id == self._app_id, ZaloGrant.generation == grant.generation
        )
        for condition in conditions:
            statement = statement.where(condition)  # type: ignore[arg-type]
        try:
            async with self._engine.begin() as connection:
                return (await connection.execute(statement.values(**values))).rowcount == 1
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error

    def _values(self, pair: Pair, now: datetime) -> dict[str, object]:
        return {
            "tokens": self._vault.seal(msgspec.msgpack.encode((pair.access, pair.refresh))),
            "issued_at": now,
            "expires_at": now + timedelta(seconds=pair.seconds),
            "not_before": now,
            "failure": "",
        }

    # -- reading --------------------------------------------------------------------------------

    async def _present(self) -> _Grant:
        grant = await self._read()
        if grant is None:
            raise NoToken(f"nobody has logged in yet; {LOG_IN}")
        return grant

    async def _moved_on(self, old: _Grant) -> _Grant:
        """Return the pair after this one, waiting a little for the node that is getting it."""
        for _ in range(int(WAIT_FOR_OTHERS / 0.25)):
            grant = await self._present()
            if grant.generation != old.generation:
                return grant
            if grant.failure:
                raise NoToken(grant.failure)
            await asyncio.sleep(0.25)
        raise NoToken("the tokens are being refreshed")

    async def _read(self) -> _Grant | None:
        """Read the grant. Raises StorageDown; NoToken where another key sealed it."""
        try:
            return await self._opened()
        except (SQLAlchemyError, OSError) as error:
            raise StorageDown from error
        except CannotOpen:
            raise NoToken(f"another secret key sealed the tokens; {LOG_IN}") from None

    async def _opened(self) -> _Grant | None:
        async with self._engine.connect() as connection:
            query = select(
                ZaloGrant.tokens,
                ZaloGrant.generation,
                ZaloGrant.issued_at,
                ZaloGrant.expires_at,
                ZaloGrant.failure,
            ).where(ZaloGrant.app_id == self._app_id)
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        access, refresh = msgspec.msgpack.decode(self._vault.open(row.tokens), type=tuple[str, str])
        return _Grant(access, refresh, row.generation, row.issued_at, row.expires_at, row.failure)
