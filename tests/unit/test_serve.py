"""What keeps the program from serving is said in one clear sentence, with exit code 1."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.conversation.model_file import model_path

ROOT = Path(__file__).parent.parent.parent
MAKEFILE = ROOT / "Makefile"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(data: Path, **settings: str) -> tuple[str, str]:
    """Try to serve; returns the sentence that was said last, and all that was said."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    ours |= {"BOT_DATA": str(data), "BOT_PORT": str(free_port())} | settings
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=ROOT,
        env=ours,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip().splitlines()[-1], ended.stderr.strip()


def test_a_port_that_is_taken(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        sentence, said = serve(tmp_path, BOT_PORT=port)
    assert sentence.startswith(f"Error: port {port} on 127.0.0.1 cannot be taken: ")
    assert sentence.endswith("; set BOT_PORT")
    assert said == sentence


def test_an_address_that_is_not_this_machines(tmp_path):
    sentence, said = serve(tmp_path, BOT_HOST="192.0.2.1")
    assert "192.0.2.1 cannot be taken" in sentence
    assert said == sentence


def test_a_data_folder_that_cannot_be_written(tmp_path):
    """Also root cannot make a folder below a file."""
    (tmp_path / "file").touch()
    sentence, said = serve(tmp_path / "file" / "data")
    assert "cannot be written: Not a directory; set BOT_DATA" in sentence
    assert said == sentence


def test_a_second_gateway_on_one_folder(tmp_path):
    with (tmp_path / "gateway.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sentence, said = serve(tmp_path)
    assert f"another gateway is running on the data folder {tmp_path}" in sentence
    assert said == sentence


def test_a_setting_that_does_not_exist(tmp_path):
    sentence, said = serve(tmp_path, BOT_PROT="8080")
    assert sentence == "Error: unknown setting BOT_PROT; see docs/settings.md"
    assert said == sentence


def test_a_database_that_does_not_answer(tmp_path):
    url = f"postgresql://danhoi:mat-khau@127.0.0.1:{free_port()}/danhoi"
    sentence, said = serve(tmp_path, BOT_DATABASE_URL=url)
    assert sentence.startswith("Error: the database cannot be used: ")
    assert "mat-khau" not in said
    assert said == sentence


@pytest.mark.parametrize(
    "url",
    ["mysql://u@127.0.0.1/danhoi", "không phải địa chỉ"],
)
def test_a_database_of_another_kind(tmp_path, url):
    sentence, said = serve(tmp_path, BOT_DATABASE_URL=url)
    assert sentence.startswith("Error: ")
    assert "database" in sentence.lower()
    assert said == sentence


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "danhoi.db").write_bytes(b"khong phai co so du lieu " * 100)
    sentence, said = serve(tmp_path)
    assert sentence == "Error: the database cannot be used: file is not a database"
    assert said == sentence


def test_a_damaged_key(tmp_path):
    key = tmp_path / "secret.key"
    key.write_text("hỏng rồi")
    sentence, said = serve(tmp_path)
    assert sentence == f"Error: {key} does not hold a key of 64 hex digits"
    assert said == sentence
    assert key.read_text() == "hỏng rồi"


def test_a_damaged_model(tmp_path):
    model = model_path(tmp_path)
    model.parent.mkdir()
    model.write_bytes(b"hong")
    sentence, said = serve(tmp_path)
    assert sentence.startswith("Error: no brain can be started")
    assert f"{model} is not a model that this version can load" in said


@pytest.fixture
def workshop(tmp_path):
    """A folder with our Makefile and nothing installed."""
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def make(workshop: Path, python: str, goal: str) -> str:
    ended = subprocess.run(
        ["make", "--no-print-directory", f"PYTHON={python}", goal],
        cwd=workshop,
        # Under `make test` this make would take itself for a part of that one, and say so.
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    return ended.stdout + "".join(
        line for line in ended.stderr.splitlines() if not line.startswith("make: ***")
    )


@pytest.mark.parametrize("goal", ["run", "test"])
def test_a_wrong_python_is_named_before_anything_is_installed(workshop, goal):
    other = workshop / "python3.12"
    other.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.12.1\nexit 1\n')
    other.chmod(0o755)
    said = make(workshop, str(other), goal)
    assert said.strip() == (
        "Dân Hỏi needs Python 3.11; found Python 3.12.1. Set PYTHON=/path/to/python3.11."
    )
    assert not (workshop / ".venv").exists()
    assert not (workshop / ".uv").exists()


@pytest.mark.parametrize("python", ["", "/no/such/python", "/bin/false"])
def test_no_python_at_all_is_said_in_one_sentence(workshop, python):
    said = make(workshop, python, "run")
    assert said.strip().startswith("Dân Hỏi needs Python 3.11; found ")
    assert len(said.strip().splitlines()) == 1
