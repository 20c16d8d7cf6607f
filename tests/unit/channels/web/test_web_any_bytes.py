"""No bytes from outside cause a 500 or a stack trace on the public routes of the chat."""

import asyncio
import json
from contextlib import suppress
from urllib.parse import quote_from_bytes

import pytest
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.web import WebChat, add_web_chat
from bot.channels.web.cookie import new_visitor
from tests.fakes.road import FakeRoad
from tests.fakes.uploads import FakeUploads

SECRET = new_visitor().secret

paths = st.sampled_from(
    [
        "/",
        "/quyen-rieng-tu",
        "/chat/form",
        "/chat/new",
        "/chat/messages",
        "/chat/history",
        "/chat/stream",
        "/chat/uploads",
        "/chat/uploads/0123456789abcdef0123456789abcdef",
        "/chat/assets/chat.css",
        "/chat/",
        "/chat/nowhere",
    ]
)
methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
types = st.sampled_from(
    [
        "application/json",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=a",
        "x",
        "",
    ]
)
cookies = st.sampled_from([f"danhoi={SECRET}", "danhoi=x", 'danhoi="', "", "=;=;\t"])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
message_bodies = st.fixed_dictionaries(
    {},
    optional={
        "id": st.uuids().map(str) | json_values,
        "text": st.text() | json_values,
        "payload": st.text() | json_values,
        "conversation": st.just("") | json_values,
    },
).map(lambda body: json.dumps(body).encode())
form_bodies = st.lists(
    st.tuples(st.sampled_from(["id", "text", "choice"]), st.binary() | message_bodies)
).map(lambda pairs: "&".join(f"{k}={quote_from_bytes(v)}" for k, v in pairs).encode())
multipart_bodies = st.lists(
    st.tuples(st.sampled_from(["id", "text", "choice", "file", "attachment"]), st.binary())
).map(
    lambda parts: (
        b"".join(
            b'--a\r\nContent-Disposition: form-data; name="%s"; filename="x"\r\n\r\n%s\r\n'
            % (name.encode(), value)
            for name, value in parts
        )
        + b"--a--\r\n"
    )
)
bodies = st.binary() | message_bodies | form_bodies | multipart_bodies
queries = st.lists(
    st.tuples(st.sampled_from(["after", "before", "limit", "x"]), st.binary(max_size=24))
).map(lambda pairs: "&".join(f"{k}={quote_from_bytes(v)}" for k, v in pairs))
header_values = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40)


@pytest.fixture(scope="module")
def server():
    """A server on a loop of its own, so that every example meets the same one."""
    with asyncio.Runner() as runner:
        road = FakeRoad()
        client = runner.run(a_client(road))
        yield runner, client
        runner.run(road.settled())
        runner.run(client.close())


async def a_client(road):
    app = web.Application()
    add_web_chat(app, WebChat(road, road, FakeUploads(), burst=10**9))
    client = TestClient(TestServer(app), cookie_jar=DummyCookieJar())
    await client.start_server()
    return client


def fine(status: int, head: bytes, body: bytes) -> None:
    assert status < 500, body[:500]
    assert b"Traceback" not in body
    assert b'File "' not in body
    if status >= 400 and b"json" in head:
        assert set(json.loads(body or b'{"error": 1, "reason": 1}')) == {"error", "reason"}


@settings(deadline=None, max_examples=300)
@given(methods, paths, queries, types, cookies, header_values, bodies)
def test_any_request_is_answered_without_a_stack_trace(
    server, method, path, query, kind, cookie, value, body
):
    runner, client = server
    headers = {"Cookie": cookie, "Last-Event-ID": value}
    if kind:
        headers["Content-Type"] = kind
    request = client.request(
        method, f"{path}?{query}", data=body, headers=headers, allow_redirects=False
    )
    status, content_type, said = runner.run(whole(request))
    fine(status, content_type.encode(), said)
    if status >= 400 and path.startswith("/chat/") and path != "/chat/form":
        assert content_type == "application/json"


async def whole(request):
    """Read an answer; of a stream, the beginning."""
    async with request as answer:
        if answer.content_type == "text/event-stream":
            return answer.status, answer.content_type, await answer.content.readany()
        return answer.status, answer.content_type, await answer.read()


requests = st.binary() | st.builds(
    lambda method, path, header, body: (
        b"%s %s HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n%s"
        % (method.encode("utf-8", "replace"), path, header, body)
    ),
    methods | st.text(max_size=8),
    paths.map(str.encode) | st.binary(),
    st.binary() | st.sampled_from([b"Content-Length: 3", b"Transfer-Encoding: chunked"]),
    bodies,
)


@settings(deadline=None, max_examples=200)
@given(requests)
def test_any_bytes_on_the_wire_are_answered_without_a_stack_trace(server, sent):
    runner, client = server
    said = runner.run(exchange(client.port, sent))
    head, _, body = said.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 400
    fine(status, b"", body)


async def exchange(port, sent):
    """Send bytes, say that no more come, and read a little of what is said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        await writer.drain()
        writer.write_eof()
        return await asyncio.wait_for(reader.read(4096), 0.2)
    except (TimeoutError, ConnectionError):
        return b""
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
