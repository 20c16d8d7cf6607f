"""The users' page: for admins, who never lock the last of them out."""

import re

import pytest

from bot.console.account_texts import EVENTS
from bot.feedback import audit
from bot.feedback.audit import Sought
from bot.feedback.models import Kind
from bot.feedback.states import Move
from bot.staff import services
from bot.staff.models import StaffRole
from tests.fakes.console import PASSWORD, Staff, an_account, signed_in

USERS = "/console/nguoi-dung"
NEW = {"name": "minh", "full_name": "Trần Văn Minh", "role": "lead", "area": "some"}


@pytest.fixture
async def admin(client):
    return await signed_in(client, StaffRole.ADMIN, name="quan-tri")


@pytest.fixture
def found(console):
    async def find(name):
        async with console.sessions() as session:
            return await services.find(session, name)

    return find


async def events(console, account):
    async with console.sessions() as session:
        return [
            (event.kind, event.actor, audit.note_of(console.vault, event))
            for event in await audit.events(session, Sought(account))
        ]


def shown_password(page: str) -> str:
    return re.search(r"<code>([a-z0-9-]{19})</code>", page).group(1)


@pytest.mark.parametrize("role", [StaffRole.SUPERVISOR, StaffRole.LEAD, StaffRole.VOLUNTEER])
async def test_only_admins_look_after_accounts(client, role):
    somebody = await signed_in(client, role)
    for path in (USERS, f"{USERS}/them", f"{USERS}/tai-khoan/{somebody.account.name}"):
        assert (await somebody.opens(path)).status == 403
    assert (await somebody.posts(f"{USERS}/them", NEW)).status == 403


async def test_an_account_begins_with_a_password_that_is_shown_once(admin, client, found, console):
    answer = await admin.posts(f"{USERS}/them", NEW, places="Lào Cai\nPhường Hoàn Kiếm, Hà Nội")
    password = shown_password(await answer.text())
    assert answer.headers["Cache-Control"] == "no-store"
    minh = await found("minh")
    assert (minh.role, minh.everywhere, minh.must_change) == (StaffRole.LEAD, False, True)
    assert minh.places == {"15", "00070"}
    assert password not in minh.password
    page = await admin.reads(f"{USERS}/tai-khoan/minh")
    assert password not in page
    assert "Phường Hoàn Kiếm, Thành phố Hà Nội" in page
    assert await events(console, "minh") == [(Kind.ACCOUNT_ADDED, "quan-tri", "lead 15,00070")]
    somebody = Staff(client)
    await somebody.reads("/console/dang-nhap")
    answer = await somebody.posts("/console/dang-nhap", name="minh", password=password)
    assert answer.status == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "quan-tri"}, "Đã có tài khoản"),
        ({"name": "Trần Minh"}, "chưa đúng"),
        ({"name": "m"}, "chưa đúng"),
        ({"full_name": " "}, "chưa đúng"),
        ({"role": "vua"}, "chưa đúng"),
        ({"places": "Quận 1"}, "Không tìm thấy: Quận 1"),
        ({"places": "Tân Lập"}, "nhiều nơi trùng tên"),
    ],
)
async def test_what_makes_no_account_is_said_and_kept_in_the_form(admin, console, changes, said):
    answer = await admin.posts(f"{USERS}/them", NEW | {"places": ""} | changes)
    page = await answer.text()
    assert answer.status == 422
    assert said in page
    assert (changes.get("full_name") or "Trần Văn Minh").strip() in page
    async with console.sessions() as session:
        assert [each.name for each in await services.everybody(session)] == ["quan-tri"]


async def test_other_rights_end_the_sessions_under_the_old_ones(admin, client, found, console):
    lan = await signed_in(client, name="lan")
    fields = {"full_name": "Nguyễn Thị Lan", "role": "volunteer", "area": "everywhere"}
    answer = await admin.posts(f"{USERS}/tai-khoan/lan", fields)
    assert answer.status == 303
    assert (await found("lan")).role is StaffRole.VOLUNTEER
    assert (await lan.opens("/console/tai-khoan")).status == 303
    await admin.posts(f"{USERS}/tai-khoan/lan", fields)
    assert await events(console, "lan") == [(Kind.ACCOUNT_CHANGED, "quan-tri", "volunteer *")]


async def test_a_disabled_account_is_out_at_once_and_can_come_back(admin, client, found, console):
    lan = await signed_in(client, name="lan")
    for _ in range(2):
        assert (await admin.posts(f"{USERS}/tai-khoan/lan/khoa")).status == 303
    assert (await lan.opens("/console/tai-khoan")).status == 303
    assert "Đã khóa" in await admin.reads(USERS)
    await admin.posts(f"{USERS}/tai-khoan/lan/mo")
    assert (await found("lan")).disabled_at is None
    assert [kind for kind, _, _ in await events(console, "lan")] == [
        Kind.ACCOUNT_ENABLED,
        Kind.ACCOUNT_DISABLED,
    ]


async def test_a_reset_password_replaces_the_old_one_and_ends_the_waiting(
    admin, client, clock, console
):
    lan = await signed_in(client, name="lan")
    thief = Staff(client)
    await thief.reads("/console/dang-nhap")
    for _ in range(6):
        answer = await thief.posts("/console/dang-nhap", name="lan", password="sai mật khẩu")
    assert answer.status == 429
    answer = await admin.posts(f"{USERS}/tai-khoan/lan/mat-khau")
    password = shown_password(await answer.text())
    assert (await lan.opens("/console/tai-khoan")).status == 303
    answer = await thief.posts("/console/dang-nhap", name="lan", password=PASSWORD)
    assert answer.status == 403
    answer = await thief.posts("/console/dang-nhap", name="lan", password=password)
    assert answer.status == 303


async def test_who_lost_their_phone_gets_in_with_an_admins_help(admin, console, found):
    await an_account(console, "lan", totp=console.vault.seal(b"JBSWY3DPEHPK3PXP"))
    await admin.posts(f"{USERS}/tai-khoan/lan/hai-lop")
    assert (await found("lan")).totp is None
    assert await events(console, "lan") == [(Kind.FACTOR_REMOVED, "quan-tri", "")]


@pytest.mark.parametrize("path", ["khoa", "hai-lop", "mo"])
async def test_an_admin_does_nothing_of_that_to_themselves(admin, found, path):
    answer = await admin.posts(f"{USERS}/tai-khoan/quan-tri/{path}")
    assert answer.status == 403
    assert "người quản trị khác" in await answer.text()
    assert (await found("quan-tri")).disabled_at is None


async def test_an_admin_stays_an_admin_by_their_own_hand(admin, found):
    fields = {"full_name": "Quản Trị", "role": "lead", "area": "everywhere"}
    assert (await admin.posts(f"{USERS}/tai-khoan/quan-tri", fields)).status == 422
    assert (await found("quan-tri")).role is StaffRole.ADMIN


@pytest.mark.parametrize("name", ["khong-co", "x" * 300, "%00", "a%2Fb"])
async def test_an_account_that_is_not_there_is_a_404(admin, name):
    assert (await admin.opens(f"{USERS}/tai-khoan/{name}")).status == 404


async def test_a_name_is_text_and_no_markup(admin):
    await admin.posts(f"{USERS}/them", NEW | {"full_name": "<b>Minh</b>", "places": ""})
    answer = await admin.opens(USERS)
    assert "<b>Minh" not in await answer.text()


# -- the audit --


async def test_the_audit_tells_who_did_what(admin, client):
    await admin.posts(f"{USERS}/them", NEW | {"places": "Lào Cai"})
    page = await admin.reads("/console/nhat-ky")
    assert "tạo tài khoản" in page
    assert "Trưởng nhóm; Tỉnh Lào Cai" in page
    assert "tạo tài khoản" in await admin.reads("/console/nhat-ky", account="minh")
    assert "Không có việc nào" in await admin.reads("/console/nhat-ky", account="lan")
    supervisor = await signed_in(client)
    assert (await supervisor.opens("/console/nhat-ky")).status == 403


@pytest.mark.parametrize("query", [{"case": "x"}, {"before": "-1"}, {"case": "9" * 30}])
async def test_an_address_mangled_by_hand_filters_nothing(admin, query):
    await admin.reads("/console/nhat-ky", **query)


def test_the_audit_has_a_word_for_everything_that_can_happen():
    known = {each.value for each in (*Kind, *Move)} - {Kind.MOVED.value}
    assert known == set(EVENTS)
