"""The real program as its operator runs it: `python -m bot serve` in a folder of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import psutil

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """A gateway with its brains, started and stopped as often as a test likes."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {"BOT_DATA": str(data), "BOT_PORT": str(self.port)} | settings
        self._process: subprocess.Popen[bytes] | None = None
        self.log = data / "program.log"

    def command(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run another command of the program on the same data; ``typed``: what it reads."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=os.environ | self._settings,
            input=typed,
            capture_output=True,
            text=True,
            check=True,
        )

    async def start(self, seconds: float = 240) -> float:
        """Start and wait until it is ready; returns how long that took."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "bot", "serve"],
                cwd=ROOT,
                env=os.environ | self._settings,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with aiohttp.ClientSession() as client:
            while time.monotonic() - began < seconds:
                assert self._process.poll() is None, self.log.read_text()[-2000:]
                try:
                    async with client.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return time.monotonic() - began
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.2)
        raise AssertionError(self.log.read_text()[-2000:])

    def processes(self) -> list[psutil.Process]:
        """The gateway and its brains."""
        assert self._process is not None
        gateway = psutil.Process(self._process.pid)
        return [gateway, *gateway.children()]

    def brains(self) -> list[psutil.Process]:
        return self.processes()[1:]

    def kill_a_brain(self) -> None:
        for brain in self.brains()[:1]:
            brain.kill()

    def kill(self) -> None:
        """kill -9 of everything at once, as when the machine loses power."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> None:
        """Stop it as an operator does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(20)
