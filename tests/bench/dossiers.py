"""``python -m tests.bench.dossiers``: taking dossiers in, finding one among a million, answering.

Three things are measured, each on SQLite and, where it is asked for, on PostgreSQL: the command
that imports a file; what a look-up and a page of the overdue list cost while their number grows;
and, over the running program, a citizen's message until the answer.
"""

import asyncio
import csv
import http.client
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.dossiers import overdue
from bot.dossiers.codes import read_code
from bot.dossiers.importer import Report, keep, understood
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.overdue import Apology, Sought
from bot.dossiers.table import TableSource
from bot.storage.engine import open_engine, open_sessions
from bot.storage.upgrade import upgrade
from bot.storage.vault import Vault
from tests.bench.client import HOST, WEBHOOK
from tests.bench.programs import ROOT, environment, ours
from tests.bench.tables import Figures, percentile, table
from tests.fakes.postgres import postgres_server

SIZES = (1_000, 10_000, 100_000, 1_000_000)
TIMES = 300  # each question
WARM_UP = 20  # messages
OFFICES = 2_000
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
LATE_AND_PROVEN = "H00.01-260101-0002 0002"  # of the sample: every answer is the longest
_VAULT = Vault(bytes(32))
_HEADINGS = (
    *("Mã hồ sơ", "Tình trạng", "Mã TTHC", "Tên TTHC", "Đơn vị xử lý", "Ngày tiếp nhận"),
    *("Ngày hẹn trả", "Số điện thoại"),
)


@click.command()
@click.option("--rows", type=click.IntRange(0), default=500_000, show_default=True,
              help="Rows of the file that is imported; 0: none is.")  # fmt: skip
@click.option("--most", type=click.IntRange(0), default=SIZES[-1], show_default=True,
              help="Up to how many dossiers look-ups are measured; 0: they are not.")  # fmt: skip
@click.option("--messages", type=click.IntRange(0), default=300, show_default=True,
              help="Messages to the running program; 0: none.")  # fmt: skip
@click.option("--postgresql/--sqlite", default=False, help="On which database.")
@click.option("--model", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A trained model, so that none has to be trained.")  # fmt: skip
def main(rows: int, most: int, messages: int, postgresql: bool, model: Path | None) -> None:
    """Measure dossiers."""
    with tempfile.TemporaryDirectory(prefix="bench-dossiers-") as folder, (
        postgres_server() if postgresql else nullcontext("")
    ) as server:  # fmt: skip
        here = Path(folder)
        figures: Figures = {"database": "postgresql" if postgresql else "sqlite"}
        if rows:
            figures["import"] = measure_import(here, _database(here, server, "imported"), rows)
        if most:
            url = _database(here, server, "grown")
            figures["growth"] = asyncio.run(measure_growth(url, most))
        if messages:
            figures["answer"] = measure_answer(here, server, messages, model)
    print(json.dumps(figures))


def _database(folder: Path, server: str, name: str) -> str:
    if not server:
        return f"sqlite:///{folder / name}.db"
    engine = open_engine(server)

    async def create() -> None:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(f"CREATE DATABASE {name}"))
        await engine.dispose()

    asyncio.run(create())
    return f"{server.rpartition('/')[0]}/{name}"


# -- the import -----------------------------------------------------------------------------------


def measure_import(folder: Path, url: str, rows: int) -> Figures:
    """Run the command on a file, and once more: then every row is there already."""
    file = folder / "export.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(_HEADINGS)
        writer.writerows(_cells(number) for number in range(rows))
    env = environment(BOT_DATA=str(folder / "import"), BOT_DATABASE_URL=url)
    (folder / "import").mkdir()
    _bot(env, "db", "upgrade")
    took = {name: _bot(env, "dossiers", "import", str(file)) for name in ("first", "again")}
    print(table(("import", "rows", "s"), [[name, rows, s] for name, s in took.items()]))
    return {"rows": rows, "mb": round(file.stat().st_size / 1e6, 1), "seconds": took}


def _bot(env: dict[str, str], *arguments: str) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-m", "bot", *arguments]
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    return round(time.perf_counter() - started, 1)


def _cells(number: int) -> list[str]:
    """Return a row: a fifth of all is being worked on, a fourth of that is late."""
    received = TODAY - timedelta(days=10 + number % 400)
    running = number % 5 == 0
    due = TODAY + timedelta(days=number % 8 - 2) if running else received + timedelta(days=9)
    return [
        f"H29.{number % 90 + 10}-{received:%y%m%d}-{number:07}",
        "Đang xử lý" if running else "Đã trả kết quả",
        "1.001193",
        "Đăng ký khai sinh",
        f"Trung tâm Phục vụ hành chính công phường số {number % OFFICES}",
        f"{received:%d/%m/%Y}",
        f"{due:%d/%m/%Y}",
        f"09{number % 10**8:08}",
    ]


# -- look-ups while the table grows ---------------------------------------------------------------


async def measure_growth(url: str, most: int) -> list[Figures]:
    """Fill a database step by step, and ask the same at each size."""
    upgrade(url)
    engine = open_engine(url, inline=True)
    sessions = open_sessions(engine)
    measured: list[Figures] = []
    kept = 0
    for size in [size for size in SIZES if size <= most]:
        rows = understood(_by_fields(kept, size), SourceMapping.load(), Report())
        await keep(sessions, _VAULT, rows, Report(), NOW, lambda _: None)
        kept = size
        async with engine.begin() as connection:  # as the database does by itself in time
            await connection.execute(text("ANALYZE"))
        questions = _questions(TableSource(sessions, _VAULT), sessions, size)
        measured.append({"dossiers": size} | {
            name: await _timed(ask) for name, ask in questions.items()
        })  # fmt: skip
    await engine.dispose()
    heads = tuple(measured[0])
    print(table(("p50 / p99 ms", *heads[1:]), [_shown(each) for each in measured]))
    return measured


def _by_fields(first: int, end: int) -> Iterator[tuple[int, dict[str, object]]]:
    names = ("code", "status", "procedure_code", "procedure_name", "office", "received_on",
             "due_on", "phone")  # fmt: skip
    for number in range(first, end):
        yield number, dict(zip(names, _cells(number), strict=True))


def _questions(
    source: TableSource, sessions: async_sessionmaker[AsyncSession], size: int
) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return what is asked; where in the table an answer lies is left to chance."""
    chance = random.Random(1)

    async def find() -> object:
        code = read_code(_cells(chance.randrange(size))[0])
        assert code is not None
        found = await source.find(code)
        assert found is not None
        return found

    async def none() -> object:
        code = read_code(f"H29.10-251101-{chance.randrange(size) + 2_000_000:07}")
        assert code is not None
        return await source.find(code)

    async def by_phone() -> object:
        return await source.of_phone(_cells(chance.randrange(size))[-1])

    async def page(sought: Sought) -> object:
        async with sessions() as session:
            after = (TODAY - timedelta(days=1), f"H29{chance.randrange(10, 99)}")
            return await overdue.page(session, sought, TODAY, after)

    async def of_office() -> object:
        name = f"Trung tâm Phục vụ hành chính công phường số {chance.randrange(OFFICES)}"
        return await page(Sought(offices=(name,), apology=Apology.NEEDED))

    async def offices() -> object:
        async with sessions() as session:
            return await overdue.by_office(session, TODAY)

    return {
        "find": find,
        "find none": none,
        "by phone": by_phone,
        "overdue page": lambda: page(Sought(apology=Apology.NEEDED)),
        "of an office": of_office,
        "all offices": offices,
    }


async def _timed(ask: Callable[[], Awaitable[object]]) -> Figures:
    spent = []
    for _ in range(TIMES):
        started = time.perf_counter()
        await ask()
        spent.append((time.perf_counter() - started) * 1000)
    return {"p50": round(percentile(spent, 50), 2), "p99": round(percentile(spent, 99), 2)}


def _shown(figures: Figures) -> list[object]:
    return [
        each if isinstance(each, int) else f"{each['p50']} / {each['p99']}"
        for each in figures.values()
    ]


# -- from message to answer -----------------------------------------------------------------------


def measure_answer(folder: Path, server: str, messages: int, model: Path | None) -> Figures:
    """Ask the running program for a late dossier of its sample, each time as somebody new."""
    data = folder / "program"
    (data / "models").mkdir(parents=True)
    if model:
        (data / "models" / model.name).write_bytes(model.read_bytes())
    spent = []
    url = _database(folder, server, "asked") if server else ""
    with ours(data, BOT_DATABASE_URL=url) as program:
        connection = http.client.HTTPConnection(HOST, program.port, timeout=30)
        used = 0.0
        for number in range(messages + WARM_UP):
            if number == WARM_UP:
                used = program.cpu_seconds()
            body = json.dumps({"sender": f"citizen {number}", "message": LATE_AND_PROVEN})
            started = time.perf_counter()
            connection.request("POST", WEBHOOK, body.encode(), {"Content-Type": "application/json"})
            answer = connection.getresponse().read().decode()
            spent.append((time.perf_counter() - started) * 1000)
            assert "Xin lỗi" in answer, answer
        used = program.cpu_seconds() - used
    figures = {
        f"p{percent}": round(percentile(spent[WARM_UP:], percent), 2) for percent in (50, 99)
    }
    figures["cpu"] = round(used * 1000 / messages, 2)
    heads = ("message to answer", "p50 ms", "p99 ms", "cpu ms")
    print(table(heads, [["late dossier", *figures.values()]]))
    return {"messages": messages, **figures}


if __name__ == "__main__":
    main()
