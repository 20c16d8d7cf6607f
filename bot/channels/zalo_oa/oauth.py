"""Getting tokens from Zalo: the first pair for an admin's code, each further one for the last.

A refresh token works once. The tokens travel in bodies and never appear in an address, an error or
a log.
"""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

import aiohttp
import msgspec
from msgspec import Struct

TIMEOUT = 20.0  # seconds for the whole call; well below tokens.LEASE
_LARGEST_ANSWER = 64 * 1024  # bytes


class Pair(Struct, frozen=True):
    """What Zalo grants: a token to speak with, and one to get the next pair with."""

    access: str
    refresh: str
    seconds: int  # that the access token lives

    def __repr__(self) -> str:
        """Show nothing: both are secrets."""
        return "Pair(…)"


class GrantRefused(Exception):
    """Zalo gives no tokens for what was shown; asking again the same way is of no use."""


class Unanswered(Exception):
    """No answer that could be read; whether Zalo has used up what was shown, nobody knows."""


class _Answer(Struct):
    access_token: str = ""
    refresh_token: str = ""
    expires_in: str | int = ""
    error: int = 0


class OAuth:
    """Asks Zalo for tokens as one app."""

    def __init__(
        self, http: aiohttp.ClientSession, origin: str, app_id: str, app_secret: str
    ) -> None:
        """``origin``: Zalo's https://oauth.zaloapp.com; ``app_secret``: the app's, not the OA's."""
        self._http = http
        self._origin = origin
        self._app_id = app_id
        self._secret = app_secret

    def consent_page(self, redirect_uri: str, challenge: str, state: str) -> str:
        """Return the address at which an admin of the OA agrees."""
        query = {
            "app_id": self._app_id,
            "redirect_uri": redirect_uri,
            "code_challenge": challenge,
            "state": state,
        }
        return f"{self._origin}/v4/oa/permission?{urlencode(query)}"

    async def first(self, code: str, verifier: str) -> Pair:
        """Exchange the code of the consent page. Raises GrantRefused or Unanswered."""
        return await self._ask(
            {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        )

    async def next(self, refresh_token: str) -> Pair:
        """Exchange a refresh token, which is dead afterwards. Raises GrantRefused, Unanswered."""
        return await self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def _ask(self, form: dict[str, str]) -> Pair:
        try:
            async with self._http.post(
                f"{self._origin}/v4/oa/access_token",
                data={"app_id": self._app_id, **form},
                headers={"secret_key": self._secret},
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
                allow_redirects=False,
            ) as response:
                status = response.status
                body = await response.content.read(_LARGEST_ANSWER)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unanswered(type(error).__name__) from None
        try:
            answer = msgspec.json.decode(body, type=_Answer)
            seconds = int(answer.expires_in or 0)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
            raise Unanswered(f"an answer that cannot be read (HTTP {status})") from None
        if answer.access_token and answer.refresh_token and seconds > 0:
            return Pair(answer.access_token, answer.refresh_token, seconds)
        if answer.error or status in (400, 401, 403):
            raise GrantRefused(f"Zalo refuses with {answer.error or status}")
        raise Unanswered(f"an answer without tokens (HTTP {status})")


def new_verifier() -> str:
    """Make a PKCE code verifier, 43 characters."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """Return the S256 code challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
