"""A late dossier, from the question to the apology, everybody in a browser of their own."""

import docx
import pytest
from playwright.async_api import expect

from tests.e2e.house import House
from tests.fakes.pictures import a_receipt_note, as_jpeg

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

LATE, DIGITS = "H00.01-260101-0002", "0002"  # of the sample: an identity card, re-issued too late
OFFICE = "Trung tâm Phục vụ hành chính công phường Mẫu Hai"
PHOTOGRAPHED = "H00.01-260101-0008"


async def test_from_the_question_to_the_apology(house: House):
    async with house.citizen() as hoa, house.staff("minh") as minh:
        await hoa.asks(f"hồ sơ {LATE.lower()} của tôi tới đâu rồi")
        await hoa.reads("4 số cuối")
        await hoa.asks("9999")
        await hoa.reads("không tìm thấy hồ sơ nào khớp")
        await hoa.asks(DIGITS)
        await hoa.reads("Xin lỗi bạn vì phải chờ lâu")
        await hoa.reads("Bạn có quyền yêu cầu văn bản này")
        await hoa.taps("Báo khi có thay đổi")
        await hoa.reads("Khi hồ sơ có thay đổi, mình nhắn bạn ở đây")

        await minh.opens("/console")
        await minh.page.get_by_role("link", name="Hồ sơ trễ hạn", exact=True).click()
        await minh.page.get_by_role("link", name=OFFICE).click()
        await minh.page.get_by_role("link", name=LATE).click()
        await minh.reads("Cấp lại thẻ căn cước")
        await minh.fills("Kính gửi", "Nguyễn Thị Hoa")
        await minh.fills("Lý do", "Chờ kết quả xác minh của Công an tỉnh.")
        async with minh.page.expect_download() as download:
            await minh.presses("Tải thư (.docx)")
        letter = await (await download.value).path()
        page = "\n".join(each.text for each in docx.Document(letter).paragraphs)
        assert "Kính gửi: Nguyễn Thị Hoa" in page
        assert LATE in page
        await minh.presses("Ghi nhận đã gửi")
        await minh.reads("Đã ghi nhận lời xin lỗi")
        await minh.page.get_by_role("link", name="Về danh sách").click()
        await minh.reads("Hồ sơ trễ hạn: danh sách")
        await expect(minh.page.get_by_role("link", name=LATE)).to_have_count(0)

        await hoa.asks("thế giờ sao rồi, hồ sơ của tôi tới đâu")
        await hoa.reads("nơi giải quyết đã xin lỗi và hẹn trả kết quả ngày")
        await hoa.taps("Phản ánh trễ hạn")
        await hoa.reads("ẩn danh hay ghi tên")
        await hoa.taps("Ẩn danh, trả lời mình ở đây")
        await hoa.reads("Bạn có ảnh hay giấy tờ liên quan không?")
        await hoa.taps("Bỏ qua")
        await hoa.reads("Bạn xem đã đúng chưa?")
        said = "\n".join(await hoa.said())
        for filled_in in (f"Hồ sơ mã {LATE}", "Trễ hạn", OFFICE, "hẹn lại ngày"):
            assert filled_in in said


async def test_a_photo_of_the_receipt_note_is_read(house: House):
    async with house.citizen() as hoa:
        note = as_jpeg(a_receipt_note(PHOTOGRAPHED, "Code128", angle=6))
        await hoa.attaches(("giay-hen.jpg", note))
        await hoa.sees_in_the_tray("Đã tải lên")
        await hoa.sends()
        await hoa.reads(f"Để giữ kín hồ sơ {PHOTOGRAPHED}")
        await hoa.asks("0008")
        await hoa.reads("Hồ sơ đang được giải quyết")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_fit_and_are_accessible(house: House, width: int, scheme: str):
    looks = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    async with house.staff("minh", **looks) as minh:
        await minh.opens("/console/ho-so-tre-han")
        await minh.finds_accessible("Mỗi hồ sơ trễ cần một văn bản xin lỗi")
        await minh.page.get_by_role("link", name="Xem mọi hồ sơ trễ hạn").click()
        await minh.finds_accessible("mọi cơ quan trong địa bàn")
        await minh.page.locator("tbody a").first.click()
        await minh.finds_accessible("Thư xin lỗi")


async def test_the_letter_is_written_and_recorded_by_keyboard_alone(house: House):
    async with house.staff("minh") as minh:
        await minh.opens("/console/ho-so-tre-han/danh-sach")
        await minh.page.locator("tbody a").first.focus()
        await minh.types("[Enter]")
        await minh.page.get_by_label("Kính gửi").focus()
        await minh.types("Trần Văn Ba", "[Tab]", "[Tab]", "[Tab]", "Thiếu người xử lý hồ sơ.")
        await minh.page.get_by_role("button", name="Ghi nhận đã gửi").focus()
        await minh.types("[Enter]")
        await minh.reads("Đã ghi nhận lời xin lỗi")
