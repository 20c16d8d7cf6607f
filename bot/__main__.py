"""python -m bot …: every command of the program."""

import logging
import os
import sys
from importlib import import_module

import click

from bot.settings import BadSetting, read_settings

# name → (module, attribute); imported only when asked for, since Rasa alone takes seconds.
COMMANDS = {
    "serve": ("bot.commands.serve", "serve"),
    "chat": ("bot.commands.chat", "chat"),
    "train": ("bot.commands.train", "train"),
    "evaluate": ("bot.commands.evaluate", "evaluate"),
    "procedures": ("bot.procedures.search_cli", "procedures"),
    "dossiers": ("bot.commands.dossiers", "dossiers"),
    "questions": ("bot.commands.questions", "questions"),
    "clocks": ("bot.commands.clocks", "clocks"),
    "channels": ("bot.commands.channels", "channels"),
    "users": ("bot.commands.users", "users"),
    "audit": ("bot.commands.audit", "audit"),
    "db": ("bot.commands.db", "db"),
    "brain": ("bot.commands.brain", "brain"),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is used or described."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Dân Hỏi: a Vietnamese assistant for administrative procedures.

    Settings are environment variables BOT_…; docs/settings.md lists them.
    """
    try:
        context.obj = settings = read_settings(os.environ)
    except BadSetting as error:
        raise click.ClickException(str(error)) from None
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)


if __name__ == "__main__":
    main(prog_name="python -m bot")
