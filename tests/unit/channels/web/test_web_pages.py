"""The page itself: what it shows without script, its headers, its weight."""

import asyncio
import gzip
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from bot.channels import web as web_chat
from bot.channels.base import Button, Reply
from bot.channels.web import pages
from bot.hotline import Hotline
from tests.fakes.clerk import clerk

HERE = Path(web_chat.__file__).parent


async def html_of(answer):
    return unescape(await answer.text())


def form_id(html):
    return re.search(r'id="composer".*?name="id" value="([^"]+)"', html, re.S).group(1)


async def posts(script, *, follow=True, **fields):
    page = await html_of(await script.opens_the_page())
    fields = {"id": form_id(page), **fields}
    return await script.client.post("/chat/form", data=fields, allow_redirects=follow)


async def test_the_first_visit_says_what_to_do_and_sets_the_cookie(build):
    script = await build()
    answer = await script.opens_the_page()
    page = await html_of(answer)
    cookie = answer.headers["Set-Cookie"]
    assert "Chào bạn, bạn cần làm thủ tục gì?" in page
    assert re.match(r"danhoi=[\w-]{43};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


async def test_over_https_the_cookie_is_secure(build):
    script = await build(public_origin="https://hoi.example.vn")
    answer = await script.opens_the_page()
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


async def test_the_cookie_is_no_address(script):
    """Whoever reads the stored addresses cannot open a conversation with them."""
    await script.sends()
    jar = {cookie.key: cookie.value for cookie in script.client.session.cookie_jar}
    assert script.road.kept[0].sender not in jar["danhoi"]
    assert jar["danhoi"] not in await html_of(await script.opens_the_page())


@pytest.mark.parametrize(
    "path", ["/", "/quyen-rieng-tu", "/chat/history", "/chat/nowhere", "/chat/assets/chat.css"]
)
async def test_every_answer_carries_the_security_headers(script, path):
    headers = (await script.client.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_template_carries_script_or_style_of_its_own():
    for template in (HERE / "templates").iterdir():
        html = template.read_text("utf-8")
        assert "style=" not in html
        assert "<style" not in html
        assert not re.search(r"\son\w+=", html)
        scripts = re.findall(r"<script[^>]*>", html)
        assert all("src=" in tag or "application/json" in tag for tag in scripts)


async def test_the_first_paint_weighs_less_than_60_kb(script):
    page = await (await script.opens_the_page()).text()
    parts = [page.encode()]
    for url in set(re.findall(r'/chat/assets/[^"]+', page)):
        answer = await script.client.get(url)
        assert answer.headers["Cache-Control"].endswith("immutable")
        parts.append(await answer.read())
    assert len(parts) == 5
    assert sum(map(len, parts)) < 60_000
    assert sum(len(gzip.compress(part)) for part in parts) < 20_000


async def test_the_hotline_comes_with_the_day_it_was_checked(build):
    script = await build(hotline=Hotline("Hà Nội", "024 1022", date(2026, 11, 2)))
    page = await html_of(await script.opens_the_page())
    assert 'href="tel:0241022"' in page
    assert "02/11/2026" in page


async def test_without_a_hotline_none_is_named(script):
    assert "tel:" not in await html_of(await script.opens_the_page())


# -- without script --


async def test_a_form_post_leads_back_to_a_page_with_the_answer(script):
    page = await html_of(await posts(script, text="lam giay khai sinh"))
    assert "lam giay khai sinh" in page
    assert "Bạn hỏi: lam giay khai sinh" in page


async def test_a_form_post_leads_to_its_own_message(script):
    answer = await posts(script, text="một", follow=False)
    assert answer.status == 303
    fragment = answer.headers["Location"].removeprefix("/#")
    page = await html_of(await script.opens_the_page())
    assert f'<li class="line citizen" id="{fragment}"' in page


async def test_without_script_the_page_says_that_it_works_all_the_same(script):
    page = await html_of(await script.opens_the_page())
    assert "Bạn vẫn hỏi đáp được" in re.search(r"<noscript>(.*?)</noscript>", page).group(1)


async def test_a_form_sent_twice_is_one_message(script):
    page = await html_of(await script.opens_the_page())
    async with asyncio.timeout(pages.PATIENCE / 2):
        for _ in range(2):
            await script.client.post("/chat/form", data={"id": form_id(page), "text": "một"})
    assert len(script.road.kept) == 1


async def test_a_button_works_without_script(script):
    script.road.answer = clerk
    page = await html_of(await posts(script, text="khai sinh"))
    choice = re.search(r"name=\"choice\" value=\"(\{.*?\})\">Giấy tờ cần có", page).group(1)
    page = await html_of(await posts(script, choice=choice))
    assert script.road.kept[-1].metadata == {"title": "Giấy tờ cần có"}
    assert "Giấy tờ để đăng ký khai sinh" in page


async def test_line_breaks_of_a_form_are_plain_ones(script):
    await posts(script, text="một\r\nhai")
    assert script.road.kept[0].text == "một\nhai"


async def test_an_empty_form_changes_nothing(script):
    assert (await posts(script, text="  ")).status == 200
    assert script.road.kept == []


async def test_when_the_answer_is_slow_the_page_comes_without_it(script, monkeypatch):
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    script.road.delay = 0.5
    page = await html_of(await posts(script, text="một"))
    assert "Bạn hỏi" not in page
    await script.road.settled()


async def test_a_refused_form_keeps_what_was_typed(build):
    script = await build(burst=1, per_minute=1)
    await posts(script, text="một")
    answer = await posts(script, text="hai </textarea>")
    page = await answer.text()
    assert answer.status == 429
    assert "hai &lt;/textarea&gt;</textarea>" in page
    assert "Bạn gửi hơi nhanh" in page


async def test_a_form_without_storage_says_what_is_safe(script):
    script.road.down = True
    answer = await script.client.post("/chat/form", data={"id": "12345678", "text": "một"})
    page = await html_of(answer)
    assert answer.status == 503
    assert "Câu bạn viết vẫn còn" in page
    assert ">một</textarea>" in page


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"id=x", b"&" * 50, b"id=12345678&choice=%FF", b"id=12345678&choice=[]"],
)
async def test_a_mangled_form_is_answered_with_a_page(script, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await script.client.post("/chat/form", data=body, headers=headers)
    assert answer.status == 400
    assert answer.content_type == "text/html"


async def test_a_form_from_another_site_is_refused_on_the_page(script):
    headers = {"Origin": "https://evil.vn"}
    answer = await script.client.post("/chat/form", data={"text": "x"}, headers=headers)
    assert answer.status == 403
    assert script.road.kept == []


async def test_a_new_conversation_begins_empty(script):
    await posts(script, text="chuyện riêng")
    answer = await script.client.post("/chat/new")
    assert "chuyện riêng" not in await html_of(answer)
    assert await script.reads() == []


async def test_older_lines_are_a_link_away(script):
    for n in range(26):
        await script.sends(f"câu {n}")
    await script.road.settled()
    page = await html_of(await script.opens_the_page())
    older = re.search(r'href="(/\?before=\d+)"', page).group(1)
    assert ">câu 0<" not in page
    page = await html_of(await script.client.get(older))
    assert ">câu 0<" in page
    assert "Về tin nhắn mới nhất" in page


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "%00"])
async def test_a_mangled_address_shows_the_newest_lines(script, before):
    await script.sends("một")
    page = await html_of(await script.client.get(f"/?before={before}"))
    assert ">một<" in page


async def test_text_is_never_markup(script):
    evil = "<img src=x onerror=alert(1)>\"'&{{ 7919*7927 }}"
    script.road.answer = lambda text: [
        Reply(text=evil, buttons=(Button(evil, evil),)),
        Reply(custom={"card": {"heading": evil, "facts": [[evil, evil]], "source": evil}}),
    ]
    page = await (await posts(script, text=evil)).text()
    assert "<img src=x" not in page
    assert "62773913" not in page


async def test_when_storage_is_down_the_page_says_so(script):
    script.road.down = True
    answer = await script.opens_the_page()
    assert answer.status == 503
    assert "Hệ thống đang bận" in await html_of(answer)


# -- edges --


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/chat/nowhere", 404),
        ("GET", "/chat/assets/../site.py", 404),
        ("GET", "/chat/assets/nothing.js", 404),
        ("GET", "/chat/messages", 405),
        ("DELETE", "/chat/history", 405),
        ("POST", "/chat/stream", 405),
        ("GET", "/chat/", 404),
    ],
)
async def test_an_unknown_call_is_refused_in_json(script, method, path, status):
    answer = await script.client.request(method, path)
    body = await answer.json() if path.startswith("/chat/") and ".." not in path else {}
    assert answer.status == status
    assert body == {} or set(body) == {"error", "reason"}
    if status == 405:
        assert answer.headers["Allow"]


async def test_the_page_on_privacy_stands_alone(script):
    page = await html_of(await script.client.get("/quyen-rieng-tu"))
    assert "91/2025/QH15" in page
    assert "<script" not in page


async def test_the_page_on_privacy_says_for_how_many_days_what_is_kept(build):
    script = await build(history_days=31, case_days=365)
    page = await html_of(await script.client.get("/quyen-rieng-tu"))
    assert "tự xóa sau 31 ngày" in page
    assert "xóa nội dung sau 365 ngày" in page
