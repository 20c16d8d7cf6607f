"""What the page's routes let in from a browser, and the headers under which they answer."""

from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.doors.http import Refused

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


def secured(headers: Any, *, https: bool) -> None:
    """Add the security headers to a response's headers; those it has already may be stricter."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
