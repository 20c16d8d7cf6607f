"""When it happened, as people say it: "hôm qua", "sáng thứ 2 tuần trước", "cách đây ba tuần".

The value is the citizen's own words; a date is added where the words mean one day and the day on
which they were written is known.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.vietnamese import fold
from nlu.components.numerals import ONES, number_of
from nlu.components.view import Found, View, either_way

_HOUR = r"(?:sáng|trưa|chiều|tối|đêm)\s"
_DAYS_AGO = {
    **dict.fromkeys(("hom nay", "bua nay", "nay"), 0),
    **dict.fromkeys(("hom qua", "bua qua", "qua"), 1),
    **dict.fromkeys(("hom kia", "bua kia"), 2),
}
_UNIT_DAYS = {"ngay": 1, "hom": 1, "bua": 1, "tuan": 7}
_WEEKDAYS = {
    **{"2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tu": 2, "5": 3, "nam": 3},
    **{"6": 4, "sau": 4, "7": 5, "bay": 5, "chu nhat": 6, "cn": 6},
}
_COUNT = rf"\d{{1,3}}|{'|'.join(ONES)}|mười|vài|mấy"
_UNIT = r"ngày|hôm|bữa|tuần|tháng|năm"
_WEEK = r"(?:(?P<last>(?:của\s)?tuần\s(?:trước|rồi))(?!\snữa)|tuần\snày|này|vừa rồi|vừa qua)"
_PAST = r"(?:trước|rồi|này|vừa rồi|vừa qua)(?:\snữa)?"
_WAYS_TO_SAY = (  # without its marks "ban nãy" is mostly a friend, "bạn này"
    rf"(?:{_HOUR})?(?P<near>(?:hôm|bữa)\s(?:nay|qua|kia))",
    rf"{_HOUR}(?P<short>nay|qua)",
    r"(?!ban\snay)(?P<today>hồi\s(?:sáng|trưa|chiều)(?:\snay)?|(?:hồi|ban|lúc|khi|vừa)\snãy)",
    rf"(?:{_HOUR})?(?:thứ\s(?P<weekday>[2-7]|hai|ba|tư|năm|sáu|bảy)|(?P<sunday>chủ nhật|cn))"
    rf"(?:\s{_WEEK})?",
    rf"(?:{_HOUR})?t(?P<weekday2>[2-7])\s{_WEEK.replace('last', 'last2')}",
    rf"cách đây\s(?P<count>{_COUNT})\s(?P<unit>{_UNIT})",
    rf"cách đây\s(?:(?:hơn|gần|khoảng|chừng|cỡ)\s)?(?:nửa|{_COUNT})\s(?:{_UNIT})",
    # "3 ngày" alone is how long, not when; "ba hôm nay" is what father did today,
    # and "miền nam hôm nay" a lottery's.
    rf"(?!sau\s|(?:ba|năm)\s(?:hôm|bữa)\snay)(?P<count2>{_COUNT})\s(?P<unit2>{_UNIT})\s(?:trước|nay|rồi)",
    rf"(?:{_HOUR})?(?:ngày\s)?(?P<day>\d{{1,2}})[/-](?P<month>\d{{1,2}})(?:[/-](?P<year>\d{{4}}))?",
    r"(?:ngày|hôm|bữa|(?:hôm\s)?(?:mùng|mồng))\s(?P<day2>\d{1,2})\stháng\s(?P<month2>\d{1,2})"
    r"(?:\snăm\s(?P<year2>\d{4}))?",
    r"(?:mùng|mồng)\s\d{1,2}",
    rf"(?:đầu|giữa|cuối)\s(?:tuần|tháng|năm)\s(?:ngoái|{_PAST})",
    r"(?<!\d\s)tháng\s(?:\d{1,2}|giêng|chạp)(?!\s(?:ngày|lần))",
    r"(?:tuần|tháng)\s(?:trước|rồi)(?:\snữa)?|năm\s(?:ngoái|trước)",
    r"(?:hôm|bữa)\s(?:nọ|trước|bữa|hổm|rồi)|hồi\shôm",
)
_TIME = either_way(rf"(?<![\w/.])(?:{'|'.join(_WAYS_TO_SAY)})(?![\w/])")


def find_times(view: View, today: date | None) -> Iterator[Found]:
    """Each time in the citizen's words, with its date where it is one day."""
    for match in _TIME.finditer(view.accented):
        day = _day(match, today) if today else None
        yield Found("time", match[0], *match.span(), day.isoformat() if day else None)


def _day(match: re.Match[str], today: date) -> date | None:
    said = {key.rstrip("2"): fold(value) for key, value in match.groupdict().items() if value}
    near = said.get("near") or said.get("short")
    if near or "today" in said:
        return today - timedelta(days=_DAYS_AGO[near] if near else 0)
    weekday = said.get("weekday") or said.get("sunday")
    if weekday:
        return _latest(_WEEKDAYS[weekday], today, last_week="last" in said)
    if "count" in said:
        return _ago(said["count"], said["unit"], today)
    if "day" in said:
        return _calendar_day(int(said["day"]), int(said["month"]), said.get("year"), today)
    return None


def _ago(count: str, unit: str, today: date) -> date | None:
    """So many days or weeks ago; months and "mấy bữa" are no one day."""
    many = int(count) if count.isdigit() else _in_words(count)
    return today - timedelta(days=many * _UNIT_DAYS[unit]) if many and unit in _UNIT_DAYS else None


def _in_words(count: str) -> int | None:
    return 10 if count == "muoi" else number_of([count])


def _latest(weekday: int, today: date, *, last_week: bool) -> date:
    """That day of last week when said so, else the latest such day, today included."""
    if last_week:
        return today - timedelta(days=today.weekday() + 7 - weekday)
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def _calendar_day(day: int, month: int, year: str | None, today: date) -> date | None:
    """A day of this year, or of last year when it would still lie ahead; None: no such day."""
    try:
        told = date(int(year or today.year), month, day)
        return told if year or told <= today else told.replace(year=today.year - 1)
    except ValueError:
        return None
