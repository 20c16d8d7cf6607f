"""docs/settings.md and bot/settings.py say the same, in both directions."""

from bot.settings import describe
from tests.unit.docs.pages import page, table

SETTINGS = "docs/settings.md"


def as_table() -> list[tuple[str, ...]]:
    return [
        (f"`{name}`", f"`{default}`" if default else "", description)
        for name, default, description in describe()
    ]


def test_the_table_of_settings_is_made_from_the_program():
    wanted = "\n".join(f"| {' | '.join(row)} |" for row in as_table()).replace("|  |", "| |")
    assert table(page(SETTINGS)) == as_table(), f"{SETTINGS} should hold:\n{wanted}"
