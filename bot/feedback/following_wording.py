"""Where a case stands, in the words of its reporter's language."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from bot.feedback.deadlines import Clock
from bot.feedback.following import Act, Due, Standing
from bot.feedback.models import Side
from bot.feedback.services import Message
from bot.feedback.states import State
from bot.feedback.wording import REJECTED_SINCE, named
from bot.working_time.zone import VIETNAM

_STATE = {
    State.NEW: "đã được nhận và đang chờ người đọc",
    State.TRIAGED: "đã có người đọc và phân loại",
    State.ASSIGNED: "đã được giao cho người xử lý",
    State.IN_PROGRESS: "đang được xử lý",
    State.NEED_INFO: "đang chờ bạn trả lời câu hỏi của người phụ trách",
    State.ANSWERED: "đã có trả lời",
    State.REOPENED: "đã được mở lại để xem xét tiếp",
    State.CLOSED: "đã kết thúc",
    State.TRANSFERRED: "đã được chuyển tới {body}, nơi có thẩm quyền giải quyết",
    State.DUPLICATE: "được xem xét chung với một phản ánh khác về cùng việc",
    State.REJECTED: "không được tiếp nhận vì {reason}",
}
_PAUSED = {
    State.NEED_INFO: "Thời hạn tạm dừng cho tới khi bạn trả lời.",
    State.TRANSFERRED: "Nơi đó trả lời theo thời hạn của họ; có tin, người phụ trách báo bạn.",
}
_PROMISED = {
    Clock.TRIAGE: ("Sẽ có người đọc", "Lẽ ra đã có người đọc"),
    Clock.ANSWER: ("Bạn sẽ có trả lời", "Lẽ ra bạn đã có trả lời"),
}
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

BUTTONS = {
    Act.ADD: "Bổ sung",
    Act.TALK: "Xem trao đổi",
    Act.RATE: "Chấm điểm",
    Act.REOPEN: "Chưa hài lòng",
    Act.WITHDRAW: "Rút phản ánh",
    Act.ERASE: "Xóa nội dung",
}
REPLY = "Trả lời"
STOP = "Thôi theo dõi"
SURE_WITHDRAW, SURE_ERASE, KEEP = "Đúng, rút phản ánh", "Đúng, xóa hẳn", "Không, giữ nguyên"
RATINGS = ("1: rất không hài lòng", "2: không hài lòng", "3: tạm được", "4: hài lòng", "5: rất tốt")


def standing_text(standing: Standing) -> str:
    """Tell where a case stands, since when, what is promised next, and what the office wrote."""
    return "\n".join(_lines(standing))


def _lines(standing: Standing) -> Iterator[str]:
    name = named(standing.case_id, standing.category)
    if standing.erased:
        yield f"{name}: nội dung đã được xóa theo yêu cầu, không còn gì để xem."
        return
    reason = REJECTED_SINCE[standing.rejection] if standing.rejection else ""
    state = _STATE[standing.state].format(body=standing.transferred_to, reason=reason)
    yield f"{name} {state}, từ {day(standing.since)}."
    if standing.due is not None:
        yield promise(standing.due)
    elif standing.state in _PAUSED:
        yield _PAUSED[standing.state]
    if standing.rating is not None:
        yield f"Bạn đã chấm {standing.rating}/5."
    if standing.unread:
        yield "Người phụ trách nhắn bạn:"
        yield from (message_line(message) for message in standing.unread)


def promise(due: Due) -> str:
    """Tell the next deadline: how far off, the day behind it, and whose promise it is."""
    on_time, late = _PROMISED[due.clock]
    on = day(due.on)
    if due.overdue:
        days = f", đã quá {-due.working_days} ngày làm việc" if due.working_days else ""
        new = f" Dự kiến mới: trước hết {day(due.expected)}." if due.expected else ""
        return f"{late} trước hết {on}{days}. Mình xin lỗi bạn vì chậm trễ này.{new}"
    left = f"còn {due.working_days} ngày làm việc" if due.working_days else "ngay hôm nay"
    unsure = "; ngày này là dự kiến, vì lịch nghỉ lễ chưa công bố" if due.provisional else ""
    whose = "thời hạn theo quy định" if due.law else "cam kết của dịch vụ này"
    return f"{on_time} chậm nhất {on}, {left}{unsure}. Đây là {whose}."


def talk_text(messages: Sequence[Message]) -> str:
    """Tell what both sides wrote, oldest first."""
    who = {Side.REPORTER: "Bạn", Side.OFFICE: "Người phụ trách"}
    return "\n".join(f"{who[each.side]}, {message_line(each)[2:]}" for each in messages)


def message_line(message: Message) -> str:
    """Tell one message with the time at which it was written."""
    at = message.said_at.astimezone(VIETNAM)
    return f"- {at:%H:%M} ngày {at:%d/%m}: {message.text}"


def day(on: date | datetime) -> str:
    """Write a day in Vietnam with its weekday: "thứ Sáu 27/11/2026"."""
    if isinstance(on, datetime):
        on = on.astimezone(VIETNAM).date()
    return f"{_WEEKDAYS[on.weekday()]} {on:%d/%m/%Y}"


def waiting(wait: timedelta) -> str:
    """Write how long somebody has to wait, never less than it is."""
    minutes = -(-int(wait.total_seconds()) // 60) or 1
    if minutes < 120:
        return f"{minutes} phút"
    return f"{-(-minutes // 60)} giờ"
