"""Every word of the pages about overdue dossiers (hồ sơ trễ hạn)."""

from typing import Any, Final

from bot.dossiers.errors import Fault
from bot.dossiers.overdue import Apology

OFFICES: Final[dict[str, Any]] = {
    "title": "Hồ sơ trễ hạn",
    "lead": (
        "Hồ sơ một cửa đã quá ngày hẹn trả mà còn đang giải quyết, theo bảng số liệu đã nhập. "
        "Mỗi hồ sơ trễ cần một văn bản xin lỗi nêu lý do và ngày hẹn mới. "
        "Phản ánh quá hạn xử lý thì ở Hàng chờ, mục Quá hạn."
    ),
    "search": "Tìm cơ quan",
    "find": "Tìm",
    "all": "Xem mọi hồ sơ trễ hạn",
    "caption": "Cơ quan, nơi còn nợ nhiều lời xin lỗi ở trên",
    "office": "Cơ quan",
    "place": "Nơi",
    "overdue": "Trễ hạn",
    "needed": "Cần xin lỗi",
    "oldest": "Lâu nhất",
    "no_office": "(bảng số liệu không ghi cơ quan)",
    "unplaced": "tên không nói rõ nơi",
    "more": "Còn {count} cơ quan nữa. Bạn tìm theo tên để thấy.",
    "empty": "Không có hồ sơ nào trễ hạn trong địa bàn của bạn.",
    "empty_search": "Không có cơ quan nào tên như vậy đang để hồ sơ trễ hạn.",
}

LIST: Final[dict[str, Any]] = {
    "title": "Hồ sơ trễ hạn: danh sách",
    "back": "Về các cơ quan",
    "of_all": "mọi cơ quan trong địa bàn",
    "filter": "Lọc",
    "apology": "Xin lỗi",
    "any": "Tất cả",
    "late": "Trễ ít nhất",
    "late_days": "{days} ngày làm việc",
    "apply": "Áp dụng",
    "count": "{count} hồ sơ",
    "export": "Tải danh sách (CSV)",
    "caption": "Hồ sơ, trễ lâu nhất ở trên",
    "code": "Mã hồ sơ",
    "procedure": "Thủ tục",
    "office": "Cơ quan",
    "due": "Hẹn trả",
    "late_by": "Trễ",
    "days": "{days} ngày làm việc",
    "state": "Tình trạng",
    "sent": "đã xin lỗi ngày {on}, hẹn lại {new}",
    "again": "đã hẹn lại {new}, lại trễ",
    "needed": "chưa xin lỗi",
    "next": "Trang sau",
    "first": "Về đầu danh sách",
    "empty": "Không có hồ sơ nào như vậy. Bạn thử bỏ bớt điều kiện lọc.",
}

APOLOGIES: Final = {
    Apology.NEEDED: "Cần xin lỗi (chưa có, hoặc lại trễ)",
    Apology.SENT: "Đã xin lỗi, còn trong hạn mới",
}
LATE: Final = (0, 5, 10, 20, 60)  # working days to choose from; 0: any

COLUMNS: Final = (
    *("Mã hồ sơ", "Mã thủ tục", "Thủ tục", "Cơ quan", "Tiếp nhận", "Hẹn trả", "Trễ, ngày làm việc"),
    *("Hệ thống ghi", "Xin lỗi ngày", "Hẹn lại ngày", "Số liệu ngày"),
)
EXPORTED: Final = "danh sách CSV, {rows} hồ sơ trễ hạn; {offices}"
EXPORTED_ALL: Final = "mọi cơ quan"
EXPORTED_AREA: Final = "các cơ quan trong địa bàn"

DOSSIER: Final[dict[str, Any]] = {
    "title": "Hồ sơ {code}",
    "back": "Về danh sách",
    "procedure": "Thủ tục",
    "with_code": "{name} (mã {code})",
    "office": "Cơ quan",
    "received": "Tiếp nhận",
    "due": "Hẹn trả",
    "late": "Trễ",
    "days": "{days} ngày làm việc",
    "state": "Hệ thống ghi",
    "source": "Nguồn",
    "source_day": "{source}, số liệu ngày {day}",
    "apology": "Xin lỗi",
    "none": "chưa ghi nhận",
    "sent": "{on}, hẹn lại {new}, do {by} ghi nhận",
    "again": "Ngày hẹn lại đã qua mà hồ sơ vẫn chưa xong: cần xin lỗi lần nữa.",
    "letter": "Thư xin lỗi",
    "letter_lead": (
        "Thư nêu lý do và ngày hẹn mới, có tên gọi của Mẫu số 04 kèm Thông tư 03/2025/TT-VPCP. "
        "Bố cục chưa đối chiếu được với bản in của mẫu: bạn so với mẫu cơ quan đang dùng. "
        "Tải về là tệp Word, sửa được trước khi ký."
    ),
    "to": "Kính gửi",
    "to_hint": "Tên người nộp, từ hệ thống một cửa. Chỉ nằm trong thư, chương trình không lưu.",
    "from": "Cơ quan xin lỗi",
    "place": "Địa danh",
    "reason": "Lý do",
    "reason_hint": "Một hai câu người dân hiểu được: vướng ở đâu, ai đang làm gì.",
    "new_day": "Ngày hẹn mới",
    "new_day_hint": "Đề xuất 5 ngày làm việc kể từ hôm nay; bạn sửa theo thực tế.",
    "write": "Tải thư (.docx)",
    "sent_lead": (
        "Sau khi thư đã ký và gửi, hãy ghi nhận. Người nộp hồ sơ tra cứu sẽ thấy cơ quan đã xin "
        "lỗi và ngày hẹn mới; ai nhờ theo dõi thì được báo."
    ),
    "mark": "Ghi nhận đã gửi",
    "kept": "Tải thư và ghi nhận đều được lưu trong nhật ký, với tên bạn.",
}

FAULTS: Final = {
    Fault.UNREADABLE: "Ngày hẹn mới chưa đọc được. Bạn chọn trong lịch, hoặc gõ như 2026-11-30.",
    Fault.PAST: "Ngày hẹn mới phải sau hôm nay.",
    Fault.CLOSED: "Ngày hẹn mới rơi vào ngày nghỉ. Bạn chọn một ngày làm việc.",
    Fault.FAR: "Ngày hẹn mới quá xa, hơn một năm.",
}
NO_NAME: Final = "Thư cần tên người nhận và lý do. Bạn điền rồi tải lại."
MEANWHILE: Final = (
    "Vừa có người ghi nhận lời xin lỗi cho hồ sơ này. Bạn xem lại ngày hẹn ở trên rồi quyết định."
)
