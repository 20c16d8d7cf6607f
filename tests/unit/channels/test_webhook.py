"""The door of a webhook: what is answered, what is kept, and what is counted."""

import asyncio

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest

from bot.channels import webhook
from bot.channels.base import Incoming
from bot.channels.counts import CountedInbox, Counts, count_calls
from bot.channels.webhook import LARGEST_BODY, Webhook, same, shows
from bot.doors.http import read_json
from tests.fakes.road import FakeRoad

SECRET = "bí mật của bài kiểm tra"


def verified(headers, body) -> bytes | None:
    return body if shows("X-Secret", SECRET)(headers) else None


async def read(body: bytes) -> list[Incoming]:
    if b"poison" in body:
        raise KeyError(body.decode())
    return [Incoming("fake", id, "an", id) for id in read_json(body, list[str])]


class Door:
    def __init__(self, client, road, counts) -> None:
        self.client, self.road, self._counts = client, road, counts

    async def call(self, body: bytes | str, secret: str = SECRET) -> int:
        async with self.client.post("/here", data=body, headers={"X-Secret": secret}) as answer:
            return answer.status

    def counted(self, name: str, **labels: str) -> float:
        registry = CollectorRegistry()
        registry.register(self._counts)
        return registry.get_sample_value(f"danhoi_channel_{name}", {"channel": "fake", **labels})

    def metrics(self) -> str:
        registry = CollectorRegistry()
        registry.register(self._counts)
        return generate_latest(registry).decode()


@pytest.fixture
async def door(aiohttp_client):
    road, counts, app = FakeRoad(), Counts(), web.Application()
    hook = Webhook("fake", verified, read, CountedInbox(road, counts), counts)
    hook.add_to(app, "/here")
    count_calls(app, counts, {"/here": "fake"})
    yield Door(await aiohttp_client(app), road, counts)
    await road.settled()


async def test_what_a_call_brings_is_kept_in_its_order_and_counted(door):
    assert await door.call('["a", "b"]') == 200
    assert [kept.text for kept in door.road.kept] == ["a", "b"]
    assert door.counted("received_total") == 2
    assert door.counted("duplicates_total") is None
    assert door.counted("acknowledgement_seconds_count") == 1


async def test_a_repeated_call_is_acknowledged_and_kept_once(door):
    assert [await door.call('["a"]') for _ in range(3)] == [200, 200, 200]
    assert len(door.road.kept) == 1
    assert (door.counted("received_total"), door.counted("duplicates_total")) == (3, 2)


@pytest.mark.parametrize(
    ("body", "secret", "status", "reason"),
    [
        ('["a"]', "", 401, "not_genuine"),
        ('["a"]', "bí mật khác", 401, "not_genuine"),
        ("x" * (LARGEST_BODY + 1), SECRET, 413, "too_large"),
        ('["a"', SECRET, 400, "not_json"),
        ('{"a": 1}', SECRET, 400, "wrong_shape"),
        ("[" * 100_000, SECRET, 400, "wrong_shape"),
        (b"\xff\xfe", SECRET, 400, "not_json"),
        ("", SECRET, 400, "not_json"),
    ],
    ids=["unsigned", "forged", "oversized", "truncated", "malformed", "deep", "binary", "empty"],
)
async def test_a_call_that_is_refused_leaves_nothing_but_a_count(
    door, body, secret, status, reason
):
    assert await door.call(body, secret) == status
    assert door.road.kept == []
    assert door.counted("rejected_total", reason=reason) == 1


async def test_a_storage_that_is_down_lets_the_platform_call_again(door):
    door.road.down = True
    assert await door.call('["a"]') == 503
    assert door.counted("rejected_total", reason="storage_down") == 1
    door.road.down = False
    assert await door.call('["a"]') == 200


async def test_a_genuine_call_that_we_fail_to_read_is_acknowledged_and_logged_by_its_kind(
    door, caplog
):
    assert await door.call('"poison: words of a citizen"') == 200
    assert door.counted("unread_total", kind="KeyError") == 1
    assert "KeyError" in caplog.text
    assert "words of a citizen" not in caplog.text + door.metrics()


async def test_a_body_that_does_not_come_is_not_waited_for(door, monkeypatch):
    monkeypatch.setattr(webhook, "SLOWEST_BODY", 0.05)

    async def slow():
        yield b"["
        await asyncio.sleep(1)

    async with door.client.post("/here", data=slow()) as answer:
        assert answer.status == 408
    assert door.road.kept == []


def test_nobody_is_let_in_where_there_is_no_secret():
    assert not shows("X-Secret", "")({"X-Secret": ""})
    assert not shows("X-Secret", "")({})


@given(st.text(st.characters(exclude_categories=[])), st.text())
def test_only_the_same_is_the_same_and_nothing_is_an_error(shown, expected):
    assert same(shown, expected) is (shown == expected)
