"""The two ways in, webhook and polling, over a road in memory: nothing lost, nothing doubled."""

import asyncio
import json
import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import (
    OUT_OF_REACH,
    Button,
    Incoming,
    Parcel,
    PassingFailure,
    PermanentFailure,
    Reply,
    StorageDown,
)
from bot.channels.counts import Counts
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import Client
from bot.channels.telegram.door import PATH, SECRET_HEADER, decoded
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import CONFLICT, Polling
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.shapes import KINDS
from bot.channels.troubles import Troubles
from bot.channels.webhook import LARGEST_BODY
from bot.doors.http import Refused
from bot.feedback.errors import BadFile, Unfit
from tests.fakes.absences import FakeAbsences
from tests.fakes.channel_house import a_channel_house
from tests.fakes.choices import FakeChoices
from tests.fakes.pictures import a_picture
from tests.fakes.road import FakeRoad
from tests.fakes.telegram_api import TOKEN, refusal, telegram_api
from tests.fakes.uploads import FakeUploads

SECRET = "s-0123456789abcdef"
WORDS = "tôi tên là Nguyễn Văn An"


@pytest.fixture
async def fake():
    async with telegram_api(1001, 1002, -100200, haste=100) as fake:
        yield fake


@pytest.fixture
def road():
    return FakeRoad()


@pytest.fixture
def counts():
    return Counts()


@pytest.fixture
def uploads():
    return FakeUploads()


LOOK = Button("Xem lệ phí", '/ask_procedure{"aspect": "fee"}')


class ChoicesOfAn(FakeChoices):
    """Offered to one person in one chat."""

    async def tapped(self, channel, sender, token):
        return await super().tapped(channel, sender, token) if sender == "1001" else None


def an_intake(client, counts) -> Intake:
    return Intake(client, ChoicesOfAn({"17.2": LOOK}).tapped, FakeAbsences(), counts)


@pytest.fixture
async def channel(fake, road, uploads, counts):
    choices = ChoicesOfAn({"17.2": LOOK})
    house = a_channel_house(road, uploads=uploads, choices=choices, counts=counts)
    channel = TelegramChannel(TelegramSettings(TOKEN, fake.origin, SECRET), house)
    yield channel
    await channel.close()


@pytest.fixture
async def door(channel):
    """The webhook, as somebody on the network sees it."""
    app = web.Application()
    channel.add_routes(app)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def connected(fake, channel, door):
    """The fake delivers to the webhook."""
    await channel._client.bot.set_webhook(
        str(door.make_url(PATH)), secret_token=SECRET, allowed_updates=KINDS
    )


def texts(road):
    return [incoming.text for incoming in road.kept]


async def post(door, secret=SECRET, **body):
    headers = {SECRET_HEADER: secret} if secret is not None else {}
    async with door.post(PATH, headers=headers, **body) as answer:
        return answer.status


# -- the webhook --------------------------------------------------------------------------------


async def test_what_people_say_is_kept_and_acknowledged(fake, road, connected):
    an, binh = fake.person(1001), fake.person(1002)
    an.says("một")
    binh.says("khác")
    an.says("hai")
    await fake.settled()
    assert [t for t in texts(road) if t != "khác"] == ["một", "hai"]
    assert fake.webhook.statuses == [200, 200, 200]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "dấu"])
async def test_a_stranger_is_refused_before_the_body_is_read(door, road, secret):
    headers = {SECRET_HEADER: secret} if secret is not None else {}
    assert await post(door, secret, data=b"x" * (LARGEST_BODY + 1)) == 401
    async with door.post(PATH, headers=headers, json={"update_id": 1}) as answer:
        assert answer.status == 401
        assert SECRET not in await answer.text()
    assert road.kept == []


async def test_what_is_too_large_cut_off_or_no_json_is_refused(door, road):
    assert await post(door, data=b"x" * (LARGEST_BODY + 1)) == 413
    assert await post(door, data=b'{"update_id": 1, "mess') == 400
    assert await post(door, data=b"[1]") == 400
    assert await post(door, data=b"\xff\xfe") == 400
    assert await post(door, data=b"[" * 100_000) == 400
    assert road.kept == []


async def test_half_of_an_emoji_costs_no_message(door, fake, road):
    fake.person(1001).says("a\ud83dc")
    ((_, update),) = fake.pending.values()
    assert await post(door, data=json.dumps(update).encode()) == 200
    assert texts(road) == ["ac"]


async def test_an_update_that_cannot_be_read_is_acknowledged_and_told_by_its_kind(
    door, road, caplog
):
    broken = {"update_id": 1, "message": {"text": WORDS, "date": "yesterday"}}
    assert await post(door, json=broken) == 200
    assert road.kept == []
    assert "message" in caplog.text
    assert WORDS not in caplog.text


async def test_a_repeated_delivery_is_kept_once(door, fake, road):
    fake.person(1001).says("một")
    ((_, update),) = fake.pending.values()
    assert [await post(door, json=update) for _ in range(3)] == [200, 200, 200]
    assert texts(road) == ["một"]


@given(st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
def test_whatever_bytes_come_are_an_update_or_refused(body):
    try:
        update = decoded(body)
    except Refused:
        return
    assert isinstance(update, dict)


async def test_a_storage_that_is_down_makes_telegram_come_again(fake, road, connected):
    road.down = True
    fake.person(1001).says("một")
    await asyncio.sleep(0.1)
    road.down = False
    await fake.settled()
    assert texts(road) == ["một"]
    assert fake.webhook.statuses[0] == 503
    assert fake.webhook.statuses[-1] == 200


async def test_a_tap_becomes_what_its_button_stands_for_and_is_answered(fake, road, connected):
    an = fake.person(1001)
    query = an.taps_data("17.2", fake.write(an.chat, an.shown, text="x"))
    await fake.settled()
    (incoming,) = road.kept
    assert incoming.text == '/ask_procedure{"aspect": "fee"}'
    assert incoming.metadata == {"title": "Xem lệ phí"}
    async with asyncio.timeout(5):
        while not fake.queries[query]:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("token", ["17.9", "../../etc", "", "/report_complaint"])
async def test_a_tap_that_nobody_remembers_says_so_in_a_turn(fake, road, connected, token):
    an = fake.person(1002)
    an.taps_data(token, fake.write(an.chat, an.shown, text="x"))
    await fake.settled()
    (incoming,) = road.kept
    assert (incoming.text, incoming.metadata) == ("", {"kind": "stale"})


async def test_a_tap_whose_answer_comes_too_late_is_heard_all_the_same(fake, road, connected):
    an = fake.person(1001)
    query = an.taps_data("17.2", fake.write(an.chat, an.shown, text="x"))
    del fake.queries[query]
    await fake.settled()
    assert len(road.kept) == 1


async def test_a_group_waits_until_our_name_is_known(fake, road, connected):
    fake.moods_of["getMe"] = [refusal(502, "Bad Gateway")]
    fake.member(1001, fake.chats[-100200]).says("@danhoi_bot lệ phí?")
    await fake.settled()
    assert texts(road) == ["lệ phí?"]
    assert fake.webhook.statuses == [503, 200]
    fake.member(1001, fake.chats[-100200]).says("chuyện trong nhà")
    await fake.settled()
    assert fake.calls["getMe"] == 2
    assert len(road.kept) == 1


async def test_who_comes_back_is_written_to_again(fake, channel, connected):
    an = fake.person(1001)
    parcel = Parcel(17, Reply("chào"))
    an.blocks()
    await fake.settled()
    with pytest.raises(PermanentFailure):
        await channel.deliver("1001", parcel)
    assert fake.calls["sendMessage"] == 0
    an.returns()
    await fake.settled()
    await channel.deliver("1001", parcel)
    assert an.read == ["chào"]


async def test_nothing_that_is_logged_holds_a_token_or_words(fake, road, connected, caplog):
    caplog.set_level(logging.DEBUG)
    fake.person(1001).says(WORDS)
    fake.person(1001).taps_data("17.2", fake.write(fake.chats[1001], {}, text="x"))
    await fake.settled()
    await asyncio.sleep(0.05)
    for secret in (TOKEN, SECRET, WORDS, "1001"):
        assert secret not in caplog.text


# -- polling ------------------------------------------------------------------------------------


class Fetching:
    """Polling over a road, killed and started again as often as a test likes."""

    def __init__(self, fake, road, token: str = TOKEN) -> None:
        self.fake, self.road, self.token = fake, road, token

    async def __aenter__(self):
        self.client = Client(self.token, self.fake.origin)
        counts, self.troubles = Counts(), Troubles("telegram")
        self.intake = an_intake(self.client, counts)
        polling = Polling(self.client, self.intake, self.road, self.troubles, haste=50)
        self.running = asyncio.create_task(polling.run())
        return self

    async def __aexit__(self, *_) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.intake.close()
        await self.client.close()

    async def until(self, condition) -> None:
        async with asyncio.timeout(10):
            while not condition():
                assert not self.running.done()
                await asyncio.sleep(0.01)


async def test_what_was_said_before_and_while_it_runs_is_fetched_in_order(fake, road):
    an = fake.person(1001)
    an.says("một")
    an.says("hai")
    async with Fetching(fake, road) as fetching:
        await fetching.until(lambda: len(road.kept) == 2)
        an.says("ba")
        await fetching.until(lambda: len(road.kept) == 3)
        await fetching.until(lambda: not fake.pending)
    assert texts(road) == ["một", "hai", "ba"]
    assert fake.allowed == set(KINDS)


class KilledAfterCommit(FakeRoad):
    """A road whose machine loses power when the second message is on disk."""

    async def put(self, incoming):
        kept = await super().put(incoming)
        if len(self.kept) == 2:
            await asyncio.Event().wait()
        return kept


async def test_killed_between_commit_and_offset_everything_comes_again_and_is_kept_once(fake):
    road = KilledAfterCommit()
    an = fake.person(1001)
    for text in ("một", "hai", "ba"):
        an.says(text)
    async with Fetching(fake, road) as fetching:
        await fetching.until(lambda: len(road.kept) == 2)
        assert len(fake.pending) == 3  # nothing was asked past
    afterwards = FakeRoad()
    afterwards.kept = [*road.kept]
    async with Fetching(fake, afterwards) as fetching:
        await fetching.until(lambda: not fake.pending)
    assert texts(afterwards) == ["một", "hai", "ba"]


async def test_killed_before_the_commit_nothing_is_lost(fake):
    class Stuck(FakeRoad):
        async def put(self, incoming):
            await asyncio.Event().wait()

    fake.person(1001).says("một")
    async with Fetching(fake, Stuck()):
        await asyncio.sleep(0.2)
    road = FakeRoad()
    async with Fetching(fake, road) as fetching:
        await fetching.until(lambda: not fake.pending)
    assert texts(road) == ["một"]


async def test_a_storage_that_is_down_holds_the_offset_back(fake, road):
    road.down = True
    an = fake.person(1001)
    an.says("một")
    an.says("hai")
    async with Fetching(fake, road) as fetching:
        await asyncio.sleep(0.2)
        assert len(fake.pending) == 2
        road.down = False
        await fetching.until(lambda: not fake.pending)
    assert texts(road) == ["một", "hai"]


async def test_an_update_that_cannot_be_read_is_asked_past(fake, road):
    fake.happens(fake.chats[1001], message={"text": "x"})
    fake.person(1001).says("một")
    async with Fetching(fake, road) as fetching:
        await fetching.until(lambda: not fake.pending)
    assert texts(road) == ["một"]


async def test_a_webhook_that_is_set_is_told_and_polling_goes_on_when_it_is_gone(
    fake, road, caplog
):
    client = Client(TOKEN, fake.origin)
    await client.bot.set_webhook("https://hoi.example.gov.vn/", secret_token=SECRET)
    async with Fetching(fake, road) as fetching:
        await fetching.until(lambda: fetching.troubles.now == {"polling": CONFLICT})
        assert CONFLICT in caplog.text
        await client.bot.delete_webhook()
        fake.person(1001).says("một")
        await fetching.until(lambda: texts(road) == ["một"])
        await fetching.until(lambda: fetching.troubles.now == {})
    await client.close()


async def test_a_wrong_token_calls_an_operator(fake, road):
    async with Fetching(fake, road, "4711:another-token-of-the-tests") as fetching:
        await fetching.until(lambda: "polling" in fetching.troubles.now)
    assert "token" in fetching.troubles.now["polling"]
    assert "another-token" not in str(fetching.troubles.now)


async def test_a_telegram_that_is_away_is_tried_again(fake, road):
    fake.moods_of["getUpdates"] = [
        refusal(502, "Bad Gateway"),
        "hangs up",
        refusal(429, "Too Many Requests: retry after 1", retry_after=1),
    ]
    fake.person(1001).says("một")
    async with Fetching(fake, road) as fetching:
        await fetching.until(lambda: texts(road) == ["một"])


# -- files --------------------------------------------------------------------------------------


def with_file(file_id, sender="1001"):
    return Incoming("telegram", "1", sender, "ảnh đây", {"files": [file_id]}, push=True)


async def test_a_picture_becomes_an_attachment(fake, channel, uploads):
    picture = a_picture()
    file_id = fake.keep_file(picture, "photos")["file_id"]
    fetched = await channel.fetch(with_file(file_id))
    (id,) = fetched.attachments
    assert uploads.files[id] == ("telegram", "1001", picture)
    assert (fetched.text, fetched.metadata) == ("ảnh đây", {})


async def test_a_file_that_is_not_fit_says_why(fake, channel, uploads):
    file_id = fake.keep_file(b"MZ not a picture", "documents")["file_id"]
    assert (await channel.fetch(with_file(file_id))).metadata == {"refused": "kind"}
    uploads.refusing = BadFile(Unfit.DAMAGED)
    file_id = fake.keep_file(a_picture(), "photos")["file_id"]
    assert (await channel.fetch(with_file(file_id))).metadata == {"refused": "damaged"}


async def test_a_file_larger_than_is_taken_is_not_downloaded(fake, channel):
    file_id = fake.keep_file(b"x" * (13 << 20), "documents")["file_id"]
    assert (await channel.fetch(with_file(file_id))).metadata == {"refused": "too_large"}
    assert fake.calls["download"] == 0


async def test_a_file_that_telegram_does_not_give_is_out_of_reach(fake, channel):
    assert (await channel.fetch(with_file("gone"))).metadata == {"refused": OUT_OF_REACH}


async def test_a_download_that_breaks_off_is_tried_again_later(fake, channel):
    file_id = fake.keep_file(a_picture(), "photos")["file_id"]
    fake.moods_of["download"] = ["hangs up"]
    with pytest.raises(PassingFailure):
        await channel.fetch(with_file(file_id))
    assert len((await channel.fetch(with_file(file_id))).attachments) == 1


async def test_a_storage_that_is_down_is_no_fault_of_the_file(fake, channel, uploads):
    file_id = fake.keep_file(a_picture(), "photos")["file_id"]
    uploads.down = True
    with pytest.raises(StorageDown):
        await channel.fetch(with_file(file_id))
