"""Accounts in a real browser: the way in by keyboard, the second factor, and how the pages look."""

import re
from datetime import timedelta

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.staff.models import StaffRole
from bot.storage.engine import open_engine
from tests.e2e.staff import a_person
from tests.fakes.console import PASSWORD, Clock, a_console, an_account, make_tables

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEW_PASSWORD = "một mật khẩu của riêng tôi"


@pytest.fixture
def clock():
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def console(tmp_path, clock):
    engine = open_engine(f"sqlite:///{tmp_path / 'console.db'}")
    await make_tables(engine)
    yield a_console(engine, clock)
    await engine.dispose()


def code_of(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(clock.at)


async def test_from_the_one_time_password_to_the_second_factor_by_keyboard(browser, console, clock):
    await an_account(console, "lan", role=StaffRole.VOLUNTEER, must_change=True)
    async with a_person(browser, console) as lan:
        await lan.opens("/console/tai-khoan")
        await expect(lan.page.get_by_label("Tên đăng nhập")).to_be_focused()
        await lan.signs_in("lan", "sai mật khẩu")
        await expect(lan.page.get_by_role("alert")).to_contain_text("không đúng")
        await expect(lan.page.get_by_label("Mật khẩu")).to_be_focused()
        await lan.types(PASSWORD, "[Enter]")

        await lan.reads("Hãy đặt mật khẩu của riêng bạn")
        await lan.page.get_by_label("Mật khẩu hiện tại").focus()
        keys = (PASSWORD, "[Tab]", NEW_PASSWORD, "[Tab]", NEW_PASSWORD, "[Enter]")
        await lan.types(*keys)
        await lan.reads("Đã đổi mật khẩu")

        await lan.opens("/console/tai-khoan")
        await lan.page.get_by_label("Mật khẩu hiện tại").focus()
        await lan.types(NEW_PASSWORD, "[Enter]")
        drawn = lan.page.get_by_role("img", name="Mã QR")
        await expect(drawn).to_be_visible()
        assert await drawn.evaluate("picture => picture.complete && picture.naturalWidth > 0")
        secret = await lan.page.locator("code").inner_text()
        await lan.page.get_by_label("Mã 6 chữ số").focus()
        await lan.types(code_of(secret, clock), "[Enter]")
        await lan.reads("Đã bật xác thực hai lớp")

        await lan.page.locator("details.account summary").focus()
        await lan.types("[Enter]", "[Tab]", "[Tab]", "[Enter]")
        await lan.reads("Bạn đã đăng xuất")

        clock.at += timedelta(minutes=1)
        await lan.page.get_by_label("Tên đăng nhập").focus()
        await lan.signs_in("lan", NEW_PASSWORD)
        await expect(lan.page.get_by_label("Mã 6 chữ số")).to_be_focused()
        await lan.types("000000", "[Enter]")
        await expect(lan.page.get_by_role("alert")).to_contain_text("Mã không đúng")
        await lan.types(code_of(secret, clock), "[Enter]")
        await lan.reads("Bàn làm việc")


async def test_whose_session_ended_signs_in_and_goes_on_where_they_were(browser, console, clock):
    await an_account(console, "lan")
    async with a_person(browser, console) as lan:
        await lan.opens("/console/tai-khoan")
        await lan.signs_in("lan", PASSWORD)
        await lan.reads("Tài khoản của tôi")
        clock.at += timedelta(hours=1)
        await lan.page.reload()
        await lan.reads("Dành cho cán bộ")
        await lan.signs_in("lan", PASSWORD)
        await lan.reads("Tài khoản của tôi")


async def test_what_was_typed_for_a_session_that_ended_is_still_there(browser, console, clock):
    await an_account(console, "quan-tri", role=StaffRole.ADMIN)
    async with a_person(browser, console) as admin:
        await admin.opens("/console/nguoi-dung/them")
        await admin.signs_in("quan-tri", PASSWORD)
        await admin.fills("Họ tên", "Trần Văn Minh")
        await admin.fills("Tên đăng nhập", "minh")
        clock.at += timedelta(hours=1)
        await admin.presses("Tạo tài khoản")
        await admin.reads("Phiên đăng nhập đã kết thúc")
        kept = admin.page.get_by_label("Những gì bạn đã viết")
        await expect(kept).to_have_value("Trần Văn Minh")


async def test_an_admin_adds_somebody_and_the_audit_tells(browser, console):
    await an_account(console, "quan-tri", role=StaffRole.ADMIN)
    async with a_person(browser, console) as admin:
        await admin.opens("/console/nguoi-dung")
        await admin.signs_in("quan-tri", PASSWORD)
        await admin.page.get_by_role("link", name="Thêm người dùng").click()
        await admin.fills("Tên đăng nhập", "minh")
        await admin.fills("Họ tên", "Trần Văn Minh")
        await admin.page.get_by_label("Vai trò").select_option("lead")
        await admin.fills("Mỗi dòng một nơi", "Phường Hoàn Kiếm, Hà Nội")
        await admin.presses("Tạo tài khoản")
        shown = await admin.page.locator("code").inner_text()
        assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", shown)
        await admin.page.get_by_role("link", name="Nhật ký").click()
        await admin.reads("Trưởng nhóm; Phường Hoàn Kiếm, Thành phố Hà Nội")
        assert shown not in await admin.page.content()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
async def test_every_page_fits_and_is_accessible(browser, console, clock, width, scheme):
    await an_account(console, "quan-tri", role=StaffRole.ADMIN, must_change=True)
    await an_account(console, "lan", full_name="Nguyễn Thị Phương Lan", provinces={"15", "01"})
    await an_account(console, "minh", disabled_at=clock.at)
    size = {"width": width, "height": 2000}  # the bar at the bottom lies over nothing
    async with a_person(browser, console, viewport=size, color_scheme=scheme) as admin:
        await admin.opens("/console/dang-nhap")
        await admin.finds_accessible("Dành cho cán bộ")
        await admin.signs_in("quan-tri", "sai mật khẩu")
        await admin.finds_accessible("không đúng")
        await admin.opens("/console/ma-xac-thuc")
        await admin.finds_accessible("mã 6 chữ số")
        await admin.opens("/console/dang-nhap")
        await admin.signs_in("quan-tri", PASSWORD)
        await admin.reads("Hãy đặt mật khẩu")
        await admin.changes_password(PASSWORD, "a" * 12)
        await admin.finds_accessible("lặp lại vài ký tự")
        await admin.changes_password(PASSWORD, NEW_PASSWORD)
        await admin.finds_accessible("Thêm người dùng")
        await admin.opens("/console/nguoi-dung/them")
        await admin.finds_accessible("Tạo tài khoản")
        await admin.opens("/console/nguoi-dung/tai-khoan/lan")
        await admin.finds_accessible("Khóa tài khoản")
        await admin.presses("Cấp lại mật khẩu")
        await admin.finds_accessible("Mật khẩu dùng một lần")
        await admin.opens("/console/nhat-ky")
        await admin.finds_accessible("cấp lại mật khẩu")
        await admin.opens("/console/khong-co")
        await admin.finds_accessible("Không có trang này")
        await admin.opens("/console/tai-khoan")
        await admin.page.locator("details.account summary").click()
        await admin.finds_accessible("Đang tắt")
        await admin.page.keyboard.press("Escape")
        await admin.fills("Mật khẩu hiện tại", NEW_PASSWORD)
        await admin.presses("Bật xác thực hai lớp")
        await admin.finds_accessible("Quét mã này")
        secret = await admin.page.locator("code").inner_text()
        await admin.fills("Mã 6 chữ số", code_of(secret, clock))
        await admin.presses("Xác nhận và bật")
        await admin.finds_accessible("Đã bật xác thực hai lớp")
