"""Makes what a citizen sends fit to be kept: pictures re-encoded, PDF as it is, nothing else.

What a file is, its first bytes say, never its name. Decoders of pictures are where hostile files
strike, so none runs in this process: each picture is decoded by a process of its own
(``picture_worker``), with little memory and time, no secrets in its environment, and a short life.
"""

import asyncio
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import msgspec

from bot.feedback.errors import BadFile, Unfit
from bot.feedback.evidence import Cleaned
from bot.feedback.models import Media

MOST_BYTES = 12 << 20  # of one file as it comes
AT_ONCE = 2  # pictures decoded side by side
PATIENCE = 20.0  # seconds for one picture

_WORKER = Path(__file__).with_name("picture_worker.py")
_LENGTHS = struct.Struct("!II")
_MOST_OUTPUT = 16 << 20  # bytes; more than any picture of the worker's size has
_PROBLEMS = {3: Unfit.DAMAGED, 4: Unfit.PIXELS}  # exit codes of the worker
_JPEG = b"\xff\xd8\xff"
# ISO base media files that hold a still picture: HEIC of telephones, and AVIF.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})


class Cleaner:
    """Cleans files, a few at a time."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._patience = patience

    async def clean(self, body: bytes) -> Cleaned:
        """Return the file as it may be kept; raises BadFile."""
        if kind_of(body) is Media.PDF:
            return Cleaned(Media.PDF, body)
        async with self._turn:
            return await self._re_encode(body)

    async def _re_encode(self, body: bytes) -> Cleaned:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_WORKER)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,  # it quotes what it read
            env={},
            cwd="/",
        )
        try:
            async with asyncio.timeout(self._patience):
                output, _ = await asyncio.gather(_read(worker), _feed(worker, body))
                status = await worker.wait()
        except TimeoutError:
            raise BadFile(Unfit.SLOW) from None
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
        if status > 0 or not output:  # below zero: killed, by its own limits or by us
            raise BadFile(_PROBLEMS.get(status, Unfit.SLOW))
        return _split(output)


def kind_of(body: bytes) -> Media:
    """Tell as what a file may be kept, by its first bytes; raises BadFile."""
    if not body:
        raise BadFile(Unfit.EMPTY)
    if len(body) > MOST_BYTES:
        raise BadFile(Unfit.TOO_LARGE)
    if body.startswith((_JPEG, b"\x89PNG\r\n\x1a\n")):
        return Media.JPEG
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return Media.JPEG
    if body.startswith(b"%PDF-"):
        return Media.PDF
    heif = body[4:8] == b"ftyp" and body[8:12] in _HEIF_BRANDS
    raise BadFile(Unfit.HEIC if heif else Unfit.KIND)


async def _feed(worker: Process, body: bytes) -> None:
    assert worker.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        worker.stdin.write(body)
        await worker.stdin.drain()
        worker.stdin.close()
    except ConnectionError:
        return  # it gave up before it had read all: its exit code says why


async def _read(worker: Process) -> bytes:
    """Read what the worker writes, so much and no more: what decodes may have been taken over."""
    assert worker.stdout is not None  # noqa: S101 - a pipe was asked for
    output = bytearray()
    while piece := await worker.stdout.read(1 << 16):
        output += piece
        if len(output) > _MOST_OUTPUT:
            raise BadFile(Unfit.SLOW)
    return bytes(output)


def _split(output: bytes) -> Cleaned:
    """Take the worker's output apart; raises BadFile when it is not as it should be.

    Without the marks, which come last, it is whole: then the worker broke while it read them.
    """
    start = _LENGTHS.size
    if len(output) >= start:
        length, small = _LENGTHS.unpack_from(output)
        picture, rest = output[start : start + length], output[start + length :]
        thumbnail, marks = rest[:small], rest[small:]
        if picture.startswith(_JPEG) and thumbnail.startswith(_JPEG) and len(thumbnail) == small:
            return Cleaned(Media.JPEG, picture, thumbnail, _read_marks(marks))
    raise BadFile(Unfit.SLOW)


def _read_marks(written: bytes) -> tuple[str, ...]:
    try:
        return msgspec.json.decode(written, type=tuple[str, ...])
    except msgspec.MsgspecError:
        return ()
