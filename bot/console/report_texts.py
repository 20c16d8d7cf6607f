"""Every word of the reports: of their page, their charts, and the files that leave.

`DEFINITIONS` says in one sentence how each figure is counted; bot/feedback/reports/figures.py
counts it so.
"""

from typing import Any, Final

from bot.feedback.reports.figures import Ending
from bot.feedback.reports.periods import Span

PAGE: Final[dict[str, Any]] = {
    "title": "Báo cáo",
    "periods": "Kỳ báo cáo",
    "choose": "Chọn kỳ khác, địa bàn",
    "period": "Kỳ",
    "on": "Kỳ có ngày",
    "from": "Từ ngày",
    "to": "Đến ngày",
    "by": "Chốt số liệu ngày 14 như báo cáo hành chính",
    "by_hint": "Tháng 11 khi đó tính từ 15/10 đến 14/11 (Nghị định 09/2019/NĐ-CP).",
    "range_hint": "Hai ô này chỉ dùng khi chọn kỳ “Từ ngày đến ngày”.",
    "province": "Tỉnh, thành phố",
    "commune": "Xã, phường",
    "any": "Cả địa bàn tôi phụ trách",
    "apply": "Xem",
    "before": "Kỳ trước",
    "after": "Kỳ sau",
    "until": "Số liệu đến {at}.",
    "running": "Kỳ này chưa kết thúc; kỳ trước là trọn kỳ.",
    "behind": "Còn {count} thay đổi chưa kịp tính vào. Bạn tải lại trang sau ít phút.",
    "bad": "Địa chỉ này có phần “{field}” không dùng được, nên đang hiện tháng này.",
    "key_figures": "Số liệu chính",
    "was": "kỳ trước {value}",
    "alt": "Biểu đồ: {title}. Số liệu ở bảng ngay bên dưới.",
    "numbers": "Bảng số liệu",
    "download": "Tải hình (SVG)",
    "files": "Tải báo cáo",
    "docx": "Văn bản (.docx)",
    "xlsx": "Bảng tính (.xlsx)",
    "files_hint": "Tệp không có thông tin cá nhân; mỗi lần tải được ghi vào nhật ký.",
    "definitions": "Cách tính",
    "first_shown": "Đang hiện {shown} dòng nhiều nhất trên {all}; tệp .xlsx có đủ.",
    "nothing": "Kỳ này chưa có gì để vẽ.",
}

SPANS: Final = {
    Span.WEEK: "Tuần",
    Span.MONTH: "Tháng",
    Span.QUARTER: "Quý",
    Span.HALF: "6 tháng",
    Span.YEAR: "Năm",
    Span.RANGE: "Từ ngày đến ngày",
}
TODAYS: Final = {
    Span.WEEK: "Tuần này",
    Span.MONTH: "Tháng này",
    Span.QUARTER: "Quý này",
    Span.HALF: "6 tháng này",
    Span.YEAR: "Năm nay",
}
NAMES: Final = {
    Span.WEEK: "Tuần {number} năm {year}",
    Span.MONTH: "Tháng {number} năm {year}",
    Span.QUARTER: "Quý {roman} năm {year}",
    Span.HALF: "6 tháng {half} năm {year}",
    Span.YEAR: "Năm {year}",
    Span.RANGE: "Từ {first} đến {last}",
}
HALVES: Final = ("đầu", "cuối")
DAYS: Final = "Từ {first} đến {last}"

ENDINGS: Final = {
    Ending.ANSWERED: "Đã trả lời",
    Ending.TRANSFERRED: "Đã chuyển cơ quan có thẩm quyền",
    Ending.DUPLICATE: "Trùng với phản ánh khác",
    Ending.REJECTED: "Không tiếp nhận, có nêu lý do",
    Ending.WITHDRAWN: "Người phản ánh tự rút",
}

KEYS: Final = {
    "received": "Tiếp nhận mới",
    "settled": "Đã giải quyết",
    "remaining": "Còn tồn",
    "overdue": "Quá hạn trong số còn tồn",
    "on_time": "Giải quyết đúng hạn",
    "acted": "Đến việc đầu tiên",
    "answered": "Đến khi trả lời",
    "rated": "Mức hài lòng",
}
UNITS: Final = {
    "days": "ngày làm việc",
    "within": "9 trên 10 trong {value} ngày",
    "percent": "%",
    "stars": "trên 5",
    "raters": "{count} lượt, {percent} % hài lòng",
    "none": "chưa có",
}

DEFINITIONS: Final = (
    (
        "Lượt xử lý",
        "Mỗi lần một phản ánh nằm trong tay cán bộ: từ khi tiếp nhận, hoặc từ khi được mở lại hay "
        "nhận lại, đến khi xong; bảng đếm theo lượt nên tồn trước + tiếp nhận + mở lại luôn bằng "
        "đã giải quyết + còn tồn.",
    ),
    ("Tiếp nhận mới", "Phản ánh gửi đến trong kỳ, tính theo giờ Việt Nam."),
    (
        "Mở lại, nhận lại",
        "Phản ánh được mở lại vì người phản ánh chưa hài lòng, hoặc được nhận lại sau khi đã "
        "chuyển, gộp hay không tiếp nhận.",
    ),
    (
        "Đã giải quyết",
        "Lượt kết thúc trong kỳ: đã trả lời, đã chuyển cơ quan có thẩm quyền, gộp vì trùng, không "
        "tiếp nhận có nêu lý do, hoặc người phản ánh tự rút.",
    ),
    (
        "Quá hạn, đúng hạn",
        "So với hạn trả lời sau cùng của phản ánh: hạn này đếm bằng thời gian làm việc, dừng khi "
        "chờ người phản ánh, và do luật hoặc do dịch vụ tự đặt (xem từng phản ánh); lúc đang chờ "
        "người phản ánh thì không bị tính quá hạn.",
    ),
    ("Còn tồn", "Lượt chưa kết thúc khi hết kỳ, hoặc đến lúc này nếu kỳ đang chạy."),
    (
        "Đến việc đầu tiên",
        "Thời gian làm việc từ khi tiếp nhận đến khi cán bộ phân loại, hỏi thêm, gộp hoặc từ chối "
        "lần đầu; mở ra đọc và ghi chú nội bộ không tính là việc đầu tiên.",
    ),
    (
        "Đến khi trả lời",
        "Thời gian làm việc từ đầu lượt đến câu trả lời, bỏ thời gian chờ người phản ánh; số lớn "
        "là trung vị: một nửa nhanh hơn, một nửa lâu hơn.",
    ),
    (
        "Ngày làm việc",
        "Một ngày theo giờ làm việc của cơ quan, không tính ngày nghỉ cuối tuần và ngày lễ.",
    ),
    (
        "Mức hài lòng",
        "Điểm 1 đến 5 mà người phản ánh chấm trong kỳ; mỗi câu trả lời tính điểm chấm sau cùng, từ "
        "4 điểm là hài lòng.",
    ),
    (
        "Loại, nơi, cơ quan",
        "Theo phân loại sau cùng của phản ánh; cơ quan ghi theo lời người kể, đã bỏ thông tin cá "
        "nhân, nên một cơ quan có thể mang vài tên.",
    ),
)

SUMMARY: Final[dict[str, Any]] = {
    "caption": "Tổng hợp, theo lượt xử lý",
    "head": ("Chỉ tiêu", "Kỳ này", "Kỳ trước", "Tăng, giảm"),
    "carried": "Tồn từ trước chuyển sang",
    "received": "Tiếp nhận mới",
    "returned": "Mở lại, nhận lại",
    "total": "Tổng phải giải quyết",
    "settled": "Đã giải quyết",
    "late": "Giải quyết quá hạn",
    "remaining": "Còn tồn",
    "overdue": "Còn tồn đã quá hạn",
    "on_time": "Tỷ lệ giải quyết đúng hạn (%)",
    "acted": "Đến việc đầu tiên, trung vị (ngày làm việc)",
    "acted_most": "Đến việc đầu tiên, 9 trên 10 trong (ngày làm việc)",
    "answered": "Đến khi trả lời, trung vị (ngày làm việc)",
    "answered_most": "Đến khi trả lời, 9 trên 10 trong (ngày làm việc)",
    "raters": "Lượt đánh giá",
    "mean": "Điểm hài lòng trung bình (1 đến 5)",
    "satisfied": "Tỷ lệ hài lòng, từ 4 điểm (%)",
}

# Each chart with the table behind it, by its name in the address.
CHARTS: Final[dict[str, dict[str, Any]]] = {
    "flow": {
        "title": "Tiếp nhận và giải quyết theo thời gian",
        "first": "Tiếp nhận, mở lại",
        "second": "Đã giải quyết",
    },
    "backlog": {
        "title": "Còn tồn và quá hạn theo thời gian",
        "first": "Còn tồn",
        "second": "Quá hạn",
    },
    "times": {
        "title": "Thời gian xử lý, trung vị (ngày làm việc)",
        "first": "Đến khi trả lời",
        "second": "Đến việc đầu tiên",
    },
    "ratings": {"title": "Người phản ánh chấm điểm trả lời"},
    "categories": {"title": "Tiếp nhận theo loại"},
    "communes": {"title": "Tiếp nhận theo xã, phường"},
    "offices": {"title": "Tiếp nhận theo cơ quan được nhắc đến"},
}
PARTS_HEAD: Final = (
    *("Thời gian", "Tiếp nhận, mở lại", "Đã giải quyết", "Còn tồn", "Quá hạn"),
    *("Đến việc đầu tiên (ngày)", "Đến khi trả lời (ngày)"),
)
LINES_HEAD: Final = (
    *("Tiếp nhận, mở lại", "Đã giải quyết", "Giải quyết quá hạn", "Còn tồn", "Tồn quá hạn"),
    "Đến khi trả lời (ngày)",
)
GROUPS: Final = {
    "parts": "Theo thời gian",
    "categories": "Theo loại phản ánh",
    "communes": "Theo xã, phường",
    "offices": "Theo cơ quan được nhắc đến",
    "ratings": "Theo mức hài lòng",
    "late": "Phản ánh quá hạn",
}
FIRST_COLUMN: Final = {"categories": "Loại", "communes": "Nơi", "offices": "Cơ quan"}
RATINGS_HEAD: Final = ("Điểm", "Lượt")
STARS: Final = ("1: rất không hài lòng", "2", "3", "4", "5: rất hài lòng")
LATE_HEAD: Final = ("Số phản ánh", "Loại", "Hạn trả lời", "Quá hạn (ngày làm việc)")
NO_PLACE: Final = "Chưa rõ nơi"
NO_OFFICE: Final = "Không nêu cơ quan"
PROVINCE_ONLY: Final = "{province} (chưa rõ xã, phường)"
ROSE: Final = "tăng {by}"
FELL: Final = "giảm {by}"
UNCHANGED: Final = "không đổi"
EXPORTED: Final = "báo cáo .{kind}, {period}, {place}; {count} lượt xử lý"
EVERYWHERE: Final = "toàn bộ địa bàn phụ trách"
