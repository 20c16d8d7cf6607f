"""Accounts: made, found, let in, changed. The caller commits.

Changing a password, disabling an account and taking its rights away end its sessions at once.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.staff import passwords, sessions
from bot.staff.errors import BadAccount, NameTaken, NoSuchAccount, SignInRefused
from bot.staff.models import LONGEST_NAME, Account, StaffRole
from bot.staff.passwords import Passwords

_NAME = re.compile(rf"[a-z][a-z0-9._-]{{1,{LONGEST_NAME - 1}}}")
LONGEST_FULL_NAME = 100  # characters


@dataclass(frozen=True)
class Rights:
    """As what somebody works, and where: everywhere, or in some provinces and communes."""

    role: StaffRole
    everywhere: bool = False
    provinces: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()


async def add(
    session: AsyncSession,
    hasher: Passwords,
    name: str,
    full_name: str,
    rights: Rights,
    now: datetime,
) -> tuple[Account, str]:
    """Make an account; returns it with its one-time password, which is told once and kept nowhere.

    Raises BadAccount, NameTaken.
    """
    if not _NAME.fullmatch(name):
        raise BadAccount(
            f"a name has 2 to {LONGEST_NAME} small letters a-z, digits, dots, dashes and "
            "underscores, and begins with a letter"
        )
    full_name = " ".join(full_name.split())
    if not full_name or len(full_name) > LONGEST_FULL_NAME:
        raise BadAccount(f"a full name has 1 to {LONGEST_FULL_NAME} characters")
    if await session.get(Account, name) is not None:
        raise NameTaken(name)
    password = passwords.one_time_password()
    account = Account(
        name=name,
        full_name=full_name,
        role=rights.role,
        everywhere=rights.everywhere,
        provinces=rights.provinces,
        communes=rights.communes,
        password=await hasher.hash(password),
        must_change=True,
        totp_step=0,
        created_at=now,
    )
    session.add(account)
    return account, password


async def find(session: AsyncSession, name: str) -> Account:
    """Return an account, disabled or not. Raises NoSuchAccount."""
    account = await session.get(Account, name)
    if account is None:
        raise NoSuchAccount(name)
    return account


async def everybody(session: AsyncSession) -> list[Account]:
    """List all accounts, those that may sign in first, by name."""
    disabled = Account.disabled_at.is_not(None)
    return list(await session.scalars(select(Account).order_by(disabled, Account.name)))


async def sign_in(
    session: AsyncSession, hasher: Passwords, name: str, password: str, now: datetime
) -> tuple[Account, str]:
    """Let somebody in; returns the account and the token of its new session.

    Raises SignInRefused, with the same words after the same time whatever is wrong.
    """
    account = await session.get(Account, name.strip().lower()[: LONGEST_NAME + 1])
    right = await hasher.fits(account.password if account else None, password)
    if account is None or not right or account.disabled_at is not None:
        raise SignInRefused
    if hasher.is_outdated(account.password):
        account.password = await hasher.hash(password)
    token = await sessions.begin(session, account, now, awaits_code=account.totp is not None)
    return account, token


async def change_password(
    session: AsyncSession, hasher: Passwords, account: Account, old: str, new: str
) -> None:
    """Replace somebody's own password; all of their sessions end.

    Raises SignInRefused when the old one is wrong, WeakPassword for the new one.
    """
    if not await hasher.fits(account.password, old):
        raise SignInRefused
    passwords.check(new, name=account.name, before=old)
    account.password = await hasher.hash(new)
    account.must_change = False
    await sessions.end_all(session, account.name)
