"""``python -m tests.bench``: stock Rasa and this program side by side, driven by the same client.

Both run at the same time on the same data; rounds of the one and the other alternate, so that a
machine that becomes slower or faster meets both. Quoted are medians of the rounds. Everything
happens on 127.0.0.1, in var/bench of the repository.
"""

import json
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import click
import uvloop
from tqdm import tqdm

from tests.bench import programs, tables
from tests.bench.client import Round, drive
from tests.bench.programs import ROOT, Program, WillNotStart
from tests.bench.script import TURNS
from tests.bench.stock import StockModel, stock, trained
from tests.bench.tables import Figures

FOLDER = ROOT / "var" / "bench"
WARM_UP = 3.0  # seconds, before each level
ECHO_SECONDS = 2.0


def levels_of(_: click.Context, __: click.Parameter, value: str) -> list[int]:
    """Read "1,10,50"."""
    try:
        levels = [int(level) for level in value.split(",")]
    except ValueError:
        raise click.BadParameter("numbers separated by commas") from None
    if not all(0 < level <= 500 for level in levels):
        raise click.BadParameter("between 1 and 500 conversations at once")
    return levels


@click.command()
@click.option(
    "--rounds",
    type=click.IntRange(1, 50),
    default=5,
    show_default=True,
    help="Rounds of each program at each level.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.5, 300),
    default=6.0,
    show_default=True,
    help="Length of a round.",
)
@click.option(
    "--levels",
    default="1,10,50",
    show_default=True,
    callback=levels_of,
    help="Conversations at once.",
)
@click.option("--only", type=click.Choice(["ours", "stock"]), help="Measure only one.")
@click.option(
    "--epochs",
    type=click.IntRange(1, 300),
    default=1,
    show_default=True,
    help="Epochs for stock Rasa's networks; its speed does not depend on it.",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=FOLDER / "bench.json",
    show_default="var/bench/bench.json",
    help="Where to write the figures; they are the last line of the output too.",
)
@click.option("--train-only", is_flag=True, help="Train stock Rasa's model and stop.")
def main(
    rounds: int,
    seconds: float,
    levels: list[int],
    only: str | None,
    epochs: int,
    json_path: Path,
    train_only: bool,
) -> None:
    """Measure throughput, latency and memory of this program beside stock Rasa."""
    end_on_signals()
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        model = trained(FOLDER, epochs) if only != "ours" else None
        if model:
            print(_about(model))
        if not train_only:
            _measure(model, only, (rounds, seconds, levels), json_path)
    except WillNotStart as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        raise click.ClickException("stopped; everything that was started is stopped too") from None


def end_on_signals() -> None:
    """Make a termination an interruption, so that what was started is stopped.

    A shell starts what it puts in the background with interruptions ignored; here they count.
    """

    def interrupt(_: int, __: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, interrupt)


def _about(model: StockModel) -> str:
    epoch = model.seconds_per_epoch
    per_epoch = "unknown" if epoch is None else f"{epoch} s, so 100 take {epoch / 36:.1f} h"
    return (
        f"stock Rasa was trained for {model.epochs} epoch(s) in {model.training_seconds:.0f} s "
        f"(DIET: an epoch takes {per_epoch}). Its speed does not depend on the epochs; how right "
        "it is, is not compared here. Our data hold rules and no stories: TED learns nothing from "
        "them and costs stock Rasa nothing."
    )


def _measure(
    model: StockModel | None, only: str | None, plan: tuple[int, float, list[int]], out: Path
) -> None:
    rounds, seconds, levels = plan
    with started(model, only) as sides:
        client = client_ceiling(max(levels))
        print(f"client alone, against a server that does nothing: {client['throughput']:.0f}/s")
        memory: dict[str, dict[str, float]] = {}
        measured = [
            _level(sides, conversations, rounds, seconds, memory) for conversations in levels
        ]
    print("\n" + tables.comparison_table(measured) + "\n\n" + tables.memory_table(memory))
    for level in measured:
        for name in sides:
            if level[name]["failures"]:
                print(f"{name}, {level['conversations']} at once, failed:", level[name]["failures"])
    figures = {
        "machine": machine(),
        "plan": {"rounds": rounds, "seconds": seconds, "turns_of_a_conversation": TURNS},
        "stock_training": None if model is None else _without_path(model),
        "client_ceiling": client,
        "levels": measured,
        "memory_mb": {side: _rounded(roles) for side, roles in memory.items()},
        "memory_ratio": _memory_ratio(memory),
    }
    line = json.dumps(figures, ensure_ascii=False)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(line + "\n")
    print(line)


@contextmanager
def started(model: StockModel | None, only: str | None) -> Iterator[dict[str, Sequence[Program]]]:
    """Run the programs to compare; the first of each side is the one that is asked."""
    with ExitStack() as stack:
        sides: dict[str, Sequence[Program]] = {}
        if only != "stock":
            print("starting this program", file=sys.stderr)
            sides["ours"] = [stack.enter_context(programs.ours(our_folder()))]
        if model:
            print("starting stock Rasa", file=sys.stderr)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=FOLDER)))
            sides["stock"] = stack.enter_context(stock(model, folder))
        yield sides


def our_folder() -> Path:
    """A data folder with nothing in it but the models that were trained before."""
    folder = FOLDER / "ours"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name != "models" and old.is_dir():
            shutil.rmtree(old)
        elif old.is_file():
            old.unlink()
    return folder


def client_ceiling(conversations: int) -> Figures:
    """What the client reaches when the server costs nothing."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder, programs.echo(Path(folder)) as program:
        _drive(program, conversations, 0.5, "warm-up")
        return tables.summary([_drive(program, conversations, ECHO_SECONDS, "echo")])


def _level(
    sides: Mapping[str, Sequence[Program]],
    conversations: int,
    rounds: int,
    seconds: float,
    memory: dict[str, dict[str, float]],
) -> Figures:
    done: dict[str, list[Round]] = {side: [] for side in sides}
    for side, (door, *_) in sides.items():
        _drive(door, conversations, WARM_UP, f"{side}-warm-{conversations}")
    with tqdm(total=rounds * len(sides), desc=f"{conversations} at once", unit="round") as bar:
        for number in range(rounds):
            for side, programs_of_side in sides.items():
                name = f"{side}-{conversations}-{number}"
                done[side].append(_round(programs_of_side, conversations, seconds, name))
                _remember_highest(memory.setdefault(side, {}), programs_of_side)
                bar.update()
    level: Figures = {"conversations": conversations}
    level |= {side: tables.summary(of_side) for side, of_side in done.items()}
    if len(sides) == 2:
        level["ratio"] = tables.ratio(level["ours"], level["stock"])
    return level


def _round(measured: Sequence[Program], conversations: int, seconds: float, name: str) -> Round:
    before = sum(program.cpu_seconds() for program in measured)
    result = _drive(measured[0], conversations, seconds, name)
    result.cpu_seconds = sum(program.cpu_seconds() for program in measured) - before
    return result


def _drive(program: Program, conversations: int, seconds: float, name: str) -> Round:
    unique = f"{name}-{time.time_ns()}"
    result: Round = uvloop.run(drive(program.port, conversations, seconds, unique))
    return result


def _remember_highest(highest: dict[str, float], measured: Sequence[Program]) -> None:
    for program in measured:
        for role, megabytes in program.memory().items():
            highest[role] = max(highest.get(role, 0.0), megabytes)


def _rounded(roles: Mapping[str, float]) -> dict[str, float]:
    return {role: round(megabytes, 1) for role, megabytes in roles.items()}


def _memory_ratio(memory: Mapping[str, Mapping[str, float]]) -> float | None:
    if not {"ours", "stock"} <= memory.keys():
        return None
    return round(sum(memory["stock"].values()) / sum(memory["ours"].values()), 2)


def _without_path(model: StockModel) -> Figures:
    return {
        "epochs": model.epochs,
        "training_seconds": model.training_seconds,
        "seconds_per_epoch": model.seconds_per_epoch,
    }


def machine() -> Figures:
    """What was measured on, and how busy others kept it when the measuring ended."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load_after": [round(load, 2) for load in os.getloadavg()],
    }


if __name__ == "__main__":
    main(prog_name="python -m tests.bench")
