"""Whom a citizen can turn to; a telephone number only when one is configured."""

from bot.hotline import Hotline

_COUNTER = (
    "Bạn có thể hỏi tại Trung tâm Phục vụ hành chính công nơi bạn ở, "
    "hoặc xem https://dichvucong.gov.vn"
)
_HOTLINE = "Bạn có thể gọi {name}: {number} (số này được kiểm tra ngày {day})."


def contact_lines(hotline: Hotline | None) -> dict[str, str]:
    """Write the two variables that responses may use.

    ``contact`` always names somebody: the hotline with the day it was checked, else the counter
    and the national portal. ``hotline`` is a line of its own, or nothing without a hotline.
    """
    if hotline is None:
        return {"contact": _COUNTER, "hotline": ""}
    day = hotline.checked_on.strftime("%d/%m/%Y")
    line = _HOTLINE.format(name=hotline.name, number=hotline.number, day=day)
    return {"contact": line, "hotline": f"\n{line}"}
