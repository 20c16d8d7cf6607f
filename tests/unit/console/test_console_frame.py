"""The frame of the console: who gets in, what is refused, and how that is said."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import DummyCookieJar, web

from bot import console as room
from bot.console.frame import CONSOLE, FORM, Page, Place, allowed, lead_to, render
from bot.console.guard import COOKIE
from bot.console.pages import PAGES
from bot.console.signing_in import own_path
from bot.console.site import add_console
from bot.staff.models import StaffRole
from bot.staff.sessions import form_token
from tests.fakes.console import PASSWORD, Staff, an_account, signed_in

SIGN_IN = "/console/dang-nhap"
CHANGE = "/console/doi-mat-khau"


async def tries_to_sign_in(somebody, name, password=PASSWORD, **fields):
    await somebody.reads(SIGN_IN)
    return await somebody.posts(SIGN_IN, name=name, password=password, **fields)


@pytest.fixture
def stranger(client):
    return Staff(client)


async def test_who_has_not_signed_in_is_led_to_the_sign_in_and_back(stranger, console):
    answer = await stranger.opens(f"{CHANGE}?x=1")
    assert answer.status == 303
    assert answer.headers["Location"] == f"{SIGN_IN}?back=/console/doi-mat-khau?x%3D1"
    await an_account(console, "lan")
    answer = await tries_to_sign_in(stranger, "lan", back="/console/doi-mat-khau?x=1")
    assert answer.status == 303
    assert answer.headers["Location"] == "/console/doi-mat-khau?x=1"
    assert "Nguyễn Thị Lan" in await stranger.reads(CHANGE)


@pytest.mark.parametrize("name", ["lan", " LAN "])
async def test_a_name_is_taken_however_it_is_written(stranger, console, name):
    await an_account(console, "lan")
    assert (await tries_to_sign_in(stranger, name)).status == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("lan", "sai mật khẩu rồi"),
        ("khong-co-ai", PASSWORD),
        ("nghi", PASSWORD),
        ("", ""),
        ("\0", "\0"),
    ],
)
async def test_whatever_is_wrong_is_answered_alike(stranger, console, clock, name, password):
    await an_account(console, "lan")
    await an_account(console, "nghi", disabled_at=clock.at)
    answer = await tries_to_sign_in(stranger, name, password)
    page = await answer.text()
    assert answer.status == 403
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in page
    assert password == "" or password not in page


async def test_signing_in_gives_a_new_secret(stranger, console):
    """Whoever planted a cookie in this browser before does not hold the session."""
    await an_account(console, "lan")
    await stranger.reads(SIGN_IN)
    planted = stranger.cookie
    answer = await tries_to_sign_in(stranger, "lan")
    assert stranger.cookie != planted
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/console" in cookie


async def test_signing_out_ends_the_session(client):
    lan = await signed_in(client)
    copied = Staff(client, lan.account, lan.cookie)
    await copied.reads(CHANGE)
    assert (await lan.posts("/console/dang-xuat")).status == 303
    assert lan.cookie == ""
    assert (await copied.opens(CHANGE)).status == 303


@pytest.mark.parametrize(
    ("pauses", "status"),
    [([59], 200), ([60], 303), ([50] * 14, 200), ([50] * 14 + [25], 303)],
)
async def test_a_session_ends_after_an_idle_hour_and_a_day_of_work(client, clock, pauses, status):
    lan = await signed_in(client)
    for pause in pauses:
        clock.at += timedelta(minutes=pause)
        answer = await lan.opens(CHANGE)
    assert answer.status == status


# -- a page of a test's own --


@allowed(StaffRole.LEAD)
async def show_notes(request):
    return render(request, "home.html", {"words": {"title": "Sổ", "empty": "Chưa có gì"}})


@allowed(StaffRole.LEAD)
async def take_note(request):
    if request[FORM]["note"] == "boom":
        raise RuntimeError("chuyện riêng của chị Lan")
    return lead_to("/console/so", notice="password_changed")


NOTES = Page((web.get("/so", show_notes), web.post("/so", take_note)), Place.QUEUE)


@pytest.fixture
async def notebook(aiohttp_client, console):
    """A client of a console with one page more, that leads only may use."""
    app = web.Application()
    add_console(app, console, (NOTES, *PAGES))
    app[CONSOLE] = console
    return await aiohttp_client(app, cookie_jar=DummyCookieJar())


async def test_the_navigation_shows_what_somebody_may_open(notebook):
    lead = await signed_in(notebook, StaffRole.LEAD)
    assert (await lead.opens("/console")).headers["Location"] == "/console/so"
    assert '<a href="/console/so" aria-current="page">Hàng chờ</a>' in await lead.reads(
        "/console/so"
    )
    volunteer = await signed_in(notebook, StaffRole.VOLUNTEER)
    page = await volunteer.reads("/console")
    assert "/console/so" not in page
    answer = await volunteer.opens("/console/so")
    assert answer.status == 403
    assert "Vai trò của bạn không dùng được trang này" in await answer.text()


async def test_a_form_is_taken_with_the_token_of_its_session(notebook):
    lead = await signed_in(notebook, StaffRole.LEAD)
    answer = await lead.posts("/console/so", note="một")
    assert answer.status == 303
    assert answer.headers["Location"] == "/console/so?notice=password_changed"


@pytest.mark.parametrize("token", ["", "x", "ký tự lạ", "0" * 32])
async def test_a_forged_form_is_refused(notebook, token):
    lead = await signed_in(notebook, StaffRole.LEAD)
    answer = await lead.posts("/console/so", note="một", token=token)
    assert answer.status == 403
    assert "phiên đăng nhập khác" in await answer.text()


async def test_a_form_of_another_session_is_refused(notebook):
    other = await signed_in(notebook, StaffRole.LEAD)
    theirs = form_token(other.cookie)
    lead = await signed_in(notebook, StaffRole.LEAD)
    assert (await lead.posts("/console/so", note="một", token=theirs)).status == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.vn"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_form_from_another_site_is_refused(notebook, headers):
    lead = await signed_in(notebook, StaffRole.LEAD)
    answer = await lead.posts("/console/so", {"note": "một"}, headers=headers)
    assert answer.status == 403
    assert "từ một trang web khác" in await answer.text()


async def test_an_error_of_ours_is_said_in_words_that_tell_nothing(notebook, caplog):
    lead = await signed_in(notebook, StaffRole.LEAD)
    answer = await lead.posts("/console/so", note="boom")
    page = await answer.text()
    assert answer.status == 500
    assert "Chương trình gặp lỗi" in page
    assert "chị Lan" not in page
    assert "RuntimeError" in caplog.text


async def test_a_script_whose_session_ended_hears_it_in_json(notebook):
    answer = await notebook.get("/console/so", headers={"Accept": "application/json"})
    assert answer.status == 401
    assert (await answer.json())["error"] == "signed_out"


def test_a_handler_that_says_nothing_of_who_may_call_it_keeps_the_program_from_starting(console):
    async def show_secrets(request):
        return web.Response()

    with pytest.raises(ValueError, match="show_secrets"):
        add_console(web.Application(), console, [Page((web.get("/x", show_secrets),))])


async def test_what_was_written_for_a_session_that_ended_is_shown_again(notebook, clock):
    lead = await signed_in(notebook, StaffRole.LEAD)
    clock.at += timedelta(hours=1)
    answer = await lead.posts("/console/so", note="Chào bà, <b>đã trả lại tiền", password="a b c d")
    page = await answer.text()
    assert answer.status == 401
    assert "Chào bà, &lt;b&gt;đã trả lại tiền</textarea>" in page
    assert "a b c d" not in page


# -- the first password --


async def test_a_one_time_password_has_to_be_replaced_first(client, stranger):
    lan = await signed_in(client, must_change=True)
    answer = await lan.opens("/console")
    assert (answer.status, answer.headers["Location"]) == (303, CHANGE)
    new = "một mật khẩu của riêng tôi"
    answer = await lan.posts(CHANGE, old=PASSWORD, new=new, again=new)
    assert answer.headers["Location"] == "/console?notice=password_changed"
    answer = await lan.opens("/console", notice="password_changed")
    assert "Đã đổi mật khẩu" in await lan.reads(answer.headers["Location"])
    assert (await tries_to_sign_in(stranger, lan.account.name)).status == 403
    assert (await tries_to_sign_in(stranger, lan.account.name, new)).status == 303


async def test_a_changed_password_ends_every_session(client):
    lan = await signed_in(client)
    elsewhere = Staff(client, lan.account, lan.cookie)
    new = "một mật khẩu của riêng tôi"
    await lan.posts(CHANGE, old=PASSWORD, new=new, again=new)
    assert (await lan.opens(CHANGE)).status == 200
    assert (await elsewhere.opens(CHANGE)).status == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("sai", "một mật khẩu khác", "một mật khẩu khác", "hiện tại không đúng"),
        (PASSWORD, "một mật khẩu khác", "một mật khẩu khắc", "không giống nhau"),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 12 ký tự"),
        (PASSWORD, "a" * 12, "a" * 12, "lặp lại vài ký tự"),
        (PASSWORD, "tôi là lan.nguyen", "tôi là lan.nguyen", "tên đăng nhập"),
        (PASSWORD, PASSWORD, PASSWORD, "phải khác"),
        (PASSWORD, "abcdef" * 40, "abcdef" * 40, "dài quá"),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(client, old, new, again, said):
    lan = await signed_in(client, name="lan.nguyen")
    answer = await lan.posts(CHANGE, old=old, new=new, again=again)
    page = await answer.text()
    assert answer.status == 422
    assert said in page
    assert new not in page


# -- edges --


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/console", True),
        ("/console/a?b=1", True),
        ("/consolex", False),
        ("//evil.vn/console", False),
        ("https://evil.vn/console/", False),
        ("/console/\\evil", False),
        ("/console/\r\nSet-Cookie: a", False),
        ("/console/ký", False),
        ("", False),
    ],
)
def test_the_sign_in_leads_back_to_our_own_pages_only(path, kept):
    assert own_path(path) == (path if kept else "")


@pytest.mark.parametrize("path", ["/console/khong-co", SIGN_IN, "/console/assets/console.css"])
async def test_every_answer_carries_the_security_headers(client, path):
    headers = (await client.get(path)).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_an_unknown_page_is_a_page_that_says_so(client):
    answer = await Staff(client).opens("/console/khong-co")
    assert answer.status == 404
    assert "Không có trang này" in await answer.text()


@pytest.mark.parametrize(
    "body", [b"\xff", b"&" * 2000, b"x" * 300_000], ids=["bytes", "many", "large"]
)
async def test_a_mangled_form_is_refused(client, body):
    lan = await signed_in(client)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{COOKIE}={lan.cookie}",
    }
    answer = await client.post(CHANGE, data=body, headers=headers)
    assert answer.status in {400, 413}
    assert (await lan.opens(CHANGE)).status == 200


async def test_a_notice_is_one_of_ours(client):
    lan = await signed_in(client)
    assert 'role="status"' not in await lan.reads(CHANGE, notice="<b>bạn đã trúng thưởng")


def test_no_template_carries_script_or_style_of_its_own():
    for template in (Path(room.__file__).parent / "templates").iterdir():
        html = template.read_text("utf-8")
        assert "style=" not in html
        assert "<style" not in html
        assert not re.search(r"\son\w+=", html)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.S):
            assert "{{ form_token() }}" in form
