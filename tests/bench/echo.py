"""A server that does nothing: what the client reaches with it, it could reach with any program.

``python -m tests.bench.echo PORT``
"""

import asyncio
import sys
from typing import cast

import uvloop

_BODY = b'[{"recipient_id":"x","text":"' + b"x" * 600 + b'"}]'  # as long as a usual answer
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none by name

    def data_received(self, data: bytes) -> None:
        self._transport.write(_ANSWER)  # the client's requests fit one packet of loopback


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
