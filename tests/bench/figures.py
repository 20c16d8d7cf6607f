"""``python -m tests.bench.figures``: the program's own figures beside the limits set for them.

In a scratch folder in var/bench: import of the official records (where they are at hand), training,
start with a trained model, memory of gateway and brain after some hundred turns.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import uvloop

from tests.bench import programs, tables
from tests.bench.__main__ import FOLDER, end_on_signals
from tests.bench.client import drive
from tests.bench.programs import ROOT, WillNotStart, environment
from tests.bench.search import OFFICIAL

LIMITS = {"import s": 60, "training s": 60, "start s": 20, "gateway MB": 150, "brain MB": 750}
CONVERSATIONS = 10
LONGEST_COMMAND = 1800.0  # seconds


@click.command()
@click.option("--records", type=click.Path(path_type=Path), default=OFFICIAL,
              show_default="../shared/data/…", help="The official records.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(1, 300), default=10.0, show_default=True,
              help="How long turns are taken before memory is read.")  # fmt: skip
def main(records: Path, seconds: float) -> None:
    """Measure import, training, start and memory."""
    end_on_signals()
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
            measured = measure(Path(folder), records, seconds)
    except WillNotStart as error:
        raise click.ClickException(str(error)) from None
    rows = [
        (name, f"{value:.1f}", LIMITS[name], "" if value <= LIMITS[name] else "over")
        for name, value in measured.items()
    ]
    print(tables.table(("figure", "measured", "limit", ""), rows))
    print(json.dumps({name: round(value, 2) for name, value in measured.items()}))


def measure(folder: Path, records: Path, seconds: float) -> dict[str, float]:
    """Take every figure of one fresh data folder; the official records stay for the start."""
    measured = {}
    _command(folder, "db", "upgrade")
    if records.exists():
        measured["import s"] = _command(folder, "procedures", "import", str(records))
    else:
        print(f"{records} is not here: the built-in catalogue only", file=sys.stderr)
    measured["training s"] = _command(folder, "train", "--force")
    started = time.perf_counter()
    with programs.ours(folder) as program:
        measured["start s"] = time.perf_counter() - started
        result = uvloop.run(drive(program.port, CONVERSATIONS, seconds, "figures"))
        if result.failures:
            print(f"failed: {dict(result.failures)}", file=sys.stderr)
        memory = program.memory()
    measured["gateway MB"] = memory.pop("gateway")
    measured["brain MB"] = max(memory.values())
    return measured


def _command(folder: Path, *arguments: str) -> float:
    """Run one of our commands; returns its seconds, start of Python included."""
    print("python -m bot", *arguments[:2], file=sys.stderr)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment(BOT_DATA=str(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LONGEST_COMMAND,
        check=False,
    )
    if done.returncode:
        raise WillNotStart(f"{arguments[0]}: {done.stdout[-1500:].decode(errors='replace')}")
    return time.perf_counter() - started


if __name__ == "__main__":
    main(prog_name="python -m tests.bench.figures")
