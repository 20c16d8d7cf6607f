"""The command that trains the assistant."""

import os

import click

from bot.conversation.libraries import prepare_rasa
from bot.settings import Settings


@click.command()
@click.option("--force", is_flag=True, help="Train also when the model is up to date.")
@click.pass_obj
def train(settings: Settings, force: bool) -> None:
    """Train the assistant, if its sources changed since it was last trained."""
    from bot.conversation.model_file import ROOT, model_path

    path = model_path(settings.data_folder)
    if path.exists() and not force:
        click.echo(f"{path} is up to date")
        return
    prepare_rasa()
    os.environ["RASA_CACHE_DIRECTORY"] = str(settings.data_folder / "rasa-cache")
    os.chdir(ROOT)  # config.yml names our components by module, as Rasa's own command finds them

    from bot.conversation.training import TrainingFailed
    from bot.conversation.training import train as run

    try:
        click.echo(f"trained {run(settings.data_folder)}")
    except TrainingFailed as error:
        raise click.ClickException(str(error)) from None
