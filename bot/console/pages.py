"""The pages that the console has."""

from bot.console import home, signing_in

PAGES = (
    home.PAGE,
    signing_in.PAGE,
)
