"""What every door over HTTP has in common: bodies read with a limit, refusals said in JSON.

`Refused` is the one way to say no: the middleware turns it, and every HTTP error of aiohttp, into
`{"error": code, "reason": English sentence}`.
"""

import logging
import re
import traceback
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec
from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler

from bot.conversation.contracts import StorageDown

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The request is not served; carries what the caller is told."""

    def __init__(
        self,
        status: int,
        error: str,
        reason: str,
        *,
        retry_after: float | None = None,
        allow: str = "",
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.reason = reason
        self.headers: dict[str, str] = {"Allow": allow} if allow else {}
        if retry_after is not None:
            self.headers["Retry-After"] = str(max(1, round(retry_after)))

    def response(self) -> web.Response:
        """Answer in JSON."""
        return web.json_response(
            {"error": self.error, "reason": self.reason}, status=self.status, headers=self.headers
        )


def storage_down() -> Refused:
    """Say that nothing was stored and that trying again helps."""
    return Refused(503, "storage_down", "nothing was stored; try again", retry_after=2)


def answer_in_json(app: web.Application) -> None:
    """Make an application say every refusal in JSON; once is enough."""
    if json_errors not in app.middlewares:
        app.middlewares.append(json_errors)


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every refusal in JSON, and an error of ours without telling anything of it."""
    try:
        return await handler(request)
    except Exception as error:
        return refusal(request, error).response()


def refusal(request: web.Request, error: Exception) -> Refused:
    """Return what to tell of an error; one of ours is logged. Raises redirects again."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, StorageDown):
        return storage_down()
    if isinstance(error, web.HTTPException):
        if error.status < 400:
            raise error
        words = error.reason.lower()
        allow = error.headers.get("Allow", "")
        return Refused(error.status, words.replace(" ", "_"), words, allow=allow)
    # Its place is logged and its message is not: that may quote a citizen.
    places = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s failed: %s\n%s", request.path, type(error).__name__, places)
    return Refused(500, "internal", "an error of ours; it is logged")


async def read_body(request: web.Request, at_most: int) -> bytes:
    """Read the body, `at_most` bytes of it.

    Raises Refused: 413 when there is more, 400 when it is not packed as its header says.
    """
    too_large = Refused(413, "too_large", f"at most {at_most} bytes are taken")
    if (request.content_length or 0) > at_most:
        raise too_large
    body = bytearray()
    try:
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > at_most:
                raise too_large
    except (HttpProcessingError, ClientPayloadError, web.RequestPayloadError):
        raise Refused(400, "bad_body", "the body cannot be read as its headers say") from None
    return bytes(body)


T = TypeVar("T")


def read_json(body: bytes, shape: type[T]) -> T:
    """Decode a JSON body into `shape`. Raises Refused (400) with what is wrong."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise Refused(400, "wrong_shape", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(400, "not_json", "the body is not valid JSON in UTF-8") from None
    except RecursionError:
        raise Refused(400, "not_json", "the body is nested too deeply") from None


def read_form(body: bytes) -> dict[str, str]:
    """Decode a form's fields, the first of each name. Raises Refused (400)."""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=10, errors="replace")
    except ValueError:
        raise Refused(400, "wrong_shape", "the body is not a form") from None
    return {name: values[0] for name, values in fields.items()}


_NUMBER = re.compile(r"[0-9]{1,18}")  # fits the databases' 64 bits


def read_number(value: str | None, name: str) -> int | None:
    """Read an id from a query or a header; None when absent or empty. Raises Refused (400)."""
    if not value:
        return None
    if not _NUMBER.fullmatch(value):
        raise Refused(400, "wrong_number", f"{name} must be a whole number")
    return int(value)
