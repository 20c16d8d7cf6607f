"""The client of the benchmark: one process, raw asyncio sockets kept alive, nothing parsed twice.

It is the same for every program that is measured, and talks to this machine only.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from tests.bench.script import conversation

HOST = "127.0.0.1"
WEBHOOK = "/webhooks/rest/webhook"
LONGEST_WAIT = 30.0  # seconds for one answer
MOST_TURNS = 50_000  # in one round, whatever its time


class Broken(Exception):
    """A turn that failed; the message is the reason, short enough to be counted by."""


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time; answers need a Content-Length."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        try:
            _, connection = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        except OSError as error:
            raise Broken(f"no connection: {error.strerror or error}") from None
        return connection

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send one request and wait for status and body; raises Broken."""
        self._answer = asyncio.get_running_loop().create_future()
        self._received.clear()
        if self._transport is None:
            raise Broken("connection lost")
        self._transport.write(
            b"POST %b HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (path.encode(), HOST.encode(), len(body), body)
        )
        try:
            return await asyncio.wait_for(self._answer, LONGEST_WAIT)
        except TimeoutError:
            raise Broken(f"no answer in {LONGEST_WAIT:.0f} s") from None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none by name

    def data_received(self, data: bytes) -> None:
        self._received += data
        answer = read_answer(self._received)
        if answer and self._answer and not self._answer.done():
            self._answer.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(Broken("connection lost"))


def read_answer(received: bytes | bytearray) -> tuple[int, bytes] | None:
    """Status and body of an HTTP/1.1 answer, or None while it is not complete."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    status_line, *headers = bytes(received[:end]).split(b"\r\n")
    lengths = [line[15:] for line in headers if line[:15].lower() == b"content-length:"]
    body = bytes(received[end + 4 :])
    if not lengths or len(body) < int(lengths[0]):
        return None
    return int(status_line.split(b" ")[1]), body[: int(lengths[0])]


@dataclass
class Round:
    """What one round of driving a program brought."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0  # of the program that answered
    latencies: list[float] = field(default_factory=list)  # ms, of the turns that were answered
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def throughput(self) -> float:
        """Answered turns per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


async def drive(port: int, conversations: int, seconds: float, name: str) -> Round:
    """Keep so many conversations going for so long; each waits for its answer before it goes on.

    ``name`` makes the senders unique. A turn that is under way when the time is up is waited for.
    """
    result = Round()
    started = time.perf_counter()
    deadline = started + seconds
    await asyncio.gather(
        *(_talk(port, _messages(f"{name}-{n}", n), deadline, result) for n in range(conversations))
    )
    result.seconds = time.perf_counter() - started
    return result


async def _talk(port: int, messages: Iterator[bytes], deadline: float, result: Round) -> None:
    connection = None
    for message in messages:
        done = len(result.latencies) + result.failures.total()
        if time.perf_counter() >= deadline or done >= MOST_TURNS:
            break
        try:
            connection = connection or await Connection.open(port)
            result.latencies.append(await _turn(connection, message))
        except Broken as reason:
            result.failures[str(reason)] += 1
            if connection:
                connection.close()
            connection = None
            await asyncio.sleep(0.05)  # a program that is down is not hammered
    if connection:
        connection.close()


def _messages(sender: str, number: int) -> Iterator[bytes]:
    """One conversation after the other, each of a new sender, without end."""
    while True:
        whole = f"{sender}-{number}"
        for text in conversation(number):
            yield json.dumps({"sender": whole, "message": text}, ensure_ascii=False).encode()
        number += 1


async def _turn(connection: Connection, message: bytes) -> float:
    """Take one turn; returns its milliseconds. Raises Broken for anything but an answer."""
    started = time.perf_counter()
    status, body = await connection.post(WEBHOOK, message)
    took = (time.perf_counter() - started) * 1000
    if status != 200:
        raise Broken(f"status {status}")
    if not says_something(body):
        raise Broken("empty answer")
    return took


def says_something(body: bytes) -> bool:
    """Tell whether a 200 carries words: an empty list is a failure that looks like success."""
    try:
        replies = json.loads(body)
    except ValueError:
        return False
    return isinstance(replies, list) and any(reply.get("text") for reply in replies)
