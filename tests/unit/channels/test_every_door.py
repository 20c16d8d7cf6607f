"""Every webhook that the program has, called as strangers and broken networks would.

The doors are put up by the composition itself, so a channel that is added stands here or fails
the first test.
"""

import asyncio
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.app.channels import add_channels, build_channels
from bot.app.store import Store
from bot.channels.counts import Counts
from bot.channels.zalo_oa.signature import WINDOW, sign
from bot.settings import Settings
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import Vault
from tests.fakes import messenger_api, zalo_oa_events
from tests.fakes.console import make_tables
from tests.fakes.road import FakeRoad
from tests.fakes.uploads import FakeUploads

Headers = dict[str, str]


@dataclass(frozen=True, eq=False)
class Door:
    """One webhook: what its platform would send, and how that is signed."""

    name: str
    settings: dict[str, str]
    says: Callable[[str], bytes]  # somebody says something
    signed: Callable[[bytes], Headers]
    forged: Callable[[bytes], Headers]
    path: str = ""

    @property
    def at(self) -> str:
        return self.path or f"/webhooks/{self.name}"


def messenger_says(text: str) -> bytes:
    message = {"mid": f"mid.{text[:40]}", "text": text}
    return messenger_api.delivery({"sender": {"id": "an"}, "message": message})


TELEGRAM_SECRET = "a-word-of-the-webhook"
ZALO_APP_SECRET = "app-secret-of-the-tests"


def telegram_says(text: str) -> bytes:
    sender = {"id": 815, "is_bot": False, "first_name": "An"}
    message = {
        "message_id": 7,
        "date": 1795500000,
        "chat": {"id": 815, "type": "private", "first_name": "An"},
        "from": sender,
        "text": text,
    }
    return json.dumps({"update_id": 4711, "message": message}).encode()


def zalo_oa_says(text: str) -> bytes:
    return zalo_oa_events.packed(zalo_oa_events.says(text))


def zalo_oa_signed(body: bytes, secret: str = zalo_oa_events.OA_SECRET) -> Headers:
    event = json.loads(body)
    mac = sign(event["app_id"], body, event["timestamp"], secret)
    return {"X-ZEvent-Signature": f"mac={mac}"}


def zalo_bot_says(text: str) -> bytes:
    message = {
        "from": {"id": "an", "display_name": "An", "is_bot": False},
        "chat": {"id": "an", "chat_type": "PRIVATE"},
        "message_id": "2d758cb5e22",
        "date": 1750316131602,
        "text": text,
    }
    event = {"event_name": "message.text.received", "message": message}
    return json.dumps({"ok": True, "result": event}).encode()


def shown(header: str, secret: str) -> Callable[[bytes], Headers]:
    return lambda _: {header: secret}


DOORS = (
    Door(
        "telegram",
        {
            "telegram_token": "4711:AAfake-token-of-the-tests",
            "telegram_mode": "webhook",
            "telegram_secret": TELEGRAM_SECRET,
            "telegram_api": "http://127.0.0.1:9",
        },
        telegram_says,
        shown("X-Telegram-Bot-Api-Secret-Token", TELEGRAM_SECRET),
        shown("X-Telegram-Bot-Api-Secret-Token", "another word"),
    ),
    Door(
        "zalo-oa",
        {
            "zalo_oa_app_id": zalo_oa_events.APP_ID,
            "zalo_oa_app_secret": ZALO_APP_SECRET,
            "zalo_oa_secret": zalo_oa_events.OA_SECRET,
            "zalo_oa_api": "http://127.0.0.1:9",
            "zalo_oa_oauth": "http://127.0.0.1:9",
        },
        zalo_oa_says,
        zalo_oa_signed,
        lambda body: zalo_oa_signed(body, ZALO_APP_SECRET),
    ),
    Door(
        "zalo-bot",
        {
            "zalo_bot_token": "1234:fake-token-of-the-tests",
            "zalo_bot_mode": "webhook",
            "zalo_bot_secret": "secret-of-the-webhook",
            "zalo_bot_api": "http://127.0.0.1:9",
        },
        zalo_bot_says,
        shown("X-Bot-Api-Secret-Token", "secret-of-the-webhook"),
        shown("X-Bot-Api-Secret-Token", "another word"),
    ),
    Door(
        "messenger",
        {
            "messenger_page_token": messenger_api.TOKEN,
            "messenger_app_secret": messenger_api.SECRET,
            "messenger_verify_token": messenger_api.VERIFY,
        },
        messenger_says,
        messenger_api.signed,
        lambda body: messenger_api.signed(body, "another secret"),
    ),
)


class ConnectedRoad(FakeRoad):
    """A fake road to which channels are connected."""

    def __init__(self) -> None:
        super().__init__()
        self.inbox = self

    def connect(self, messengers) -> None:
        self.messengers = messengers


class House:
    """All doors at once, over one road."""

    def __init__(self, client, road, counts) -> None:
        self.client, self.road, self._counts = client, road, counts

    async def calls(self, door: Door, body: bytes, headers: Headers) -> int:
        """Call a door; what is refused must have been counted, once, and have left nothing."""
        before = self.rejected(door), len(self.road.kept)
        async with self.client.post(door.at, data=body, headers=headers) as answer:
            assert "secret" not in (await answer.text()).lower()
        refused = answer.status != 200
        assert self.rejected(door) - before[0] == refused
        assert not refused or len(self.road.kept) == before[1]
        return answer.status

    def rejected(self, door: Door) -> float:
        registry = CollectorRegistry()
        registry.register(self._counts)
        return sum(
            sample.value
            for family in registry.collect()
            for sample in family.samples
            if sample.name == "danhoi_channel_rejected_total"
            and sample.labels["channel"] == door.name
        )


@pytest.fixture
async def house(tmp_path, aiohttp_client):
    everything = {key: value for door in DOORS for key, value in door.settings.items()}
    settings = Settings(data=str(tmp_path), **everything)
    engine = open_engine(settings.database)
    await make_tables(engine)
    store = Store(engine, open_sessions(engine), Vault(bytes(range(32))))
    road, counts, app = ConnectedRoad(), Counts(), web.Application()
    add_channels(app, build_channels(settings, store, road, FakeUploads(), counts), counts)
    house = House(await aiohttp_client(app), road, counts)
    yield house
    await road.settled()
    await engine.dispose()


@pytest.fixture(params=DOORS, ids=[door.name for door in DOORS])
def door(request):
    return request.param


async def test_every_channel_of_the_house_stands_here(house):
    assert set(house.road.messengers) == {door.name for door in DOORS}


async def test_what_the_platform_says_is_kept_once(house, door):
    body = door.says("lệ phí bao nhiêu")
    headers = door.signed(body)
    assert [await house.calls(door, body, headers) for _ in range(3)] == [200] * 3
    assert [kept.text for kept in house.road.kept] == ["lệ phí bao nhiêu"]
    assert house.rejected(door) == 0


async def test_a_forged_call_is_refused(house, door):
    body = door.says("x")
    assert await house.calls(door, body, door.forged(body)) == 401


async def test_a_stale_call_is_refused_where_the_platform_signs_its_time(house):
    zalo = next(door for door in DOORS if door.name == "zalo-oa")
    old = int((time.time() - WINDOW.total_seconds() - 60) * 1000)
    body = zalo_oa_events.packed(zalo_oa_events.says("x") | {"timestamp": str(old)})
    assert await house.calls(zalo, body, zalo.signed(body)) == 401


async def test_what_a_stranger_shows_is_compared_in_constant_time(house, door, monkeypatch):
    compared = []

    def watched(shown: bytes, expected: bytes) -> bool:
        compared.append((shown, expected))
        return compare_digest(shown, expected)

    monkeypatch.setattr("bot.channels.webhook.hmac.compare_digest", watched)
    body = door.says("x")
    assert await house.calls(door, body, door.forged(body)) == 401
    assert await house.calls(door, body, door.signed(body)) == 200
    (_, theirs), (shown, ours) = compared
    assert theirs == ours == shown
    # Nothing else is compared: whoever shows what was expected is let in by it alone.
    assert any(shown.decode() in value for value in door.signed(body).values())


async def test_an_unsigned_call_is_refused(house, door):
    assert await house.calls(door, door.says("x"), {}) == 401


async def test_a_signature_of_any_bytes_is_refused_without_an_error(house, door):
    body = door.says("x")
    for junk in ("é", "\udcff", "sha256=", "mac=", "0" * 4000):
        headers = dict.fromkeys(door.signed(body), junk)
        assert await house.calls(door, body, headers) == 401


async def test_an_oversized_call_is_refused_before_it_is_read(house, door):
    body = door.says("x" * 600_000)
    assert await house.calls(door, body, door.signed(body)) == 413


@pytest.mark.parametrize(
    "length", [0, 1, 20, -1], ids=["empty", "one byte", "start", "all but one"]
)
async def test_a_truncated_call_is_refused(house, door, length):
    whole = door.says("x")
    cut = whole[:length]
    # Cut off on the way it is signed for the whole, cut off before it is signed as it is.
    for headers in (door.signed(whole), resigned(door, cut)):
        assert await house.calls(door, cut, headers) in (400, 401)


@pytest.mark.parametrize(
    "body",
    [b"null", b"[]", b'"x"', b"7", b"\xff\xfe{}", b"[" * 50_000, b"{" * 50_000, b'{"a":' * 9_000],
    ids=["null", "list", "text", "number", "binary", "deep list", "open", "deep object"],
)
async def test_a_malformed_call_is_refused(house, door, body):
    assert await house.calls(door, body, resigned(door, body)) in (400, 401)


async def test_a_packed_call_that_breaks_off_is_refused(house, door):
    packed = gzip.compress(door.says("x"))[:40]
    headers = resigned(door, packed) | {"Content-Encoding": "gzip"}
    assert await house.calls(door, packed, headers) in (400, 401)


async def test_a_storage_that_is_down_asks_to_be_called_again(house, door):
    body = door.says("x")
    house.road.down = True
    assert await house.calls(door, body, door.signed(body)) == 503
    house.road.down = False
    assert await house.calls(door, body, door.signed(body)) == 200


async def test_a_caller_that_hangs_up_leaves_nothing(house, door):
    _, writer = await asyncio.open_connection("127.0.0.1", house.client.port)
    writer.write(
        f"POST {door.at} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n".encode() + b"{"
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.05)
    assert house.road.kept == []
    assert await house.calls(door, b"{", {}) in (400, 401)


def resigned(door: Door, body: bytes) -> Headers:
    """Sign bytes as the platform would, where it could: some sign a field of what they send."""
    try:
        return door.signed(body)
    except (ValueError, KeyError, TypeError, RecursionError):
        return door.signed(door.says("x"))


def test_what_the_platforms_say_is_json():
    for door in DOORS:
        assert json.loads(door.says("x"))
