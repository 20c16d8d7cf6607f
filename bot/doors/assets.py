"""The files of a page: read once when the application is built, served from memory."""

import hashlib
from pathlib import Path

from aiohttp import web
from msgspec import Struct

SHARED = Path(__file__).parent / "static"
PALETTE = "palette.css"  # every stylesheet begins with the colours of the house

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Asset(Struct, frozen=True):
    """One file of a page."""

    name: str
    body: bytes
    url: str  # a changed file has another one

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


def load_assets(folder: Path, at: str) -> dict[str, Asset]:
    """Read the files of a folder and those that all pages share, by name.

    ``at``: the path below which they are served, with its slash.
    """
    files = [*SHARED.iterdir(), *folder.iterdir()]
    read = {file.name: file.read_bytes() for file in files if file.suffix in _TYPES}
    palette = read.pop(PALETTE)
    return {name: _asset(name, body, palette, at) for name, body in read.items()}


def _asset(name: str, body: bytes, palette: bytes, at: str) -> Asset:
    body = palette + body if name.endswith(".css") else body
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(name, body, f"{at}{name}?v={digest}")
