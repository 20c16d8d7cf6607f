"""What the page's routes let in, and the headers under which they answer.

`Refused` is the one way to say no: the middleware turns it, and every HTTP error of aiohttp under
the chat's routes, into `{"error": code, "reason": English sentence}`.
"""

import re
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.base import StorageDown

CHAT = "/chat/"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": under it browsers send "Origin: null" with a form, which we refuse.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Refused(Exception):
    """The request is not served; carries what the caller is told."""

    def __init__(
        self, status: int, error: str, reason: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.reason = reason
        self.retry_after = retry_after

    def response(self) -> web.Response:
        """Answer in JSON."""
        answer = web.json_response({"error": self.error, "reason": self.reason}, status=self.status)
        if self.retry_after is not None:
            answer.headers["Retry-After"] = str(max(1, round(self.retry_after)))
        return answer


def storage_down() -> Refused:
    """Say that nothing was stored and that trying again helps."""
    return Refused(503, "storage_down", "nothing was stored; try again", retry_after=2)


@web.middleware
async def json_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every refusal under /chat/ in JSON; other paths pass untouched."""
    if not request.path.startswith(CHAT):
        return await handler(request)
    try:
        return await handler(request)
    except Refused as refused:
        return refused.response()
    except StorageDown:
        return storage_down().response()
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _as_json(error)


def _as_json(error: web.HTTPException) -> web.Response:
    words = error.reason.lower()
    answer = Refused(error.status, words.replace(" ", "_"), words).response()
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer


def refuse_other_sites(request: web.Request, origin: str) -> None:
    """Refuse a post that another site's page makes a browser send.

    `origin`: our public origin; empty when the Host header says it. A caller without either header
    is not a browser of these years; the cookie's SameSite still holds strangers off.
    Raises Refused.
    """
    sent = request.headers.get("Origin")
    if sent is None:
        foreign = request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    elif origin:
        foreign = sent != origin
    else:
        foreign = _host_of(sent) != request.host.lower()
    if foreign:
        raise Refused(403, "cross_site", "posts from other sites are refused")


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


async def read_body(request: web.Request, at_most: int) -> bytes:
    """Read the body, `at_most` bytes of it. Raises Refused (413) when there is more."""
    too_large = Refused(413, "too_large", f"at most {at_most} bytes are taken")
    if (request.content_length or 0) > at_most:
        raise too_large
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > at_most:
            raise too_large
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


def secured(headers: Any, *, https: bool) -> None:
    """Add the security headers to a response's headers."""
    headers.update(HEADERS)
    headers.setdefault("Cache-Control", "no-store")
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
