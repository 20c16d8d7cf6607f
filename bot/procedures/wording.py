"""Every Vietnamese phrase of this slice, and how numbers, dates and long text are written.

Citizens read these: short, plain sentences; no promise that the record does not make.
"""

import re
from collections.abc import Iterable
from datetime import date

from bot.procedures.aspect import Aspect
from bot.procedures.procedure import Duration, Level, Method, TimeUnit

PORTAL = "https://dichvucong.gov.vn"
PORTAL_PAGE = PORTAL + "/thu-tuc-hanh-chinh/{portal_id}"
DISTRICTS_ENDED_ON = date(2025, 7, 1)

BUTTON_LENGTH = 40  # Telegram and Zalo cut what is longer on a narrow phone

ASPECT_HEADINGS = {
    Aspect.DOCUMENTS: "Giấy tờ cần chuẩn bị",
    Aspect.FEE: "Phí, lệ phí",
    Aspect.DURATION: "Thời hạn giải quyết",
    Aspect.PLACE: "Nơi nộp hồ sơ",
    Aspect.STEPS: "Các bước thực hiện",
    Aspect.FORM: "Mẫu đơn, tờ khai",
    Aspect.CONDITIONS: "Yêu cầu, điều kiện",
    Aspect.LEGAL_BASIS: "Căn cứ pháp lý",
    Aspect.RESULT: "Kết quả nhận được",
    Aspect.ONLINE: "Nộp trực tuyến",
}
ASPECT_BUTTONS = {
    Aspect.DOCUMENTS: "Xem giấy tờ cần nộp",
    Aspect.FEE: "Xem phí, lệ phí",
    Aspect.DURATION: "Xem thời hạn",
    Aspect.PLACE: "Xem nơi nộp",
    Aspect.STEPS: "Xem các bước làm",
    Aspect.FORM: "Xem mẫu đơn, tờ khai",
    Aspect.CONDITIONS: "Xem điều kiện",
    Aspect.LEGAL_BASIS: "Xem căn cứ pháp lý",
    Aspect.RESULT: "Xem kết quả nhận được",
    Aspect.ONLINE: "Xem cách nộp trực tuyến",
}

METHODS = {
    Method.DIRECT: "Trực tiếp",
    Method.POSTAL: "Qua bưu chính",
    Method.ONLINE: "Trực tuyến",
}
_UNITS = {
    TimeUnit.HOUR: "giờ",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
_CENTRES = {
    Level.COMMUNE: "cấp xã",
    Level.PROVINCE: "cấp tỉnh",
}

# The overview.
DECIDED_BY = "Cơ quan giải quyết"
FILE_AT = "Nơi nộp"
TAKES = "Thời hạn"
COSTS = "Phí, lệ phí"
FILE_BY = "Cách nộp"
FULLY_ONLINE = "trực tuyến toàn trình"

# Silence of the record, said as silence.
NO_DOCUMENTS = "Dữ liệu chưa công bố danh mục giấy tờ của thủ tục này."
NO_FEE = "Chưa công bố mức phí trong dữ liệu"
ASK_FEE = "Dữ liệu không có mức phí không có nghĩa là không mất tiền: bạn hỏi lại nơi nộp nhé."
CONFLICTING_FEE = "(phần chữ và con số trong dữ liệu không khớp; đề nghị xác nhận tại nơi nộp)"
SEVERAL_FEES = "Các mức trên là từng trường hợp khác nhau, không cộng lại."
RECEIPT_FOR_FEE = "Mức thu phải được niêm yết công khai; nộp tiền xong bạn nhớ lấy biên lai."
WAIVER = "Từ {begins} đến {ends}, theo {source}: {text}"
NO_DURATION = "Chưa công bố thời hạn trong dữ liệu"
DURATION_IS_EXPECTED = (
    "Đây là thời hạn dự kiến, tính từ khi hồ sơ hợp lệ được tiếp nhận. "
    "Ngày hẹn ghi trên Giấy tiếp nhận hồ sơ là ngày chính thức."
)
CALENDAR_DAYS = "“Ngày” ở đây là ngày theo lịch, khác với “ngày làm việc”."
UNPUBLISHED = "chưa công bố trong dữ liệu"
NO_DECIDER = "Chưa công bố trong dữ liệu"
NO_PLACE = "Dữ liệu không ghi riêng địa điểm tiếp nhận."
ANY_CENTRE = "Trung tâm Phục vụ hành chính công cấp xã hoặc cấp tỉnh"
WITHIN_THE_PROVINCE = (
    "Bạn có thể nộp ở trung tâm khác trong phạm vi tỉnh/thành phố, theo danh mục tỉnh công bố "
    "(Nghị định 118/2025/NĐ-CP)."
)
NON_TERRITORIAL = (
    "Dữ liệu ghi thủ tục này tiếp nhận không phụ thuộc địa giới hành chính, "
    "trong phạm vi tỉnh/thành phố, theo danh mục tỉnh công bố."
)
ASK_FOR_RECEIPT = "Nộp xong bạn nhớ lấy Giấy tiếp nhận hồ sơ và hẹn trả kết quả."
NO_STEPS = "Dữ liệu chưa công bố các bước thực hiện."
NO_FORM = "Dữ liệu không kèm mẫu đơn, tờ khai nào cho thủ tục này."
FORMS_ON_PORTAL = "Bạn tải mẫu tại trang của thủ tục: {link}"
NO_CONDITIONS = "Dữ liệu không nêu yêu cầu, điều kiện riêng."
NO_LEGAL_BASIS = "Dữ liệu chưa công bố căn cứ pháp lý."
NO_RESULT = "Dữ liệu chưa công bố kết quả của thủ tục."
NO_WAYS = "Chưa công bố trong dữ liệu"
NOT_ONLINE = "Dữ liệu không ghi hình thức nộp trực tuyến cho thủ tục này."
ONLINE_ALL_THE_WAY = "Nộp được trực tuyến, làm toàn bộ trên mạng (trực tuyến toàn trình)."
ONLINE_IN_PART = "Nộp được trực tuyến; một số bước có thể vẫn phải làm trực tiếp."
ONLINE_HOW = (
    "Nộp tại dichvucong.gov.vn, đăng nhập bằng tài khoản định danh điện tử (VNeID). "
    "Nộp trực tiếp tại quầy thì không bắt buộc có VNeID (Công điện 111/CĐ-TTg ngày 17/7/2025)."
)
WHICH_CASE = "Giấy tờ tùy từng trường hợp. Bạn thuộc trường hợp nào?"
PICK_A_CASE = "Bạn bấm chọn hoặc trả lời bằng số."
CASE = "Trường hợp: {name}"
PAPERS = "Giấy tờ"
NOTE = "Lưu ý"
FORM = "mẫu: {names}"

# Notices that stand above a source that has to be read with care.
DISTRICT_NOTICE = (
    "Dữ liệu gốc còn nhắc tới cấp huyện. Cấp này đã kết thúc từ 1/7/2025: "
    "chỗ nào ghi cấp huyện thì nay do cấp xã hoặc cấp tỉnh làm, nộp tại {centre}."
)
OLD_DECISION_NOTICE = "Dữ liệu công bố năm {year}, có thể đã có thay đổi; nên hỏi lại nơi nộp."
PROVINCIAL_NOTICE = "Đây là bản áp dụng riêng của {publisher}."
INTERNAL_NOTICE = "Đây là thủ tục nội bộ giữa các cơ quan nhà nước; người dân không phải nộp."

SOURCE = "Nguồn: {name}, mã {code}, dữ liệu ngày {day}."
OFFICIAL = "Cổng Dịch vụ công quốc gia"
BUILTIN = "bản tóm tắt có sẵn theo Cổng Dịch vụ công quốc gia"
DECISION = "{name} (Quyết định {decision})"

HEADING = "{name} (mã {code})"
PART = "Phần {part}/{parts}"
NEXT_PART = "Xem tiếp ({part}/{parts})"
FILE_FORM = "{name}: {url}"

# Choosing among procedures, and finding none.
WHICH_PROCEDURE = "Câu hỏi của bạn hợp với mấy thủ tục sau. Bạn cần thủ tục nào?"
PICK_BY_NUMBER = (
    "Bạn bấm chọn hoặc trả lời bằng số. Không có trong này thì bạn tả rõ hơn giúp mình."
)


def day(value: date) -> str:
    """22/11/2026."""
    return value.strftime("%d/%m/%Y")


def number(value: float) -> str:
    """Write a figure the Vietnamese way: 20.000 and 3,5."""
    whole, _, fraction = f"{value:.2f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    fraction = fraction.rstrip("0")
    return f"{grouped},{fraction}" if fraction else grouped


def money(amount: float, currency: str) -> str:
    """20.000 đồng; other currencies keep their code."""
    return f"{number(amount)} {'đồng' if currency == 'VND' else currency}"


def duration(value: Duration) -> str:
    """Write a term; "ngày làm việc" and "ngày" stay two different units."""
    return f"{number(value.amount)} {_UNITS[value.unit]}"


def centre(levels: Iterable[Level]) -> str:
    """Name the one-stop office (Trung tâm Phục vụ hành chính công) of these tiers."""
    tiers = [word for level, word in _CENTRES.items() if level in levels]
    return f"Trung tâm Phục vụ hành chính công {' hoặc '.join(tiers)}" if tiers else ANY_CENTRE


def shorten(text: str, length: int) -> str:
    """Cut at the last word that fits and say so with an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    cut = flat[: length - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut
    return at_word.rstrip(" ,;:.(-–") + "…"


_DISTRICT = re.compile(
    r"\b(huyện|quận|thị xã|"
    r"phòng (tư pháp|lao động|giáo dục|tài nguyên|tài chính|quản lý đô thị))\b",
    re.IGNORECASE,
)


def is_district_body(name: str) -> bool:
    """Tell a body of the district tier (cấp huyện), abolished on 1 July 2025."""
    return _DISTRICT.search(name) is not None
