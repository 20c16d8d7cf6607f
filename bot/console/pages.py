"""The pages that the console has."""

from bot.console import (
    answer_templates,
    apology,
    audit_log,
    case,
    home,
    mentions,
    notifications,
    overdue,
    own_account,
    queue,
    queue_acts,
    queue_export,
    queue_live,
    reports,
    signing_in,
    users,
)

PAGES = (
    home.PAGE,
    queue.PAGE,
    queue_acts.PAGE,
    queue_export.PAGE,
    queue_live.PAGE,
    reports.PAGE,
    case.PAGE,
    mentions.PAGE,
    overdue.PAGE,
    apology.PAGE,
    answer_templates.PAGE,
    notifications.PAGE,
    signing_in.PAGE,
    own_account.PAGE,
    users.PAGE,
    audit_log.PAGE,
)
