"""The composer's form as a browser without script sends it: fields, and files piece by piece."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

from aiohttp import BodyPartReader, ClientPayloadError, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.web.site import MESSAGE_BYTES, MOST_ATTACHMENTS, not_taken
from bot.doors.http import Refused
from bot.feedback.errors import Unfit
from bot.feedback.pictures import MOST_BYTES

FILE = "file"  # name of the field
MOST_PARTS = 30

Part = tuple[str, str | bytes]
Room = Callable[[], AbstractContextManager[None]]

# What aiohttp raises while it reads a body that is not what its headers say.
_NO_SUCH_FORM = (
    ValueError,
    AssertionError,
    RuntimeError,
    HttpProcessingError,
    ClientPayloadError,
    web.RequestPayloadError,
)


async def read_parts(request: web.Request, room: Room) -> AsyncIterator[Part]:
    """Yield each field as text and each chosen file as bytes, by name, in the form's order.

    One file is held at a time, and never more of it than is taken; `room` is held meanwhile.
    Raises Refused.
    """
    try:
        async for part in _parts(await request.multipart(), room):
            yield part
    except _NO_SUCH_FORM:
        raise Refused(400, "wrong_shape", "the body is not a form") from None


async def _parts(reader: MultipartReader, room: Room) -> AsyncIterator[Part]:
    files = 0
    for _ in range(MOST_PARTS):
        part = await reader.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise Refused(400, "wrong_shape", "the form holds another form")
        if part.name != FILE:
            yield part.name, (await _read(part, MESSAGE_BYTES)).decode("utf-8", "replace")
            continue
        if not part.filename:
            continue  # nothing was chosen
        files += 1
        if files > MOST_ATTACHMENTS:
            raise Refused(422, "file_count", "too many files for one message")
        with room():
            yield FILE, await _read(part, MOST_BYTES)
    raise Refused(400, "wrong_shape", "the form has too many fields")


async def _read(part: BodyPartReader, at_most: int) -> bytes:
    value = bytearray()
    while piece := await part.read_chunk(1 << 16):
        value += piece
        if len(value) > at_most:
            is_file = part.name == FILE
            raise (
                not_taken(Unfit.TOO_LARGE)
                if is_file
                else Refused(413, "too_large", f"at most {at_most} bytes are taken")
            )
    return bytes(value)
