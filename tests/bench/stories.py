"""Invented stories, offices and places for benches: said as people say it, about nobody."""

import random
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from bot.feedback.category import Category
from bot.places.unit import Commune
from bot.places.units import units
from bot.procedures.builtin import load_builtin

_WHEN = (
    "Sáng nay", "Chiều qua", "Hôm thứ hai", "Tuần trước", "Mấy hôm nay", "Đầu tháng", "Hôm kia",
    "Khoảng chín giờ", "Gần trưa", "Từ hồi giữa tháng", "Ngày nào cũng vậy", "Lần thứ ba rồi",
)  # fmt: skip
_CAME = (
    "tôi ra nộp hồ sơ {thing}", "mẹ tôi lên làm {thing}", "cháu đi xin {thing}",
    "gia đình tôi đến hỏi về {thing}", "em nộp trực tuyến {thing}", "vợ chồng tôi làm {thing}",
    "ông nhà tôi ra bổ sung giấy tờ {thing}", "tôi được hẹn trả kết quả {thing}",
)  # fmt: skip
_HAPPENED = {
    Category.HARASSMENT: (
        "người ngồi quầy vặn vẹo từng tờ khai", "hạch hỏi đủ điều rồi đuổi về",
        "bắt viết lại đơn bốn lần", "cố tình gây khó, soi từng dấu phẩy",
        "bắt chờ suốt buổi rồi bảo hết giờ", "sách nhiễu ra mặt trước bao nhiêu người",
    ),
    Category.BROKER: (
        "có người đứng cổng gạ làm nhanh, lấy tiền triệu", "cò mồi chèo kéo ngay sân gửi xe",
        "dịch vụ bên ngoài nói quen biết bên trong", "bị dẫn sang quán nước để nộp tiền làm hộ",
        "cò đất cầm cả tập hồ sơ đi cửa sau",
    ),
    Category.IMPROPER_DEMAND: (
        "đòi thêm giấy xác nhận cư trú dù luật bỏ rồi", "bắt phải cài định danh điện tử mới nhận",
        "yêu cầu photo công chứng những giấy đã nộp trên mạng", "đòi bản cam kết trùng địa bàn cũ",
        "kêu thiếu giấy mà không ghi phiếu hướng dẫn",
    ),
    Category.REFUSAL_REORGANISATION: (
        "trả lời là mới sáp nhập nên chưa nhận", "bảo đợi phân lại địa giới rồi tính",
        "chỉ lên tỉnh, tỉnh lại chỉ về", "nói phòng cũ giải thể, phòng mới chưa có con dấu",
    ),
    Category.DELAY: (
        "quá hẹn nửa tháng chưa có kết quả", "hẹn đi hẹn lại không xin lỗi câu nào",
        "tra cứu thấy treo ở một bước mãi", "gọi hỏi thì bảo lãnh đạo đi họp chưa ký",
        "trễ hạn mà chẳng ai báo",
    ),
    Category.ATTITUDE: (
        "trả lời cộc lốc, mắt dán vào điện thoại", "quát người già giữa sảnh",
        "đùn đẩy từ quầy này sang quầy kia", "ngồi tán chuyện để dân xếp hàng",
    ),
    Category.BRIBERY: (
        "gợi ý bồi dưỡng năm trăm nghìn", "nói thẳng muốn nhanh phải có phong bì",
        "vòi hai triệu mới chịu ký", "kẹp tiền vào hồ sơ thì hôm sau xong",
    ),
    Category.TECHNICAL: (
        "cổng báo lỗi khi ký số", "không nhận được mã xác thực", "tệp đính kèm tải mãi không lên",
        "thanh toán rồi mà hệ thống báo chưa đóng lệ phí",
    ),
    Category.PRAISE: (
        "được hướng dẫn tận tình, xong trong buổi sáng",
        "tình nguyện viên kê khai giúp rất chu đáo",
        "nhận kết quả sớm hơn giấy hẹn hai ngày",
    ),
    Category.SUGGESTION: (
        "nên đặt thêm ghế và quạt ở sảnh chờ", "đề xuất mở quầy cả thứ bảy",
        "mong có bảng chỉ dẫn cho người khuyết tật",
    ),
    Category.OTHER: (
        "không rõ phải hỏi ai", "camera ở sảnh hỏng lâu chưa thấy sửa", "bãi xe thu vé quá giá",
    ),
}  # fmt: skip
_MORE = (
    "Người đi cùng chứng kiến hết.", "Nhà xa, mỗi lượt đi mất cả ngày công.",
    "Biên nhận còn giữ, cần thì gửi ảnh.", "Hàng xóm cũng gặp chuyện y như vậy.",
    "Hỏi quy định nào thì im lặng.", "Loa gọi số nhảy lung tung.", "Trời mưa mà cửa đóng.",
    "Lãnh đạo ngồi ngay phòng bên không ra.", "Xe lăn không lên được bậc thềm.",
    "Bảng niêm yết cũ rích, phí lệ phí sai.", "Máy bốc số hỏng.", "Điều hòa tắt, oi bức.",
    "Tổng đài bấm mãi không ai nhấc.", "Đã góp ý vào sổ mà không thấy hồi âm.",
)  # fmt: skip
_WISH = (
    "Đề nghị kiểm tra, chấn chỉnh.", "Mong được trả lời sớm.", "Yêu cầu xử lý nghiêm.",
    "Xin cho biết bao giờ giải quyết.", "Rất bức xúc.", "Cảm ơn đã lắng nghe.",
)  # fmt: skip
_OFFICES = (
    "Trung tâm Phục vụ hành chính công {place}", "Bộ phận một cửa {place}", "UBND {place}",
    "Công an {place}", "Chi nhánh Văn phòng đăng ký đất đai", "Bảo hiểm xã hội khu vực",
)  # fmt: skip
# How often each kind comes; what is common in complaints is common here.
_WEIGHTS = {
    Category.DELAY: 24, Category.ATTITUDE: 14, Category.IMPROPER_DEMAND: 14,
    Category.TECHNICAL: 13, Category.HARASSMENT: 9, Category.SUGGESTION: 7, Category.OTHER: 6,
    Category.REFUSAL_REORGANISATION: 5, Category.PRAISE: 4, Category.BRIBERY: 2,
    Category.BROKER: 2,
}  # fmt: skip


@cache
def _things() -> tuple[str, ...]:
    """What people come for: the names of the procedures that are built in."""
    return tuple(procedure.name.lower() for procedure in load_builtin())


@cache
def _communes() -> tuple[tuple[Commune, ...], tuple[int, ...]]:
    """All communes, and how many stories they send, added up: a few many, most a few."""
    chance = random.Random(7)
    communes = list(units().communes)
    chance.shuffle(communes)
    weights = (1000 // (20 + place) + 1 for place in range(len(communes)))
    return tuple(communes), tuple(accumulate(weights))


def a_category(chance: random.Random) -> Category:
    return chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]


def the_busiest_commune() -> Commune:
    """Name the commune that sends the most stories, about one in a hundred and thirty."""
    return _communes()[0][0]


def a_commune(chance: random.Random) -> Commune:
    communes, weights = _communes()
    return chance.choices(communes, cum_weights=weights)[0]


def an_office(chance: random.Random, place: str) -> str:
    return chance.choice(_OFFICES).format(place=place)


def a_story(chance: random.Random, category: Category) -> Sequence[str]:
    """Tell a story; its sentences in order."""
    came = chance.choice(_CAME).format(thing=chance.choice(_things()))
    first = f"{chance.choice(_WHEN)} {came}."
    happened = chance.sample(_HAPPENED[category], k=chance.choice((1, 2, 2, 3)))
    more = chance.sample(_MORE, k=chance.choice((0, 1, 1, 2, 3)))
    return [first, *(f"{each.capitalize()}." for each in happened), *more, chance.choice(_WISH)]
