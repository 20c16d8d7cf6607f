"""Every word of the queue's page."""

from typing import Any, Final

from bot.feedback.errors import Forbidden
from bot.feedback.filters import Due, Scope
from bot.feedback.queue import Band

QUEUE: Final[dict[str, Any]] = {
    "title": "Hàng chờ",
    "views": "Các danh sách",
    "tabs": {
        "open": "Cần làm",
        "new": "Mới",
        "mine": "Của tôi",
        "nobody": "Chưa ai nhận",
        "overdue": "Quá hạn",
        "waiting": "Chờ người phản ánh",
        "done": "Đã xong",
    },
    "search": "Tìm trong phản ánh",
    "search_hint": "Số phản ánh hoặc vài từ, có dấu hay không; không tìm được tên, số điện thoại.",
    "find": "Tìm",
    "filter": "Lọc",
    "apply": "Áp dụng",
    "clear": "Bỏ hết",
    "showing": "Đang xem",
    "remove": "bỏ lọc {what}",
    "any": "Tất cả",
    "scope": "Phạm vi",
    "state": "Trạng thái",
    "category": "Loại",
    "channel": "Kênh",
    "province": "Tỉnh, thành phố",
    "commune": "Xã, phường",
    "who": "Người xử lý",
    "due": "Thời hạn",
    "office": "Cơ quan (vài từ)",
    "me": "của tôi",
    "nobody": "chưa ai nhận",
    "of": "của {name}",
    "said": "có chữ “{words}”",
    "at_office": "cơ quan “{words}”",
    "caption": "Phản ánh, việc cần làm trước ở trên",
    "select": "Chọn",
    "select_case": "Chọn phản ánh {number}",
    "number": "Số",
    "what": "Loại",
    "place": "Nơi",
    "words": "Lời đầu",
    "clock": "Thời hạn",
    "has_it": "Ai xử lý",
    "no_place": "chưa rõ nơi",
    "no_words": "không có lời để hiện",
    "nobody_has": "chưa ai nhận",
    "waiting": "đang chờ người phản ánh, từ {since}",
    "done": "xong {at}",
    "next": "Trang sau",
    "first": "Về đầu danh sách",
    "export": "Tải danh sách này (CSV)",
    "empty": "Không có phản ánh nào ở đây.",
    "empty_open": "Hết việc rồi. Phản ánh mới sẽ tự hiện ở đây.",
    "empty_filtered": "Không có phản ánh nào hợp với các điều kiện đang chọn.",
    "empty_next": "Bạn thử bỏ bớt điều kiện, hoặc tìm trong cả phản ánh đã xong.",
    "everywhere": "Tìm cả phản ánh đã xong",
    "ignored": "Các từ quá thường gặp không dùng để tìm: {words}.",
    "bad_filter": (
        "Địa chỉ này có điều kiện “{field}” không dùng được, nên danh sách chưa được lọc. "
        "Bạn chọn lại bên dưới."
    ),
    "bulk": "Với các phản ánh đã chọn",
    "take": "Giao cho tôi",
    "assign": "Giao cho",
    "assign_do": "Giao",
    "triage": "Phân loại là",
    "triage_do": "Phân loại",
    "selected": "Đã chọn {count}",
    "done_some": "Xong {done} trên {all} phản ánh. Những phản ánh dưới đây chưa làm được:",
    "none_selected": "Bạn chưa chọn phản ánh nào.",
    "too_many": "Mỗi lần làm được nhiều nhất {most} phản ánh.",
    "unknown_act": "Bạn chọn việc cần làm rồi bấm lại.",
    "save": "Lưu danh sách này",
    "save_name": "Tên danh sách",
    "save_do": "Lưu",
    "forget": "Xóa danh sách “{name}”",
    "view_refused": (
        "Chưa lưu được: tên dài nhất 40 ký tự, và mỗi người lưu nhiều nhất 12 danh sách."
    ),
    "arrived": "{count} phản ánh mới. Xem ngay",
    "keys": "Phím tắt",
    "close": "Đóng",
    "shortcuts": (
        ("j", "xuống phản ánh sau"),
        ("k", "lên phản ánh trước"),
        ("o", "mở phản ánh"),
        ("x", "chọn hoặc bỏ chọn"),
        ("a", "giao cho tôi"),
        ("/", "tìm"),
        ("?", "hiện các phím tắt"),
    ),
}

# Of the list as a file: the heads of its columns, and how the clock of each case stands.
COLUMNS: Final = (
    *("Số phản ánh", "Loại", "Trạng thái", "Tỉnh, thành phố", "Xã, phường", "Nơi, theo người kể"),
    *("Cơ quan, theo người kể", "Kênh", "Nhận lúc", "Hạn kế tiếp", "Thời hạn", "Người xử lý"),
    "Lời đầu, đã bỏ thông tin cá nhân",
)
BANDS: Final = {
    Band.OVERDUE: "quá hạn",
    Band.SOON: "sắp đến hạn",
    Band.NEW: "còn hạn",
    Band.MINE: "còn hạn",
    Band.OTHERS: "còn hạn",
    Band.WAITING: "chờ người phản ánh",
    Band.DONE: "đã xong",
}
EXPORTED: Final = "danh sách CSV, {rows} phản ánh; lọc: {filter}"

SCOPES: Final = {
    Scope.OPEN: "đang mở",
    Scope.DONE: "đã xong",
    Scope.ALL: "tất cả, cả đã xong",
}

DUES: Final = {Due.OVERDUE: "quá hạn", Due.SOON: "sắp đến hạn"}

PROBLEMS: Final = {
    Forbidden.STATE: (
        "Đang ở bước không làm được việc này. Phản ánh mới phải phân loại rồi mới giao."
    ),
    Forbidden.ROLE: "Vai trò của bạn không làm được việc này.",
    Forbidden.ONCE: "Việc này chỉ làm được một lần.",
    Forbidden.MISSING: "Còn thiếu phần bắt buộc.",
    "none": "Không có phản ánh này trong địa bàn của bạn.",
    "account": "Người này không phụ trách địa bàn của phản ánh.",
    "other": "Chưa làm được. Bạn mở phản ánh để xem.",
}
