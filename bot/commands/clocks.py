"""The command that shows by which clocks cases are handled, and on what each figure rests."""

from datetime import UTC, datetime

import click


@click.group()
def clocks() -> None:
    """The deadlines of cases (phản ánh, kiến nghị)."""


@clocks.command()
@click.option("--province", metavar="CODE", help="As in this province (mã tỉnh, for example 79).")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As of that day; by default today."
)
def show(province: str | None, day: datetime | None) -> None:
    """Show the deadlines in force, with the grounds of each figure."""
    from bot.feedback.deadline_table import lines
    from bot.feedback.deadlines import load_deadlines
    from bot.working_time.zone import VIETNAM

    at = day.replace(tzinfo=VIETNAM) if day else datetime.now(UTC)
    click.echo("\n".join(lines(load_deadlines(), province, at)))
