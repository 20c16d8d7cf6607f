"""Accounts: made, found, changed. The caller commits; ``tell`` is called last, since it waits.

Changing a password, disabling an account and taking its rights away end its sessions at once.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.staff import factor, passwords, sessions
from bot.staff.errors import BadAccount, NameTaken, NoSuchAccount, SignInRefused
from bot.staff.guessing import forgive_account
from bot.staff.happening import Happening, Tell
from bot.staff.models import LONGEST_NAME, Account, StaffRole
from bot.staff.passwords import Passwords
from bot.storage.vault import Vault

_NAME = re.compile(rf"[a-z][a-z0-9._-]{{1,{LONGEST_NAME - 1}}}")
LONGEST_FULL_NAME = 100  # characters


@dataclass(frozen=True)
class Rights:
    """As what somebody works, and where: everywhere, or in some provinces and communes."""

    role: StaffRole
    everywhere: bool = False
    provinces: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Staff:
    """What the services need."""

    vault: Vault
    hasher: Passwords


async def add(
    session: AsyncSession,
    staff: Staff,
    name: str,
    full_name: str,
    rights: Rights,
    now: datetime,
    tell: Tell,
) -> tuple[Account, str]:
    """Make an account; returns it with its one-time password, which is told once and kept nowhere.

    Raises BadAccount, NameTaken.
    """
    if not _NAME.fullmatch(name):
        raise BadAccount(
            f"a name has 2 to {LONGEST_NAME} small letters a-z, digits, dots, dashes and "
            "underscores, and begins with a letter"
        )
    if await session.get(Account, name) is not None:
        raise NameTaken(name)
    password = passwords.one_time_password()
    account = Account(
        name=name,
        full_name=_clean(full_name),
        password=await staff.hasher.hash(password),
        must_change=True,
        totp_step=0,
        created_at=now,
        **_columns(rights),
    )
    session.add(account)
    await session.flush()
    await tell(Happening.ACCOUNT_ADDED, name, _words(rights))
    return account, password


async def find(session: AsyncSession, name: str) -> Account:
    """Return an account, disabled or not, that nobody else changes until the transaction ends.

    Raises NoSuchAccount.
    """
    account = await session.get(Account, name, with_for_update=True, populate_existing=True)
    if account is None:
        raise NoSuchAccount(name)
    return account


async def everybody(session: AsyncSession) -> list[Account]:
    """List all accounts, those that may sign in first, by name."""
    disabled = Account.disabled_at.is_not(None)
    return list(await session.scalars(select(Account).order_by(disabled, Account.name)))


async def operators(session: AsyncSession) -> list[str]:
    """Name the accounts of those who look after the channels."""
    who = Account.role.in_((StaffRole.ADMIN, StaffRole.LEAD)), Account.disabled_at.is_(None)
    return list(await session.scalars(select(Account.name).where(*who).order_by(Account.name)))


async def is_empty(session: AsyncSession) -> bool:
    """Tell whether nobody was ever given an account."""
    return await session.scalar(select(func.count()).select_from(Account)) == 0


async def change_rights(
    session: AsyncSession, name: str, full_name: str, rights: Rights, tell: Tell
) -> None:
    """Give somebody other rights or another full name; their sessions end.

    Nothing happens when it is what it was. Raises NoSuchAccount, BadAccount.
    """
    account = await find(session, name)
    full_name = _clean(full_name)
    if (full_name, rights) == (account.full_name, rights_of(account)):
        return
    account.full_name = full_name
    for column, value in _columns(rights).items():
        setattr(account, column, value)
    await session.flush()
    await sessions.end_all(session, name)
    await tell(Happening.ACCOUNT_CHANGED, name, _words(rights))


async def disable(session: AsyncSession, name: str, now: datetime, tell: Tell) -> None:
    """Let somebody in no more; their sessions end. Done before: nothing. Raises NoSuchAccount."""
    account = await find(session, name)
    if account.disabled_at is not None:
        return
    account.disabled_at = now
    await session.flush()
    await sessions.end_all(session, name)
    await tell(Happening.ACCOUNT_DISABLED, name, "")


async def enable(session: AsyncSession, name: str, tell: Tell) -> None:
    """Let somebody in again, with the password of before. Raises NoSuchAccount."""
    account = await find(session, name)
    if account.disabled_at is None:
        return
    account.disabled_at = None
    await session.flush()
    await tell(Happening.ACCOUNT_ENABLED, name, "")


async def reset_password(session: AsyncSession, staff: Staff, name: str, tell: Tell) -> str:
    """Give somebody a one-time password, told once; their sessions end. Raises NoSuchAccount.

    Whoever had to wait after wrong tries need not wait any more.
    """
    password = passwords.one_time_password()
    account = await find(session, name)
    account.password = await staff.hasher.hash(password)
    account.must_change = True
    await session.flush()
    await sessions.end_all(session, name)
    await forgive_account(session, staff.vault, name)
    await tell(Happening.PASSWORD_RESET, name, "")
    return password


async def change_password(
    session: AsyncSession, staff: Staff, name: str, old: str, new: str, tell: Tell
) -> Account:
    """Replace somebody's own password; all of their sessions end.

    Raises SignInRefused when the old one is wrong, WeakPassword for the new one.
    """
    account = await find(session, name)
    await check_password(staff, account, old)
    passwords.check(new, name=name, before=old)
    account.password = await staff.hasher.hash(new)
    account.must_change = False
    await session.flush()
    await sessions.end_all(session, name)
    await tell(Happening.PASSWORD_CHANGED, name, "")
    return account


async def check_password(staff: Staff, account: Account, password: str) -> None:
    """Make sure that it is the account's owner who asks. Raises SignInRefused."""
    if not await staff.hasher.fits(account.password, password):
        raise SignInRefused


# -- the second factor --------------------------------------------------------------------------


async def prepare_factor(session: AsyncSession, staff: Staff, name: str, password: str) -> None:
    """Make a secret that waits for its first code, in place of one that waited before.

    Raises SignInRefused.
    """
    account = await find(session, name)
    await check_password(staff, account, password)
    account.totp_pending = staff.vault.seal(factor.new_secret().encode())
    await session.flush()


def pending_secret(staff: Staff, account: Account) -> str | None:
    """Return the secret that waits for its first code; raises CannotOpen."""
    sealed = account.totp_pending
    return None if sealed is None else staff.vault.open(sealed).decode()


async def confirm_factor(
    session: AsyncSession, staff: Staff, name: str, code: str, now: datetime, tell: Tell
) -> None:
    """From now on ask for a code at each sign-in. Raises SignInRefused when this one is wrong."""
    account = await find(session, name)
    secret = pending_secret(staff, account)
    step = factor.step_of(secret, code, now) if secret else None
    if step is None:
        raise SignInRefused
    account.totp, account.totp_pending = account.totp_pending, None
    account.totp_step = step
    await session.flush()
    await tell(Happening.FACTOR_ADDED, name, "")


async def remove_factor(session: AsyncSession, name: str, tell: Tell) -> None:
    """Ask for no code any more. Without one before: nothing. Raises NoSuchAccount."""
    account = await find(session, name)
    account.totp_pending = None
    if account.totp is None:
        return
    account.totp = None
    await session.flush()
    await tell(Happening.FACTOR_REMOVED, name, "")


def take_code(staff: Staff, account: Account, code: str, now: datetime) -> bool:
    """Take a code of the account's second factor, none twice; tell whether it is right.

    The account comes from ``find``: two who send the same code come one after the other.
    """
    secret = staff.vault.open(account.totp).decode() if account.totp else None
    step = factor.step_of(secret, code, now) if secret else None
    if step is None or step <= account.totp_step:
        return False
    account.totp_step = step
    return True


# -- rights -------------------------------------------------------------------------------------


def rights_of(account: Account) -> Rights:
    """Return the rights that an account has."""
    return Rights(account.role, account.everywhere, account.provinces, account.communes)


def _columns(rights: Rights) -> dict[str, object]:
    everywhere = rights.everywhere
    return {
        "role": rights.role,
        "everywhere": everywhere,
        "provinces": frozenset() if everywhere else rights.provinces,
        "communes": frozenset() if everywhere else rights.communes,
    }


def _words(rights: Rights) -> str:
    """Say rights for the audit: what somebody was allowed at some time must be told later."""
    places = ["*"] if rights.everywhere else [*sorted(rights.provinces), *sorted(rights.communes)]
    return f"{rights.role.value} {','.join(places)}".rstrip()


def _clean(full_name: str) -> str:
    full_name = " ".join(full_name.split())
    if not full_name or len(full_name) > LONGEST_FULL_NAME:
        raise BadAccount(f"a full name has 1 to {LONGEST_FULL_NAME} characters")
    return full_name
