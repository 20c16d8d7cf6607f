"""Every word that a citizen reads about a dossier, but the talk around it (nlu/domain)."""

from datetime import timedelta

from bot.dossiers.dossier import Status

HEADING = "Hồ sơ {code}"
PROCEDURE = "Thủ tục"
WITH_CODE = "{name} (mã {code})"
OFFICE = "Nơi xử lý"
RECEIVED = "Ngày tiếp nhận"
DUE = "Ngày hẹn trả"
FINISHED = "Xử lý xong ngày"
RETURNED = "Trả kết quả ngày"
DUE_IN = "{day} (còn {days} ngày làm việc)"
DUE_TODAY = "{day} (hạn cuối trong ngày)"
NO_DUE_DATE = "hệ thống chưa ghi ngày hẹn"
NO_CLOCK_YET = "chưa tính, vì hồ sơ chưa được tiếp nhận"
UNKNOWN_DAY = "không rõ ngày"
SOME_PROCEDURE = "thủ tục hành chính"
SOURCE = "Nguồn: {source}, số liệu ngày {day}. Ngày trên Giấy tiếp nhận hồ sơ là ngày chính thức."
MOVED = "Hồ sơ bạn nhờ theo dõi vừa có thay đổi."
STOP_TELLING = "Dừng báo"

STATES = {
    Status.SENT: "Hồ sơ đã gửi, đang chờ được tiếp nhận.",
    Status.ACCEPTED: "Hồ sơ đã được tiếp nhận.",
    Status.REFUSED: "Hồ sơ không được tiếp nhận.",
    Status.IN_PROGRESS: "Hồ sơ đang được giải quyết.",
    Status.NEEDS_PAPERS: "Hồ sơ đang chờ bạn bổ sung giấy tờ.",
    Status.NEEDS_PAYMENT: "Hồ sơ đang chờ bạn nộp phí, lệ phí hoặc thuế.",
    Status.WITHDRAWN: "Hồ sơ đã được rút theo yêu cầu.",
    Status.STOPPED: "Hồ sơ đã dừng giải quyết.",
    Status.READY: "Hồ sơ đã có kết quả.",
    Status.RETURNED: "Hồ sơ đã trả kết quả.",
    Status.UNKNOWN: "",  # then IN_ITS_WORDS
}
IN_ITS_WORDS = (
    "Hệ thống ghi: “{words}”. Mình chưa biết chắc điều này nghĩa là gì, bạn hỏi lại nơi xử lý nhé."
)

NEXT_STEPS = {
    Status.SENT: "Bạn chưa phải làm gì. Khi hồ sơ được tiếp nhận sẽ có ngày hẹn trả.",
    Status.REFUSED: (
        "Bạn xin Phiếu từ chối tiếp nhận giải quyết hồ sơ (Mẫu 03, Thông tư 03/2025/TT-VPCP): "
        "từ chối phải có lý do bằng văn bản."
    ),
    Status.NEEDS_PAPERS: (
        "Bạn bổ sung theo Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (Mẫu 02). "
        "Trong lúc chờ, thời hạn giải quyết tạm dừng."
    ),
    Status.NEEDS_PAYMENT: "Bạn nộp theo thông báo, rồi giữ biên lai.",
    Status.STOPPED: "Bạn hỏi nơi xử lý lý do dừng (Mẫu 05: Thông báo dừng giải quyết hồ sơ).",
    Status.READY: (
        "Bạn đến nơi nộp để nhận kết quả, mang theo Giấy tiếp nhận hồ sơ. "
        "Nếu đã chọn nhận qua bưu chính hoặc trực tuyến thì chờ ở nhà."
    ),
}
TO_DO = "Nội dung được yêu cầu: {what}"

LATE = "Hồ sơ đã quá hẹn {days} ngày làm việc. Xin lỗi bạn vì phải chờ lâu."
WAS_LATE = "Hồ sơ xong muộn hơn hẹn {days} ngày làm việc. Xin lỗi bạn vì phải chờ lâu."
OWED = (
    "Khi trễ hẹn, nơi giải quyết phải có văn bản xin lỗi, nêu lý do và ngày trả mới "
    "(Mẫu 04, Thông tư 03/2025/TT-VPCP). Bạn có quyền yêu cầu văn bản này."
)
APOLOGISED = "Ngày {on}, nơi giải quyết đã xin lỗi và hẹn trả kết quả ngày {new}."
NEW_DAY_PASSED = (
    "Ngày {on}, nơi giải quyết đã xin lỗi và hẹn lại ngày {new}, nhưng ngày đó cũng đã qua."
)
GRIEVANCE = (
    "Hồ sơ mã {code} ({procedure}), tiếp nhận {received}, hẹn trả ngày {due}, "
    "đã quá hẹn {days} ngày làm việc. Tình trạng hệ thống ghi: {state}"
)

GRIEVANCE_AFTER_APOLOGY = " Nơi giải quyết đã xin lỗi và hẹn lại ngày {new}."

# What the audit of the staff tells of an apology.
APOLOGY_NOTE = "{code}; {office}; hẹn trả {due:%d/%m/%Y}, hẹn lại {new:%d/%m/%Y}"


def waiting(left: timedelta) -> str:
    """Write a pause in words, never shorter than it is."""
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return f"{minutes} phút" if minutes < 90 else f"{-(-minutes // 60)} giờ"
