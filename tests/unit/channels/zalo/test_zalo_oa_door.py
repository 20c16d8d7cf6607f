"""The webhook of the OA: only Zalo's own events come in, and each is on disk before its 200."""

import json
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.base import Button
from bot.channels.counts import Counts, count_calls
from bot.channels.webhook import LARGEST_BODY, Webhook
from bot.channels.zalo_oa.channel import PATH
from bot.channels.zalo_oa.events import NAME
from bot.channels.zalo_oa.intake import SIGNATURE, Intake
from bot.doors.http import answer_in_json
from tests.fakes.absences import FakeAbsences
from tests.fakes.choices import FakeChoices
from tests.fakes.counted import counted
from tests.fakes.road import FakeRoad
from tests.fakes.zalo_oa_events import (
    AN,
    APP_ID,
    OA_SECRET,
    echo,
    follows,
    from_person,
    packed,
    says,
    signed,
    unfollows,
    was_seen,
)


class Gate:
    """A door on loopback, and what went through it."""

    def __init__(self) -> None:
        self.road = FakeRoad()
        self.absences = FakeAbsences()
        self.counts = Counts()
        offered = FakeChoices({"7.0": Button("Lệ phí", "/fee"), "2": Button("Nộp đâu", "/place")})
        intake = Intake(
            APP_ID,
            OA_SECRET,
            self.absences,
            offered.meant,
            self.counts,
            lambda: datetime.now(UTC),
        )
        self.app = web.Application()
        answer_in_json(self.app)
        count_calls(self.app, self.counts, {PATH: NAME})
        door = Webhook(NAME, intake.verified, intake.read, self.road, self.counts)
        door.add_to(self.app, PATH)
        self.client: TestClient

    def counted(self, name: str, **labels: str) -> float:
        return counted(self.counts, name, channel=NAME, **labels)

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        async with self.client.post(PATH, data=body, headers=headers) as answer:
            return answer.status

    async def takes(self, event: dict) -> int:
        return await self.post(*signed(event))


@pytest.fixture
async def gate():
    gate = Gate()
    async with TestClient(TestServer(gate.app)) as gate.client:
        yield gate


async def test_a_signed_event_is_kept_once_however_often_it_is_delivered(gate):
    event = says("xin chào")
    for _ in range(3):
        assert await gate.takes(event) == 200
    assert [incoming.text for incoming in gate.road.kept] == ["xin chào"]


async def test_the_signature_may_stand_without_its_prefix(gate):
    body, headers = signed(says("xin chào"))
    bare = headers[SIGNATURE].removeprefix("mac=")
    assert await gate.post(body, headers | {SIGNATURE: bare}) == 200


async def test_strangers_and_recordings_are_refused_and_nothing_is_stored(gate):
    event = says("xin chào")
    body, headers = signed(event)
    forged = [
        (body, {}),
        (body, headers | {SIGNATURE: "mac=" + "0" * 64}),
        (body, headers | {SIGNATURE: "mac=ệ"}),
        (body + b" ", headers),
        signed(event, "another secret"),
        signed(event | {"app_id": "1"}),
        signed(event | {"timestamp": "1717061839659"}),
        signed(event | {"timestamp": "soon"}),
    ]
    for bytes_, with_headers in forged:
        assert await gate.post(bytes_, with_headers) == 401
    assert gate.road.kept == []
    assert gate.counted("rejected", reason="not_genuine") == 6
    assert gate.counted("rejected", reason="stale") == 2


async def test_what_is_cut_off_no_event_or_too_much_is_refused(gate):
    whole, headers = signed(says("x"))
    for body in (b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"app_id":"1"}', whole[:-1]):
        assert await gate.post(body, headers) == 401
    assert await gate.post(b"x" * (LARGEST_BODY + 1), headers) == 413
    assert gate.road.kept == []
    assert gate.counted("rejected", reason="not_genuine") == 7
    assert gate.counted("rejected", reason="too_large") == 1


async def test_while_the_storage_is_down_zalo_is_asked_to_come_again(gate):
    gate.road.down = True
    event = says("xin chào")
    assert await gate.takes(event) == 503
    gate.road.down = False
    assert await gate.takes(event) == 200
    assert len(gate.road.kept) == 1


async def test_what_is_not_for_us_is_acknowledged_and_not_answered(gate):
    events = [
        echo("của bot"),
        echo("của người", admin="9"),
        was_seen("1"),
        from_person("an_event_of_next_year"),
        from_person("user_send_text", message={"text": 5}),
        from_person("user_send_group_text", message={"text": "x"}),
    ]
    for event in events:
        assert await gate.takes(event) == 200
    assert gate.road.kept == []
    for kind in ("echo", "echo_of_a_person", "receipt", "other", "unreadable", "group"):
        assert gate.counted("unread", kind=kind) == 1


async def test_a_tap_becomes_what_its_button_stands_for(gate):
    await gate.takes(says("#dh:7.0"))
    (kept,) = gate.road.kept
    assert (kept.text, kept.metadata) == ("/fee", {"title": "Lệ phí"})


async def test_a_tap_on_a_forgotten_button_says_so(gate):
    await gate.takes(says("#dh:8.0"))
    (kept,) = gate.road.kept
    assert (kept.text, kept.metadata) == ("", {"kind": "stale"})


async def test_a_number_that_was_offered_is_the_choice_and_another_is_a_number(gate):
    await gate.takes(says("2"))
    await gate.takes(says("3"))
    choice, number = gate.road.kept
    assert (choice.text, choice.metadata) == ("/place", {"title": "Nộp đâu"})
    assert (number.text, number.metadata) == ("3", {})


async def test_who_leaves_is_away_until_they_do_anything_again(gate):
    await gate.takes(unfollows())
    assert gate.absences.away == {AN}
    await gate.takes(echo("gửi đi trước đó"))
    assert gate.absences.away == {AN}
    await gate.takes(says("xin chào"))
    assert gate.absences.away == set()
    await gate.takes(unfollows())
    await gate.takes(follows())
    assert gate.absences.away == set()


@given(body=st.binary(max_size=400), header=st.text(st.characters(codec="latin-1"), max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_no_bytes_of_a_stranger_come_in_or_break_anything(gate, body, header):
    bare = "".join(filter(str.isprintable, header))
    assert await gate.post(body, {SIGNATURE: bare}) == 401
    assert gate.road.kept == []


def test_bodies_are_what_is_signed():
    event = says("xin chào")
    assert json.loads(packed(event)) == event
