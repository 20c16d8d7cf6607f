"""Every word that people read in the console, one section a page.

`FRAME` is what all pages share; `NOTICES` says what was done (by the code in the address), and
`REFUSALS` what was not (by the code of `Refused`): what happened, what is safe, what to do next.
"""

from typing import Any, Final, NamedTuple

from bot.feedback.category import Category, Subtype
from bot.feedback.clocks import Urgency
from bot.feedback.deadlines import Clock
from bot.feedback.states import State
from bot.notifications.models import Occasion
from bot.notifications.wishes import Choice
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
    "notifications": "Thông báo của tôi",
    "own_account": "Tài khoản của tôi",
    "sign_out": "Đăng xuất",
    "home": "Về trang chính",
    "written": "Những gì bạn đã viết, để chép lại:",
}

PLACES: Final = {
    "queue": "Hàng chờ",
    "mentions": "Nhắc tôi",
    "dossiers": "Hồ sơ trễ hạn",
    "reports": "Báo cáo",
    "templates": "Mẫu trả lời",
    "missed": "Câu hỏi bỏ sót",
    "channels": "Kênh",
    "users": "Người dùng",
    "audit": "Nhật ký",
}

# What the numbers beside these names count.
WAITING: Final = {
    "queue": "{count} phản ánh của tôi",
    "mentions": "{count} lần nhắc chưa xem",
}

ROLES: Final = {
    StaffRole.SUPERVISOR: "Cán bộ giám sát",
    StaffRole.LEAD: "Trưởng nhóm",
    StaffRole.VOLUNTEER: "Tình nguyện viên",
    StaffRole.ADMIN: "Quản trị",
}

NOTICES: Final = {
    "sent_again": "Tin được xếp vào hàng chờ để gửi lại.",
    "not_parked": "Tin này không còn bị dừng: đã được gửi lại, hoặc đã hết hạn lưu.",
    "wishes_kept": "Đã lưu cách nhận thông báo.",
    "wishes_tried": "Đã lưu. Tin thử đang được gửi, thường tới trong một phút.",
    "factor_added": "Đã bật xác thực hai lớp. Từ lần đăng nhập sau, bạn cần thêm mã 6 chữ số.",
    "factor_removed": "Đã tắt xác thực hai lớp.",
    "others_ended": "Đã kết thúc các phiên đăng nhập khác.",
    "user_changed": "Đã lưu tài khoản.",
    "user_disabled": "Đã khóa tài khoản. Người này không đăng nhập được nữa.",
    "user_enabled": "Đã mở lại tài khoản.",
    "signed_out": "Bạn đã đăng xuất.",
    "password_changed": "Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.",
    "bulk_triaged": "Đã phân loại các phản ánh đã chọn.",
    "bulk_assigned": "Đã giao các phản ánh đã chọn.",
    "view_saved": "Đã lưu danh sách.",
    "view_forgotten": "Đã xóa danh sách.",
    "triaged": "Đã phân loại.",
    "assigned": "Đã giao.",
    "started": "Đã nhận xử lý.",
    "asked": "Đã gửi câu hỏi cho người phản ánh. Thời hạn tạm dừng cho đến khi có trả lời.",
    "resumed": "Việc xử lý được tiếp tục.",
    "answered": "Đã gửi trả lời cho người phản ánh.",
    "closed": "Đã kết thúc.",
    "transferred": "Đã chuyển và báo cho người phản ánh.",
    "merged": "Đã gộp và báo cho người phản ánh.",
    "rejected": "Đã ghi là không tiếp nhận và báo lý do cho người phản ánh.",
    "taken_back": "Đã lấy lại để xử lý tiếp.",
    "written": "Đã gửi tin cho người phản ánh.",
    "noted": "Đã lưu ghi chú.",
    "drafted": "Đã lưu bản nháp. Một người khác sẽ xem và công bố.",
    "published": "Đã công bố.",
    "unpublished": "Đã gỡ khỏi trang công khai.",
    "template_saved": "Đã lưu mẫu.",
    "template_dropped": "Đã xóa mẫu.",
    "apologised": "Đã ghi nhận lời xin lỗi. Người nộp hồ sơ tra cứu sẽ thấy ngày hẹn mới.",
}

REFUSALS: Final = {
    "no_such_case": Refusal(
        "Không có phản ánh này.",
        "Không có gì bị thay đổi.",
        "Số phản ánh có thể đã gõ nhầm, hoặc phản ánh nằm ngoài địa bàn của bạn.",
    ),
    "own_account": Refusal(
        "Bạn không thể làm việc này với tài khoản của chính mình.",
        "Không có gì bị thay đổi.",
        "Hãy nhờ một người quản trị khác, để luôn còn ít nhất một người quản trị.",
    ),
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
        "Hãy đăng nhập lại rồi làm lại.",
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
        "Hãy mở lại trang, rút ngắn nội dung rồi gửi lại.",
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

TOO_MANY_TRIES: Final = (
    "Đã thử sai quá nhiều lần nên tạm thời chưa đăng nhập được. Hãy thử lại sau {minutes} phút, "
    "hoặc nhờ người quản trị cấp lại mật khẩu."
)

SIGN_IN: Final = {
    "title": "Đăng nhập",
    "lead": "Dành cho cán bộ và tình nguyện viên.",
    "name": "Tên đăng nhập",
    "password": "Mật khẩu",
    "submit": "Đăng nhập",
    "help": "Quên mật khẩu? Người quản trị có thể cấp lại.",
    "wrong": "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ.",
}

CODE: Final = {
    "title": "Mã xác thực",
    "lead": "Mở ứng dụng xác thực trên điện thoại và nhập mã 6 chữ số đang hiện.",
    "code": "Mã 6 chữ số",
    "submit": "Tiếp tục",
    "help": "Mất điện thoại? Người quản trị có thể gỡ lớp xác thực này cho bạn.",
    "again": "Đăng nhập lại từ đầu",
    "wrong": (
        "Mã không đúng, đã dùng rồi, hoặc đã quá 5 phút. Hãy chờ mã mới, hoặc đăng nhập lại."
    ),
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

# -- somebody's own notifications ----------------------------------------------------------------

WISHES: Final[dict[str, Any]] = {
    "title": "Thông báo của tôi",
    "lead": (
        "Thông báo chỉ có số phản ánh, loại việc, thời hạn, tình trạng kênh và đường dẫn; không "
        "bao giờ có tên, số điện thoại hay lời kể của người dân."
    ),
    "where": "Gửi tới đâu",
    "email": "Thư điện tử (để trống: không gửi)",
    "telegram": "Mã cuộc trò chuyện Telegram (để trống: không gửi)",
    "telegram_hint": (
        "Một số như 123456789, hoặc số âm như -1001234567890 cho nhóm. Hãy nhắn cho bot, hoặc thêm "
        "bot vào nhóm, trước khi gửi thử."
    ),
    "what": "Báo những gì",
    "occasions": {
        Occasion.NEW: "Phản ánh mới trong địa bàn",
        Occasion.ASSIGNED: "Được giao cho tôi",
        Occasion.MENTIONED: "Được nhắc tên trong ghi chú",
        Occasion.REPLIED: "Người phản ánh nhắn thêm",
        Occasion.SOON: "Sắp đến hạn",
        Occasion.OVERDUE: "Quá hạn",
        Occasion.ESCALATED: "Quá hạn kéo dài, báo cấp phụ trách",
        Occasion.TROUBLE: "Kênh nhắn tin gặp sự cố, hết sự cố",
    },
    "choices": {
        Choice.NOW: "Báo ngay",
        Choice.DIGEST: "Gộp vào bản tin ngày",
        Choice.OFF: "Không báo",
    },
    "when": "Lúc nào",
    "digest_at": "Giờ gửi bản tin ngày",
    "quiet_from": "Giờ yên tĩnh từ",
    "quiet_until": "đến",
    "quiet_hint": (
        "Trong giờ yên tĩnh không gửi gì; hết giờ mới gửi, gộp làm một. Hai giờ giống nhau là "
        "không có giờ yên tĩnh."
    ),
    "submit": "Lưu",
    "trial": "Lưu và gửi thử",
    "problems": {
        "email": "Địa chỉ thư điện tử chưa đúng, nên chưa lưu gì. Ví dụ: lan@tinh.gov.vn.",
        "telegram": "Mã Telegram chỉ gồm chữ số, có thể có dấu trừ ở đầu. Chưa lưu gì.",
    },
}

# -- home ---------------------------------------------------------------------------------------

HOME: Final = {
    "title": "Bàn làm việc",
    "empty": "Vai trò của bạn chưa có trang nào ở đây. Khi có, trang sẽ hiện trong danh sách.",
}

# -- cases: what every page calls their kinds and states ------------------------------------------

CATEGORIES: Final = {
    Category.HARASSMENT: "Nhũng nhiễu, gây phiền hà",
    Category.BROKER: "Cò mồi, môi giới",
    Category.IMPROPER_DEMAND: "Đòi giấy tờ ngoài quy định",
    Category.REFUSAL_REORGANISATION: "Từ chối vì sắp xếp bộ máy",
    Category.DELAY: "Trễ hạn",
    Category.ATTITUDE: "Thái độ, đùn đẩy",
    Category.BRIBERY: "Vòi vĩnh, đòi tiền",
    Category.TECHNICAL: "Lỗi hệ thống",
    Category.PRAISE: "Khen",
    Category.SUGGESTION: "Góp ý",
    Category.OTHER: "Việc khác",
}

SUBTYPES: Final = {
    Subtype.FORCED_VNEID: "Bắt phải có VNeID khi nộp trực tiếp",
    Subtype.ADDRESS_CONFIRMATION: "Bắt xác nhận trùng khớp địa bàn cũ, mới",
    Subtype.EXTRA_PAPERS: "Đòi thêm giấy tờ",
    Subtype.PAPER_COPY_OF_ONLINE: "Bắt nộp giấy cho hồ sơ đã ký số",
}

STATES: Final = {
    State.NEW: "Mới tiếp nhận",
    State.TRIAGED: "Đã phân loại",
    State.ASSIGNED: "Đã giao",
    State.IN_PROGRESS: "Đang xử lý",
    State.NEED_INFO: "Chờ người phản ánh",
    State.ANSWERED: "Đã trả lời",
    State.REOPENED: "Mở lại",
    State.CLOSED: "Đã kết thúc",
    State.TRANSFERRED: "Đã chuyển cơ quan khác",
    State.DUPLICATE: "Trùng, đã gộp",
    State.REJECTED: "Không tiếp nhận",
}

CHANNELS: Final = {
    "web": "trang chat",
    "telegram": "Telegram",
    "zalo": "Zalo",
    "rest": "chương trình khác",
    "terminal": "dòng lệnh",
}

CLOCKS: Final = {
    Clock.TRIAGE: "Phân loại",
    Clock.FORWARD: "Chuyển nơi có thẩm quyền",
    Clock.ANSWER: "Trả lời",
}

URGENCIES: Final = {
    Urgency.CALM: "trong hạn",
    Urgency.SOON: "sắp đến hạn",
    Urgency.OVERDUE: "quá hạn",
}

LEFT = "còn {days} ngày làm việc"
LEFT_TODAY = "hạn trong hôm nay"
LATE_BY = "quá hạn {days} ngày làm việc"
LATE_TODAY = "vừa quá hạn"
