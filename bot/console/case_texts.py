"""Every word of the pages about one case: the case, its print, who called me, the templates."""

from typing import Any, Final

from bot.feedback.errors import Forbidden, Obstacle
from bot.feedback.models import Kind
from bot.feedback.similar import Reason
from bot.feedback.states import Move, Rejection, State
from bot.feedback.templates import TemplateUse

# -- one case -------------------------------------------------------------------------------------

MOVES: Final = {
    Move.TRIAGE: "Phân loại",
    Move.ASSIGN: "Giao người xử lý",
    Move.START: "Nhận xử lý",
    Move.ASK: "Hỏi thêm",
    Move.RESUME: "Xử lý tiếp, không chờ nữa",
    Move.ANSWER: "Trả lời",
    Move.CLOSE: "Kết thúc",
    Move.TRANSFER: "Chuyển cơ quan khác",
    Move.MERGE: "Gộp vào phản ánh khác",
    Move.REJECT: "Không tiếp nhận",
    Move.TAKE_BACK: "Lấy lại",
}

# What a timeline says was done; the person who did it stands before it.
HAPPENED: Final[dict[Move | Kind, str]] = {
    Kind.OPENED: "gửi phản ánh",
    Kind.MESSAGE: "viết",
    Kind.READ: "đã xem",
    Kind.EVIDENCE: "gửi {files} tệp bằng chứng",
    Kind.NOTE: "ghi chú nội bộ",
    Kind.DRAFTED: "soạn bản công khai",
    Kind.PUBLISHED: "công bố kết quả",
    Kind.UNPUBLISHED: "gỡ bản công khai",
    Kind.RATED: "chấm {rating}/5 điểm",
    Kind.ERASED: "xóa dữ liệu cá nhân",
    Kind.WARNED: "nhắc: sắp đến hạn",
    Kind.OVERDUE: "ghi nhận quá hạn",
    Kind.ESCALATED: "báo trưởng nhóm vì quá hạn",
    Kind.REMINDED: "nhắc người phản ánh trả lời",
    Move.TRIAGE: "phân loại",
    Move.ASSIGN: "giao cho {assignee}",
    Move.START: "nhận xử lý",
    Move.ASK: "hỏi thêm",
    Move.REPLY: "trả lời câu hỏi",
    Move.RESUME: "tiếp tục xử lý",
    Move.ANSWER: "trả lời",
    Move.CLOSE: "kết thúc",
    Move.REOPEN: "chưa hài lòng, mở lại",
    Move.WITHDRAW: "rút phản ánh",
    Move.TRANSFER: "chuyển đến {body}",
    Move.MERGE: "gộp vào phản ánh {original}",
    Move.REJECT: "không tiếp nhận ({rejection})",
    Move.TAKE_BACK: "lấy lại",
}

# How a text addresses the reporter: whether a man or a woman, nobody asked.
ADDRESS: Final = "anh/chị {name}"

TAKEN: Final = "nhận về mình"
TRIAGED: Final = "phân loại: {category}"

# Where nothing is to be done now: whose turn it is.
STANDING_BY: Final = {
    State.NEED_INFO: (
        "Đang chờ người phản ánh trả lời. Có trả lời thì phản ánh tự được xử lý tiếp; chờ quá lâu "
        "cũng vậy."
    ),
    State.ANSWERED: (
        "Đã trả lời. Người phản ánh có thể chấm điểm, hoặc chưa hài lòng thì mở lại một lần; không "
        "thì phản ánh tự kết thúc."
    ),
    State.CLOSED: "Phản ánh đã kết thúc.",
    State.DUPLICATE: "Đã gộp. Việc được xử lý ở phản ánh gốc.",
    State.REJECTED: "Không tiếp nhận. Người phản ánh đã được báo lý do.",
}

REJECTIONS: Final = {
    Rejection.EMPTY: "không có nội dung",
    Rejection.JUNK: "quảng cáo, thử máy, đùa",
    Rejection.UNINTELLIGIBLE: "đã hỏi lại mà vẫn không hiểu được",
}

REASONS: Final = {
    Reason.OFFICE: "cùng cơ quan",
    Reason.COMMUNE: "cùng xã, phường",
    Reason.PROVINCE: "cùng tỉnh, thành phố",
    Reason.CATEGORY: "cùng loại",
    Reason.SUBTYPE: "cùng loại chi tiết",
    Reason.DAY: "cùng ngày",
    Reason.WEEK: "trong cùng tuần",
    Reason.WORDS: "lời kể giống nhau",
}

FORBIDDEN: Final = {
    Forbidden.STATE: "Phản ánh đang ở bước không làm được việc này.",
    Forbidden.ROLE: "Vai trò của bạn không làm được việc này.",
    Forbidden.ONCE: "Phản ánh này đã được mở lại một lần.",
    Forbidden.MISSING: "Còn thiếu phần bắt buộc.",
}

OBSTACLES: Final = {
    Obstacle.UNFINISHED: "Chỉ công bố kết quả của phản ánh đã trả lời.",
    Obstacle.NO_DRAFT: "Chưa có bản nháp cho kết quả này.",
    Obstacle.PUBLISHED: "Kết quả này đang được công bố; gỡ xuống trước khi sửa.",
    Obstacle.SAME_PERSON: "Người soạn không tự công bố: cần một người khác xem.",
    Obstacle.PERSONAL: "Bản nháp còn những chỗ giống dữ liệu cá nhân: {found}.",
    Obstacle.REPORTER: "Bản nháp có tên hoặc số điện thoại của người phản ánh. Hãy sửa lại.",
}

CASE: Final[dict[str, Any]] = {
    "title": "Phản ánh {number}",
    "story": "Lời kể",
    "erased": "Nội dung đã được xóa theo yêu cầu hoặc khi hết thời gian lưu giữ.",
    "identity": "Người phản ánh",
    "anonymous": "Ẩn danh; vẫn nhắn được qua phản ánh này",
    "unreachable": "Không để lại nơi nhận tin; người phản ánh chỉ thấy khi mở mã tiếp nhận",
    "evidence": "Bằng chứng",
    "no_evidence": "Chưa có hình ảnh hay tệp nào.",
    "picture": "Hình {number}, gửi {at}",
    "file": "Tệp PDF {number}, gửi {at}",
    "timeline": "Diễn biến",
    "readings": "Lượt xem ({count})",
    "inside": "nội bộ",
    "reporter": "Người phản ánh",
    "program": "Hệ thống",
    "facts": "Thông tin",
    "state": "Trạng thái",
    "category": "Loại",
    "place": "Nơi xảy ra (địa bàn hiện nay)",
    "place_words": "Theo lời kể",
    "office": "Cơ quan",
    "happened_on": "Ngày xảy ra",
    "received": "Tiếp nhận",
    "channel": "Kênh",
    "assignee": "Người xử lý",
    "nobody": "Chưa giao",
    "unknown": "Chưa rõ",
    "unknown_place": "chưa rõ nơi",
    "rejected_since": "Lý do",
    "transferred_to": "Đã chuyển đến",
    "reopened": "Đã được mở lại một lần vì người phản ánh chưa hài lòng.",
    "clocks": "Thời hạn",
    "standing": "Thời hạn đang dừng: chờ người phản ánh trả lời hoặc việc đã xong ở đây.",
    "law": "Căn cứ",
    "goal": "Mục tiêu",
    "provisional": "dự kiến: lịch nghỉ chưa công bố",
    "due": "hạn {at}",
    "next": "Việc tiếp theo",
    "similar": "Phản ánh tương tự",
    "no_similar": "Không thấy phản ánh nào giống.",
    "followers": "Phản ánh đã gộp vào đây",
    "duplicate_of": "Gộp vào",
    "case": "Phản ánh {number}",
    "merge_into": "Gộp phản ánh này vào phản ánh {number}",
    "print": "Bản in",
    "words": "Nội dung gửi người phản ánh",
    "words_hint": "Người phản ánh đọc được. Xưng là cơ quan, không ghi tên riêng của ai.",
    "note": "Ghi chú",
    "note_hint": "Chỉ cán bộ đọc được. Viết @tên-đăng-nhập để nhắc ai đó: {names}.",
    "add_note": "Ghi chú nội bộ",
    "save_note": "Lưu ghi chú",
    "message": "Nhắn người phản ánh",
    "send": "Gửi tin",
    "take_back_note": "Lý do lấy lại (nội bộ)",
    "templates": "Chèn mẫu câu",
    "subtype": "Loại chi tiết",
    "none": "Chưa rõ",
    "body": "Cơ quan nhận",
    "body_hint": "Chọn một gợi ý hoặc viết tên cơ quan khác.",
    "reason": "Lý do",
    "original": "Số phản ánh được gộp vào",
    "followers_words": "Lời gửi {count} người phản ánh đã gộp",
    "followers_hint": "Gửi riêng vì lời trả lời trên có thể nêu tên ai đó. Bỏ trống: không gửi.",
    "publish": "Công khai kết quả",
    "publish_lead": "Người dân đọc được ở trang Kết quả. Chỗ ⟨…⟩ là dữ liệu cá nhân đã được bỏ.",
    "matter": "Nội dung phản ánh",
    "outcome": "Kết quả",
    "save_draft": "Lưu bản nháp",
    "edit_draft": "Sửa bản nháp",
    "drafted_by": "Bản nháp của {who}, {at}",
    "preview": "Người dân sẽ đọc",
    "put_out": "Công bố",
    "nothing_personal": "Tôi đã xem từng chỗ: không phải dữ liệu cá nhân.",
    "found": "Những chỗ giống dữ liệu cá nhân",
    "published_by": "{who} công bố {at}",
    "outdated": "Bản cũ, công bố trước lần trả lời mới nhất; không còn hiện cho người dân.",
    "take_down": "Gỡ xuống",
    "take_down_reason": "Lý do gỡ (nội bộ)",
    "changed": "Phản ánh đã thay đổi trong lúc bạn viết, nên việc vừa rồi chưa được thực hiện.",
    "kept": "Những gì bạn viết vẫn còn.",
    "kept_at": "Đến chỗ đang viết",
    "look_first": "Xem thay đổi dưới đây rồi gửi lại nếu vẫn đúng.",
    "no_longer": "Xem thay đổi rồi chọn việc tiếp theo. Những gì bạn đã viết:",
    "since": "Vừa xảy ra",
    "present": "{names} cũng đang mở phản ánh này. Hai người cùng làm dễ trùng việc.",
    "fresh": "Phản ánh vừa có thay đổi. Phần bạn đang viết được giữ nguyên.",
    "reload": "Xem thay đổi",
    "problems": {
        "no_text": "Chưa có nội dung, hoặc nội dung quá dài.",
        "gap": "Nội dung còn chỗ để trống “[…]”. Hãy điền hoặc xóa trước khi gửi.",
        "unknown_account": "Không có ai tên {names} phụ trách địa bàn này. Ghi chú chưa được lưu.",
        "no_original": "Không gộp được vào số đó: không có, ngoài địa bàn, hoặc chính nó đã gộp.",
        "no_account": "Người được giao không phụ trách địa bàn này.",
        "details": "Nội dung chưa đúng. Hãy xem lại.",
    },
    "shortcuts": "Phím tắt: r trả lời, n ghi chú, a giao cho tôi",
}

PRINT: Final[dict[str, Any]] = {
    "title": "Bản in phản ánh {number}",
    "personal": "Bản có dữ liệu cá nhân. Chỉ dùng nội bộ.",
    "stripped": "Bản đã bỏ dữ liệu cá nhân.",
    "with": "In kèm dữ liệu cá nhân",
    "without": "In bản không có dữ liệu cá nhân",
    "back": "Về phản ánh",
    "at": "In lúc {at}, người in: {who}",
}

# -- who called me --------------------------------------------------------------------------------

MENTIONS: Final = {
    "title": "Nhắc tôi",
    "empty": "Chưa có ai nhắc bạn. Khi một ghi chú có @tên của bạn, phản ánh sẽ hiện ở đây.",
    "called": "{who} nhắc bạn lúc {at}",
}

# -- templates of answers -------------------------------------------------------------------------

USES: Final = {
    TemplateUse.ANSWER: "Trả lời",
    TemplateUse.ASK: "Hỏi thêm",
    TemplateUse.MESSAGE: "Nhắn tin",
    TemplateUse.TRANSFER: "Chuyển cơ quan khác",
    TemplateUse.REJECT: "Không tiếp nhận",
    TemplateUse.MERGE: "Gộp",
}

ANSWER_TEMPLATES: Final[dict[str, Any]] = {
    "title": "Mẫu trả lời",
    "lead": "Mẫu có sẵn, và mẫu do trưởng nhóm viết; mẫu cùng tên thay cho mẫu có sẵn.",
    "new": "Viết mẫu mới",
    "edit": "Sửa",
    "name": "Tên mẫu",
    "use": "Dùng khi",
    "text": "Nội dung",
    "save": "Lưu mẫu",
    "drop": "Xóa mẫu “{name}”",
    "own": "do trưởng nhóm viết",
    "placeholders": "Những chỗ điền được",
    "gap": "Viết […] ở chỗ người trả lời phải tự điền; còn dấu này thì không gửi được.",
    "explained": {
        "case_number": "số phản ánh",
        "place": "nơi được phản ánh",
        "office": "cơ quan bị phản ánh",
        "category": "loại phản ánh",
        "received_on": "ngày tiếp nhận",
        "deadline": "hạn trả lời",
        "today": "hôm nay",
        "name": "“anh/chị” và tên người phản ánh nếu có; dùng ở lời chào",
        "body": "cơ quan được chuyển đến",
    },
    "problems": {
        "unknown": "Không điền được: {names}. Chỉ dùng những chỗ liệt kê bên dưới.",
        "other": "Mẫu cần tên, nội dung, và mỗi dấu ngoặc nhọn phải có cặp.",
    },
}
