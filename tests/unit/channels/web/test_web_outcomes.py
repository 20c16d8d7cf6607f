"""/ket-qua as anybody reads it: what is shown, filtered, turned over, and never shown."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import WebChat, add_web_chat
from bot.channels.web.outcomes import Published, add_outcomes, asked, in_xml
from bot.feedback import publishing, services
from bot.feedback.category import Category
from bot.feedback.deadlines import load_deadlines
from bot.feedback.publishing import Texts
from bot.feedback.services import REPORTER, Actor, Desk, Step, Told
from bot.feedback.states import Move, Role
from bot.questions.stripping import strip
from bot.storage.engine import open_engine, open_sessions
from bot.storage.vault import Vault
from bot.tables import METADATA
from bot.working_time.zone import VIETNAM
from tests.fakes.road import FakeRoad
from tests.fakes.uploads import FakeUploads

NOW = datetime(2026, 11, 16, 9, tzinfo=VIETNAM)
LAN, MINH = Actor(Role.SUPERVISOR, "lan"), Actor(Role.LEAD, "minh")
TOLD = Told(
    category=Category.BRIBERY,
    story="Cán bộ Tuấn đòi tiền",
    channel="web",
    consent_version="1",
    province_code="79",
    commune_code="26740",
    identity="Nguyễn Thị Lan, 0912345678",
)
ROAD = (
    Step(Move.TRIAGE),
    Step(Move.ASSIGN, assignee="lan"),
    Step(Move.START),
    Step(Move.ANSWER, note="Kính gửi chị Nguyễn Thị Lan"),
)
MATTER = "Người dân bị đòi tiền <b>khi</b> nộp hồ sơ."


class Office:
    """Whoever answers cases and publishes what became of them."""

    def __init__(self, sessions) -> None:
        self.sessions = sessions
        self.desk = Desk(Vault(bytes(range(32))), load_deadlines())

    async def does(self, service, *arguments, **named):
        async with self.sessions() as session, session.begin():
            return await service(session, self.desk, *arguments, **named)

    async def publishes(self, outcome: str, at: datetime = NOW, **told):
        case, _ = await self.does(services.open_case, replace(TOLD, **told), at)
        for step in ROAD:
            await self.does(services.move, case.id, step, LAN, at)
        await self.does(publishing.draft, case.id, Texts(MATTER, outcome), LAN, at)
        return await self.does(publishing.publish, case.id, strip, MINH, at)


@pytest.fixture
async def office(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'outcomes.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield Office(open_sessions(engine))
    await engine.dispose()


@pytest.fixture
async def client(aiohttp_client, office):
    app, road = web.Application(), FakeRoad()
    add_web_chat(app, WebChat(road, road, FakeUploads()))
    add_outcomes(app, Published(office.sessions, office.desk.vault, "https://hoi.example.vn"))
    return await aiohttp_client(app)


@pytest.fixture
def reads(client):
    async def read(path: str = "/ket-qua", **query) -> str:
        answer = await client.get(path, params=query)
        assert answer.status == 200, answer.status
        return unescape(await answer.text())

    return read


async def test_before_anything_is_published_the_page_says_what_will_be_here(reads):
    assert "Chưa có kết quả nào ở đây" in await reads()


async def test_an_outcome_is_shown_with_its_kind_place_and_month_and_nothing_else(office, reads):
    await office.publishes("Tiền đã được trả lại.")
    page = await reads()
    for words in ("Bị đòi tiền", "Phường Sài Gòn, Thành phố Hồ Chí Minh", "tháng 11/2026"):
        assert words in page
    assert "Tiền đã được trả lại." in page
    for hidden in ("Nguyễn Thị Lan", "Tuấn", "16/11/2026", "minh"):
        assert hidden not in page


async def test_html_of_a_text_is_text(client, office):
    await office.publishes("Xong.")
    page = await (await client.get("/ket-qua")).text()
    assert "&lt;b&gt;khi&lt;/b&gt;" in page


async def test_it_is_kept_by_caches_for_minutes_and_sets_no_cookie(client):
    answer = await client.get("/ket-qua")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"một", "hai", "ba"}),
        ({"tinh": "79"}, {"một", "hai"}),
        ({"tinh": "79", "xa": "26743"}, {"hai"}),
        ({"xa": "26743"}, {"hai"}),
        ({"tinh": "01", "xa": "26743"}, {"ba"}),
        ({"loai": "delay"}, {"ba"}),
        ({"thang": "2026-10"}, {"ba"}),
        ({"thang": "2026-12"}, set()),
        (
            {"tinh": "x", "xa": "'", "loai": "?", "thang": "2026-13", "sau": "x"},
            {"một", "hai", "ba"},
        ),
    ],
)
async def test_outcomes_are_filtered_by_place_kind_and_month(office, reads, query, shown):
    await office.publishes("một")
    await office.publishes("hai", commune_code="26743")
    last_minute = datetime(2026, 10, 31, 23, 59, tzinfo=VIETNAM)
    await office.publishes(
        "ba", last_minute, province_code="01", commune_code="00070", category=Category.DELAY
    )
    assert set(re.findall(r"<p>(một|hai|ba)</p>", await reads(**query))) == shown


async def test_page_after_page_shows_each_outcome_once(office, reads):
    for number in range(45):
        await office.publishes(f"thứ {number}", NOW + timedelta(seconds=number // 2))
    seen, path = [], "/ket-qua?tinh=79"
    while path:
        page = await reads(path)
        seen += [int(number) for number in re.findall(r"<p>thứ (\d+)</p>", page)]
        older = re.search(r'<p class="older"><a href="([^"]+)"', page)
        path = older[1] if older else ""
    assert seen == list(range(44, -1, -1))


async def test_one_outcome_has_an_address_until_it_is_taken_down(client, office, reads):
    shown = await office.publishes("Tiền đã được trả lại.")
    assert "Tiền đã được trả lại." in await reads(f"/ket-qua/{shown.id}")
    await office.does(publishing.unpublish, shown.case_id, "sai", LAN, NOW)
    answer = await client.get(f"/ket-qua/{shown.id}")
    assert answer.status == 404
    assert "không còn được công khai" in await answer.text()
    assert "Tiền đã được trả lại." not in await reads()


async def test_a_case_that_is_opened_again_is_no_longer_shown(office, reads):
    shown = await office.publishes("Tiền đã được trả lại.")
    await office.does(services.move, shown.case_id, Step(Move.REOPEN), REPORTER, NOW)
    assert "Tiền đã được trả lại." not in await reads()


async def test_the_feed_is_atom_that_a_reader_takes(client, office):
    await office.publishes("Xong \x01<&>")
    answer = await client.get("/ket-qua/feed.xml")
    assert answer.content_type == "application/atom+xml"
    feed = ElementTree.fromstring(await answer.text())
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{atom}entry")
    assert entry.find(f"{atom}id").text.startswith("https://hoi.example.vn/ket-qua/")
    assert entry.find(f"{atom}content").text.endswith("Xong <&>")


async def test_the_chat_page_leads_there(client):
    assert 'href="/ket-qua"' in await (await client.get("/")).text()


async def test_the_reporter_is_told_where_it_stands(office):
    told = []

    async def tell(session, conversation_id, notice):
        told.append(notice.text)

    office.desk = replace(office.desk, tell_reporter=tell)
    shown = await office.publishes("Xong", conversation="web:ai-đó")
    assert f"/ket-qua/{shown.id}" in told[-1]
    assert "gỡ xuống" in told[-1]


@given(st.dictionaries(st.sampled_from(["tinh", "xa", "loai", "thang"]), st.text()))
def test_any_address_is_read(query):
    wanted = asked(query)
    assert asked(wanted.query) == wanted
    assert wanted.filter


@given(st.text())
def test_any_text_can_stand_in_xml(text):
    escaped = in_xml(text).replace("&", "&amp;").replace("<", "&lt;")
    ElementTree.fromstring(f"<a>{escaped}</a>")
