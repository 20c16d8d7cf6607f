"""Sessions: a random token in the browser's cookie, its hash here, an end however it is used."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.staff.models import Account, StaffSession

SEEN_EVERY = timedelta(minutes=1)  # a visit is noted this often: reading a page is no write


class Lifetime(Struct, frozen=True):
    """How long a session lasts."""

    idle: timedelta = timedelta(hours=1)  # without a visit
    whole: timedelta = timedelta(hours=12)  # however busy: a working day
    code: timedelta = timedelta(minutes=5)  # to type the code of the second factor


def new_token() -> str:
    """Make the secret of a session: 256 random bits that only its cookie holds."""
    return secrets.token_urlsafe(32)


def form_token(token: str) -> str:
    """Make the token that every form of this session carries; it does not lead back to it."""
    return hmac.digest(token.encode(), b"form", hashlib.sha256).hex()[:32]


async def begin(
    session: AsyncSession, account: Account, now: datetime, *, awaits_code: bool = False
) -> str:
    """Begin a session; returns its token, which is kept nowhere."""
    token = new_token()
    session.add(
        StaffSession(
            token_hash=_hash(token),
            account=account.name,
            began_at=now,
            seen_at=now,
            awaits_code=awaits_code,
        )
    )
    return token


async def find(
    session: AsyncSession, token: str, now: datetime, lifetime: Lifetime
) -> tuple[Account, StaffSession] | None:
    """Return whose session the token opens; None when it has ended or the account is disabled."""
    row = (
        await session.execute(
            select(Account, StaffSession)
            .join(Account, StaffSession.account == Account.name)
            .where(StaffSession.token_hash == _hash(token), Account.disabled_at.is_(None))
        )
    ).first()
    if row is None or _is_over(row.StaffSession, now, lifetime):
        return None
    return row.Account, row.StaffSession


async def see(session: AsyncSession, found: StaffSession, now: datetime) -> bool:
    """Note a visit, when the last one noted is old enough; returns whether it wrote."""
    if now - found.seen_at < SEEN_EVERY:
        return False
    await session.execute(
        update(StaffSession).where(StaffSession.token_hash == found.token_hash).values(seen_at=now)
    )
    return True


async def of(session: AsyncSession, name: str) -> list[StaffSession]:
    """Return the sessions of an account, the one used last first; also such as are over."""
    query = select(StaffSession).where(StaffSession.account == name, ~StaffSession.awaits_code)
    return list(await session.scalars(query.order_by(StaffSession.seen_at.desc())))


async def end(session: AsyncSession, token: str) -> None:
    """End one session."""
    await session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


async def end_all(session: AsyncSession, name: str, *, but: str | None = None) -> None:
    """End every session of an account, ``but`` that of one token."""
    ended = delete(StaffSession).where(StaffSession.account == name)
    if but is not None:
        ended = ended.where(StaffSession.token_hash != _hash(but))
    await session.execute(ended)


async def forget_ended(session: AsyncSession, now: datetime, lifetime: Lifetime) -> None:
    """Delete the rows of sessions that are over."""
    await session.execute(
        delete(StaffSession).where(
            or_(
                StaffSession.seen_at <= now - lifetime.idle,
                StaffSession.began_at <= now - lifetime.whole,
            )
        )
    )


def _is_over(found: StaffSession, now: datetime, lifetime: Lifetime) -> bool:
    if found.awaits_code:
        return now - found.began_at >= lifetime.code
    return now - found.seen_at >= lifetime.idle or now - found.began_at >= lifetime.whole


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
