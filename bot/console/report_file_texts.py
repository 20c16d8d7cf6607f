"""Every word of the periodic report as a document, which is not a word of its tables.

The form is that of Decree 30/2020/NĐ-CP on clerical work (national name, motto, agency, number,
place and date, name of the document, recipients, signature); what nobody knows here is a line to
fill in.
"""

from typing import Final

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
AGENCY: Final = "………………………………"
NUMBER: Final = "Số: ……/BC-……"
PLACE_AND_DATE: Final = "……………, ngày …… tháng …… năm {year}"
NAME: Final = "BÁO CÁO"
SUBJECT: Final = "Kết quả tiếp nhận, giải quyết phản ánh, kiến nghị"
PERIOD: Final = "Kỳ báo cáo: {period}"
AREA: Final = "Địa bàn: {place}"
UNTIL: Final = "Số liệu đến {until}, lập từ hệ thống Dân Hỏi"
TO: Final = "Kính gửi: …………………………………………"

OVERVIEW: Final = "1. Tình hình chung"
RECEIVED: Final = (
    "Trong kỳ, hệ thống tiếp nhận mới {received} phản ánh, kiến nghị; mở lại, nhận lại {returned}; "
    "tồn từ trước chuyển sang {carried}; tổng số phải giải quyết là {total} lượt."
)
SETTLED: Final = (
    "Đã giải quyết {settled} lượt, trong đó {late} lượt quá hạn; còn tồn {remaining} lượt, trong "
    "đó {overdue} lượt đã quá hạn."
)
TIMES: Final = (
    "Một nửa số phản ánh được xử lý bước đầu trong {acted} và được trả lời trong {answered}, tính "
    "theo thời gian làm việc, không kể thời gian chờ người phản ánh."
)
SATISFIED: Final = "Có {count} lượt đánh giá, trung bình {mean}."
COMPARED: Final = (
    "So với kỳ trước: tiếp nhận mới {received}; đã giải quyết {settled}; còn tồn quá hạn {overdue}."
)
FIGURES: Final = "2. Số liệu"
LATE: Final = "3. Phản ánh quá hạn (chỉ ghi số phản ánh)"
NONE_LATE: Final = "Không có phản ánh nào quá hạn."
MORE_LATE: Final = "Và {count} phản ánh khác; bảng tính .xlsx có đủ."
MORE_LINES: Final = "Và {count} dòng khác; bảng tính .xlsx có đủ."
PROPOSALS: Final = "4. Nguyên nhân, kiến nghị, đề xuất"
TO_FILL_IN: Final = "……………………………………………………………………………"
NOTES: Final = "Cách tính số liệu"
RECIPIENTS: Final = ("Nơi nhận:", "- Như trên;", "- ……………;", "- Lưu: VT, …….")
SIGNED_BY: Final = ("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", "(Chữ ký, dấu của cơ quan)", "Họ và tên")
SHEETS: Final = {
    "summary": "Tổng hợp",
    "parts": "Theo thời gian",
    "categories": "Theo loại",
    "communes": "Theo xã, phường",
    "offices": "Theo cơ quan",
    "ratings": "Hài lòng",
    "late": "Quá hạn",
    "notes": "Cách tính",
}
NOTES_HEAD: Final = ("Chỉ tiêu", "Cách tính")
