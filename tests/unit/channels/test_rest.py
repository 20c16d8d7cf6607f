"""The REST channel, in the shape of Rasa's, over real HTTP with a small true road behind it."""

import asyncio

import pytest
from aiohttp import web

from bot.channels import rest
from bot.channels.base import Button, Incoming, Reply, StorageDown
from bot.channels.rest import LARGEST_BODY, RestDoor, add_rest

WEBHOOK = "/webhooks/rest/webhook"
PARSE = "/model/parse"


class FakeDoor:
    """Somebody to ask and somebody to parse: remembers what was asked, and answers as told."""

    def __init__(self, *replies: Reply, down: bool = False, slow: bool = False) -> None:
        self.heard: list[Incoming] = []
        self.parsed: list[str] = []
        self._replies = replies or (Reply("chào bạn"),)
        self._down, self._slow = down, slow

    async def ask(self, incoming: Incoming) -> tuple[Reply, ...]:
        await self._trouble()
        self.heard.append(incoming)
        return self._replies

    async def parse(self, text: str) -> dict:
        await self._trouble()
        self.parsed.append(text)
        return {"text": text, "intent": {"name": "greet", "confidence": 0.5}}

    async def _trouble(self) -> None:
        if self._down:
            raise StorageDown
        if self._slow:
            await asyncio.sleep(60)


@pytest.fixture
def opened(aiohttp_client):
    """Return a maker of clients of a door."""

    async def open_door(door: FakeDoor, token: str = ""):
        app = web.Application()
        add_rest(app, RestDoor(door.ask, door.parse, token))
        return await aiohttp_client(app)

    return open_door


def a_body(**changes) -> dict:
    return {"sender": "an", "message": "xin chào"} | changes


async def refusal(answer) -> tuple[int, str]:
    """Read a refusal; it is JSON of one shape, whatever went wrong."""
    assert answer.content_type == "application/json"
    body = await answer.json()
    assert set(body) == {"error", "reason"}
    assert body["reason"]
    return answer.status, body["error"]


async def test_replies_have_the_shape_of_rasas(opened):
    door = FakeDoor(
        Reply("chọn", (Button("Lệ phí", "/ask_procedure{}"),), custom={"procedure_codes": ["1"]}),
        Reply(image="/hinh.png"),
    )
    client = await opened(door)
    answer = await client.post(WEBHOOK, json=a_body())
    assert answer.status == 200
    assert answer.content_type == "application/json"
    assert await answer.json() == [
        {
            "recipient_id": "an",
            "text": "chọn",
            "buttons": [{"title": "Lệ phí", "payload": "/ask_procedure{}"}],
            "custom": {"procedure_codes": ["1"]},
        },
        {"recipient_id": "an", "image": "/hinh.png"},
    ]


async def test_what_was_said_goes_on_the_road_whole(opened):
    door = FakeDoor()
    client = await opened(door)
    await client.post(WEBHOOK, json=a_body(message="  Lệ phí\nbao nhiêu? ", metadata={"a": [1]}))
    (heard,) = door.heard
    assert (heard.channel, heard.sender, heard.text) == ("rest", "an", "  Lệ phí\nbao nhiêu? ")
    assert not heard.push


async def test_a_message_with_an_id_is_the_same_message_when_sent_again(opened):
    door = FakeDoor()
    client = await opened(door)
    for sender, metadata in (
        ("an", {"message_id": "7"}),
        ("an", {"message_id": "7"}),
        ("an", {"message_id": "8"}),
        ("bình", {"message_id": "7"}),
    ):
        await client.post(WEBHOOK, json=a_body(sender=sender, metadata=metadata))
    first, again, other, of_another = (heard.update_id for heard in door.heard)
    assert first == again
    assert len({first, other, of_another}) == 3


@pytest.mark.parametrize("metadata", [None, {}, {"message_id": ""}, {"message_id": 7}])
async def test_without_an_id_each_message_is_a_new_one(opened, metadata):
    door = FakeDoor()
    client = await opened(door)
    for _ in range(2):
        assert (await client.post(WEBHOOK, json=a_body(metadata=metadata))).status == 200
    assert door.heard[0].update_id != door.heard[1].update_id


async def test_what_no_database_can_hold_is_left_out(opened):
    door = FakeDoor()
    client = await opened(door)
    answer = await client.post(WEBHOOK, json=a_body(sender="a\0n", message="xin\0 chào"))
    assert (await answer.json())[0]["recipient_id"] == "a\0n"
    assert (door.heard[0].sender, door.heard[0].text) == ("an", "xin chào")


async def test_a_text_is_parsed(opened):
    door = FakeDoor()
    client = await opened(door)
    answer = await client.post(PARSE, json={"text": "xin chào"})
    assert answer.status == 200
    assert (await answer.json())["intent"]["name"] == "greet"
    assert door.parsed == ["xin chào"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b'{"sender": "an", "metadata": {"a": ' + b"[" * 100_000, "not_json"),
        (b"[]", "wrong_shape"),
        (b"null", "wrong_shape"),
        (b'"xin chao"', "wrong_shape"),
        (b"{}", "wrong_shape"),
        (b'{"sender": "an"}', "wrong_shape"),
        (b'{"message": "xin chao"}', "wrong_shape"),
        (b'{"sender": "", "message": "xin chao"}', "wrong_shape"),
        (b'{"sender": 1, "message": "xin chao"}', "wrong_shape"),
        (b'{"sender": "an", "message": null}', "wrong_shape"),
        (b'{"sender": "an", "message": "a", "metadata": []}', "wrong_shape"),
        (b'{"sender": "%s", "message": "a"}' % (b"x" * 201), "wrong_shape"),
    ],
    ids=lambda value: str(value)[:24],
)
async def test_a_body_that_cannot_be_read_is_refused_with_what_is_wrong(opened, body, error):
    door = FakeDoor()
    client = await opened(door)
    assert await refusal(await client.post(WEBHOOK, data=body)) == (400, error)
    assert door.heard == []


@pytest.mark.parametrize("body", [b"", b"{}", b'{"text": 1}', b'{"text": null}', b"[]"])
async def test_a_text_to_parse_must_be_one(opened, body):
    client = await opened(FakeDoor())
    status, _ = await refusal(await client.post(PARSE, data=body))
    assert status == 400


@pytest.mark.parametrize("path", [WEBHOOK, PARSE])
async def test_too_much_is_refused_whether_or_not_its_length_is_told(opened, path):
    client = await opened(FakeDoor())
    told = b"x" * (LARGEST_BODY + 1)
    assert await refusal(await client.post(path, data=told)) == (413, "too_large")

    async def pieces():
        for _ in range(LARGEST_BODY // 65536 + 1):
            yield b"x" * 65536

    assert await refusal(await client.post(path, data=pieces())) == (413, "too_large")


async def test_a_message_of_a_hundred_kilobytes_is_taken(opened):
    door = FakeDoor()
    client = await opened(door)
    assert (await client.post(WEBHOOK, json=a_body(message="á" * 50_000))).status == 200
    assert len(door.heard[0].text) == 50_000


@pytest.mark.parametrize("path", [WEBHOOK, PARSE])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_another_method_is_refused_and_the_right_one_named(opened, method, path):
    client = await opened(FakeDoor())
    answer = await client.request(method, path)
    assert (await refusal(answer))[0] == 405
    assert answer.headers["Allow"] == "POST"


async def test_an_unknown_route_is_refused_in_json(opened):
    client = await opened(FakeDoor())
    assert await refusal(await client.get("/webhooks/rest")) == (404, "not_found")


async def test_a_storage_that_is_down_is_said_and_when_to_try_again(opened):
    client = await opened(FakeDoor(down=True))
    answer = await client.post(WEBHOOK, json=a_body())
    assert await refusal(answer) == (503, "storage_down")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(("path", "body"), [(WEBHOOK, a_body()), (PARSE, {"text": "a"})])
async def test_an_answer_that_takes_too_long_is_said_and_the_message_is_kept(
    opened, monkeypatch, path, body
):
    monkeypatch.setattr(rest, "LONGEST_WAIT", 0.05)
    client = await opened(FakeDoor(slow=True))
    answer = await client.post(path, json=body)
    assert await refusal(answer) == (504, "no_answer_yet")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", [WEBHOOK, PARSE])
@pytest.mark.parametrize("passed_on", ["X-Forwarded-For", "x-forwarded-for", "Forwarded", "Via"])
async def test_without_a_token_what_a_proxy_passed_on_is_refused(opened, path, passed_on):
    door = FakeDoor()
    client = await opened(door)
    answer = await client.post(path, json=a_body(text="a"), headers={passed_on: "127.0.0.1"})
    assert await refusal(answer) == (403, "forbidden")
    assert door.heard == door.parsed == []


@pytest.mark.parametrize("path", [WEBHOOK, PARSE])
@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", "Bearer ", "Bearer sai", "mở-cửa", "bearer mở-cửa", "Bearer mở-cửa "],
)
async def test_with_a_token_only_who_shows_it_is_let_in(opened, path, shown):
    door = FakeDoor()
    client = await opened(door, token="mở-cửa-ra")
    headers = {} if shown is None else {"Authorization": shown}
    answer = await client.post(path, json=a_body(text="a"), headers=headers)
    assert await refusal(answer) == (401, "unauthorized")
    assert door.heard == door.parsed == []


@pytest.mark.parametrize("path", [WEBHOOK, PARSE])
@pytest.mark.parametrize("token", ["mo-cua-ra", "mở-cửa-ra"])
async def test_who_shows_the_token_is_let_in_also_through_a_proxy(opened, path, token):
    client = await opened(FakeDoor(), token=token)
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "203.0.113.7"}
    assert (await client.post(path, json=a_body(text="a"), headers=headers)).status == 200
