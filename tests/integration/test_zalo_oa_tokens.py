"""The OA's tokens: refreshed once, by whoever; written before used; a lost grant is said loudly."""

import asyncio
import logging
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from sqlalchemy import text, update

from bot.channels.base import StorageDown
from bot.channels.troubles import Troubles
from bot.channels.zalo_oa.models import ZaloGrant
from bot.channels.zalo_oa.oauth import GrantRefused, OAuth, challenge_of, new_verifier
from bot.channels.zalo_oa.tokens import LEASE, NoToken, Tokens
from bot.storage.engine import open_engine
from bot.storage.vault import Vault
from tests.fakes.echo import KEY
from tests.fakes.zalo_oa_api import APP_SECRET, FakeZaloOa, zalo_oa_api
from tests.fakes.zalo_oa_events import APP_ID


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
async def zalo():
    async with zalo_oa_api() as fake:
        yield fake


@pytest.fixture
def clock():
    return Clock()


@asynccontextmanager
async def a_node(database_url, vault, clock, zalo: FakeZaloOa):
    """A gateway with connections of its own."""
    engine = open_engine(database_url)
    async with aiohttp.ClientSession() as http:
        oauth = OAuth(http, zalo.origin, APP_ID, APP_SECRET)
        tokens = Tokens(engine, vault, clock, APP_ID, oauth, Troubles("zalo-oa"))
        yield tokens
        await tokens.close()
    await engine.dispose()


@pytest.fixture
async def node(database_url, vault, clock, zalo):
    async with a_node(database_url, vault, clock, zalo) as tokens:
        yield tokens


async def logged_in(tokens: Tokens, zalo: FakeZaloOa) -> str:
    verifier = new_verifier()
    code = zalo.new_code(challenge_of(verifier))
    await tokens.keep(await tokens._exchange.first(code, verifier))
    return await tokens.token()


async def look(tokens: Tokens) -> None:
    """Let the refresher look once."""
    running = asyncio.create_task(tokens.run())
    await asyncio.sleep(0.05)
    async with tokens._one_at_a_time:
        running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_with_the_first_message_after_a_login_nothing_is_wrong_any_more(node, zalo):
    await look(node)
    assert "token" in node._troubles.now
    await logged_in(node, zalo)
    assert node._troubles.now == {}


async def test_before_the_first_login_it_says_what_to_run(node):
    with pytest.raises(NoToken, match="zalo-oa-login"):
        await node.token()
    assert await node.standing() is None


async def test_a_code_works_once_and_only_with_its_verifier(node, zalo):
    verifier = new_verifier()
    assert len(verifier) == 43
    code = zalo.new_code(challenge_of(verifier))
    oauth = node._exchange
    with pytest.raises(GrantRefused, match="-14012"):
        await oauth.first(code, new_verifier())
    code = zalo.new_code(challenge_of(verifier))
    assert (await oauth.first(code, verifier)).seconds == 90_000
    with pytest.raises(GrantRefused):
        await oauth.first(code, verifier)


async def test_a_pair_is_refreshed_after_twenty_hours_and_not_before(node, zalo, clock):
    first = await logged_in(node, zalo)
    clock.passes(hours=19.9)
    await look(node)
    assert (await node.token(), zalo.refreshes) == (first, 0)
    clock.passes(hours=0.2)
    await look(node)
    assert await node.token() != first
    assert zalo.refreshes == 1
    assert (await node.standing()).expires_at == clock.now + timedelta(hours=25)


async def test_tokens_are_sealed(node, zalo, engine):
    token = await logged_in(node, zalo)
    async with engine.connect() as connection:
        (row,) = await connection.execute(text("SELECT * FROM zalo_grant"))
    assert token not in repr(tuple(row))
    assert "refresh-" not in repr(tuple(row))


async def test_of_many_nodes_at_once_one_refreshes_and_all_go_on_with_its_pair(
    database_url, vault, clock, zalo
):
    async with AsyncExitStack() as stack:
        nodes = [
            await stack.enter_async_context(a_node(database_url, vault, clock, zalo))
            for _ in range(4)
        ]
        token = await logged_in(nodes[0], zalo)
        for round in range(1, 6):
            clock.passes(minutes=5)
            renewed = await asyncio.gather(
                *(node.token_after(token) for node in nodes for _ in range(3))
            )
            assert len(set(renewed)) == 1
            assert zalo.refreshes == round
            assert renewed[0] != token
            token = renewed[0]
        assert zalo.refused_refreshes == []


async def test_a_node_that_did_not_refresh_takes_the_newer_token_without_asking_zalo(
    database_url, vault, clock, zalo, node
):
    old = await logged_in(node, zalo)
    clock.passes(minutes=5)
    async with a_node(database_url, vault, clock, zalo) as other:
        new = await other.token_after(old)
        assert await node.token_after(old) == new
    assert zalo.refreshes == 1


async def test_a_fresh_token_that_is_refused_costs_no_second_grant(node, zalo):
    token = await logged_in(node, zalo)
    with pytest.raises(NoToken, match="just issued"):
        await node.token_after(token)
    assert zalo.refreshes == 0


async def test_who_dies_while_asking_leaves_a_claim_that_ends(
    database_url, vault, clock, zalo, node
):
    """Killed before Zalo has heard anything: the next one goes on a minute later."""
    old = await logged_in(node, zalo)
    clock.passes(hours=21)
    assert await node._claimed(await node._present())  # and here it dies
    async with a_node(database_url, vault, clock, zalo) as other:
        await look(other)
        assert (await other.token(), zalo.refreshes) == (old, 0)
        clock.now += LEASE
        await look(other)
        assert await other.token() != old


async def test_a_pair_that_was_lost_on_the_way_is_said_loudly_and_a_login_mends_it(
    node, zalo, clock, caplog
):
    """Zalo has used up the token and its answer was never heard: only a person can mend that."""
    await logged_in(node, zalo)
    clock.passes(hours=21)
    zalo.oauth_moods = ["hangs up"]
    await look(node)
    assert "does not answer" in (await node.standing()).failure
    clock.passes(seconds=31)
    with caplog.at_level(logging.ERROR):
        await look(node)
    assert zalo.refused_refreshes == [-14020]
    assert "ALARM zalo-oa: the grant has ended" in caplog.text
    assert "zalo-oa-login" in node._troubles.now["token"]
    assert "zalo-oa-login" in (await node.standing()).failure
    await look(node)
    assert zalo.refused_refreshes == [-14020]  # left alone for a quarter of an hour
    await logged_in(node, zalo)
    assert (await node.standing()).failure == ""
    clock.passes(hours=21)
    await look(node)
    assert (await node.standing()).failure == ""
    assert node._troubles.now == {}


async def test_zalo_away_for_an_hour_costs_nothing(node, zalo, clock):
    old = await logged_in(node, zalo)
    clock.passes(hours=20, minutes=1)
    zalo.oauth_moods = ["down"] * 3
    for _ in range(3):
        await look(node)
        assert await node.token() == old  # it still lives
        clock.passes(minutes=20)
    await look(node)
    assert await node.token() != old
    assert (await node.standing()).failure == ""


async def test_stopping_the_program_in_the_middle_of_a_refresh_loses_nothing(
    database_url, vault, clock, zalo
):
    async with a_node(database_url, vault, clock, zalo) as tokens:
        old = await logged_in(tokens, zalo)
        clock.passes(hours=21)
        zalo.paused.clear()  # Zalo has taken the old token and thinks about its answer
        running = asyncio.create_task(tokens.run())
        while not zalo.refreshes:
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        asyncio.get_running_loop().call_later(0.2, zalo.paused.set)
    async with a_node(database_url, vault, clock, zalo) as tokens:
        assert await tokens.token() != old
        clock.passes(hours=21)
        await look(tokens)
        assert zalo.refused_refreshes == []


async def test_a_database_that_is_away_when_the_pair_comes_is_waited_for(
    node, zalo, clock, engine, monkeypatch
):
    old = await logged_in(node, zalo)
    clock.passes(hours=21)
    write, failures = node._change, 3

    async def away(grant, *conditions, **values):
        nonlocal failures
        if "tokens" in values and failures:
            failures -= 1
            raise StorageDown
        return await write(grant, *conditions, **values)

    monkeypatch.setattr(node, "_change", away)
    await look(node)
    assert failures == 0
    assert await node.token() != old


async def test_a_claim_from_a_clock_that_was_set_back_does_not_hold_for_ever(
    node, zalo, clock, engine
):
    old = await logged_in(node, zalo)
    async with engine.begin() as connection:
        ahead = clock.now + timedelta(days=3)
        await connection.execute(update(ZaloGrant).values(not_before=ahead))
    clock.passes(hours=21)
    await look(node)
    assert await node.token() != old


@asynccontextmanager
async def a_process(database_url: str, zalo: FakeZaloOa, **ahead: float):
    """Run a node of its own, by a clock that is ahead; it is killed in the end."""
    seconds = timedelta(**ahead).total_seconds()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.zalo_refresher"),
        *(database_url, zalo.origin, str(seconds)),
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def until(condition) -> None:
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.02)


@pytest.mark.timeout(180)
async def test_kill_9_before_zalo_has_heard_and_after_the_pair_is_written_costs_nothing(
    database_url, zalo
):
    clock = Clock()
    clock.now = datetime.now(UTC)
    async with a_node(database_url, Vault(KEY), clock, zalo) as here:
        old = await logged_in(here, zalo)

        async def asked() -> bool:
            return zalo.oauth_calls == 2

        async def renewed() -> bool:
            return await here.token() != old

        zalo.heard.clear()
        async with a_process(database_url, zalo, hours=21):
            await until(asked)
        zalo.heard.set()
        async with a_process(database_url, zalo, hours=21, seconds=90):
            await until(renewed)
        assert await here.token() == zalo.live_token
        assert (zalo.refreshes, zalo.refused_refreshes) == (1, [])
        assert (await here.standing()).failure == ""


async def test_nothing_that_is_logged_or_raised_holds_a_token(node, zalo, clock, caplog):
    with caplog.at_level(logging.DEBUG):
        await logged_in(node, zalo)
        for mood in ("down", "hangs up", None):
            clock.passes(hours=21)
            zalo.oauth_moods = [mood]
            await look(node)
        with pytest.raises(NoToken) as raised:
            await node.token_after(await node.token())
    for secret in ("access-", "refresh-", APP_SECRET):
        assert secret not in caplog.text
        assert secret not in str(raised.value)
        assert secret not in repr(await node._present())
