"""Training the assistant: Rasa's own training, with a progress bar and an atomic result."""

import logging
import re
import tempfile
from pathlib import Path
from typing import Any

import yaml
from rasa.model_training import train as rasa_train
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from tqdm import tqdm

from bot.conversation.model_file import ROOT, model_path
from nlu.components.intents import VietnameseIntentClassifier, intent_examples
from nlu.components.text_classifier import Example, Guess, held_out


class TrainingFailed(Exception):
    """Rasa refused its data or configuration; the message is fit for an operator."""


class _Progress(logging.Handler):
    """Moves the bar when Rasa logs that a component starts or has finished."""

    _COMPONENT = re.compile(r"(Starting to train|Finished training|Restored) component '(\w+)'")

    def __init__(self, bar: "tqdm[Any]") -> None:
        super().__init__(logging.INFO)
        self._bar = bar

    def emit(self, record: logging.LogRecord) -> None:
        match = self._COMPONENT.search(record.getMessage())
        if match is None:
            return
        doing, component = match.groups()
        self._bar.set_postfix_str(component)
        if doing != "Starting to train":
            self._bar.update()


def train(data_folder: Path) -> Path:
    """Train the model of the sources as they are; returns its path. Raises TrainingFailed."""
    target = model_path(data_folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    steps = len(config["pipeline"]) + len(config["policies"])
    bar: tqdm[Any] = tqdm(
        total=steps, desc="Training", unit="step", bar_format="{l_bar}{bar}| {elapsed} {postfix}"
    )
    progress = _Progress(bar)
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.addHandler(progress)
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            trained = _train_into(Path(folder))
            trained.replace(target)
        bar.update(steps - bar.n)
    finally:
        hooks.removeHandler(progress)
        bar.close()
    return target


def intents_held_out(folds: int) -> tuple[list[Example], list[list[Guess]]]:
    """Return the sentences with intents, and what is thought of each by who has not learned it.

    As ``config.yml`` trains it, but without its sharpness. Takes some ten seconds a fold.
    """
    config = _configured(VietnameseIntentClassifier) | {"sharpness": 1.0}
    examples = written_intents(config["name_weight"])
    how = {key: config[key] for key in ("freedom", "balance", "sharpness")}
    return examples, held_out(examples, folds, **how)


def _configured(component: type[VietnameseIntentClassifier]) -> dict[str, Any]:
    """The defaults of a component, and what ``config.yml`` says of it."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["pipeline"]
    name = f"{component.__module__}.{component.__name__}"
    said: dict[str, Any] = next((step for step in pipeline if step["name"] == name), {})
    return component.get_default_config() | said


def written_intents(name_weight: float) -> list[Example]:
    """Read what intents are learned from, as training does."""
    importer = TrainingDataImporter.load_nlu_importer_from_config(
        str(ROOT / "config.yml"), str(ROOT / "nlu" / "domain"), [str(ROOT / "nlu" / "data")]
    )
    return intent_examples(importer.get_nlu_data(), name_weight)


def _train_into(folder: Path) -> Path:
    try:
        result = rasa_train(
            domain=str(ROOT / "nlu" / "domain"),
            config=str(ROOT / "config.yml"),
            training_files=str(ROOT / "nlu" / "data"),
            output=str(folder),
            force_training=True,
        )
    except RasaException as error:
        raise TrainingFailed(str(error)) from error
    if result.code or not result.model:
        raise TrainingFailed("Rasa trained no model; its reasons stand above")
    return Path(result.model)
