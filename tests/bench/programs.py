"""The programs that are measured: started on free ports of this machine, watched, stopped.

Whatever ends the benchmark, an error, Ctrl-C or a kill, ends them too.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket

import psutil

from bot.conversation.brain import die_with_parent
from tests.bench.client import HOST

ROOT = Path(__file__).parents[2]
LONGEST_START = 300.0  # seconds; ours may train first
LONGEST_STOP = 15.0
TAIL = 1500  # characters of a log that are shown when its program fails


class WillNotStart(Exception):
    """A program that ended, or did not become ready in time; the message shows its log's end."""


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """This process's environment without any setting of ours, and with the given ones."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    quiet = {"PYTHONWARNINGS": "ignore", "RASA_TELEMETRY_ENABLED": "false"}
    return {**inherited, **quiet, "CUDA_VISIBLE_DEVICES": "", **settings}


class Program:
    """One running program: its process with all that it starts, and its port."""

    def __init__(self, name: str, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.name = name
        self.port = port
        self._process = process
        self._log = log

    def wait_until_ready(self, path: str) -> float:
        """Ask until it answers 200; returns the seconds that took. Raises WillNotStart."""
        started = time.perf_counter()
        while time.perf_counter() - started < LONGEST_START:
            if self._process.poll() is not None:
                raise WillNotStart(f"{self.name} ended ({self._process.returncode}): {self._end()}")
            if _answers(self.port, path):
                return time.perf_counter() - started
            time.sleep(0.05)
        raise WillNotStart(f"{self.name} was not ready in {LONGEST_START:.0f} s: {self._end()}")

    def memory(self) -> dict[str, float]:
        """Resident megabytes by role; a brain is a child that our program started."""
        root = psutil.Process(self._process.pid)
        measured = {self.name: root.memory_info().rss / 1e6}
        brains = [child for child in root.children(recursive=True) if "brain" in child.cmdline()]
        for number, child in enumerate(brains, 1):
            measured[f"brain {number}"] = child.memory_info().rss / 1e6
        return measured

    def cpu_seconds(self) -> float:
        """Processor time of the process and its children until now.

        Unlike the clock it does not count the time that others on the machine took.
        """
        root = psutil.Process(self._process.pid)
        times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
        return sum(time.user + time.system for time in times)

    def stop(self) -> None:
        """End the process and everything in its group."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LONGEST_STOP)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _end(self) -> str:
        return self._log.read_text(errors="replace")[-TAIL:]


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def running(
    name: str, port: int, arguments: Sequence[str], env: Mapping[str, str], folder: Path
) -> Iterator[Program]:
    """Run ``python ARGUMENTS`` in a process group of its own, its output in a log in ``folder``."""
    log = folder / f"{name.replace(' ', '-')}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=dict(env),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # a kill of the benchmark reaches it too
        )
    program = Program(name, port, process, log)
    try:
        yield program
    finally:
        program.stop()


@contextmanager
def ours(data_folder: Path, **settings: str) -> Iterator[Program]:
    """Run this program on a data folder, ready to take turns; its model is trained if need be."""
    port = free_port()
    env = environment(
        BOT_DATA=str(data_folder), BOT_PORT=str(port), BOT_LOG_LEVEL="warning", **settings
    )
    with running("gateway", port, ("-m", "bot", "serve"), env, data_folder) as program:
        program.wait_until_ready("/readyz")
        yield program


@contextmanager
def echo(folder: Path) -> Iterator[Program]:
    """Run the server that does nothing."""
    port = free_port()
    with running(
        "echo", port, ("-m", "tests.bench.echo", str(port)), environment(), folder
    ) as program:
        program.wait_until_ready("/")
        yield program
