"""One story from the chat to the public page, everybody in a browser of their own."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.citizen import Citizen
from tests.e2e.house import House, Supervisor
from tests.fakes.pictures import PROGRAM, a_picture

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

STORY = (
    "sáng nay em bế con ra trung tâm hành chính công phường Sài Gòn nộp hồ sơ khai sinh, cán bộ ở "
    "quầy 3 gợi ý đưa 500 nghìn thì làm nhanh, không đưa thì bảo hồ sơ thiếu rồi bắt về"
)
NAME, TELEPHONE = "Nguyễn Thị Hoa", "0912 345 678"
ANSWER = (
    "Kính gửi chị, Trung tâm đã nhận hồ sơ và xin lỗi chị. Giấy khai sinh của cháu trả ngày mai."
)
AGAIN = "Cán bộ quầy 3 đã bị chuyển vị trí; giấy khai sinh đã giao tận nhà chị."


async def tells(citizen: Citizen) -> tuple[int, str]:
    """Tell the story with name and number; return the number and the code of the receipt."""
    await citizen.asks(STORY)
    await citizen.reads("ẩn danh hay ghi tên")
    await citizen.taps("Ghi tên, số điện thoại")
    await citizen.reads("họ tên và số điện thoại")
    await citizen.asks(f"{NAME}, {TELEPHONE}")
    await citizen.reads("Bạn xem đã đúng chưa?")
    await citizen.taps("Đồng ý và gửi")
    await citizen.reads("có người đọc trước")
    said = "\n".join(await citizen.said())
    number = re.search(r"phản ánh số (\d+) có người đọc", said)
    code = re.search(r"\b[0-9B-DF-HJ-NP-TV-Z]{5}(?:-[0-9B-DF-HJ-NP-TV-Z]{5}){2}\b", said)
    assert number, said
    assert code, said
    return int(number[1]), code[0]


async def test_from_the_story_to_the_public_page(house: House):
    async with (
        house.citizen() as hoa,
        house.staff("lan", Supervisor) as lan,
        house.staff("minh", Supervisor) as minh,
    ):
        await lan.opens("/console/hang-cho")
        await lan.reads("Hàng chờ")
        await expect(lan.page.locator("#arrived a")).to_be_hidden()
        number, code = await tells(hoa)

        await expect(lan.page.locator("#arrived a")).to_contain_text("1 phản ánh mới")
        await lan.page.locator("#arrived a").click()
        await lan.page.get_by_role("link", name=f"{number}", exact=True).click()
        await lan.reads("quầy 3 gợi ý đưa 500 nghìn")
        assert code not in await lan.page.content()
        await lan.does("triage", "Đã phân loại")
        await lan.does("assign", "Đã giao")
        await lan.does("start", "Đã nhận xử lý")
        question = await lan.takes_template("ask", "Hỏi thời gian và nơi xảy ra")
        assert question.startswith(f"Chào anh/chị {NAME}, để xác minh phản ánh số {number}")
        await lan.does("ask", "Thời hạn tạm dừng")
        await lan.reads("Đang chờ người phản ánh trả lời")

        await hoa.reads("việc xảy ra ngày nào, khoảng mấy giờ")
        await hoa.taps("Trả lời")
        await hoa.reads("Bạn viết điều muốn nhắn")
        await hoa.attaches(("thu-moi.jpg", PROGRAM), ("quay.jpg", a_picture(size=(640, 480))))
        await hoa.sees_in_the_tray("Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF", "Đã tải lên")
        await hoa.taps("Bỏ: thu-moi.jpg")
        await hoa.asks("lúc 8 giờ 15, có mẹ em đi cùng")
        await hoa.reads("Mình đã thêm 1 tệp")

        await lan.reads("lúc 8 giờ 15, có mẹ em đi cùng")  # it appears by itself
        evidence = lan.page.get_by_role("img", name="Hình 1")
        await expect(evidence).to_be_visible()
        assert await evidence.evaluate("image => image.decode().then(() => image.naturalWidth)")

        written = await lan.takes_template("answer", "Đã xác minh, đúng như phản ánh")
        assert "[…]" in written
        await lan.does("answer", "Nội dung còn chỗ để trống")
        await lan.does("answer", "Đã gửi trả lời", words=ANSWER)

        await hoa.reads("Trung tâm đã nhận hồ sơ và xin lỗi chị")
        await hoa.taps("Chấm điểm")
        await hoa.reads("mấy điểm")
        await hoa.taps("2: không hài lòng")
        await hoa.reads("đã được mở lại")
        await hoa.asks("vẫn chưa ai gọi cho em")
        await hoa.reads("Mình đã chuyển vào phản ánh")

        await lan.reads("vẫn chưa ai gọi cho em")
        await lan.opens_case(number)
        await lan.reads("Mở lại")
        await lan.does("assign", "Đã giao")
        await lan.does("start", "Đã nhận xử lý")
        await lan.does("answer", "Đã gửi trả lời", words=AGAIN)
        await hoa.reads(AGAIN)

        matter = f"Người dân {NAME} bị gợi ý đưa tiền khi nộp hồ sơ khai sinh."
        await lan.does("draft", "Một người khác sẽ xem", matter=matter, outcome=AGAIN)
        await expect(lan.page.locator("form#publish")).to_have_count(0)
        await minh.opens_case(number)
        await minh.page.get_by_label("Tôi đã xem từng chỗ").check()
        await minh.does("publish", "có tên hoặc số điện thoại của người phản ánh")
        clean = "Một người dân bị gợi ý đưa tiền khi nộp hồ sơ khai sinh."
        await minh.does("draft", "Một người khác sẽ xem", matter=clean)
        await lan.opens_case(number)
        await lan.does("publish", "Đã công bố")

        await hoa.reads("kết quả đã được công khai")
        await hoa.page.goto(f"{hoa.url}/ket-qua")
        shown = await hoa.page.locator("main").inner_text()
        assert clean in shown
        assert AGAIN in shown
        assert not re.search(f"Hoa|{TELEPHONE}|0912345678|{code}", shown)
