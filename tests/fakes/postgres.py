"""A real PostgreSQL server of the tests' own, in a temporary folder and gone at the end."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server; gives the URL of its `postgres` database."""
    programs = binaries()
    assert programs is not None, "PostgreSQL is not installed (Debian: postgresql)"
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="danhoi-pg-") as folder:
        if _owner():
            shutil.chown(folder, _owner())
        run = {"user": _owner(), "cwd": folder, "env": {"LC_ALL": "C.UTF-8"}}
        data = f"{folder}/data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "danhoi", "-A", "trust", "-E", "UTF8"],
            check=True,
            capture_output=True,
            **run,
        )
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= "
            # It dies with the tests: nothing has to survive the machine.
            "-c max_connections=100 -c shared_buffers=32MB -c fsync=off"
        )
        with Path(os.devnull).open("w") as nowhere:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options.split()],
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
