"""Where a platform keeps what people sent, on loopback."""

from aiohttp import web


class FakeHosting:
    """Gives files by name: bytes, or the statuses with which it fails first, and then bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.failures: dict[str, list[int]] = {}
        self.asked_for: list[str] = []

    async def give(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked_for.append(name)
        if failures := self.failures.get(name):
            return web.Response(status=failures.pop(0))
        if name not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[name], content_type="application/octet-stream")


def hung_up(request: web.Request) -> web.Response:
    """Break the connection off instead of answering."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()
