"""The pages that the console has."""

from bot.console import (
    case,
    home,
    notifications,
    queue,
    queue_acts,
    queue_live,
    signing_in,
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
)
