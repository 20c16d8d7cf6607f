"""The line that says whom a citizen can turn to; a number only when one is configured."""

from actions.services import Hotline

WITHOUT_HOTLINE = (
    "Bạn có thể hỏi trực tiếp tại Trung tâm Phục vụ hành chính công nơi bạn ở, "
    "hoặc tra trên https://dichvucong.gov.vn"
)
WITH_HOTLINE = "Bạn có thể gọi {name}: {number} (số này được kiểm tra ngày {day})."


def contact_line(hotline: Hotline | None) -> str:
    """Name the hotline with the day it was checked, else the counter and the national portal."""
    if hotline is None:
        return WITHOUT_HOTLINE
    day = hotline.checked_on.strftime("%d/%m/%Y")
    return WITH_HOTLINE.format(name=hotline.name, number=hotline.number, day=day)
