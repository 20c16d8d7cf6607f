"""Whatever comes from outside: no public route of the composed program answers with a 500.

The routes are read from the application as bot.app.doors puts it together, so a new door is
held to this from its first day.
"""

import asyncio
import gzip
import json
import re
from contextlib import suppress
from types import SimpleNamespace
from urllib.parse import quote_from_bytes

import pytest
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.doors import build_web
from bot.app.store import open_store
from bot.channels.web.cookie import new_visitor
from bot.conversation.brains import BrainsDown
from bot.conversation.contracts import Incoming, Reply, StorageDown
from bot.settings import Settings
from bot.storage.upgrade import upgrade
from tests.fakes.road import FakeRoad

TOKEN = "mo-cua-ra"
SECRET = new_visitor().secret
STREAMS = {"text/event-stream"}


class WholeRoad(FakeRoad):
    """The fake road with the brains' side that REST and operators look at; `dead`: no brain."""

    def __init__(self) -> None:
        super().__init__()
        self.dead = False
        self.inbox = self.journal = self
        self.brains = SimpleNamespace(
            parse=self.parse, pids=[1, 2], open_turns=0, turns_done=7, deaths=0, is_ready=True
        )
        self.outbox = SimpleNamespace(lanes={}, standings=tuple, ring=print)

    def connect(self, channels) -> None:
        """No channel is set up here."""

    def ring(self, conversation: str) -> None:
        """Nobody listens here."""

    async def ask(self, incoming: Incoming) -> list[Reply]:
        await self.put(incoming)
        return list(self.answer(incoming.text))

    async def parse(self, text: str) -> dict:
        if self.dead:
            raise BrainsDown("no brain is ready")
        if self.down:
            raise StorageDown
        return {"text": text}


class Outside:
    """The composed program on a loop of its own, so that every example meets the same one."""

    def __init__(self, runner: asyncio.Runner, data: str, token: str) -> None:
        self.road = WholeRoad()
        self._run = runner.run
        settings = Settings(data=data, token=token)
        upgrade(settings.database)
        self._store = open_store(settings)
        app = build_web(settings, self._run(self._store.__aenter__()), self.road)
        self.paths = sorted({route.resource.canonical for route in app.router.routes()})
        self._client = self._run(a_client(app))

    def sends(self, method: str, path: str, **request) -> tuple[int, str, bytes]:
        """Send one request; returns status, content type and the (beginning of the) answer."""
        return self._run(self._whole(method, path, **request))

    async def _whole(self, method: str, path: str, **request) -> tuple[int, str, bytes]:
        async with self._client.request(method, path, allow_redirects=False, **request) as answer:
            if answer.content_type in STREAMS:
                return answer.status, answer.content_type, await answer.content.readany()
            return answer.status, answer.content_type, await answer.read()

    def puts_on_the_wire(self, sent: bytes) -> bytes:
        return self._run(self._exchange(sent))

    async def _exchange(self, sent: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._client.port)
        try:
            writer.write(sent)
            await writer.drain()
            return await asyncio.wait_for(reader.read(4096), 0.3)
        except (TimeoutError, ConnectionError):
            return b""
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def close(self) -> None:
        self._run(self.road.settled())
        self._run(self._client.close())
        self._run(self._store.__aexit__(None, None, None))


async def a_client(app: web.Application) -> TestClient:
    client = TestClient(TestServer(app), cookie_jar=DummyCookieJar())
    await client.start_server()
    return client


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    """The program without a token and with one, by the name of the setting."""
    data = str(tmp_path_factory.mktemp("data"))
    with asyncio.Runner() as runner:
        doors = {token: Outside(runner, data, token) for token in ("", TOKEN)}
        yield doors
        for outside in doors.values():
            outside.close()


def fine(status: int, content_type: str, body: bytes) -> None:
    """Hold an answer to the promise: no error of ours, no trace, refusals of one shape."""
    assert status < 500, body[:500]
    assert b"Traceback" not in body
    assert b'File "' not in body
    if status >= 400 and content_type == "application/json" and body:
        refusal = json.loads(body)
        assert set(refusal) == {"error", "reason"}
        assert refusal["reason"]


methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
segments = st.binary(min_size=1, max_size=12).map(quote_from_bytes) | st.sampled_from(
    ["..", "%2e%2e", "%00"]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
FIELDS = ("sender", "message", "metadata", "text", "id", "payload", "conversation", "after")
json_bodies = st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40) | json_values)
rest_bodies = st.fixed_dictionaries(
    {"sender": st.text(max_size=12), "message": st.text(max_size=40)},
    optional={"metadata": json_values | st.fixed_dictionaries({"message_id": json_values})},
)
bodies = st.binary() | (json_bodies | rest_bodies | json_values).map(json.dumps).map(str.encode)
queries = st.lists(
    st.tuples(st.sampled_from(["after", "before", "limit", "x"]), st.binary(max_size=16))
).map(lambda pairs: "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs))
kinds = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "x/y", "x"]
)
visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)
headers = st.fixed_dictionaries(
    {"Content-Type": kinds},
    optional={
        "Authorization": visible | st.sampled_from([f"Bearer {TOKEN}", "Bearer mở-cửa"]),
        "Cookie": visible | st.sampled_from([f"danhoi={SECRET}", "danhoi=x", "=;"]),
        "X-Forwarded-For": visible,
        "Last-Event-ID": visible,
        "Origin": visible,
        "Range": st.sampled_from(["bytes=0-", "bytes=9-1", "bytes=-", "x"]),
        "If-Modified-Since": visible,
        "Expect": st.sampled_from(["100-continue", "x"]),
    },
)


def a_path(outside: Outside, data: st.DataObject) -> str:
    """Draw one of the program's routes with its places filled, or a path that it does not have."""
    if data.draw(st.integers(0, 9)) == 0:
        return "/" + "/".join(data.draw(st.lists(segments, max_size=3)))
    path = data.draw(st.sampled_from(outside.paths))
    return re.sub(r"\{[^}]+\}", lambda _: data.draw(segments), path)


def test_the_routes_are_those_of_the_contract(doors):
    assert {
        "/",
        "/webhooks/rest/webhook",
        "/model/parse",
        "/healthz",
        "/readyz",
        "/metrics",
    } <= set(doors[""].paths)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(["", TOKEN]), st.data(), methods, queries, headers, bodies)
def test_any_request_to_any_route_is_answered_without_an_error_of_ours(
    doors, token, data, method, query, headers, body
):
    outside = doors[token]
    path = a_path(outside, data)
    fine(*outside.sends(method, f"{path}?{query}", headers=headers, data=body))


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["/webhooks/rest/webhook", "/model/parse"]), bodies)
def test_any_body_of_rest_is_answered_in_json(doors, path, body):
    status, content_type, said = doors[""].sends("POST", path, data=body)
    fine(status, content_type, said)
    assert status in {200, 400}
    assert content_type == "application/json"
    json.loads(said)


def read_answer(said: bytes) -> tuple[int, bytes]:
    """Split an answer off the wire; what is not answered at all counts as refused."""
    head, _, rest = said.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 400, rest


@settings(deadline=None, max_examples=100)
@given(st.data(), methods.map(str.encode) | st.binary(max_size=8), st.binary(), bodies)
def test_any_bytes_on_the_wire_are_answered_without_an_error_of_ours(
    doors, data, method, header, body
):
    path = a_path(doors[""], data).encode()
    said = doors[""].puts_on_the_wire(
        b"%s %s HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n%s" % (method, path, header, body)
    )
    status, rest = read_answer(said)
    fine(status, "", rest)


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/model/parse", "/chat/messages"])
@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "x"])
def test_a_body_that_is_not_packed_as_it_says_is_refused(doors, packing, path):
    body = b'{"sender": "an", "message": "a", "text": "a"}'
    said = doors[""].puts_on_the_wire(
        f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        f"Content-Encoding: {packing}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    status, rest = read_answer(said)
    fine(status, "", rest)


def test_a_bomb_is_refused_for_what_it_holds(doors):
    packed = gzip.compress(b'{"sender": "an", "message": "' + b"x" * 20_000_000 + b'"}')
    status, _, _ = doors[""].sends(
        "POST", "/webhooks/rest/webhook", data=packed, headers={"Content-Encoding": "gzip"}
    )
    assert status == 413


@pytest.mark.parametrize(
    "path", ["/khong-co", "/webhooks", "/webhooks/rest", "/model", "/healthz/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_route_is_refused_in_json(doors, method, path):
    status, content_type, body = doors[""].sends(method, path)
    assert (status, content_type) == (404, "application/json")
    fine(status, content_type, body)


def test_a_program_that_lives_says_so_to_everybody(doors):
    passed_on = {"X-Forwarded-For": "203.0.113.7"}
    for path in ("/healthz", "/readyz"):
        assert doors[""].sends("GET", path, headers=passed_on)[0] == 200


def test_the_metrics_are_for_this_machine_or_who_shows_the_token(doors):
    status, _, body = doors[""].sends("GET", "/metrics")
    assert status == 200
    assert b"danhoi_turns_total 7.0" in body
    passed_on = {"X-Forwarded-For": "203.0.113.7"}
    assert doors[""].sends("GET", "/metrics", headers=passed_on)[0] == 403
    assert doors[TOKEN].sends("GET", "/metrics")[0] == 401
    shown = passed_on | {"Authorization": f"Bearer {TOKEN}"}
    assert doors[TOKEN].sends("GET", "/metrics", headers=shown)[0] == 200


@pytest.fixture
def trouble(doors):
    """The program whose storage or brains a test takes away."""
    outside = doors[""]
    yield outside
    outside.road.down = outside.road.dead = False


REST_CALLS = [
    ("/webhooks/rest/webhook", {"sender": "an", "message": "xin chào"}),
    ("/model/parse", {"text": "xin chào"}),
]


@pytest.mark.parametrize(("path", "body"), REST_CALLS)
def test_a_storage_that_is_down_is_a_503_with_a_reason(trouble, path, body):
    trouble.road.down = True
    status, content_type, said = trouble.sends("POST", path, json=body)
    assert (status, content_type) == (503, "application/json")
    assert json.loads(said)["error"] == "storage_down"


def test_while_no_brain_lives_a_text_cannot_be_parsed_and_that_is_a_503(trouble):
    trouble.road.dead = True
    status, content_type, said = trouble.sends("POST", "/model/parse", json={"text": "xin chào"})
    assert (status, content_type) == (503, "application/json")
    assert set(json.loads(said)) == {"error", "reason"}
