"""Every word of the pages about accounts and of the audit."""

from typing import Any, Final

# -- one's own account --------------------------------------------------------------------------

OWN_ACCOUNT: Final[dict[str, Any]] = {
    "title": "Tài khoản của tôi",
    "name": "Tên đăng nhập",
    "full_name": "Họ tên",
    "role": "Vai trò",
    "area": "Địa bàn",
    "everywhere": "Mọi nơi",
    "nowhere": "Chưa có địa bàn nào",
    "change_password": "Đổi mật khẩu",
    "password": "Mật khẩu hiện tại",
    "factor": "Xác thực hai lớp",
    "factor_off": (
        "Đang tắt. Khi bật, mỗi lần đăng nhập cần thêm mã 6 chữ số trên điện thoại của bạn, "
        "nên ai biết mật khẩu cũng chưa vào được."
    ),
    "factor_on": "Đang bật.",
    "turn_on": "Bật xác thực hai lớp",
    "turn_off": "Tắt xác thực hai lớp",
    "scan": (
        "Quét mã này bằng ứng dụng xác thực (Google Authenticator, FreeOTP, Aegis…), "
        "rồi nhập mã 6 chữ số mà ứng dụng hiện ra."
    ),
    "qr": "Mã QR chứa khóa xác thực; khóa cũng được viết bằng chữ bên dưới",
    "secret": "Không quét được? Nhập khóa này vào ứng dụng:",
    "code": "Mã 6 chữ số",
    "confirm": "Xác nhận và bật",
    "sessions": "Phiên đăng nhập",
    "others": "Ngoài trình duyệt này, bạn còn {count} phiên đăng nhập ở nơi khác.",
    "no_others": "Bạn chỉ đăng nhập ở trình duyệt này.",
    "end_others": "Kết thúc các phiên khác",
    "problems": {
        "password": "Mật khẩu không đúng.",
        "code": "Mã không đúng. Hãy kiểm tra giờ trên điện thoại rồi nhập mã mới.",
    },
}

# -- users --------------------------------------------------------------------------------------

USERS: Final[dict[str, Any]] = {
    "title": "Người dùng",
    "lead": "Những người được vào bàn làm việc, vai trò và địa bàn của họ.",
    "add": "Thêm người dùng",
    "name": "Tên đăng nhập",
    "name_hint": "Chữ thường không dấu, số, dấu chấm hoặc gạch. Không đổi được về sau.",
    "full_name": "Họ tên",
    "role": "Vai trò",
    "area": "Địa bàn",
    "everywhere": "Mọi nơi",
    "some_places": "Những nơi sau",
    "places": "Mỗi dòng một nơi",
    "places_hint": (
        "Ví dụ: “Tỉnh Lào Cai” là cả tỉnh, “Phường Hoàn Kiếm, Hà Nội” là một phường. "
        "Dùng tên hiện nay, sau sắp xếp 01/7/2025."
    ),
    "nowhere": "Chưa có",
    "state": "Trạng thái",
    "active": "Đang dùng",
    "waiting": "Chưa đặt mật khẩu riêng",
    "disabled": "Đã khóa",
    "factor": "Hai lớp",
    "yes": "Có",
    "no": "Không",
    "save": "Lưu",
    "create": "Tạo tài khoản",
    "back": "Về danh sách",
    "more": "Việc khác",
    "reset": "Cấp lại mật khẩu",
    "reset_hint": "Mật khẩu cũ mất hiệu lực, các phiên đăng nhập của người này kết thúc.",
    "drop_factor": "Gỡ xác thực hai lớp",
    "drop_factor_hint": "Khi người này mất điện thoại. Hãy chắc chắn đúng là người đó đang nhờ.",
    "disable": "Khóa tài khoản",
    "disable_hint": "Người này không đăng nhập được nữa. Những gì họ đã làm vẫn ghi tên họ.",
    "enable": "Mở lại tài khoản",
    "own_hint": "Tài khoản của chính bạn: vai trò và việc khóa do người quản trị khác làm.",
    "once": "Mật khẩu dùng một lần",
    "once_lead": (
        "Hãy đưa mật khẩu này cho {name} qua gặp mặt hoặc điện thoại. Nó chỉ hiện lần này, "
        "và phải được đổi khi đăng nhập lần đầu."
    ),
    "problems": {
        "bad": "Tên đăng nhập, họ tên hoặc vai trò chưa đúng. Hãy xem lại các ô bên dưới.",
        "taken": "Đã có tài khoản mang tên đăng nhập này. Hãy chọn tên khác.",
        "own": "Bạn không thể đổi vai trò của chính mình; hãy nhờ người quản trị khác.",
        "unknown": "Không tìm thấy: {lines}.",
        "ambiguous": "Có nhiều nơi trùng tên, hãy ghi thêm tỉnh sau dấu phẩy: {lines}.",
    },
}

# -- the audit ----------------------------------------------------------------------------------

AUDIT: Final = {
    "title": "Nhật ký",
    "lead": "Ai đã xem hoặc thay đổi điều gì. Sửa hay xóa một dòng sẽ bị phát hiện khi kiểm tra.",
    "account": "Tài khoản",
    "case": "Số phản ánh",
    "filter": "Lọc",
    "all": "Bỏ lọc",
    "number": "Số",
    "when": "Lúc",
    "who": "Ai",
    "what": "Việc",
    "about": "Về",
    "empty": "Không có việc nào khớp với điều kiện lọc.",
    "none": "Chưa có việc nào. Mọi lần xem và thay đổi sẽ hiện ở đây, mới nhất trên cùng.",
    "older": "Xem cũ hơn",
    "newest": "Về mới nhất",
    "roles": {
        "reporter": "Người phản ánh",
        "supervisor": "Cán bộ giám sát",
        "lead": "Trưởng nhóm",
        "clock": "Chương trình",
        "volunteer": "Tình nguyện viên",
        "admin": "Quản trị",
        "operator": "Người vận hành",
        "stranger": "Người chưa đăng nhập",
    },
}

# Kinds of events and moves of cases, by their words in the program.
EVENTS: Final = {
    "opened": "gửi phản ánh",
    "message": "nhắn tin trong phản ánh",
    "read": "xem thông tin cá nhân",
    "rated": "đánh giá kết quả",
    "erased": "xóa thông tin cá nhân",
    "evidence": "gửi bằng chứng",
    "note": "ghi chú nội bộ",
    "drafted": "soạn bản công khai",
    "published": "công khai kết quả",
    "unpublished": "gỡ kết quả đã công khai",
    "warned": "nhắc sắp đến hạn",
    "overdue": "ghi nhận quá hạn",
    "escalated": "báo lên trưởng nhóm",
    "reminded": "nhắc người phản ánh bổ sung",
    "triage": "phân loại",
    "assign": "giao xử lý",
    "start": "bắt đầu xử lý",
    "ask": "hỏi thêm",
    "reply": "bổ sung",
    "resume": "xử lý tiếp",
    "answer": "trả lời",
    "close": "kết thúc",
    "reopen": "mở lại",
    "withdraw": "rút phản ánh",
    "transfer": "chuyển cơ quan khác",
    "merge": "gộp vào phản ánh trùng",
    "reject": "không tiếp nhận",
    "take_back": "lấy lại để xử lý",
    "signed_in": "đăng nhập",
    "sign_in_refused": "đăng nhập sai",
    "locked_out": "bị tạm khóa vì sai nhiều lần",
    "account_added": "tạo tài khoản",
    "account_changed": "đổi vai trò hoặc địa bàn",
    "account_disabled": "khóa tài khoản",
    "account_enabled": "mở lại tài khoản",
    "password_changed": "đổi mật khẩu",
    "password_reset": "cấp lại mật khẩu",
    "factor_added": "bật xác thực hai lớp",
    "factor_removed": "tắt xác thực hai lớp",
    "exported": "xuất dữ liệu ra tệp",
    "sent_again": "thử gửi lại tin đã dừng",
    "template_saved": "lưu mẫu trả lời",
    "template_dropped": "xóa mẫu trả lời",
    "apology_written": "soạn thư xin lỗi về hồ sơ trễ hạn",
    "apologised": "ghi nhận đã xin lỗi về hồ sơ trễ hạn",
}
