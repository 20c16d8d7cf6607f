"""The words of the page of channels."""

from typing import Final

CHANNELS: Final = {
    "title": "Kênh",
    "lead": "Tin trả lời đang trên đường tới người dân qua các ứng dụng nhắn tin. Trang này không "
    "hiện nội dung tin và người nhận.",
    "channel": "Kênh",
    "state": "Tình trạng",
    "waiting": "Đang chờ gửi",
    "oldest": "Chờ lâu nhất từ",
    "sent": "Đã gửi",
    "retries": "Lần phải gửi lại",
    "parked": "Đã dừng gửi",
    "since": "“Đã gửi” và “lần phải gửi lại” tính từ khi chương trình khởi động.",
    "open": "Hoạt động",
    "closed": "Ứng dụng đang yêu cầu tạm ngừng, sẽ tự gửi tiếp",
    "trouble": "Cần người vận hành xử lý:",
    "off": "Chưa kết nối",
    "alarms_title": "Sự cố đang có",
    "alarm_since": "từ",
    "alarms_none": "Không có sự cố nào.",
    "told": "Khi có sự cố, thông báo được gửi tới:",
    "told_nobody": "Chưa ai nhận thông báo khi có sự cố.",
    "told_where": "Nhận thông báo khi kênh gặp sự cố",
    "nobody": "–",
    "none": "Chưa kết nối ứng dụng nhắn tin nào. Người vận hành kết nối bằng phần cài đặt.",
    "parked_title": "Tin đã dừng gửi",
    "parked_lead": "Ứng dụng từ chối hẳn, hoặc đã thử suốt một ngày. Chỉ thử gửi lại khi nguyên "
    "nhân đã được khắc phục; tin quá một ngày được thử một lần.",
    "parked_none": "Không có tin nào bị dừng.",
    "number": "Số",
    "when": "Soạn lúc",
    "tries": "Số lần thử lại",
    "reason": "Lý do, theo chương trình",
    "again": "Thử gửi lại",
    "again_label": "Thử gửi lại tin số {number}",
    "older": "Xem cũ hơn",
    "newest": "Về mới nhất",
}
