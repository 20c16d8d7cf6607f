"""How much of the Zalo bot's plan is used, counted on both databases and told in time."""

from datetime import UTC, datetime

import pytest

from bot.channels.troubles import Troubles
from bot.channels.zalo_bot import plan
from bot.channels.zalo_bot.plan import Plan
from bot.conversation.contracts import Reply
from tests.fakes.turns import Said


@pytest.fixture(autouse=True)
def a_small_plan(monkeypatch):
    monkeypatch.setattr(plan, "MOST_PEOPLE", 5)


async def test_people_are_counted_warned_of_and_no_more_are_expected(engine, vault):
    said, troubles = Said(engine, vault, "zalo-bot"), Troubles("zalo-bot")
    used = Plan(engine, troubles)
    elsewhere = Said(engine, vault, "telegram")
    await elsewhere.answers("an", Reply("xin chào"))
    for number in range(1, 6):
        await said.answers(f"person {number}", Reply("xin chào"))
        await used.count(datetime.now(UTC))
        assert used.people == number
        assert ("people" in troubles.now) is (number >= 4)
    assert "no more" in troubles.now["people"]
    assert "messages" not in troubles.now


async def test_only_what_was_delivered_this_month_counts(engine, vault):
    said, used = Said(engine, vault, "zalo-bot"), Plan(engine, Troubles("zalo-bot"))
    await said.answers("an", Reply("một"), Reply("hai"))
    await used.count(datetime.now(UTC))
    delivered = used.messages
    await used.count(datetime(2036, 1, 1, tzinfo=UTC))
    assert (delivered, used.messages) == (2, 0)
