"""Accounts as the slices know them."""

from collections.abc import Iterable

from bot.feedback.area import Area
from bot.feedback.chain import Actor
from bot.feedback.models import Case
from bot.feedback.states import Role
from bot.staff.models import Account, StaffRole

_ROLES = {StaffRole.SUPERVISOR: Role.SUPERVISOR, StaffRole.LEAD: Role.LEAD}


def actor_of(account: Account) -> Actor:
    """Return as whom somebody moves cases; KeyError for a role that handles none."""
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
        and account.role in _ROLES
        and area_of(account).covers(case.province_code, case.commune_code)
    ]
