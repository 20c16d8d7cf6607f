"""A province's system is asked over HTTP; whatever it does, nobody hears a wrong state."""

import asyncio
from datetime import date

import aiohttp
import pytest

from bot.dossiers.codes import FoundCode, read_code
from bot.dossiers.configuration import Means, build_sources, read_sources
from bot.dossiers.dossier import Status
from bot.dossiers.errors import BadMapping, SourceDown
from bot.dossiers.http_json import HttpSettings, HttpSource
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.proof import fact
from bot.dossiers.sources import Found, Served, Sources
from bot.storage.vault import Vault
from tests.fakes.dossier_system import TOKEN, FakeDossierSystem, a_record

CODE = "H29.16-261103-0001"
FIELDS = {
    "code": "data.MaHoSo",
    "status": "data.TrangThaiHoSo",
    "procedure_name": "data.TenTTHC",
    "office": "data.DonViXuLy",
    "received_on": "data.NgayTiepNhan",
    "due_on": "data.NgayHenTra",
    "phone": "data.SoDienThoai",
    "identity": "data.MaDoiTuong",
}
VAULT = Vault(bytes(range(32)))
TODAY = date(2026, 11, 23)


def code(written: str = CODE) -> FoundCode:
    found = read_code(written)
    assert found is not None
    return found


@pytest.fixture
async def system():
    async with FakeDossierSystem(a_record(CODE)).running() as running:
        yield running
    assert not running.mistakes


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def source(system, http):
    """Make a source of the system that loses its patience within a test."""

    def make(**settings) -> HttpSource:
        quick = {"timeout": 0.2, "first_pause": 0.001, "left_alone_for": 0.3, "tries": 2}
        asked = HttpSettings(
            system.url, FIELDS, headers={"Authorization": TOKEN}, **(quick | settings)
        )
        return HttpSource(http, asked, SourceMapping.load(), VAULT, lambda: TODAY)

    return make


async def test_a_dossier_is_read_with_the_numbers_that_prove_it(source):
    found = await source().find(code("h29.16 261103 0001"))
    assert found.dossier.status is Status.IN_PROGRESS
    assert found.dossier.due_on == date(2026, 11, 10)
    assert found.dossier.as_of == TODAY
    assert found.facts == (fact(VAULT, found.key, "5678"), fact(VAULT, found.key, "1234"))


async def test_one_that_it_has_not_is_an_answer(source, system):
    assert await source().find(code("H29.16-261103-0002")) is None
    system.mood = "gone"
    assert await source().find(code()) is None


@pytest.mark.parametrize(
    "mood",
    ["slow", "busy", "broken", "forbidden", "html", "huge", "nested", "lying", "nonsense"],
)
async def test_whatever_goes_wrong_there_is_no_answer_and_never_a_wrong_state(
    source, system, mood, caplog
):
    caplog.set_level("DEBUG")
    system.mood = mood
    with pytest.raises(SourceDown) as down:
        await source().find(code())
    told = str(down.value) + caplog.text
    assert CODE not in told
    assert "Traceback" not in told
    assert TOKEN not in told


async def test_what_may_pass_is_tried_again(source, system):
    system.mood = "busy"
    asking = asyncio.create_task(source(tries=3, first_pause=0.3).find(code()))
    await asyncio.sleep(0.05)
    system.mood = ""
    assert (await asking).dossier.code == CODE


async def test_a_system_that_fails_again_and_again_is_left_alone_for_a_while(source, system):
    asked = source(failures_in_a_row=3, tries=1)
    system.mood = "broken"
    for _ in range(6):
        with pytest.raises(SourceDown):
            await asked.find(code())
    assert len(system.asked) == 3
    system.mood = ""
    await asyncio.sleep(0.35)
    assert (await asked.find(code())).dossier.code == CODE


async def test_an_answer_is_remembered_for_a_moment(source, system):
    asked = source(remembered_for=0.2)
    for _ in range(3):
        await asked.find(code())
    assert len(system.asked) == 1
    await asyncio.sleep(0.25)
    await asked.find(code())
    assert len(system.asked) == 2


async def test_no_more_are_asked_at_once_than_allowed(source, system):
    asked = source(at_once=3, timeout=5)
    await asyncio.gather(*(asked.find(code(f"H29.16-261103-{n:04}")) for n in range(12)))
    assert system.most_at_once == 3


class Known:
    """A source that has some codes, or is down."""

    def __init__(self, *codes: str, down: bool = False) -> None:
        self.name = "known"
        self._keys = {code(each).key for each in codes}
        self._down = down

    async def find(self, asked: FoundCode) -> Found | None:
        if self._down:
            raise SourceDown(self.name, "it sleeps")
        dossier = SourceMapping.load().read({"code": asked.written, "status": "4"}).dossier
        return Found(asked.key, dossier, ()) if asked.key in self._keys else None

    async def of_phone(self, phone: str):
        return None


async def test_a_source_is_chosen_by_the_prefix_of_the_code():
    justice = Known("G15.01-261103-0001")
    other = Known(down=True)
    sources = Sources([Served(justice, ("G15",)), Served(other, ("H29", "H30"))])
    assert (await sources.find(code("G15.01-261103-0001"))).dossier.code == "G15.01-261103-0001"
    assert await sources.find(code("G15.01-261103-0002")) is None
    with pytest.raises(SourceDown):
        await sources.find(code("000.00.16.H29-261103-0001"))


async def test_one_that_is_down_does_not_hide_what_another_knows():
    sources = Sources([Served(Known(down=True)), Served(Known(CODE))])
    assert (await sources.find(code())).dossier.code == CODE
    with pytest.raises(SourceDown):  # the one that is down might have it
        await sources.find(code("H29.16-261103-0002"))


async def test_the_sources_stand_in_a_file(tmp_path, system, http, sessions):
    (tmp_path / "sources.yml").write_text(
        "sources:\n"
        "  - table: true\n"
        "  - prefixes: [H29]\n"
        "    http:\n"
        f"      url: {system.url}\n"
        "      headers: {Authorization: '${TOKEN_OF_H29}'}\n"
        "      exists: data\n"
        "      fields: {code: data.MaHoSo, status: data.TrangThaiHoSo}\n"
    )
    file = read_sources(tmp_path / "sources.yml")
    means = Means(sessions, VAULT, http, {"TOKEN_OF_H29": TOKEN}, lambda: TODAY)
    sources = build_sources(file, tmp_path, means)
    assert (await sources.find(code())).dossier.status is Status.IN_PROGRESS
    assert await sources.find(code("H29.16-261103-0002")) is None
    nameless = Means(sessions, VAULT, http, {}, lambda: TODAY)
    with pytest.raises(BadMapping, match="TOKEN_OF_H29"):
        build_sources(file, tmp_path, nameless)


@pytest.mark.parametrize(
    "text",
    [
        "sources: [{}]",
        "sources: [{table: true, http: {url: 'http://x/{code}', fields: {}}}]",
        "sources: [{http: {url: 'http://x/', fields: {code: a, status: b}}}]",
        "sources: [{http: {url: 'file:///{code}', fields: {code: a, status: b}}}]",
        "sources: [{http: {url: 'http://x/{code}', fields: {code: a}}}]",
        "sources: [{http: {url: 'http://x/{code}', fields: {code: a, status: b, name: c}}}]",
        "sources: [{http: {url: 'http://x/{code}', fields: {code: a, status: 'b['}}}]",
        "nothing: true",
    ],
)
async def test_a_file_that_cannot_be_followed_is_refused(tmp_path, sessions, http, text):
    path = tmp_path / "sources.yml"
    path.write_text(text)
    with pytest.raises(BadMapping):
        build_sources(read_sources(path), tmp_path, Means(sessions, VAULT, http, {}, lambda: TODAY))
