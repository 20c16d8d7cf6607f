"""Sync against a strict portal on loopback: polite, resumable, and never half-written."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.procedures import services
from bot.procedures.errors import PortalStopped, PortalTimeout, TooManyMissing
from bot.procedures.form_sync import fetch_forms, missing_forms
from bot.procedures.forms import find_form
from bot.procedures.portal import Manners, Portal
from bot.procedures.report import Report
from bot.procedures.sync import Rules, Sync
from bot.storage.engine import open_engine, open_sessions
from bot.tables import METADATA
from tests.fakes.portal import DETAIL, LIST, FakePortal, refusal
from tests.fakes.portal_records import a_case, a_form, a_paper, a_record

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
QUICK = Manners(pause=0.0, timeout=20.0, first_wait=1.0, longest_wait=60.0)
IMPATIENT = Manners(pause=0.0, timeout=1.0, first_wait=1.0, longest_wait=60.0)
OLD_DOC = bytes.fromhex("d0cf11e0a1b11ae1") + b"..."


def codes(count: int) -> list[str]:
    return [f"1.{number:06}" for number in range(1, count + 1)]


class Operator:
    """Somebody with a database and a data folder who runs sync, as often as needed."""

    def __init__(self, folder, sessions, portal: FakePortal) -> None:
        self.folder = folder
        self.sessions = sessions
        self.portal = portal
        self.now = START
        self.waited: list[float] = []
        self.report = Report()

    async def sync(self, manners: Manners = QUICK, **rules) -> Report:
        async with self._talking(manners) as portal:
            work = Sync(
                self.sessions,
                portal,
                self.checkpoint,
                now=lambda: self.now,
                progress=lambda what, done, total: None,
                rules=Rules(**{"portion": 10, **rules}),
            )
            self.report = work.report
            await work.run()
        return work.report

    async def fetch_forms(self) -> Report:
        report, folder = Report(), self.folder / "forms"
        async with self.sessions() as session:
            missing = missing_forms(await services.load_all(session), folder)
        async with self._talking(QUICK) as portal:
            await fetch_forms(portal, missing, folder, report, lambda *_: None)
        return report

    @asynccontextmanager
    async def _talking(self, manners: Manners):
        async with aiohttp.ClientSession() as http:
            yield Portal(
                http, "ops@example.vn", base=self.portal.base, manners=manners, sleep=self._sleep
            )

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            self.waited.append(seconds)
        await asyncio.sleep(0)

    @property
    def checkpoint(self):
        return self.folder / "sync" / "listing.json"

    async def codes(self) -> list[str]:
        async with self.sessions() as session:
            return [procedure.code for procedure in await services.load_all(session)]

    async def version(self) -> int:
        async with self.sessions() as session:
            return await services.version(session)


@pytest.fixture
async def sessions(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'danhoi.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield open_sessions(engine)
    await engine.dispose()


@pytest.fixture
async def portal():
    async with FakePortal([a_record(code) for code in codes(30)]).running() as portal:
        yield portal
        assert portal.mistakes == []


@pytest.fixture
def operator(tmp_path, sessions, portal):
    return Operator(tmp_path, sessions, portal)


async def test_the_first_sync_fetches_everything(operator, portal):
    report = await operator.sync()
    assert await operator.codes() == codes(30)
    assert (report.read, report.stored.added, report.problems) == (30, 30, [])
    assert len(portal.asked_details) == 30
    assert not operator.checkpoint.exists()


async def test_the_second_sync_asks_for_the_list_alone(operator, portal):
    await operator.sync()
    portal.asked.clear()
    report = await operator.sync()
    assert portal.asked == {LIST: 1}
    assert report.read == 0
    assert await operator.version() == 3  # three portions in the first sync, none in the second


async def test_only_what_is_new_or_changed_is_fetched_again(operator, portal):
    await operator.sync()
    new = a_record("1.000099")
    changed = operator_id = a_record("1.000007")["id"]
    portal.records[new["id"]] = new
    portal.changes(changed, name="Tên mới")
    portal.asked_details.clear()
    report = await operator.sync()
    assert sorted(portal.asked_details) == sorted([operator_id, new["id"]])
    assert (report.stored.added, report.stored.updated) == (1, 1)


async def test_what_is_old_is_fetched_again_and_found_unchanged(operator, portal):
    await operator.sync()
    before = await operator.version()
    operator.now += timedelta(days=31)
    report = await operator.sync()
    assert report.stored.unchanged == 30
    assert await operator.version() == before


async def test_what_disappeared_is_retired_only_when_asked(operator, portal):
    await operator.sync()
    del portal.records[a_record("1.000007")["id"]]
    assert (await operator.sync()).retired is None
    assert len(await operator.codes()) == 30
    assert (await operator.sync(retire=True)).retired == 1
    assert "1.000007" not in await operator.codes()


async def test_what_was_retired_and_is_listed_again_comes_back(operator, portal):
    await operator.sync()
    gone = portal.records.pop(a_record("1.000007")["id"])
    await operator.sync(retire=True)
    portal.records[gone["id"]] = gone
    assert (await operator.sync()).stored.revived == 1


async def test_a_list_that_shrank_to_almost_nothing_retires_nothing(operator, portal):
    await operator.sync()
    portal.records = {key: portal.records[key] for key in list(portal.records)[:2]}
    with pytest.raises(TooManyMissing):
        await operator.sync(retire=True)
    assert len(await operator.codes()) == 30


async def test_pages_follow_their_cursor_to_the_end(operator, portal):
    portal.biggest_page = 25
    await operator.sync(IMPATIENT)
    assert await operator.codes() == codes(30)
    assert portal.asked_limits == [200, 100, 50, 25, 25]  # less when more keeps silent


@pytest.mark.parametrize("trait", ["nested", "repeats_cursor"])
async def test_answers_may_be_nested_and_cursors_may_repeat(operator, portal, trait):
    setattr(portal, trait, True)
    await operator.sync()
    assert await operator.codes() == codes(30)


async def test_never_more_than_two_ask_at_once(operator, portal):
    await operator.sync()
    assert portal.most_at_once <= 2


async def test_requests_start_with_a_pause_between_them(operator, portal):
    await operator.sync(Manners(pause=0.5))
    assert len(operator.waited) == 31
    assert all(0.4 <= pause <= 0.6 for pause in operator.waited)


@pytest.mark.parametrize(
    ("trouble", "at_least"),
    [
        (lambda: refusal(429, Retry_After="42"), 42),
        (lambda: refusal(429), 0.7),
        (lambda: refusal(503), 0.7),
        (lambda: "break", 0.7),
        (lambda: "silence", 0.7),
    ],
)
async def test_a_passing_trouble_is_waited_out(operator, portal, trouble, at_least):
    left = 1

    def mood(path, body):
        nonlocal left
        if path == DETAIL and left:
            left -= 1
            return trouble()
        return None

    portal.mood = mood
    report = await operator.sync(IMPATIENT)
    assert report.problems == []
    assert await operator.codes() == codes(30)
    assert max(operator.waited) >= at_least


async def test_waits_grow_but_never_beyond_the_longest(operator, portal):
    portal.mood = lambda path, body: refusal(429, Retry_After="99999")
    with pytest.raises(PortalStopped):
        await operator.sync()
    assert max(operator.waited) == 60


async def test_three_refusals_in_a_row_stop_it_with_a_clear_sentence(operator, portal):
    portal.mood = lambda path, body: refusal(403) if path == DETAIL else None
    with pytest.raises(PortalStopped, match=r"3 requests in a row \(it answers 403\).*goes on"):
        await operator.sync()
    assert portal.asked[DETAIL] <= 4  # the third refusal, and one that was on its way
    assert await operator.codes() == []


async def test_a_refused_list_stops_it_too(operator, portal):
    portal.mood = lambda path, body: refusal(403)
    with pytest.raises(PortalStopped):
        await operator.sync()
    assert portal.asked == {LIST: 3}


async def test_a_firewall_s_page_instead_of_an_answer_counts_as_a_refusal(operator, portal):
    portal.mood = lambda path, body: web.Response(text="<html>Checking your browser</html>")
    with pytest.raises(PortalStopped, match="not JSON"):
        await operator.sync()


async def test_a_portal_that_keeps_silent_stops_it(operator, portal):
    portal.mood = lambda path, body: "silence"
    with pytest.raises(PortalTimeout):
        await operator.sync(Manners(pause=0, timeout=0.05, tries=2))


async def test_one_refused_detail_is_reported_and_the_others_are_fetched(operator, portal):
    refused = a_record("1.000007")["id"]
    portal.mood = lambda path, body: refusal(403) if body.get("id") == refused else None
    report = await operator.sync()
    assert len(await operator.codes()) == 29
    assert report.problems == [(f"1.000007 ({refused})", "the portal refuses it (403)")]


async def test_after_a_stop_it_goes_on_where_it_stopped(operator, portal):
    answered = 0

    def mood(path, body):
        nonlocal answered
        answered += path == DETAIL
        return refusal(429) if answered > 14 else None

    portal.mood = mood
    with pytest.raises(PortalStopped):
        await operator.sync()
    assert operator.report.stored.added == len(await operator.codes()) == 14
    portal.mood = lambda path, body: None
    portal.asked.clear()
    await operator.sync()
    assert await operator.codes() == codes(30)
    assert portal.asked == {DETAIL: 16}  # the list was complete, the first 14 were stored


async def test_a_list_that_broke_off_is_read_on_from_its_checkpoint(operator, portal):
    portal.biggest_page = 25
    portal.mood = lambda path, body: refusal(403) if body.get("lastId") else None
    with pytest.raises(PortalStopped):
        await operator.sync(IMPATIENT)
    portal.mood = lambda path, body: None
    portal.asked_limits.clear()
    await operator.sync(IMPATIENT)
    assert portal.asked_limits == [25]
    assert await operator.codes() == codes(30)


@pytest.mark.parametrize("content", [b"", b"{", b'{"rows": 7}', b"\xff\xfe"])
async def test_a_damaged_checkpoint_is_read_as_none(operator, portal, content):
    operator.checkpoint.parent.mkdir(parents=True)
    operator.checkpoint.write_bytes(content)
    await operator.sync()
    assert await operator.codes() == codes(30)


async def test_a_checkpoint_of_yesterday_is_too_old(operator, portal):
    portal.mood = lambda path, body: refusal(403) if path == DETAIL else None
    with pytest.raises(PortalStopped):
        await operator.sync()
    assert json.loads(operator.checkpoint.read_bytes())["finished"]
    portal.mood = lambda path, body: None
    operator.now += timedelta(days=2)
    portal.asked.clear()
    await operator.sync()
    assert portal.asked[LIST] == 1


@pytest.mark.parametrize("moment", range(0, 31, 5))
async def test_broken_off_at_any_moment_nothing_is_half_written(operator, portal, moment):
    asked = asyncio.Event()
    count = 0

    def mood(path, body):
        nonlocal count
        count += 1
        if count > moment:
            asked.set()
            return "silence"
        return None

    portal.mood = mood
    running = asyncio.create_task(operator.sync(Manners(pause=0, timeout=30)))
    await asyncio.wait_for(asked.wait(), 10)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert len(await operator.codes()) % 10 == 0  # whole portions
    portal.mood = lambda path, body: None
    await operator.sync()
    assert await operator.codes() == codes(30)


async def test_a_list_that_changes_under_way_does_no_harm(operator, portal):
    vanishing, renamed = a_record("1.000007")["id"], a_record("1.000008")["id"]

    def mood(path, body):
        if path == DETAIL:
            portal.records.pop(vanishing, None)
            portal.changes(renamed, name="Đổi tên giữa chừng")
        return

    portal.mood = mood
    report = await operator.sync()
    assert len(await operator.codes()) == 29
    assert [reason for _, reason in report.problems] == [
        "the portal does not have it any more (404)"
    ]
    portal.mood = lambda path, body: None
    assert (await operator.sync()).read == 1  # the renamed one: the list says so now


async def test_malformed_details_are_reported_and_left_out(operator, portal):
    portal.changes(a_record("1.000007")["id"], executionMethods="none")
    report = await operator.sync()
    assert len(await operator.codes()) == 29
    assert "executionMethods is not a list" in report.problems[0][1]


async def test_lines_of_the_list_that_make_no_sense_are_reported(operator, portal):
    portal.records["zzz"] = a_record("1.000050") | {"id": "zzz", "code": "no code"}
    report = await operator.sync(retire=True)
    assert report.problems == [("list line 'zzz'", "without a sound id and code")]
    assert report.retired is None


async def test_an_enormous_answer_is_not_taken_in(operator, portal):
    big = a_record("1.000007")["id"]
    portal.changes(big, note="x" * 300_000)
    report = await operator.sync(Manners(pause=0, timeout=5, first_wait=0, largest_answer=100_000))
    assert report.problems == [
        (f"1.000007 ({big})", "the answer is larger than any record or form")
    ]
    assert len(await operator.codes()) == 29


async def test_blank_forms_are_fetched_once_and_only_documents_are_kept(operator, portal):
    forms = [a_form("f-1", "Mẫu 01.docx"), a_form("f-2", "Mẫu 02.doc"), a_form("f-3")]
    paper = a_paper("Tờ khai", attachments=forms)
    portal.changes(a_record("1.000001")["id"], executionCases=[a_case("", paper)])
    portal.forms = {"f-1": OLD_DOC, "f-2": b"%PDF-1.7 ...", "f-3": b"MZ a program"}
    await operator.sync()
    remains = operator.folder / "forms" / ".part-killed"
    remains.mkdir(parents=True)
    report = await operator.fetch_forms()
    assert report.forms == 2
    assert report.problems == [("form f-3", "neither docx nor doc nor pdf")]
    folder = operator.folder / "forms"
    assert find_form(folder, "f-1") == folder / "f-1" / "Mẫu 01.doc"
    assert find_form(folder, "f-2") == folder / "f-2" / "Mẫu 02.pdf"
    assert sorted(file.name for file in folder.iterdir()) == ["f-1", "f-2"]
    assert (await operator.fetch_forms()).forms == 0
