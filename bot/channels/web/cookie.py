"""The cookie by which a browser keeps its conversation.

The cookie holds a secret of 256 bits; the conversation's address is its digest. Whoever reads
addresses (a table, a log) can therefore not open the conversation.
"""

import hashlib
import re
import secrets

from aiohttp import web
from msgspec import Struct

NAME = "danhoi"
MAX_AGE = 400 * 24 * 3600  # seconds; the longest that browsers keep a cookie

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class Visitor(Struct, frozen=True):
    """A browser and its conversation."""

    secret: str

    @property
    def address(self) -> str:
        """Where replies for this browser go: the `sender` of its messages."""
        return hashlib.sha256(self.secret.encode()).hexdigest()[:32]

    @property
    def conversation(self) -> str:
        """A word by which two tabs notice that they show different conversations."""
        return self.address[:8]


def visitor_of(request: web.Request) -> Visitor | None:
    """Return the browser's conversation; None when it has none yet."""
    secret = request.cookies.get(NAME, "")
    return Visitor(secret) if _SECRET.fullmatch(secret) else None


def new_visitor() -> Visitor:
    """Begin a conversation."""
    return Visitor(secrets.token_urlsafe(32))


def remember(visitor: Visitor, response: web.StreamResponse, *, https: bool) -> None:
    """Have the browser keep the conversation, from now on for the longest time."""
    response.set_cookie(
        NAME, visitor.secret, max_age=MAX_AGE, path="/", httponly=True, samesite="Lax", secure=https
    )
