"""The commands that connect the messaging apps, show how they stand and try them."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from importlib import import_module
from typing import Any

import click

from bot.channels.operating import Finding, Operating
from bot.commands.zalo_oa import login as zalo_oa_login
from bot.settings import Settings

# channel → the module that answers for it (bot/channels/operating.py)
CHANNELS = {
    "telegram": "bot.channels.telegram.operating",
    "zalo-oa": "bot.commands.zalo_oa",
    "zalo-bot": "bot.channels.zalo_bot.operating",
}

Asking = Callable[[Operating], Coroutine[Any, Any, Sequence[Finding]]]
_channel = click.argument("channel", type=click.Choice(list(CHANNELS)), required=False)


@click.group()
def channels() -> None:
    """The messaging apps by which people write."""


channels.add_command(zalo_oa_login)


@channels.command("set-webhook")
@_channel
@click.pass_obj
def set_webhook(settings: Settings, channel: str | None) -> None:
    """Tell the platforms where to deliver, as the settings say (all channels, or one)."""
    _ask(settings, channel, lambda module: module.set_webhook(settings))


@channels.command()
@_channel
@click.pass_obj
def status(settings: Settings, channel: str | None) -> None:
    """Show how the platforms see us."""
    _ask(settings, channel, lambda module: module.status(settings))


@channels.command()
@_channel
@click.option("--to", default="", metavar="ADDRESS", help="Also write to this chat.")
@click.pass_obj
def test(settings: Settings, channel: str | None, to: str) -> None:
    """Try the way in from outside and, with --to, the way out."""
    if to and not channel:
        raise click.UsageError("--to needs a channel: an address means something on one only")
    _ask(settings, channel, lambda module: module.test(settings, to))


def _ask(settings: Settings, channel: str | None, asking: Asking) -> None:
    """Ask the channels one after the other; exit with 1 when something is to be mended."""
    fine = True
    for name in [channel] if channel else CHANNELS:
        module: Operating = import_module(CHANNELS[name])
        missing = module.missing(settings)
        if missing:
            click.echo(f"{name}: not set up ({missing})")
            fine = fine and not channel
            continue
        click.echo(name)
        fine = _show(asyncio.run(asking(module))) and fine
    if not fine:
        raise SystemExit(1)


def _show(findings: Iterable[Finding]) -> bool:
    fine = True
    for finding in findings:
        mark = " " if finding.ok else "!"
        click.echo(f"{mark} {finding.label:<12} {finding.words}")
        fine = fine and finding.ok
    return fine
