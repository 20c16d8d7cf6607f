"""GET /chat/history and /chat/stream: the conversation, in order, to whom it belongs."""

import asyncio
import json
import re

import aiohttp
import pytest

from bot.channels.base import Reply
from bot.channels.web import stream
from tests.fakes.clerk import clerk


class Listener:
    """Reads server-sent events from an open response."""

    def __init__(self, answer):
        self.answer = answer

    async def event(self):
        async with asyncio.timeout(5):
            block = (await self.answer.content.readuntil(b"\n\n")).decode()
        fields = re.findall(r"^(\w+): (.*)$", block, re.M)
        return dict(fields)

    async def line(self):
        while (event := await self.event())["event"] != "line":
            pass
        drawn = json.loads(event["data"])
        assert event["id"] == str(drawn["id"])
        return drawn


async def listen(script, **request):
    answer = await script.client.get("/chat/stream", **request)
    assert answer.status == 200, await answer.text()
    return Listener(answer)


def said(line):
    return "".join(run["text"] for run in line["text"])


async def test_history_is_the_conversation_so_far(script):
    await script.sends("một")
    await script.road.settled()
    assert [said(line) for line in await script.reads()] == ["một", "Bạn hỏi: một"]


async def test_history_can_be_read_from_a_line_on_and_backwards(script):
    for text in ("một", "hai", "ba"):
        await script.sends(text)
        await script.road.settled()
    ids = [line["id"] for line in await script.reads()]
    assert [line["id"] for line in await script.reads(after=ids[3])] == ids[4:]
    assert [line["id"] for line in await script.reads(before=ids[4], limit=2)] == ids[2:4]


async def test_history_shows_nothing_to_somebody_else(script, build):
    await script.sends("chuyện riêng")
    other = await build()
    await other.opens_the_page()
    assert await other.reads() == []


@pytest.mark.parametrize(
    "query", ["after=x", "before=-1", "limit=1e3", f"after={10**18}", "after=٣"]
)
@pytest.mark.parametrize("path", ["/chat/history", "/chat/stream"])
async def test_a_wrong_number_is_refused(script, path, query):
    if path == "/chat/stream" and not query.startswith("after"):
        return
    answer = await script.client.get(f"{path}?{query}")
    assert answer.status == 400
    assert (await answer.json())["error"] == "wrong_number"


@pytest.mark.parametrize("path", ["/chat/history", "/chat/stream"])
async def test_without_the_cookie_there_is_no_conversation(build, path):
    script = await build()
    answer = await script.client.get(path)
    assert answer.status == 409


async def test_history_without_storage_says_so(script):
    script.road.down = True
    assert (await script.client.get("/chat/history")).status == 503


async def test_the_stream_opens_with_whose_conversation_it_is(script):
    answer = await script.client.get("/chat/stream")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    hello = await Listener(answer).event()
    page = await (await script.opens_the_page()).text()
    assert hello["retry"] == "2000"
    assert f'data-conversation="{hello["data"]}"' in page


async def test_lines_come_as_they_are_written(script):
    listener = await listen(script)
    await script.sends("một")
    assert said(await listener.line()) == "một"
    assert said(await listener.line()) == "Bạn hỏi: một"
    await script.road.says(script.road.kept[0].sender, Reply(text="Nhắc bạn"))
    assert said(await listener.line()) == "Nhắc bạn"


async def test_a_line_break_in_an_answer_does_not_break_the_event(script):
    listener = await listen(script)
    await script.sends("một\n\ndata: giả\r\n")
    assert said(await listener.line()) == "một\n\ndata: giả\r\n"


@pytest.mark.parametrize("how", ["header", "query"])
async def test_a_browser_that_comes_back_gets_what_it_missed_once(script, how):
    for text in ("một", "hai"):
        await script.sends(text)
        await script.road.settled()
    seen = (await script.reads())[1]["id"]
    past = {"headers": {"Last-Event-ID": str(seen)}}
    listener = await listen(script, **(past if how == "header" else {"params": {"after": seen}}))
    assert said(await listener.line()) == "hai"
    assert said(await listener.line()) == "Bạn hỏi: hai"


async def test_a_long_absence_is_caught_up_page_by_page(script, monkeypatch):
    monkeypatch.setattr(stream, "AT_ONCE", 2)
    for n in range(5):
        await script.sends(str(n))
    await script.road.settled()
    listener = await listen(script, params={"after": 0})
    ids = [(await listener.line())["id"] for _ in range(10)]
    assert ids == sorted(set(ids))


async def test_a_silent_stream_still_beats(script, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    listener = await listen(script)
    await listener.event()
    assert (await listener.event())["event"] == "beat"
    await script.sends("một")
    assert said(await listener.line()) == "một"


async def test_the_stream_ends_when_storage_goes_down(script):
    script.road.down = True
    answer = await script.client.get("/chat/stream")
    async with asyncio.timeout(5):
        await answer.content.read()
    assert answer.content.at_eof()


async def test_of_too_many_streams_the_oldest_ends(script, monkeypatch):
    monkeypatch.setattr(stream, "PER_CONVERSATION", 2)
    oldest, second, newest = [await listen(script) for _ in range(3)]
    await oldest.event()
    with pytest.raises((aiohttp.ClientError, asyncio.IncompleteReadError)):
        await oldest.event()
    await script.sends("một")
    for listener in (second, newest):
        assert said(await listener.line()) == "một"


async def test_stopping_the_server_ends_its_streams_at_once(script):
    listener = await listen(script)
    await listener.event()
    async with asyncio.timeout(5):
        await script.client.server.close()


async def test_an_answer_is_drawn_as_a_card_with_its_buttons(script):
    script.road.answer = clerk
    await script.sends("làm giấy khai sinh")
    await script.road.settled()
    _, answer = await script.reads()
    assert answer["card"]["heading"] == "Đăng ký khai sinh"
    assert len(answer["buttons"]) == 6
    assert "text" not in answer
