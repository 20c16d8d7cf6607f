"""Signing in: the second factor, and what guessing costs."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from bot.feedback.models import CaseEvent, Kind
from bot.staff.models import Account
from tests.fakes.console import PASSWORD, Staff, an_account, signed_in

SIGN_IN = "/console/dang-nhap"
CODE = "/console/ma-xac-thuc"
OWN = "/console/tai-khoan"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def stranger(client):
    return Staff(client)


@pytest.fixture
def tries(stranger, clock):
    """Try to sign in, a second after the try before."""

    async def try_once(name="lan", password=PASSWORD, **more):
        clock.at += timedelta(seconds=1)
        await stranger.reads(SIGN_IN)
        return await stranger.posts(SIGN_IN, name=name, password=password, **more)

    return try_once


@pytest.fixture
async def with_factor(console):
    sealed = console.vault.seal(SECRET.encode())
    return await an_account(console, "lan", totp=sealed)


async def kinds(console) -> list[Kind]:
    async with console.sessions() as session:
        return list(await session.scalars(select(CaseEvent.kind).order_by(CaseEvent.number)))


def code_at(clock, steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(clock.at + timedelta(seconds=30 * steps))


# -- the second factor --


async def test_with_a_second_factor_the_password_opens_nothing_yet(tries, stranger, with_factor):
    answer = await tries(back="/console/tai-khoan")
    assert answer.headers["Location"] == f"{CODE}?back=%2Fconsole%2Ftai-khoan"
    assert (await stranger.opens(OWN)).status == 303


async def test_the_code_lets_in_under_another_secret(tries, stranger, with_factor, clock, console):
    await tries()
    before = stranger.cookie
    page = await stranger.reads(CODE, back="/console/tai-khoan")
    assert "6 chữ số" in page
    answer = await stranger.posts(CODE, code=code_at(clock), back="/console/tai-khoan")
    assert answer.headers["Location"] == "/console/tai-khoan"
    assert stranger.cookie != before
    assert "Tài khoản của tôi" in await stranger.reads(OWN)
    assert await kinds(console) == [Kind.SIGNED_IN]


@pytest.mark.parametrize("write", ["{}", " {} ", "123 456"])
async def test_a_code_is_read_as_apps_show_it(tries, stranger, with_factor, clock, write):
    await tries()
    code = code_at(clock)
    typed = f"{code[:3]} {code[3:]}" if " 4" in write else write.format(code)
    assert (await stranger.posts(CODE, code=typed)).status == 303


@pytest.mark.parametrize("off", [-1, 1])
async def test_a_phone_may_be_half_a_minute_off(tries, stranger, with_factor, clock, off):
    await tries()
    assert (await stranger.posts(CODE, code=code_at(clock, off))).status == 303


@pytest.mark.parametrize("code", ["000000", "", "12345", "１２３４５６", "abcdef", "1" * 500])
async def test_a_wrong_code_is_refused(tries, stranger, with_factor, code):
    await tries()
    answer = await stranger.posts(CODE, code=code)
    assert answer.status == 403
    assert "Mã không đúng" in await answer.text()
    assert (await stranger.opens(OWN)).status == 303


async def test_no_code_is_taken_twice_nor_one_from_before(tries, stranger, with_factor, clock):
    await tries()
    used, earlier = code_at(clock), code_at(clock, -1)
    assert (await stranger.posts(CODE, code=used)).status == 303
    for replayed in (used, earlier):
        await tries()
        assert (await stranger.posts(CODE, code=replayed)).status == 403


async def test_the_code_is_due_within_five_minutes(tries, stranger, with_factor, clock):
    await tries()
    clock.at += timedelta(minutes=5)
    assert (await stranger.posts(CODE, code=code_at(clock))).status == 403


async def test_a_known_password_does_not_make_guessing_codes_free(
    tries, stranger, with_factor, clock
):
    for _ in range(5):
        assert (await tries()).status == 303
        assert (await stranger.posts(CODE, code="000000")).status == 403
    assert (await tries()).status == 429


# -- guessing --


async def test_five_wrong_tries_cost_a_quarter_of_an_hour(tries, console, clock):
    await an_account(console, "lan")
    for _ in range(5):
        assert (await tries(password="sai mật khẩu")).status == 403
    answer = await tries()
    assert answer.status == 429
    assert "thử lại sau 15 phút" in await answer.text()
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    clock.at += timedelta(minutes=15)
    assert (await tries()).status == 303
    refused = [Kind.SIGN_IN_REFUSED] * 5
    assert await kinds(console) == [*refused, Kind.LOCKED_OUT, Kind.SIGNED_IN]


async def test_a_name_that_nobody_has_waits_alike(tries):
    for _ in range(5):
        assert (await tries("khong-co-ai")).status == 403
    answer = await tries("khong-co-ai")
    assert answer.status == 429
    assert "thử lại sau 15 phút" in await answer.text()


async def test_one_address_cannot_try_one_password_at_everybody(tries, console):
    await an_account(console, "lan")
    for number in range(30):
        assert (await tries(f"nguoi-{number}")).status == 403
    assert (await tries("lan")).status == 429


async def test_an_account_of_ones_own_does_not_wash_the_address_clean(tries, console):
    await an_account(console, "lan")
    for number in range(29):
        await tries(f"nguoi-{number}")
    assert (await tries("lan")).status == 303
    assert (await tries("nguoi-99")).status == 403
    assert (await tries("lan")).status == 429


async def test_many_tries_at_once_are_not_more_tries(client, console):
    import asyncio

    await an_account(console, "lan")
    thieves = [Staff(client) for _ in range(12)]
    for thief in thieves:
        await thief.reads(SIGN_IN)
    answers = await asyncio.gather(
        *(
            thief.posts(SIGN_IN, name="lan", password=f"sai {at}")
            for at, thief in enumerate(thieves)
        )
    )
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [403] * 5 + [429] * 7


async def test_misses_are_forgotten_when_it_was_right_in_the_end(tries, console):
    await an_account(console, "lan")
    for _ in range(3):
        for _ in range(4):
            assert (await tries(password="sai mật khẩu")).status == 403
        assert (await tries()).status == 303


async def test_a_name_is_no_place_to_leave_ones_password(tries, console):
    """What was typed as a name that nobody has stands nowhere."""
    await tries("mật khẩu của tôi")
    assert await kinds(console) == []


# -- one's own account --


async def test_a_second_factor_is_turned_on_with_its_first_code(client, clock, console):
    lan = await signed_in(client, name="lan")
    elsewhere = await another_session(client, console, lan.account)
    answer = await lan.posts(f"{OWN}/hai-lop", password="sai")
    assert answer.status == 422
    await lan.posts(f"{OWN}/hai-lop", password=PASSWORD)
    page = await lan.reads(OWN)
    secret = page.split("<code>")[1].split("</code>")[0]
    drawn = await lan.opens(f"{OWN}/hai-lop/ma.svg")
    assert drawn.content_type == "image/svg+xml"
    assert drawn.headers["Cache-Control"] == "no-store"
    assert (await lan.posts(f"{OWN}/hai-lop/xac-nhan", code="000000")).status == 422
    code = pyotp.TOTP(secret).at(clock.at)
    answer = await lan.posts(f"{OWN}/hai-lop/xac-nhan", code=code)
    assert answer.headers["Location"] == f"{OWN}?notice=factor_added"
    page = await lan.reads(OWN)
    assert "Đang bật" in page
    assert secret not in page
    assert (await lan.opens(f"{OWN}/hai-lop/ma.svg")).status == 404
    assert (await elsewhere.opens(OWN)).status == 303
    assert await kinds(console) == [Kind.FACTOR_ADDED]
    async with console.sessions() as session:
        kept = await session.get(Account, "lan")
    assert secret.encode() not in kept.totp


async def another_session(client, console, account):
    from bot.staff import sessions

    async with console.sessions() as session, session.begin():
        token = await sessions.begin(session, account, console.now())
    return Staff(client, account, token)


async def test_a_second_factor_is_turned_off_with_the_password(client, console, with_factor):
    lan = await another_session(client, console, with_factor)
    assert (await lan.posts(f"{OWN}/hai-lop/tat", password="sai")).status == 422
    assert "Đang bật" in await lan.reads(OWN)
    await lan.posts(f"{OWN}/hai-lop/tat", password=PASSWORD)
    assert "Đang tắt" in await lan.reads(OWN)


async def test_the_sessions_elsewhere_can_be_ended(client, console):
    lan = await signed_in(client)
    elsewhere = await another_session(client, console, lan.account)
    assert "còn 1 phiên đăng nhập" in await lan.reads(OWN)
    await lan.posts(f"{OWN}/phien-khac")
    assert "chỉ đăng nhập ở trình duyệt này" in await lan.reads(OWN)
    assert (await elsewhere.opens(OWN)).status == 303
