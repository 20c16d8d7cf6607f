"""The commands that take tables in, as an operator runs them: reports, folders, and a kill."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.commands.dossiers import SETTLED
from bot.storage.upgrade import upgrade

HEADINGS = "Mã hồ sơ,Tình trạng,Tên TTHC,Đơn vị xử lý,Ngày tiếp nhận,Ngày hẹn trả,Số điện thoại"
ROW = (
    "H29.16-261103-{:07},Đang xử lý,Đăng ký khai sinh,UBND phường A,"
    "03/11/2026,10/11/2026,091234{:04}"
)


def a_table(path: Path, rows: int = 3, *more: str, age: float = SETTLED + 1) -> Path:
    """Write a table that nobody has touched for a while."""
    lines = [HEADINGS, *(ROW.format(number, number % 10_000) for number in range(rows)), *more]
    path.write_text("\n".join(lines), "utf-8")
    os.utime(path, (time.time() - age,) * 2)
    return path


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    upgrade(f"sqlite:///{folder / 'danhoi.db'}")
    return folder


@pytest.fixture
async def bot(data, monkeypatch):
    """Run a command of the program; the loop of this test is not in its way."""
    monkeypatch.setenv("BOT_DATA", str(data))

    async def run(*arguments: str):
        return await asyncio.to_thread(CliRunner().invoke, main, ["dossiers", *arguments])

    return run


def stored(data: Path) -> int:
    with sqlite3.connect(data / "danhoi.db") as database:
        return database.execute("SELECT count(*) FROM dossier").fetchone()[0]


async def test_an_import_says_what_it_did_and_shows_how_far_it_is(bot, data, tmp_path):
    bad = ("không phải mã,Đang xử lý", "H29.16-261103-0000009,Chờ sếp ký,,,,,", ",,,,,,")
    done = await bot("import", str(a_table(tmp_path / "a.csv", 3, *bad)))
    assert done.exit_code == 0
    assert "5 rows read, 4 stored, 1 left out" in done.output
    assert "row 5: code: no dossier code" in done.output
    assert "Chờ sếp ký" in done.output
    assert "1 have neither a phone nor an identity number" in done.output
    assert "a.csv: " in done.stderr  # the bar
    assert "không phải mã" not in done.output
    assert stored(data) == 4


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"Ten,Tuoi\nLan,30\n", "no column holds the code and the status"),
        ("a.csv", "Mã hồ sơ,Tình trạng\n".encode("utf-16"), "is not UTF-8"),
        ("a.xlsx", b"not a spreadsheet", "cannot be read"),
    ],
)
async def test_what_cannot_be_read_is_said_in_one_sentence(bot, tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_bytes(content)
    done = await bot("import", str(path))
    assert done.exit_code == 1
    assert reason in done.output
    assert "Traceback" not in done.output


async def test_a_folder_is_emptied_into_what_was_read_and_what_could_not_be(bot, data, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    a_table(folder / "good.csv", 3, "?,?")
    a_table(folder / "half.csv", 2, age=0)  # somebody still writes it
    (folder / "notes.md").write_text("not a table")
    wrong = folder / "wrong.csv"
    wrong.write_text("Ten,Tuoi\nLan,30\n")
    os.utime(wrong, (0, 0))

    assert (await bot("watch", str(folder), "--once")).exit_code == 0

    assert stored(data) == 3
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [
        "half.csv",
        "notes.md",
    ]
    report, good = sorted((folder / "done").iterdir(), key=lambda path: path.suffix)[::-1]
    assert good.name.endswith("-good.csv")
    assert "row 5: code: no dossier code" in report.read_text("utf-8")
    (reason,) = (folder / "failed").glob("*.reason.txt")
    assert "no column holds" in reason.read_text()

    os.utime(folder / "half.csv", (0, 0))
    await bot("watch", str(folder), "--once")
    assert not (folder / "half.csv").exists()


async def test_a_watch_that_is_killed_half_way_is_simply_run_again(bot, data, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    rows = 30_000
    a_table(folder / "large.csv", rows)
    watching = subprocess.Popen(
        [sys.executable, "-m", "bot", "dossiers", "watch", str(folder), "--once"],
        env=os.environ | {"BOT_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while not stored(data) and watching.poll() is None and time.monotonic() < until:
        await asyncio.sleep(0.02)
    watching.send_signal(signal.SIGKILL)
    watching.wait()
    assert 0 < stored(data) < rows
    assert (folder / "large.csv").exists()

    assert (await bot("watch", str(folder), "--once")).exit_code == 0
    assert stored(data) == rows
    assert not (folder / "large.csv").exists()


async def test_the_template_of_the_letter_is_written_once(bot, tmp_path):
    path = tmp_path / "letter.docx"
    assert (await bot("letter", str(path))).exit_code == 0
    assert path.read_bytes().startswith(b"PK")
    again = await bot("letter", str(path))
    assert again.exit_code == 1
    assert "exists already" in again.output
