"""The whole program with the trained assistant, as citizens and operators meet it."""

import asyncio
import random
import uuid

import aiohttp
import pytest
import pytest_asyncio

from bot.conversation.wording import TURN_GIVEN_UP
from bot.vietnamese import fold
from tests.e2e.house import House
from tests.fakes.program import Program

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]


@pytest.fixture
def program(house: House) -> Program:
    return house.program


class Caller:
    """Somebody who talks over REST, one conversation."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self._client = client
        self._url = url
        self.sender = uuid.uuid4().hex

    async def says(self, message: str, **metadata: str) -> list[dict]:
        body = {"sender": self.sender, "message": message, "metadata": metadata}
        async with self._client.post(f"{self._url}/webhooks/rest/webhook", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def hears(self, message: str) -> str:
        """Say something and return all the words of the answer, folded."""
        return fold("\n".join(reply.get("text", "") for reply in await self.says(message)))


@pytest_asyncio.fixture(loop_scope="session")
async def client():
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def caller(client, program) -> Caller:
    return Caller(client, program.url)


async def test_a_question_typed_without_diacritics_gets_the_right_sourced_answer(caller):
    (reply,) = await caller.says("lam giay khai sinh can gi")
    assert reply["recipient_id"] == caller.sender
    assert reply["custom"]["procedure_codes"][0] == "1.001193"
    assert "1.001193" in reply["text"]
    assert "Cổng Dịch vụ công quốc gia" in reply["text"]
    assert "dichvucong.gov.vn/thu-tuc-hanh-chinh/" in reply["text"]


async def test_a_follow_up_needs_no_name_and_another_name_switches(caller):
    await caller.says("đăng ký kết hôn cần giấy tờ gì")
    assert "1.000894" in await caller.hears("thế lệ phí bao nhiêu?")
    assert "1.004222" in await caller.hears("thủ tục đăng ký thường trú")
    assert "1.004222" in await caller.hears("bao lâu xong")


async def test_a_tapped_button_answers_its_aspect(caller):
    (reply,) = await caller.says("đăng ký khai tử")
    payload = next(b["payload"] for b in reply["buttons"] if "fee" in b["payload"])
    assert "le phi" in await caller.hears(payload)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "😀😀😀",
        "\u200b\u200c\u200d\ufeff",
        "\u202eabc\u202c",
        "\x01\x02\x03",
        "/restart",
        '/ask_procedure{"procedure_code": 5',
        "/không_có",
        "a" * 100_000,
        "thủ tục " * 15_000,
        "{{7*7}} <script>alert(1)</script>",
        "\ud800 nửa chữ".encode("utf-8", "replace").decode(),
    ],
    ids=lambda message: ascii(message[:12]),
)
async def test_whatever_is_sent_gets_a_decent_answer(caller, message):
    replies = await caller.says(message)
    assert replies
    assert all(reply.get("text") for reply in replies)
    assert TURN_GIVEN_UP not in [reply["text"] for reply in replies]


async def test_a_parse_has_the_shape_of_rasas(client, program):
    async with client.post(f"{program.url}/model/parse", json={"text": "xin chào"}) as answer:
        parsed = await answer.json()
    assert parsed["text"] == "xin chào"
    assert parsed["intent"]["name"] == "greet"
    assert 0 < parsed["intent"]["confidence"] <= 1
    assert parsed["intent_ranking"][0]["name"] == "greet"
    assert parsed["entities"] == []


async def test_operators_see_that_it_lives(client, program):
    for path in ("/healthz", "/readyz", "/metrics"):
        async with client.get(program.url + path) as answer:
            assert answer.status == 200, path


async def test_a_citizen_on_the_page_gets_the_answer_and_finds_it_again(house):
    async with house.citizen() as citizen:
        await citizen.asks("lam giay khai sinh can gi")
        await citizen.reads("1.001193")
        await citizen.reloads()
        await citizen.sees("lam giay khai sinh can gi")
        await citizen.reads("1.001193")


async def test_killing_the_trained_program_loses_and_doubles_nothing(client, data_with_model):
    """Its brains, then everything at once; senders repeat what got no answer, as platforms do."""
    program = Program(data_with_model())
    await program.start()
    chance = random.Random(20261122)
    questions = ["làm giấy khai sinh", "phí bao nhiêu", "xin chào", "đăng ký tạm trú", "cảm ơn"]

    async def talk(number: int) -> list[list[dict]]:
        caller = Caller(client, program.url)
        heard = []
        for turn in range(25):
            heard.append(await insist(caller, chance.choice(questions), f"{number}-{turn}"))
        return heard

    async def insist(caller: Caller, message: str, message_id: str) -> list[dict]:
        while True:
            try:
                return await caller.says(message, message_id=message_id)
            except (aiohttp.ClientError, AssertionError):
                await asyncio.sleep(0.3)

    async def kill_now_and_then() -> None:
        for kill in (program.kill_a_brain, program.kill_a_brain, program.kill):
            await asyncio.sleep(chance.uniform(0.5, 2))
            kill()
        await program.start()

    killing = asyncio.create_task(kill_now_and_then())
    talks = await asyncio.gather(*(talk(number) for number in range(12)))
    await killing
    assert all(replies for heard in talks for replies in heard)
    given_up = [r for heard in talks for said in heard for r in said if r["text"] == TURN_GIVEN_UP]
    assert given_up == []
    await everything_is_there_once(program, people=12, turns=25)
    program.stop()


async def everything_is_there_once(program: Program, people: int, turns: int) -> None:
    from sqlalchemy import func, select

    from bot.conversation.models import Arrival, Author, Message
    from bot.storage.engine import open_engine

    engine = open_engine(f"sqlite:///{program.data / 'danhoi.db'}")
    async with engine.connect() as connection:
        arrivals = await connection.scalar(select(func.count()).select_from(Arrival))
        waiting = await connection.scalar(
            select(func.count()).select_from(Arrival).where(Arrival.done_at.is_(None))
        )
        lines = await connection.execute(
            select(Message.inbox_id, func.count())
            .where(Message.author == Author.CITIZEN)
            .group_by(Message.inbox_id)
        )
        counts = [count for _, count in lines]
    await engine.dispose()
    assert (arrivals, waiting) == (people * turns, 0)
    assert counts == [1] * (people * turns)
