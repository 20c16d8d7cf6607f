"""What notifications say: the number of a case, its category, a deadline and a link. No person.

Of a channel's trouble they say the sentence that operators read elsewhere too, in English.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.notifications.models import Occasion
from bot.working_time.zone import VIETNAM

OCCASIONS = {
    Occasion.NEW: "Phản ánh mới trong địa bàn",
    Occasion.ASSIGNED: "Vừa được giao cho bạn",
    Occasion.MENTIONED: "Đồng nghiệp nhắc tên bạn trong ghi chú",
    Occasion.REPLIED: "Người phản ánh nhắn thêm",
    Occasion.SOON: "Sắp đến hạn",
    Occasion.OVERDUE: "Đã quá hạn",
    Occasion.ESCALATED: "Quá hạn kéo dài, cần người phụ trách vào cuộc",
    Occasion.TRIAL: "Tin gửi thử: bạn sẽ nhận thông báo của Dân Hỏi ở đây",
    Occasion.TROUBLE: "Kênh nhắn tin gặp sự cố, cần người vận hành xử lý",
    Occasion.MENDED: "Kênh nhắn tin đã hết sự cố",
}
CHANNELS = {
    "telegram": "Telegram",
    "zalo-oa": "Zalo OA",
    "zalo-bot": "Zalo Bot",
    "messenger": "Facebook Messenger",
}
SENT_AGAIN = "(Gửi lại vì chưa chắc lần trước đã đến nơi.)"
MORE = "… và {count} việc khác trong hàng chờ: {link}"
SUBJECT_OF_ONE = "Dân Hỏi: {what}"
SUBJECT_OF_MANY = "Dân Hỏi: {count} việc cần xem"
SHOWN = 20


@dataclass(frozen=True)
class Item:
    """One notification, as far as it is told."""

    occasion: Occasion
    case_id: int | None
    about: str
    due_at: datetime | None


def subject(items: Sequence[Item]) -> str:
    """Return the subject line of an e-mail."""
    if len(items) > 1:
        return SUBJECT_OF_MANY.format(count=len(items))
    return SUBJECT_OF_ONE.format(what=_named(items[0]))


def body(items: Sequence[Item], origin: str, *, again: bool) -> str:
    """Tell one thing, or several as a list."""
    lines = [SENT_AGAIN] if again else []
    for item in items[:SHOWN]:
        lines += [*_lines(item, origin), ""]
    if len(items) > SHOWN:
        more = MORE.format(count=len(items) - SHOWN, link=f"{origin}/console")
        lines += [more, ""]
    return "\n".join(lines).rstrip("\n")


def told_trouble(channel: str, sentence: str) -> str:
    """Say what is wrong with a channel."""
    return f"{CHANNELS.get(channel, channel)}: {sentence}"


def _lines(item: Item, origin: str) -> list[str]:
    what = OCCASIONS[item.occasion]
    if item.occasion is Occasion.TROUBLE:
        return [what, item.about, f"{origin}/console/kenh"]
    if item.occasion is Occasion.MENDED:
        return [f"{what}: {item.about}"]
    if item.case_id is None:
        return [what]
    deadline = f" · hạn {item.due_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if item.due_at else ""
    link = f"{origin}/console/cases/{item.case_id}"
    return [f"{what}{deadline}", f"Phản ánh số {item.case_id} · {item.about}", link]


def _named(item: Item) -> str:
    number = f" (số {item.case_id})" if item.case_id is not None else ""
    return OCCASIONS[item.occasion] + number
