"""A real PostgreSQL server of the tests' own, gone at the end or kept for the next time."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

_DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest that is installed."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _owner() -> str | None:
    """Name a user other than root: `postgres` refuses to run as root."""
    return None if os.getuid() else "nobody"


KINDS = ("sqlite", "postgresql")
# What Debian's PostgreSQL does by itself, and a commit that is on disk.
AS_INSTALLED = ("shared_buffers=128MB",)
# Nothing of a test has to survive the machine.
_OF_TESTS = ("shared_buffers=32MB", "fsync=off")


@contextmanager
def postgres_server(kept: Path | None = None, settings: Sequence[str] = _OF_TESTS) -> Iterator[str]:
    """Run a server; gives the URL of its `postgres` database.

    ``kept``: a folder whose databases are there again the next time.
    """
    programs = binaries()
    assert programs is not None, "PostgreSQL is not installed (Debian: postgresql)"
    port = _free_port()
    with _folder(kept) as folder:
        run = {"user": _owner(), "cwd": folder, "env": {"LC_ALL": "C.UTF-8"}}
        data = Path(folder) / "data"
        if not data.exists():
            _make_cluster(programs, data, run)
        network = ("listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=")
        options = [f"-c{each}" for each in (*network, "max_connections=100", *settings)]
        with Path(os.devnull).open("w") as nowhere:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options],
                stdout=nowhere,
                stderr=nowhere,
                **run,
            )
        try:
            _wait_until_ready(programs, port)
            yield f"postgresql://danhoi@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # "fast": it waits for no client
            server.wait(60)


def _folder(kept: Path | None) -> AbstractContextManager[str]:
    """Return the folder of a server, which owns it."""
    if kept is None:
        temporary = tempfile.TemporaryDirectory(prefix="danhoi-pg-")
        _give_to_owner(temporary.name)
        return temporary
    kept.mkdir(parents=True, exist_ok=True)
    _give_to_owner(kept)
    return nullcontext(str(kept))


def _give_to_owner(folder: str | Path) -> None:
    if _owner():
        shutil.chown(folder, _owner())


def _make_cluster(programs: Path, data: Path, run: dict[str, Any]) -> None:
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "danhoi", "-A", "trust", "-E", "UTF8"],
        check=True,
        capture_output=True,
        **run,
    )


def _wait_until_ready(programs: Path, port: int) -> None:
    subprocess.run(
        [
            "timeout",
            "60",
            "sh",
            "-c",
            f"until {programs}/pg_isready -q -h 127.0.0.1 -p {port}; do sleep 0.1; done",
        ],
        check=True,
    )
