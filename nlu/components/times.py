"""When it happened, as people say it: "hôm qua", "sáng thứ 2 tuần trước", "cách đây 3 tuần".

The value is the citizen's own words; a date is added where the words mean one day and the day on
which they were written is known.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.vietnamese import fold
from nlu.components.view import Found, View, either_way

_HOUR = r"(?:sáng|trưa|chiều|tối|đêm)\s"
_DAYS_AGO = {"hom nay": 0, "nay": 0, "hom qua": 1, "qua": 1, "hom kia": 2}
_UNIT_DAYS = {"ngay": 1, "hom": 1, "bua": 1, "tuan": 7}
_WEEKDAYS = {
    **{"2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tu": 2, "5": 3, "nam": 3},
    **{"6": 4, "sau": 4, "7": 5, "bay": 5, "chu nhat": 6, "cn": 6},
}
_WAYS_TO_SAY = (
    rf"(?:{_HOUR})?(?P<near>hôm nay|hôm qua|hôm kia)",
    rf"{_HOUR}(?P<short>nay|qua)",
    rf"(?:{_HOUR})?(?:thứ\s(?P<weekday>[2-7]|hai|ba|tư|năm|sáu|bảy)|(?P<sunday>chủ nhật|cn))"
    r"(?:\s(?:(?P<last>tuần trước|tuần rồi)|tuần này|vừa rồi|vừa qua))?",
    r"cách đây\s(?P<count>\d{1,3})\s(?P<unit>ngày|hôm|bữa|tuần|tháng|năm)",
    # "3 ngày" alone is how long, not when.
    r"(?P<count2>\d{1,3})\s(?P<unit2>ngày|hôm|bữa|tuần|tháng|năm)\s(?:trước|nay|rồi)",
    rf"(?:{_HOUR})?(?:ngày\s)?(?P<day>\d{{1,2}})[/-](?P<month>\d{{1,2}})(?:[/-](?P<year>\d{{4}}))?",
    r"ngày\s(?P<day2>\d{1,2})\stháng\s(?P<month2>\d{1,2})(?:\snăm\s(?P<year2>\d{4}))?",
    r"(?:tuần|tháng)\s(?:trước|rồi)|năm\s(?:ngoái|trước)|hôm\s(?:nọ|trước|bữa)|bữa\s(?:trước|nọ)",
)
_TIME = either_way(rf"(?<![\w/.])(?:{'|'.join(_WAYS_TO_SAY)})(?![\w/])")


def find_times(view: View, today: date | None) -> Iterator[Found]:
    """Each time in the citizen's words, with its date where it is one day."""
    for match in _TIME.finditer(view.accented):
        day = _day(match, today) if today else None
        yield Found("time", match[0], *match.span(), day.isoformat() if day else None)


def _day(match: re.Match[str], today: date) -> date | None:
    said = {key.rstrip("2"): fold(value) for key, value in match.groupdict().items() if value}
    near, unit = said.get("near") or said.get("short"), said.get("unit")
    if near:
        return today - timedelta(days=_DAYS_AGO[near])
    weekday = said.get("weekday") or said.get("sunday")
    if weekday:
        return _latest(_WEEKDAYS[weekday], today, last_week="last" in said)
    if unit in _UNIT_DAYS:
        return today - timedelta(days=int(said["count"]) * _UNIT_DAYS[unit])
    if "day" in said:
        return _calendar_day(int(said["day"]), int(said["month"]), said.get("year"), today)
    return None


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
