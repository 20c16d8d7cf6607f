"""Every answer that Zalo gives to a message, and what becomes of the message."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.channels.base import (
    Button,
    Parcel,
    PassingFailure,
    PermanentFailure,
    Reply,
    StorageDown,
)
from bot.channels.troubles import Troubles
from bot.channels.zalo_oa.api import ZaloApi
from bot.channels.zalo_oa.codes import REACTIONS, Reaction
from bot.channels.zalo_oa.sender import ALARM_PAUSE, FEW_TRIES, NO_QUOTA, Sender
from bot.channels.zalo_oa.tokens import NoToken
from tests.fakes.absences import FakeAbsences
from tests.fakes.zalo_oa_api import zalo_oa_api
from tests.fakes.zalo_oa_events import AN

MIDNIGHT_IN_VIETNAM = datetime(2026, 11, 24, 17, tzinfo=UTC)
CHOICES = (Button("Lệ phí", "/fee"), Button("Nộp ở đâu", "/place"))


class FakeTokens:
    """The grant in memory; `renewed` counts how often a newer token was asked for."""

    def __init__(self, zalo) -> None:
        self._zalo = zalo
        self._token = zalo.new_pair()[0]
        self.renewed = 0
        self.gone = False
        self.down = False

    async def token(self) -> str:
        if self.down:
            raise StorageDown
        if self.gone:
            raise NoToken("nobody has logged in yet")
        return self._token

    async def token_after(self, refused: str) -> str:
        assert refused == self._token
        self.renewed += 1
        self._token = self._zalo.new_pair()[0]
        return self._token


class Office:
    """A sender with everything that stands around it."""

    def __init__(self, zalo, http) -> None:
        self.zalo = zalo
        self.tokens = FakeTokens(zalo)
        self.absences = FakeAbsences()
        self.troubles = Troubles("zalo-oa")
        self.sender = Sender(
            ZaloApi(http, zalo.origin),
            self.tokens,
            self.absences,
            self.troubles,
            lambda: MIDNIGHT_IN_VIETNAM,
            "https://hoi.example.gov.vn",
        )

    async def sends(self, reply: Reply | str = "chào bạn", id: int = 1, to: str = AN) -> str:
        reply = Reply(reply) if isinstance(reply, str) else reply
        return await self.sender.deliver(to, Parcel(id, reply))

    async def fails(self, **what) -> PassingFailure | PermanentFailure:
        with pytest.raises((PassingFailure, PermanentFailure)) as raised:
            await self.sends(**what)
        return raised.value


@asynccontextmanager
async def an_office():
    async with zalo_oa_api() as zalo, aiohttp.ClientSession() as http:
        yield Office(zalo, http)


@pytest.fixture
async def office():
    async with an_office() as office:
        yield office


async def test_a_text_arrives_and_its_id_and_the_quota_are_remembered(office):
    assert await office.sends() == "sent-1"
    assert office.zalo.taken == [(AN, {"text": "chào bạn"})]
    assert office.sender.quotas == {"reply": 7}


async def test_somebody_without_an_account_is_answered_where_they_wrote(office):
    await office.sends(to="a1/c1")
    assert office.zalo.taken == [("a1", {"text": "chào bạn"})]


@pytest.mark.parametrize("code", sorted(REACTIONS))
async def test_every_code_of_the_table_has_its_effect(office, code):
    reaction, meaning = REACTIONS[code]
    office.zalo.moods = [code] * (2 if reaction is Reaction.RENEW else 1)
    failure = await office.fails()
    assert meaning in failure.reason
    assert str(code) in failure.reason
    match reaction:
        case Reaction.WAIT_FOR_READER:
            assert isinstance(failure, PermanentFailure)
            assert failure.until_inbound
        case Reaction.GIVE_UP | Reaction.DEGRADE:
            assert isinstance(failure, PermanentFailure)
            assert not failure.until_inbound
        case Reaction.BACK_OFF:
            assert (failure.everybody, failure.retry_after) == (True, 30)
        case Reaction.MORNING:
            assert (failure.everybody, failure.retry_after) == (False, 6 * 3600 + 60)
        case Reaction.RETRY:
            assert (failure.everybody, failure.retry_after) == (False, None)
        case Reaction.ALARM | Reaction.RENEW:
            assert (failure.everybody, failure.retry_after) == (True, ALARM_PAUSE)
            assert meaning in office.troubles.now["refused"]
    assert not getattr(failure, "may_have_arrived", False)
    assert office.tokens.renewed == (reaction is Reaction.RENEW)
    assert office.zalo.taken == []
    office.zalo.quota_type = "sub_quota"
    await office.sends()
    assert office.troubles.now == {}


async def test_a_used_up_quota_calls_an_operator_until_something_that_costs_is_taken(office):
    office.zalo.moods = [NO_QUOTA]
    await office.fails()
    assert "quota" in office.troubles.now["quota"]
    await office.sends()  # free, within the window
    assert list(office.troubles.now) == ["quota"]
    office.zalo.quota_type = "purchase_quota"
    await office.sends()
    assert office.troubles.now == {}


async def test_an_unknown_code_is_tried_a_few_times_and_then_parked(office):
    office.zalo.moods = [-987] * FEW_TRIES
    for _ in range(FEW_TRIES - 1):
        assert isinstance(await office.fails(), PassingFailure)
    assert isinstance(await office.fails(), PermanentFailure)
    office.zalo.moods = [-200]
    assert isinstance(await office.fails(id=2), PassingFailure)


@pytest.mark.parametrize("how", [-216, -220, "unauthorized"])
async def test_a_token_that_died_is_replaced_once_and_the_message_goes(office, how):
    office.zalo.moods = [how]
    await office.sends()
    assert office.tokens.renewed == 1
    assert len(office.zalo.taken) == 1


async def test_a_dead_token_is_found_out_by_the_real_refusal_too(office):
    office.zalo.forget_access_token()
    await office.sends()
    assert office.tokens.renewed == 1


async def test_without_a_grant_everybody_waits_and_an_operator_is_called(office):
    office.tokens.gone = True
    failure = await office.fails()
    assert failure.everybody
    assert office.troubles.now == {"refused": "nothing can be sent: nobody has logged in yet"}
    office.tokens.gone = False
    await office.sends()
    assert office.troubles.now == {}


@pytest.mark.parametrize("code", [-201, -233])
async def test_refused_buttons_become_numbers_and_stay_so(office, code):
    office.zalo.moods = [code]
    await office.sends(Reply("Bạn cần gì?", CHOICES))
    await office.sends(Reply("Còn gì nữa?", CHOICES))
    texts = [message["text"] for _, message in office.zalo.taken]
    assert texts == [
        "Bạn cần gì?\n\n1. Lệ phí\n2. Nộp ở đâu",
        "Còn gì nữa?\n\n1. Lệ phí\n2. Nộp ở đâu",
    ]
    assert all("attachment" not in message for _, message in office.zalo.taken)


async def test_buttons_are_not_given_up_for_a_message_that_fails_without_them_too(office):
    office.zalo.moods = [-201, -201]
    assert isinstance(await office.fails(reply=Reply("Bạn cần gì?", CHOICES)), PermanentFailure)
    await office.sends(Reply("Còn gì nữa?", CHOICES))
    assert "attachment" in office.zalo.taken[0][1]


async def test_who_left_is_not_written_to_until_they_are_back(office):
    office.absences.away.add(AN)
    failure = await office.fails()
    assert isinstance(failure, PermanentFailure)
    assert failure.until_inbound
    office.absences.away.clear()
    await office.sends()
    assert len(office.zalo.taken) == 1


@pytest.mark.parametrize(
    ("mood", "may_have_arrived"), [("hangs up", True), ("broken", True), ("html", True)]
)
async def test_an_answer_that_does_not_come_leaves_it_open(office, mood, may_have_arrived):
    office.zalo.moods = [mood]
    failure = await office.fails()
    assert isinstance(failure, PassingFailure)
    assert failure.may_have_arrived is may_have_arrived


@pytest.mark.parametrize("who", ["tokens", "absences"])
async def test_a_storage_that_is_down_means_that_nothing_was_sent(office, who):
    getattr(office, who).down = True
    failure = await office.fails()
    assert isinstance(failure, PassingFailure)
    assert not failure.may_have_arrived
    assert office.zalo.taken == []


async def test_no_connection_means_that_nothing_arrived():
    async with an_office() as office:
        pass
    async with aiohttp.ClientSession() as http:
        office.sender._api = ZaloApi(http, "http://127.0.0.1:9")
        failure = await office.fails()
    assert isinstance(failure, PassingFailure)
    assert not failure.may_have_arrived
