"""``python -m tests.bench.search``: how long a search takes, and what a larger catalogue costs it.

Three catalogues are asked the questions that the search was learned from: the built-in one, the
official records where they are at hand, and ten times as many made from those by changing some of
the words of each, as the versions of one procedure by many provinces differ.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import click
import msgspec
from tqdm import tqdm

from bot.procedures.builtin import load_builtin
from bot.procedures.evaluation import read_rows
from bot.procedures.everyday_names import load_everyday_names
from bot.procedures.importer import gather
from bot.procedures.procedure import Procedure
from bot.procedures.report import Report
from bot.procedures.search import SearchIndex
from bot.procedures.sources import read_source
from tests.bench.programs import ROOT
from tests.bench.tables import Figures, percentile, table

OFFICIAL = ROOT.parent / "shared" / "data" / "official-procedures.jsonl.gz"
TIMES = 10
CHANGED = 0.25  # share of the words that a made version changes


@click.command()
@click.option("--passes", type=click.IntRange(1, 50), default=3, show_default=True,
              help="How often all questions are asked.")  # fmt: skip
@click.option("--records", type=click.Path(path_type=Path), default=OFFICIAL,
              show_default="../shared/data/…", help="The official records.")  # fmt: skip
def main(passes: int, records: Path) -> None:
    """Measure the time of a search over growing catalogues."""
    texts = resources.files("bot.procedures").joinpath("data/search-questions.tsv")
    questions = [row.text for row in read_rows(texts.read_text("utf-8"))]
    measured = [
        measure(name, procedures, questions, passes) for name, procedures in catalogues(records)
    ]
    heads = ("catalogue", "procedures", "index s", "p50 ms", "p99 ms")
    rows = [[f[key] for key in ("name", "procedures", "build_s", "p50_ms", "p99_ms")]
            for f in measured]  # fmt: skip
    print(table(heads, rows))
    print(json.dumps({"questions": len(questions), "catalogues": measured}, ensure_ascii=False))


def catalogues(records: Path) -> Iterator[tuple[str, list[Procedure]]]:
    """Name and procedures of each catalogue, one after the other."""
    yield "built-in", load_builtin()
    if not records.exists():
        print(f"{records} is not here: measured over the built-in catalogue only", file=sys.stderr)
        return
    official = gather(read_source(records), Report(), lambda _: None).procedures
    yield "official", official
    yield f"official x {TIMES}", [*official, *versions(official, TIMES - 1)]


def versions(procedures: Sequence[Procedure], times: int) -> Iterator[Procedure]:
    """So many changed versions of every procedure, the same in every run."""
    chance = random.Random(1)
    vocabulary = sorted({word for p in procedures for word in p.name.split()})
    for number in range(times):
        for procedure in procedures:
            yield msgspec.structs.replace(
                procedure,
                code=f"{number + 1}{procedure.code}",
                name=_changed(procedure.name, vocabulary, chance),
                conditions=_changed(procedure.conditions, vocabulary, chance),
                results=tuple(_changed(text, vocabulary, chance) for text in procedure.results),
            )


def _changed(text: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    return " ".join(
        chance.choice(vocabulary) if chance.random() < CHANGED else word for word in text.split()
    )


def measure(
    name: str, procedures: Sequence[Procedure], questions: Sequence[str], passes: int
) -> Figures:
    """Index a catalogue and ask it every question so many times, after one pass to warm up."""
    started = time.perf_counter()
    index = SearchIndex.build(procedures, load_everyday_names())
    built = time.perf_counter() - started
    for question in questions:
        index.find(question)
    took = []
    for question in tqdm(list(questions) * passes, desc=name, unit="question"):
        asked = time.perf_counter()
        index.find(question)
        took.append((time.perf_counter() - asked) * 1000)
    return {
        "name": name,
        "procedures": len(procedures),
        "build_s": round(built, 2),
        "p50_ms": round(percentile(took, 50), 2),
        "p99_ms": round(percentile(took, 99), 2),
    }


if __name__ == "__main__":
    main(prog_name="python -m tests.bench.search")
