"""A short storm and a short chaos; `python -m tests.bench.storm` and `.chaos` are the long ones."""

import random

import pytest

from tests.bench.chaos import chaos
from tests.bench.storm import a_post, storm

pytestmark = pytest.mark.timeout(180)


async def test_whatever_is_delivered_again_and_out_of_order_is_answered_once(
    empty_database, tmp_path, capsys
):
    async with a_post(tmp_path, empty_database) as post:
        result = await storm(post, rate=100, seconds=3, crowd=40)
    with capsys.disabled():
        print(f"\n{result}")
    assert result.books.balance
    assert result.books.doubled == result.books.marked_in_vain == 0
    assert result.books.answered == result.books.messages > 50


async def test_whatever_breaks_nothing_is_lost_and_what_comes_twice_says_so(
    empty_database, tmp_path, capsys
):
    seed = random.SystemRandom().randrange(10**6)
    random.seed(seed)
    async with a_post(tmp_path, empty_database) as post:
        report, books = await chaos(post, troubles=6, crowd=12, pause=0.8)
    with capsys.disabled():
        print(f"\n{report} (seed {seed})")
    assert books.balance
    assert books.answered == books.messages > 10
