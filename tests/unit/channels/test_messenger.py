"""Facebook Messenger against a strict Facebook on loopback: what arrives, and what is sent."""

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Button, Incoming, Parcel, PassingFailure, PermanentFailure, Reply
from bot.channels.messenger import PATH, Messenger, events, understand
from bot.channels.plain import AGAIN
from bot.conversation.choices import Choices, token
from bot.doors.http import Refused
from bot.storage.engine import open_engine
from bot.storage.vault import Vault
from tests.fakes.channel_house import a_channel_house
from tests.fakes.console import make_tables
from tests.fakes.messenger_api import VERIFY, delivery, facebook, refusal, signed
from tests.fakes.road import FakeRoad
from tests.fakes.turns import Said
from tests.fakes.uploads import FakeUploads

ASPECTS = (Button("Lệ phí", "/fee"), Button("Thời hạn", "/duration"))
LONG = (Button("Đăng ký khai sinh có yếu tố nước ngoài", "/a"), Button("Đăng ký khai sinh", "/b"))


class Post:
    """The channel behind its door, with Facebook at the other end."""

    def __init__(self, facebook, channel, road, uploads, client) -> None:
        self.facebook, self.channel, self.road = facebook, channel, road
        self.uploads, self.client = uploads, client

    async def delivers(self, *happened: dict, entries: int = 1) -> list[Incoming]:
        before = len(self.road.kept)
        body = delivery(*happened, entries=entries)
        async with self.client.post(PATH, data=body, headers=signed(body)) as answer:
            assert answer.status == 200
        return self.road.kept[before:]

    async def sends(self, reply: Reply, *, to: str = "an", again: bool = False) -> list[str]:
        self.facebook.known.add(to)
        return [
            await self.channel.deliver(to, Parcel(7, part, again))
            for part in self.channel.parts(reply)
        ]


@pytest.fixture
async def engine(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'danhoi.db'}")
    await make_tables(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
def vault():
    return Vault(bytes(range(32)))


@pytest.fixture
async def post(engine, vault, aiohttp_client):
    async with facebook() as fake:
        road, uploads = FakeRoad(), FakeUploads()
        house = a_channel_house(road, uploads=uploads, choices=Choices(engine, vault))
        channel = Messenger(fake.page, house)
        app = web.Application()
        channel.add_routes(app)
        yield Post(fake, channel, road, uploads, await aiohttp_client(app))
        await channel.close()
        await road.settled()


async def test_facebook_is_told_that_the_door_is_ours(post):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "42"}
    async with post.client.get(PATH, params=asked) as answer:
        assert (answer.status, await answer.text()) == (200, "42")
    for wrong in ({"hub.verify_token": "khác"}, {"hub.mode": "unsubscribe"}):
        async with post.client.get(PATH, params=asked | wrong) as answer:
            assert answer.status == 401


async def test_both_lists_are_read_and_echoes_skipped(post):
    says = post.facebook.says
    kept = await post.delivers(
        says("an", "xin chào", mid="m1"),
        says("1044", "Chào bạn!", is_echo=True, app_id=1),
        says("bình", "lệ phí", mid="m2"),
        post.facebook.event("an", read={"watermark": 1}),
        entries=2,
    )
    assert [(each.update_id, each.sender, each.text) for each in kept] == [
        ("m1", "an", "xin chào"),
        ("m2", "bình", "lệ phí"),
    ]
    assert all(each.push for each in kept)


async def test_a_repeated_delivery_is_kept_once(post):
    said = post.facebook.says("an", "xin chào")
    assert len(await post.delivers(said)) == 1
    assert await post.delivers(said) == []


@pytest.mark.parametrize("secret", ["", "another"])
async def test_a_forged_call_is_refused(post, secret):
    body = delivery(post.facebook.says("an", "xin chào"))
    headers = signed(body, secret) if secret else {}
    async with post.client.post(PATH, data=body, headers=headers) as answer:
        assert answer.status == 401
    assert post.road.kept == []


async def test_a_changed_byte_breaks_the_signature(post):
    body = delivery(post.facebook.says("an", "xin chào"))
    changed = body.replace("chào".encode(), "ciào".encode())
    async with post.client.post(PATH, data=changed, headers=signed(body)) as answer:
        assert answer.status == 401


async def test_an_event_of_a_shape_that_we_do_not_know_costs_its_neighbours_nothing(post):
    odd = {"sender": 5, "message": "?"}
    kept = await post.delivers(odd, "?", post.facebook.says("an", "xin chào"))
    assert [each.text for each in kept] == ["xin chào"]


async def test_half_of_an_emoji_does_not_cost_the_message(post):
    body = delivery(post.facebook.says("an", "lệ phí X")).replace(b"X", b"\\ud83d")
    async with post.client.post(PATH, data=body, headers=signed(body)) as answer:
        assert answer.status == 200
    assert [kept.text for kept in post.road.kept] == ["lệ phí "]


async def test_buttons_come_back_as_what_they_stand_for(post, engine, vault):
    line = await Said(engine, vault, "messenger").answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    quick = post.facebook.says("an", "Lệ phí", quick_reply={"payload": token(line, 0)})
    typed = post.facebook.says("an", "2")
    menu = post.facebook.event("an", postback={"title": "Thời hạn", "payload": token(line, 1)})
    first, second, third = await post.delivers(quick, typed, menu)
    assert (first.text, first.metadata) == ("/fee", {"title": "Lệ phí"})
    assert (second.text, second.metadata) == ("/duration", {"title": "Thời hạn"})
    assert (third.text, third.metadata) == ("/duration", {"title": "Thời hạn"})


async def test_a_button_of_somebody_else_is_only_its_words(post, engine, vault):
    line = await Said(engine, vault, "messenger").answers("an", Reply("Bạn hỏi gì?", ASPECTS))
    tapped = post.facebook.says("bình", "Lệ phí", quick_reply={"payload": token(line, 0)})
    (heard,) = await post.delivers(tapped)
    assert (heard.text, heard.metadata) == ("Lệ phí", {})


async def test_get_started_greets(post):
    start = post.facebook.event("an", postback={"title": "Bắt đầu", "payload": "start", "mid": "s"})
    (heard,) = await post.delivers(start)
    assert (heard.text, heard.metadata, heard.update_id) == ("/greet", {"title": "Bắt đầu"}, "s")


@pytest.mark.parametrize(
    ("attachment", "metadata"),
    [
        ({"type": "audio", "payload": {"url": "https://x"}}, {"kind": "voice"}),
        ({"type": "video", "payload": {"url": "https://x"}}, {"kind": "video"}),
        ({"type": "image", "payload": {"url": "https://x", "sticker_id": 1}}, {"kind": "sticker"}),
        (
            {"type": "location", "payload": {"coordinates": {"lat": 10.79, "long": 106.78}}},
            {"kind": "location", "latitude": 10.79, "longitude": 106.78},
        ),
        ({"type": "location", "payload": {"coordinates": {"lat": "?"}}}, {"kind": "location"}),
        ({"type": "template", "payload": {}}, {"kind": "unsupported"}),
        ({"type": "image", "payload": {"url": "https://a"}}, {"files": ["https://a"]}),
        ({"type": "file"}, {"files": [""]}),
    ],
)
async def test_what_comes_in_place_of_words_is_known_by_its_kind(post, attachment, metadata):
    (heard,) = await post.delivers(post.facebook.says("an", attachments=[attachment]))
    assert (heard.text, heard.metadata) == ("", metadata)


async def test_pictures_are_fetched_and_kept_and_the_others_refused(post):
    post.facebook.files["a.jpg"] = b"\xff\xd8\xff ..."
    there, gone = (f"{post.facebook.origin}/files/{name}" for name in ("a.jpg", "b.jpg"))
    images = [{"type": "image", "payload": {"url": url}} for url in (there, gone)]
    (heard,) = await post.delivers(post.facebook.says("an", "ảnh đây", attachments=images))
    fetched = await post.channel.fetch(heard)
    assert len(fetched.attachments) == 1
    assert fetched.metadata == {"refused": "out_of_reach"}
    assert await post.uploads.there("messenger", "an", fetched.attachments) == list(
        fetched.attachments
    )


@pytest.mark.parametrize(
    "address", ["https://evil.example/a.jpg", "http://127.0.0.1:1/a", "file:///etc/passwd", "?"]
)
async def test_a_file_elsewhere_is_not_fetched(post, address):
    image = {"type": "image", "payload": {"url": address}}
    (heard,) = await post.delivers(post.facebook.says("an", attachments=[image]))
    fetched = await post.channel.fetch(heard)
    assert (fetched.attachments, fetched.metadata) == ((), {"refused": "out_of_reach"})


async def test_short_choices_are_quick_replies_and_long_ones_are_numbered(post):
    await post.sends(Reply("Bạn hỏi gì?", ASPECTS))
    await post.sends(Reply("Thủ tục nào ạ?", LONG))
    (_, short), (_, long) = post.facebook.taken
    assert [reply["title"] for reply in short["quick_replies"]] == ["Lệ phí", "Thời hạn"]
    assert [reply["payload"] for reply in short["quick_replies"]] == [token(7, 0), token(7, 1)]
    assert [reply["title"] for reply in long["quick_replies"]] == ["1", "2"]
    assert long["text"].endswith("1. Đăng ký khai sinh có yếu tố nước ngoài\n2. Đăng ký khai sinh")


async def test_a_long_text_arrives_in_parts_with_the_buttons_last(post):
    ids = await post.sends(Reply("Bạn mang theo giấy tờ. " * 200, ASPECTS))
    assert len(ids) == len(set(ids)) == 3
    assert ["quick_replies" in message for _, message in post.facebook.taken] == [0, 0, 1]


async def test_a_picture_of_ours_goes_with_our_origin_and_before_the_words(post):
    await post.sends(Reply("Sơ đồ đây ạ.", image="/so-do.png"))
    (_, picture), (_, words) = post.facebook.taken
    assert picture["attachment"]["payload"]["url"] == "https://hoi.example.vn/so-do.png"
    assert words == {"text": "Sơ đồ đây ạ."}


async def test_what_may_have_come_before_says_so(post):
    await post.sends(Reply("Lệ phí 8.000 đồng."), again=True)
    assert post.facebook.to("an") == [f"{AGAIN}\nLệ phí 8.000 đồng."]


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        ((400, 613), {"everybody": True}),
        ((400, 80006), {"everybody": True}),
        ((429, 4, 0, {"Retry-After": "7"}), {"everybody": True, "retry_after": 7}),
        ((400, 190), {"everybody": True, "retry_after": 300}),
        ((400, 2), {"may_have_arrived": False}),
        ((502, 0), {"may_have_arrived": True}),
        ("hangs up", {"may_have_arrived": True}),
    ],
    ids=["rate", "rate of the page", "rate with a pause", "token", "passing", "gateway", "hang-up"],
)
async def test_what_passes_is_tried_again(post, mood, expected):
    post.facebook.moods.append(mood if mood == "hangs up" else refusal(*mood))
    with pytest.raises(PassingFailure) as failed:
        await post.sends(Reply("Chào bạn!"))
    assert expected.items() <= vars(failed.value).items()
    assert "EAA" not in str(failed.value)


async def test_a_token_that_is_refused_is_a_trouble_until_it_is_mended(post):
    post.facebook.moods.append(refusal(400, 190))
    with pytest.raises(PassingFailure):
        await post.sends(Reply("Chào bạn!"))
    assert list(post.channel.troubles.now) == ["rights"]
    await post.sends(Reply("Chào bạn!"))
    assert post.channel.troubles.now == {}


@pytest.mark.parametrize(
    ("code", "subcode"),
    [(10, 2018278), (10, 2018065), (10, 2018108), (200, 1545041), (551, 0), (551, 1545041)],
)
async def test_what_concerns_one_person_waits_for_them_and_holds_up_nobody_else(
    post, code, subcode
):
    post.facebook.moods.append(refusal(400, code, subcode))
    with pytest.raises(PermanentFailure) as failed:
        await post.sends(Reply("Chào bạn!"))
    assert failed.value.until_inbound
    assert post.channel.troubles.now == {}


@pytest.mark.parametrize(("code", "subcode"), [(10, 0), (200, 2534041), (190, 463), (230, 0)])
async def test_missing_rights_hold_up_everybody_and_call_an_operator(post, code, subcode):
    post.facebook.moods.append(refusal(400, code, subcode))
    with pytest.raises(PassingFailure) as failed:
        await post.sends(Reply("Chào bạn!"))
    assert failed.value.everybody
    assert list(post.channel.troubles.now) == ["rights"]


async def test_what_will_never_be_taken_is_given_up(post):
    post.facebook.silent.add("an")
    with pytest.raises(PermanentFailure, match="24 hours"):
        await post.sends(Reply("Chào bạn!"))
    with pytest.raises(PermanentFailure, match="100/2018001"):
        await post.channel.deliver("nobody", Parcel(1, Reply("Chào bạn!")))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["sender", "id", "message", "mid", "text", "attachments", "type", "payload"]
            )
            | st.sampled_from(
                ["postback", "title", "quick_reply", "coordinates", "lat", "url", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(json_values, min_size=1, max_size=3))
@settings(deadline=None)
def test_whatever_facebook_sends_is_read_without_an_error(happened):
    for event in events(delivery(*happened)):
        heard = understand(event) if event else None
        assert heard is None or heard.push


@given(st.binary(max_size=60) | json_values.map(lambda value: repr(value).encode()))
@settings(deadline=None)
def test_a_body_that_is_no_delivery_is_refused_with_400(body):
    with pytest.raises(Refused) as refused:
        list(events(body))
    assert refused.value.status == 400
