"""The page's own files: read once when the application is built, served from memory."""

import hashlib
from pathlib import Path

from aiohttp import web
from msgspec import Struct

HERE = Path(__file__).parent

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Asset(Struct, frozen=True):
    """One file of the page."""

    name: str
    body: bytes
    digest: str

    @property
    def url(self) -> str:
        """Its address; a changed file has another one."""
        return f"/chat/assets/{self.name}?v={self.digest}"

    def response(self) -> web.Response:
        """Serve the file, to be kept by the browser for good."""
        answer = web.Response(
            body=self.body,
            content_type=_TYPES[Path(self.name).suffix],
            charset="utf-8",
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )
        answer.enable_compression()
        return answer


def load_assets() -> dict[str, Asset]:
    """Read the files beside this module, by name."""
    files = sorted((HERE / "static").iterdir())
    return {file.name: _asset(file) for file in files if file.suffix in _TYPES}


def _asset(file: Path) -> Asset:
    body = file.read_bytes()
    return Asset(file.name, body, hashlib.sha256(body).hexdigest()[:12])
