"""Accounts as the slices know them."""

from bot.feedback.chain import Actor
from bot.feedback.states import Role
from bot.staff.models import Account, StaffRole

_ROLES = {StaffRole.SUPERVISOR: Role.SUPERVISOR, StaffRole.LEAD: Role.LEAD}


def actor_of(account: Account) -> Actor:
    """Return as whom somebody moves cases; KeyError for a role that handles none."""
    return Actor(_ROLES[account.role], account.name)
