"""The command about the audit: the chain of everything that happened to cases and accounts."""

import click

from bot.app.store import open_store
from bot.feedback.chain import verify_chain
from bot.procedures.cli import run
from bot.settings import Settings


@click.group()
def audit() -> None:
    """Prove that nothing was changed in what happened to cases and accounts."""


@audit.command()
@click.pass_obj
def verify(settings: Settings) -> None:
    """Check the whole chain of events; exit code 1 and the first break when it is not whole."""
    run(_verify(settings))


async def _verify(settings: Settings) -> None:
    async with open_store(settings) as store, store.sessions() as session:
        verdict = await verify_chain(session, store.vault)
    if not verdict.whole:
        raise click.ClickException(
            f"the chain breaks at event {verdict.broken_at}: {verdict.reason}; "
            f"{verdict.events} events were found whole"
        )
    click.echo(f"{verdict.events} events, all whole")
