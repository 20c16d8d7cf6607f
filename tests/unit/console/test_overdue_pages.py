"""Overdue dossiers in the console: offices, the list, the letter, and that it was sent."""

import csv
import io
import re
from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from sqlalchemy import update

from bot.console.office_places import is_seen, place_name
from bot.dossiers.importer import Report, keep, understood
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.models import DossierRow
from bot.feedback import audit
from bot.feedback.area import Area
from bot.feedback.audit import Sought
from bot.feedback.chain import verify_chain
from bot.feedback.models import Kind
from bot.staff.models import StaffRole
from tests.fakes.console import NOW, signed_in

OFFICES = "/console/ho-so-tre-han"
LIST = f"{OFFICES}/danh-sach"
CODE, KEY = "H29.16-261103-0001", "H29162611030001"
HOAN_KIEM = "UBND phường Hoàn Kiếm, TP. Hà Nội"
SAI_GON = "Trung tâm Phục vụ hành chính công phường Sài Gòn"
CELLS = {
    "code": CODE,
    "status": "Đang xử lý",
    "procedure_code": "1.001193",
    "procedure_name": "Đăng ký khai sinh",
    "office": SAI_GON,
    "received_on": "03/11/2026",
    "due_on": "10/11/2026",
    "phone": "0912 345 678",
}
LETTER = {
    "to": "Nguyễn Văn Ất",
    "sender": SAI_GON,
    "place": "Phường Sài Gòn",
    "reason": "Chờ xác minh nơi cư trú.",
    "new_day": "2026-12-02",
    "seen": "",
}


@pytest.fixture
def waiting(console):
    """Import overdue dossiers; what is not said is as in CELLS."""

    async def take(*rows: dict) -> None:
        report = Report()
        cells = enumerate((CELLS | row for row in rows or ({},)), 2)
        read = understood(cells, SourceMapping.load(), report)
        await keep(console.sessions, console.vault, read, report, NOW, lambda rows: None)

    return take


@pytest.fixture
async def lan(client):
    return await signed_in(client, StaffRole.LEAD, name="lan")


@pytest.fixture
def told(console):
    """What the chain tells of dossiers and files that left."""

    async def read() -> list[tuple[str, str, str]]:
        async with console.sessions() as session:
            assert (await verify_chain(session, console.vault)).whole
            found = await audit.events(session, Sought())
        kinds = (Kind.APOLOGY_WRITTEN, Kind.APOLOGISED, Kind.EXPORTED)
        return [
            (event.kind.value, event.actor, audit.note_of(console.vault, event))
            for event in found
            if event.kind in kinds
        ]

    return read


async def page_of(staff, code: str = CODE) -> str:
    """Follow the list to the page of a dossier; returns its address."""
    return re.search(rf'href="([^"]+)">{re.escape(code)}<', await staff.reads(LIST, apology=""))[1]


def codes(page: str) -> list[str]:
    return re.findall(r'<a href="/console/ho-so-tre-han/ho-so/[^"]+">([^<]+)</a>', page)


async def test_the_offices_stand_with_what_they_owe_and_lead_to_their_dossiers(lan, waiting):
    await waiting({}, {"code": "H29.16-261103-0002", "office": HOAN_KIEM})
    page = await lan.reads(OFFICES)
    assert "Phường Hoàn Kiếm, Thành phố Hà Nội" in page
    assert "11 ngày làm việc" not in page  # the 24th is a holiday
    assert "10 ngày làm việc" in page
    of_office = re.search(rf'href="([^"]+)">{re.escape(SAI_GON)}<', page)[1]
    assert codes(await lan.reads(of_office)) == [CODE]
    assert codes(await lan.reads(LIST)) == [CODE, "H29.16-261103-0002"]


async def test_an_office_is_found_by_its_name_without_marks(lan, waiting):
    await waiting({}, {"code": "H29.16-261103-0002", "office": HOAN_KIEM})
    page = await lan.reads(OFFICES, q="hoan kiem")
    assert HOAN_KIEM in page
    assert SAI_GON not in page
    assert "Không có cơ quan nào tên như vậy" in await lan.reads(OFFICES, q="xyz")


async def test_nothing_overdue_is_said_so(lan):
    assert "Không có hồ sơ nào trễ hạn trong địa bàn" in await lan.reads(OFFICES)
    assert "Không có hồ sơ nào như vậy" in await lan.reads(LIST)


async def test_everybody_sees_their_area_and_what_has_no_place(client, waiting):
    await waiting(
        {},
        {"code": "H29.16-261103-0002", "office": HOAN_KIEM},
        {"code": "H29.16-261103-0003", "office": "Chi nhánh Văn phòng đăng ký đất đai"},
    )
    here = await signed_in(client, provinces=frozenset({"79"}))
    assert codes(await here.reads(LIST)) == [CODE, "H29.16-261103-0003"]
    assert HOAN_KIEM not in await here.reads(OFFICES)
    assert codes(await here.reads(LIST, office=HOAN_KIEM)) == []
    everywhere = await signed_in(client)
    address = await page_of(everywhere, "H29.16-261103-0002")
    assert (await here.opens(address)).status == 404
    assert (await here.posts(f"{address}/da-gui", LETTER)).status == 404
    assert (await here.posts(f"{address}/thu", LETTER)).status == 404


@pytest.mark.parametrize("role", [StaffRole.VOLUNTEER, StaffRole.ADMIN])
async def test_it_is_for_those_who_handle_it(client, lan, waiting, role):
    await waiting()
    address = await page_of(lan)
    other = await signed_in(client, role)
    for path in (OFFICES, LIST, address):
        assert (await other.opens(path)).status == 403
    for path in (f"{OFFICES}/csv", f"{address}/thu", f"{address}/da-gui"):
        assert (await other.posts(path, LETTER)).status == 403


async def test_no_address_tells_a_code(lan, waiting, monkeypatch):
    monkeypatch.setattr("bot.dossiers.overdue.PAGE", 1)
    await waiting({}, {"code": "H29.16-261103-0002"})
    page = await lan.reads(LIST)
    for address in re.findall(r'href="([^"]+)"', page):
        assert CODE not in address
        assert KEY not in address


@pytest.mark.parametrize("dossier", ["x", "ho-so", "A" * 80, "%F0%9F"])
async def test_an_address_that_nobody_gave_leads_nowhere(lan, dossier):
    assert (await lan.opens(f"{OFFICES}/ho-so/{dossier}")).status == 404


async def test_pages_follow_each_other(lan, waiting):
    many = [f"H29.16-261103-{number:04}" for number in range(1, 52)]
    await waiting(*({"code": code} for code in many))
    page = await lan.reads(LIST)
    assert "51 hồ sơ" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)[1]
    assert codes(page) + codes(await lan.reads(following)) == many


@pytest.mark.parametrize("after", ["x", "AAAA"])
async def test_a_mangled_place_begins_at_the_front(lan, waiting, after):
    await waiting()
    assert codes(await lan.reads(LIST, after=after, late="x", apology="needed")) == [CODE]


async def test_the_letter_is_a_word_document_with_everything_in_it(lan, waiting, told):
    await waiting()
    address = await page_of(lan)
    answer = await lan.posts(f"{address}/thu", LETTER)
    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="xin-loi-{KEY}.docx"'
    assert answer.headers["Cache-Control"] == "no-store"
    letter = docx.Document(BytesIO(await answer.read()))
    page = "\n".join(each.text for each in letter.paragraphs)
    for said in (
        *("Kính gửi: Nguyễn Văn Ất", CODE, "Đăng ký khai sinh", "10/11/2026", "02/12/2026"),
        *("quá hạn 10 ngày làm việc", "Chờ xác minh nơi cư trú."),
    ):
        assert said in page
    note = f"{CODE}; {SAI_GON}; hẹn trả 10/11/2026, hẹn lại 02/12/2026"
    assert await told() == [("apology_written", "lan", note)]


async def test_the_new_day_is_proposed(lan, waiting):
    await waiting()
    page = await lan.reads(await page_of(lan))
    assert 'type="date" value="2026-12-02"' in page  # five working days after the 25th
    assert 'value="Phường Sài Gòn"' in page


async def test_that_it_was_sent_is_recorded_and_seen(lan, waiting, told):
    await waiting()
    address = await page_of(lan)
    answer = await lan.posts(f"{address}/da-gui", LETTER)
    assert answer.status == 303
    page = await lan.reads(answer.headers["Location"])
    assert "Đã ghi nhận lời xin lỗi" in page
    assert "25/11/2026, hẹn lại 02/12/2026, do lan ghi nhận" in page
    assert codes(await lan.reads(LIST)) == []
    sent = await lan.reads(LIST, apology="sent")
    assert "đã xin lỗi ngày 25/11/2026, hẹn lại 02/12/2026" in sent
    note = f"{CODE}; {SAI_GON}; hẹn trả 10/11/2026, hẹn lại 02/12/2026"
    assert await told() == [("apologised", "lan", note)]


async def test_a_promise_that_was_broken_asks_for_another_apology(lan, waiting, clock):
    await waiting()
    address = await page_of(lan)
    await lan.posts(f"{address}/da-gui", LETTER)
    clock.at += timedelta(days=9)
    again = await signed_in(lan.client, StaffRole.LEAD)
    assert "đã hẹn lại 02/12/2026, lại trễ" in await again.reads(LIST)
    assert "cần xin lỗi lần nữa" in await again.reads(address)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"new_day": "2026-11-25"}, "phải sau hôm nay"),
        ({"new_day": "2026-11-29"}, "ngày nghỉ"),
        ({"new_day": "mai"}, "chưa đọc được"),
        ({"to": " "}, "cần tên người nhận"),
        ({"reason": ""}, "cần tên người nhận và lý do"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(lan, waiting, told, typed, said):
    await waiting()
    address = await page_of(lan)
    answer = await lan.posts(f"{address}/thu", LETTER | typed | {"place": "Cửa Lò"})
    assert answer.status == 422
    page = await answer.text()
    assert said in page
    assert 'value="Cửa Lò"' in page
    assert await told() == []


async def test_two_who_record_at_once_are_told_apart(lan, waiting, console, told):
    await waiting()
    address = await page_of(lan)
    async with console.sessions() as session, session.begin():
        await session.execute(
            update(DossierRow).values(
                promised_on=date(2026, 11, 30), apologised_on=NOW.date(), apologised_by="minh"
            )
        )
    answer = await lan.posts(f"{address}/da-gui", LETTER)
    page = await answer.text()
    assert answer.status == 422
    assert "Vừa có người ghi nhận" in page
    assert "do minh ghi nhận" in page
    assert await told() == []
    assert 'name="seen" value="2026-11-30"' in page
    assert (await lan.posts(f"{address}/da-gui", LETTER | {"seen": "2026-11-30"})).status == 303


async def test_the_list_leaves_as_a_table_without_formulas(lan, waiting, told):
    await waiting(
        {"procedure_name": '=HYPERLINK("http://xau.example","x")'},
        {"code": "H29.16-261103-0002", "office": HOAN_KIEM},
    )
    answer = await lan.posts(f"{OFFICES}/csv", query="")
    raw = (await answer.read()).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(raw))
    assert first["Thủ tục"].startswith("'=HYPERLINK")
    assert (first["Mã hồ sơ"], first["Trễ, ngày làm việc"]) == (CODE, "10")
    assert second["Cơ quan"] == HOAN_KIEM
    answer = await lan.posts(f"{OFFICES}/csv", query=f"office={HOAN_KIEM}&late=5&apology=")
    assert len((await answer.read()).splitlines()) == 2
    assert await told() == [
        ("exported", "lan", f"danh sách CSV, 1 hồ sơ trễ hạn; {HOAN_KIEM}"),
        ("exported", "lan", "danh sách CSV, 2 hồ sơ trễ hạn; mọi cơ quan"),
    ]


async def test_another_areas_dossiers_do_not_leave(client, waiting):
    await waiting({"office": HOAN_KIEM})
    elsewhere = await signed_in(client, provinces=frozenset({"79"}))
    answer = await elsewhere.posts(f"{OFFICES}/csv", query="apology=")
    assert len((await answer.read()).splitlines()) == 1


@pytest.mark.parametrize(
    ("office", "place"),
    [
        (HOAN_KIEM, "Phường Hoàn Kiếm, Thành phố Hà Nội"),
        (SAI_GON, "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("Sở Tư pháp tỉnh Lào Cai", "Tỉnh Lào Cai"),
        ("Sở Xây dựng TP.HCM", "Thành phố Hồ Chí Minh"),
        ("UBND phường Bến Nghé, Quận 1", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("UBND xã Tân Tiến", ""),  # there are seven
        ("UBND xã Tân Tiến, tỉnh Lạng Sơn", "Xã Tân Tiến, Tỉnh Lạng Sơn"),
        ("Chi nhánh Văn phòng đăng ký đất đai", ""),
        ("", ""),
    ],
)
def test_an_office_is_where_its_name_says(office, place):
    assert place_name(office) == place


def test_an_office_that_may_be_in_several_places_is_seen_from_each():
    lang_son, hung_yen = Area(provinces=frozenset({"20"})), Area(provinces=frozenset({"33"}))
    ha_noi = Area(provinces=frozenset({"01"}))
    assert is_seen("UBND xã Tân Tiến", lang_son)
    assert is_seen("UBND xã Tân Tiến", hung_yen)
    assert not is_seen("UBND xã Tân Tiến", ha_noi)
