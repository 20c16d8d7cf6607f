"""Accounts as the slices know them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feedback import audit
from bot.feedback.area import Area
from bot.feedback.chain import Actor
from bot.feedback.models import Case, Kind
from bot.feedback.states import Role
from bot.staff.happening import Happening, Tell
from bot.staff.models import Account, StaffRole
from bot.storage.vault import Vault

_ROLES = {
    StaffRole.SUPERVISOR: Role.SUPERVISOR,
    StaffRole.LEAD: Role.LEAD,
    StaffRole.VOLUNTEER: Role.VOLUNTEER,
    StaffRole.ADMIN: Role.ADMIN,
}
HANDLE_CASES = frozenset({StaffRole.SUPERVISOR, StaffRole.LEAD})


def actor_of(account: Account) -> Actor:
    """Return as whom somebody acts; the rules of cases know what that role may do."""
    return Actor(_ROLES[account.role], account.name)


def area_of(account: Account) -> Area:
    """Return for which cases somebody is responsible."""
    return Area(account.provinces, account.communes, account.everywhere)


def responsible(accounts: Iterable[Account], case: Case) -> list[Account]:
    """Return those who may work on a case."""
    return [
        account
        for account in accounts
        if account.disabled_at is None
        and account.role in HANDLE_CASES
        and area_of(account).covers(case.province_code, case.commune_code)
    ]


STRANGER = Actor(Role.STRANGER)


def teller(session: AsyncSession, vault: Vault, by: Actor, now: datetime) -> Tell:
    """Return what puts happenings of accounts into the audit, in the transaction of a session."""

    async def tell(happening: Happening, subject: str, note: str) -> None:
        kind = Kind(happening.value)
        await audit.record(session, vault, kind, by, now, subject=subject, note=note)

    return tell
