"""The pages that the console has."""

from bot.console import (
    audit_log,
    case,
    home,
    notifications,
    own_account,
    queue,
    queue_acts,
    queue_live,
    signing_in,
    users,
)

PAGES = (
    home.PAGE,
    queue.PAGE,
    queue.LATE_PAGE,
    queue_acts.PAGE,
    queue_live.PAGE,
    case.PAGE,
    notifications.PAGE,
    signing_in.PAGE,
    own_account.PAGE,
    users.PAGE,
    audit_log.PAGE,
)
