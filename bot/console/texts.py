"""Every word that people read in the console, one section a page.

`FRAME` is what all pages share; `NOTICES` says what was done (by the code in the address), and
`REFUSALS` what was not (by the code of `Refused`): what happened, what is safe, what to do next.
"""

from typing import Any, Final, NamedTuple

from bot.staff.models import StaffRole


class Refusal(NamedTuple):
    """A refusal in words."""

    happened: str
    safe: str
    next: str


# -- the frame ----------------------------------------------------------------------------------

FRAME: Final = {
    "name": "Dân Hỏi · Bàn làm việc",
    "skip": "Đến nội dung chính",
    "navigation": "Các trang",
    "account": "Tài khoản",
    "change_password": "Đổi mật khẩu",
    "sign_out": "Đăng xuất",
    "home": "Về trang chính",
}

PLACES: Final = {
    "queue": "Hàng chờ",
    "late": "Hồ sơ trễ hạn",
    "reports": "Báo cáo",
    "missed": "Câu hỏi bỏ sót",
    "channels": "Kênh",
    "users": "Người dùng",
    "audit": "Nhật ký",
}

ROLES: Final = {
    StaffRole.SUPERVISOR: "Cán bộ giám sát",
    StaffRole.LEAD: "Trưởng nhóm",
    StaffRole.VOLUNTEER: "Tình nguyện viên",
    StaffRole.ADMIN: "Quản trị",
}

NOTICES: Final = {
    "signed_out": "Bạn đã đăng xuất.",
    "password_changed": "Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.",
}

REFUSALS: Final = {
    "not_found": Refusal(
        "Không có trang này.",
        "Không có gì bị thay đổi.",
        "Địa chỉ có thể đã gõ nhầm, hoặc nội dung nằm ngoài địa bàn của bạn.",
    ),
    "not_yours": Refusal(
        "Vai trò của bạn không dùng được trang này.",
        "Không có gì bị thay đổi.",
        "Nếu bạn cần quyền này, hãy nhờ người quản trị.",
    ),
    "signed_out": Refusal(
        "Phiên đăng nhập đã kết thúc nên thao tác vừa rồi chưa được thực hiện.",
        "Không có gì bị thay đổi.",
        "Bấm nút quay lại của trình duyệt để chép lại những gì đã viết, rồi đăng nhập lại.",
    ),
    "old_form": Refusal(
        "Trang này được mở từ một phiên đăng nhập khác nên thao tác vừa rồi chưa được thực hiện.",
        "Không có gì bị thay đổi.",
        "Mở lại trang rồi làm lại.",
    ),
    "cross_site": Refusal(
        "Thao tác đến từ một trang web khác nên đã bị chặn.",
        "Không có gì bị thay đổi.",
        "Hãy mở bàn làm việc rồi thao tác tại đó.",
    ),
    "too_large": Refusal(
        "Nội dung gửi lên quá lớn.",
        "Không có gì bị thay đổi.",
        "Bấm nút quay lại của trình duyệt, rút ngắn nội dung rồi gửi lại.",
    ),
    "storage_down": Refusal(
        "Cơ sở dữ liệu tạm thời không trả lời.",
        "Thao tác vừa rồi chưa được ghi; những gì đã ghi trước đó vẫn còn nguyên.",
        "Chờ vài giây rồi thử lại. Nếu vẫn lỗi, hãy báo người vận hành.",
    ),
    "internal": Refusal(
        "Chương trình gặp lỗi.",
        "Thao tác vừa rồi chưa được ghi; những gì đã ghi trước đó vẫn còn nguyên.",
        "Thử lại một lần. Nếu vẫn lỗi, hãy báo người vận hành; lỗi đã được ghi lại.",
    ),
    "other": Refusal(
        "Yêu cầu này không thực hiện được.",
        "Không có gì bị thay đổi.",
        "Mở lại trang rồi thử lại.",
    ),
}

# -- signing in ---------------------------------------------------------------------------------

SIGN_IN: Final[dict[str, Any]] = {
    "title": "Đăng nhập",
    "lead": "Dành cho cán bộ và tình nguyện viên.",
    "name": "Tên đăng nhập",
    "password": "Mật khẩu",
    "submit": "Đăng nhập",
    "help": "Quên mật khẩu? Người quản trị có thể cấp lại.",
    "problems": {
        "wrong": "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ.",
    },
}

PASSWORD: Final[dict[str, Any]] = {
    "title": "Đổi mật khẩu",
    "must": (
        "Bạn đang dùng mật khẩu dùng một lần mà người khác đã thấy. "
        "Hãy đặt mật khẩu của riêng bạn để tiếp tục."
    ),
    "hint": "Ít nhất 12 ký tự. Một câu vài từ dễ nhớ thì mạnh hơn một từ khó gõ.",
    "old": "Mật khẩu hiện tại",
    "new": "Mật khẩu mới",
    "again": "Nhập lại mật khẩu mới",
    "submit": "Đổi mật khẩu",
    "problems": {
        "old": "Mật khẩu hiện tại không đúng.",
        "differ": "Hai lần nhập mật khẩu mới không giống nhau.",
        "short": "Mật khẩu mới cần ít nhất 12 ký tự.",
        "long": "Mật khẩu mới dài quá 200 ký tự.",
        "plain": "Mật khẩu mới chỉ lặp lại vài ký tự nên dễ đoán.",
        "name": "Mật khẩu mới không được chứa tên đăng nhập.",
        "same": "Mật khẩu mới phải khác mật khẩu hiện tại.",
    },
}

# -- home ---------------------------------------------------------------------------------------

HOME: Final = {
    "title": "Bàn làm việc",
    "empty": "Vai trò của bạn chưa có trang nào ở đây. Khi có, trang sẽ hiện trong danh sách.",
}
