"""``python -m tests.bench.diet``: stock Rasa's understanding (DIET) beside ours.

Trains stock Rasa for ``--epochs`` epochs (an hour and more for the default 100), then asks both
programs' ``/model/parse`` for the sentences of nlu/evaluation/intents.tsv, which neither was
trained on. docs/decisions/0003-why-not-diet.md quotes it.
"""

import csv
import json
import time
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click
import uvloop
from tqdm import tqdm

from tests.bench import tables
from tests.bench.__main__ import FOLDER, end_on_signals, started
from tests.bench.client import Connection
from tests.bench.programs import ROOT, WillNotStart
from tests.bench.stock import trained
from tests.bench.tables import Figures, percentile

SENTENCES = ROOT / "nlu" / "evaluation" / "intents.tsv"


class Sentence(NamedTuple):
    """One sentence of the evaluation set and the intent it has."""

    text: str
    intent: str

    @property
    def marked(self) -> bool:
        """Whether it is typed with diacritics."""
        return any(
            unicodedata.combining(letter) or letter in "đĐ"
            for letter in unicodedata.normalize("NFD", self.text)
        )


@click.command()
@click.option("--epochs", type=click.IntRange(1, 300), default=5, show_default=True)
def main(epochs: int) -> None:
    """Compare how many intents are understood, and how long that takes."""
    end_on_signals()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        sentences = [Sentence(row["text"], row["intent"]) for row in rows]
    try:
        model = trained(FOLDER, epochs)
        with started(model, None) as sides:
            measured = {
                side: uvloop.run(ask(side, door.port, sentences))
                for side, (door, *_) in sides.items()
            }
    except WillNotStart as error:
        raise click.ClickException(str(error)) from None
    heads = ("program", "right %", "with diacritics %", "without %", "p50 ms")
    print(tables.table(heads, [[side, *figures.values()] for side, figures in measured.items()]))
    training = {"epochs": epochs, "seconds": model.training_seconds,
                "seconds_per_epoch": model.seconds_per_epoch}  # fmt: skip
    print(json.dumps({"n": len(sentences), "training": training, **measured}))


async def ask(side: str, port: int, sentences: Sequence[Sentence]) -> Figures:
    """Ask one program for the intent of every sentence, one at a time."""
    connection = await Connection.open(port)
    right: list[bool] = []
    took: list[float] = []
    for sentence in tqdm(sentences, desc=side, unit="sentence"):
        asked = time.perf_counter()
        status, body = await connection.post(
            "/model/parse", json.dumps({"text": sentence.text}).encode()
        )
        took.append((time.perf_counter() - asked) * 1000)
        right.append(status == 200 and likeliest(json.loads(body)) == sentence.intent)
    connection.close()
    marked = [hit for hit, sentence in zip(right, sentences, strict=True) if sentence.marked]
    bare = [hit for hit, sentence in zip(right, sentences, strict=True) if not sentence.marked]
    return {
        "accuracy": _percent(right),
        "with_diacritics": _percent(marked),
        "without_diacritics": _percent(bare),
        "p50_ms": round(percentile(took, 50), 2),
    }


def likeliest(parsed: Mapping[str, Any]) -> str | None:
    """The first intent of the ranking, sure enough or not: the thresholds of the two differ."""
    ranked = (row["name"] for row in parsed["intent_ranking"])
    return next((name for name in ranked if name != "nlu_fallback"), None)


def _percent(right: Sequence[bool]) -> float:
    return round(100 * sum(right) / max(1, len(right)), 1)


if __name__ == "__main__":
    main(prog_name="python -m tests.bench.diet")
