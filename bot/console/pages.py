"""The pages that the console has."""

from bot.console import case, home, signing_in

PAGES = (
    home.PAGE,
    case.PAGE,
    signing_in.PAGE,
)
