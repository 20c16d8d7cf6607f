"""The database's command."""

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@click.option("--revision", default="head", show_default=True, help="Up to this revision.")
@click.pass_obj
def upgrade(settings: Settings, revision: str) -> None:
    """Bring the database to the tables that this version expects."""
    from bot.storage.upgrade import upgrade as run

    settings.data_folder.mkdir(parents=True, exist_ok=True)
    try:
        before, after = run(settings.database, revision)
    except SQLAlchemyError as error:
        raise click.ClickException(f"the database cannot be upgraded: {error}") from None
    click.echo(f"already at {after}" if before == after else f"from {before} to {after}")
