"""Every word of our template for a letter of apology; what stands in braces is filled in."""

from typing import Final

Lines = tuple[tuple[str, bool], ...]  # a line, and whether it is bold

HEAD_LEFT: Final[Lines] = (
    ("{{co_quan}}", True),
    ("Số: ……………", False),
)
HEAD_RIGHT: Final[Lines] = (
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
    ("Độc lập - Tự do - Hạnh phúc", True),
    ("{{dia_danh}}, {{ngay}}", False),
)
TITLE: Final = "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"
FORM: Final = "(theo Mẫu số 04, Thông tư số 03/2025/TT-VPCP)"
TO: Final = "Kính gửi: {{nguoi_nhan}}"
BODY: Final = (
    "Ngày {{ngay_tiep_nhan}}, {{co_quan}} đã tiếp nhận hồ sơ của ông/bà (tổ chức) về thủ tục: "
    "{{thu_tuc}}. Mã hồ sơ: {{ma_ho_so}}.",
    "Ngày hẹn trả kết quả: {{ngay_hen}}. Đến nay hồ sơ đã quá hạn {{so_ngay_tre}} ngày làm việc "
    "mà chưa có kết quả.",
    "Lý do: {{ly_do}}",
    "{{co_quan}} xin lỗi ông/bà (tổ chức) về sự chậm trễ này và đề nghị gia hạn thời gian giải "
    "quyết. Ngày hẹn trả kết quả mới: {{ngay_hen_lai}}.",
    "Rất mong ông/bà (tổ chức) thông cảm./.",
)
COPIES: Final[Lines] = (
    ("Nơi nhận:", True),
    ("- Như trên;", False),
    ("- Lưu: VT, hồ sơ.", False),
)
SIGNATURE: Final[Lines] = (
    ("THỦ TRƯỞNG CƠ QUAN", True),
    ("(Ký, ghi rõ họ tên, đóng dấu)", False),
)
UNKNOWN_DAY: Final = "……/……/………"
WRITTEN_DAY: Final = "ngày {on:%d} tháng {on:%m} năm {on:%Y}"
