"""Stock Rasa on our data: trained with its default pipeline, served with its own servers."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from bot.commands.serve import prepare
from bot.settings import read_settings
from tests.bench.programs import ROOT, Program, WillNotStart, environment, free_port, running

CONFIG = Path(__file__).with_name("stock") / "config.yml"
DATA = ("nlu/data", "nlu/domain")
LONGEST_TRAINING = 4 * 3600  # seconds
MODEL = "stock.tar.gz"

_DIET = re.compile(
    r"Starting to train component 'DIETClassifier'(.*)"
    r"Finished training component 'DIETClassifier'",
    re.DOTALL,
)
_EPOCHS = re.compile(r"\b(\d+)/\1 \[(?:(\d+):)?(\d+):(\d+)<")


@dataclass(frozen=True)
class StockModel:
    """A trained model and what its training took, in seconds."""

    path: str
    epochs: int
    training_seconds: float
    seconds_per_epoch: float | None  # of DIET; None when Rasa did not say


def config(epochs: int) -> dict[str, Any]:
    """Rasa's default configuration with another number of epochs."""
    loaded: dict[str, Any] = yaml.safe_load(CONFIG.read_text("utf-8"))
    for component in (*loaded["pipeline"], *loaded["policies"]):
        if "epochs" in component:
            component["epochs"] = epochs
    return loaded


def trained(cache: Path, epochs: int) -> StockModel:
    """Return the model of the data as they are, trained if it is not in the cache.

    Raises WillNotStart when Rasa refuses to train.
    """
    text = yaml.safe_dump(config(epochs), allow_unicode=True)
    folder = cache / f"stock-{_fingerprint(text)}"
    if not (folder / "training.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "config.yml").write_text(text, "utf-8")
        model = _train(folder, epochs)
        (folder / "training.json").write_text(json.dumps(asdict(model)))
    return StockModel(**json.loads((folder / "training.json").read_text()))


def _fingerprint(config_text: str) -> str:
    digest = hashlib.sha256(f"{version('rasa')} {config_text}".encode())
    for name in DATA:
        for path in sorted((ROOT / name).rglob("*.yml")):
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _train(folder: Path, epochs: int) -> StockModel:
    log = folder / "training.log"
    print(f"Training stock Rasa, {epochs} epoch(s): some minutes; see {log}", file=sys.stderr)
    started = time.perf_counter()
    with log.open("wb") as output:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "rasa", "train", "--force"),
                *("--config", str(folder / "config.yml")),
                *("--data", DATA[0], "--domain", DATA[1]),
                *("--out", str(folder), "--fixed-model-name", MODEL),
            ],
            cwd=ROOT,
            env=environment(RASA_CACHE_DIRECTORY=str(folder / "cache")),
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_TRAINING,
            check=False,
        )
    took = time.perf_counter() - started
    said = log.read_text(errors="replace")
    if done.returncode or not (folder / MODEL).exists():
        raise WillNotStart(f"stock Rasa does not train: {said[-1500:]}")
    shutil.rmtree(folder / "cache", ignore_errors=True)
    return StockModel(str(folder / MODEL), epochs, round(took, 1), seconds_per_epoch(said))


def seconds_per_epoch(log: str) -> float | None:
    """Read from Rasa's progress bar how long an epoch of DIET took."""
    bars = _EPOCHS.findall("".join(_DIET.findall(log)))
    if not bars:
        return None
    epochs, hours, minutes, seconds = (int(number or 0) for number in bars[-1])
    return round((hours * 3600 + minutes * 60 + seconds) / epochs, 1)


@contextmanager
def stock(model: StockModel, folder: Path) -> Iterator[tuple[Program, Program]]:
    """Run Rasa's server and action server as its manual says; yields both, ready.

    The tracker store is Rasa's default, in memory: its SQL one does not work on SQLAlchemy 2.
    """
    port, actions_port = free_port(), free_port()
    data = environment(BOT_DATA=str(folder))
    prepare(read_settings({"BOT_DATA": str(folder)}))
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n")
    credentials.write_text("rest:\n")
    actions = ("-m", "tests.bench.stock_actions", "--port", str(actions_port))
    server = (
        *("-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port)),
        *("--model", model.path),
        *("--endpoints", str(endpoints), "--credentials", str(credentials)),
    )
    with (
        running("action server", actions_port, actions, data, folder) as action_server,
        running("rasa server", port, server, environment(), folder) as rasa_server,
    ):
        action_server.wait_until_ready("/health")
        rasa_server.wait_until_ready("/status")
        yield rasa_server, action_server
