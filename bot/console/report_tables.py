"""A report as tables: the page, the charts and the files all show these, so none differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.console import report_texts as words
from bot.console.frame import day
from bot.console.placing import place_words
from bot.console.texts import CATEGORIES
from bot.feedback.category import Category
from bot.feedback.reports.figures import Figures, Late, Lines, Part, Sums
from bot.feedback.reports.periods import Period, Span
from bot.working_time.calendar import vietnam
from bot.working_time.zone import VIETNAM

Cell = str | int | float | None
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Table:
    """Rows below their heads; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]

    def only(self, columns: Sequence[int]) -> "Table":
        """Return some of the columns."""
        rows = [tuple(row[column] for column in columns) for row in self.rows]
        return replace(self, head=tuple(self.head[column] for column in columns), rows=rows)


def tables(figures: Figures) -> dict[str, Table]:
    """Return every table of a report by its name, whole, in the order in which they are read."""
    return {name: table(name, figures) for name in _TABLES}


def table(name: str, figures: Figures, most: int | None = None) -> Table:
    """Return one table; ``most``: rows of it, where there can be thousands."""
    return _TABLES[name](figures, most)


def _summary(now: Sums, before: Sums) -> Table:
    values, was = _summary_values(now), _summary_values(before)
    rows = [(name, values[name], was[name], change(values[name], was[name])) for name in values]
    return Table(words.SUMMARY["caption"], words.SUMMARY["head"], rows)


def _summary_values(sums: Sums) -> dict[str, Cell]:
    names, ratings = words.SUMMARY, sums.ratings
    return {
        names["carried"]: sums.carried,
        names["received"]: sums.received,
        names["returned"]: sums.returned,
        names["total"]: sums.total,
        names["settled"]: sums.all_settled,
        **{f"– {words.ENDINGS[ending]}": count for ending, count in sums.settled.items()},
        names["late"]: sums.late,
        names["remaining"]: sums.remaining,
        names["overdue"]: sums.overdue,
        names["on_time"]: on_time(sums),
        names["acted"]: _rounded(sums.acted.median),
        names["acted_most"]: _rounded(sums.acted.most),
        names["answered"]: _rounded(sums.answered.median),
        names["answered_most"]: _rounded(sums.answered.most),
        names["raters"]: ratings.count,
        names["mean"]: _rounded(ratings.mean),
        names["satisfied"]: percent(ratings.satisfied, ratings.count),
    }


def on_time(sums: Sums) -> float | None:
    """Return how many of a hundred settled ones were settled in time."""
    return percent(sums.all_settled - sums.late, sums.all_settled)


def percent(part: int, whole: int) -> float | None:
    """Return the share in percent; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def change(now: Cell, before: Cell) -> str:
    """Say by how much a figure rose or fell; empty where there is nothing to compare."""
    if isinstance(now, str) or isinstance(before, str) or now is None or before is None:
        return ""
    by = round(now - before, 1)
    if not by:
        return words.UNCHANGED
    said = (words.ROSE if by > 0 else words.FELL).format(by=said_cell(abs(by)))
    if isinstance(now, int) and isinstance(before, int) and before:
        return f"{said} ({said_cell(round(100 * abs(by) / before, 1))} %)"
    return said


def _part(part: Part) -> tuple[Cell, ...]:
    return (
        part_name(part.period),
        part.received,
        part.settled,
        part.remaining,
        part.overdue,
        _rounded(part.acted),
        _rounded(part.answered),
    )


def part_name(part: Period) -> str:
    """Name a day, a week or a month of a period by its days."""
    if part.first == part.last:
        return f"{part.first:%d/%m/%Y}"
    return f"{part.first:%d/%m} – {part.last:%d/%m/%Y}"


def _lines(group: str, lines: Lines, most: int | None) -> Table:
    rows = [
        (
            line_name(line.name),
            line.received,
            line.settled,
            line.late,
            line.remaining,
            line.overdue,
            _rounded(line.median),
        )
        for line in lines.first(most)
    ]
    return Table(words.GROUPS[group], (words.FIRST_COLUMN[group], *words.LINES_HEAD), rows)


def line_name(name: Any) -> str:
    """Say what a line of a report is of: a category, a place by its codes, an office."""
    match name:
        case Category():
            return CATEGORIES[name]
        case (None, None):
            return words.NO_PLACE
        case (province, None):
            return words.PROVINCE_ONLY.format(province=place_words(province, None) or province)
        case (province, commune):
            return place_words(province, commune) or commune
    return str(name) or words.NO_OFFICE


def _late(late: Late, until: datetime) -> tuple[Cell, ...]:
    due_at = datetime.fromtimestamp(late.due_at, UTC)
    days = vietnam().working_days(
        due_at.astimezone(VIETNAM).date(), until.astimezone(VIETNAM).date()
    )
    return late.case_id, CATEGORIES[late.category], day(due_at), days


_TABLES: dict[str, Callable[[Figures, int | None], Table]] = {
    "summary": lambda of, _: _summary(of.sums, of.before),
    "parts": lambda of, _: Table(
        words.GROUPS["parts"], words.PARTS_HEAD, [_part(part) for part in of.parts]
    ),
    "categories": lambda of, most: _lines("categories", of.categories, most),
    "communes": lambda of, most: _lines("communes", of.communes, most),
    "offices": lambda of, most: _lines("offices", of.offices, most),
    "ratings": lambda of, _: Table(
        words.GROUPS["ratings"],
        words.RATINGS_HEAD,
        list(zip(words.STARS, of.sums.ratings.given, strict=True)),
    ),
    "late": lambda of, most: Table(
        words.GROUPS["late"], words.LATE_HEAD, [_late(late, of.until) for late in of.late[:most]]
    ),
}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


def said_cell(cell: Cell) -> str:
    """Write a number as people here do: 1.234 and 2,5; a dash where there is none."""
    match cell:
        case None:
            return "–"
        case int():
            return f"{cell:,}".replace(",", ".")
        case float():
            return f"{cell:,.1f}".translate(_SWAPPED).removesuffix(",0")
    return cell


_SWAPPED = str.maketrans(",.", ".,")


def with_unit(number: float | None, unit: str) -> str:
    """Say a figure with its unit, in a sentence."""
    if number is None:
        return words.UNITS["none"]
    return f"{said_cell(_rounded(number))} {words.UNITS[unit]}"


def period_name(period: Period) -> str:
    """Name a period: Quý IV năm 2026."""
    return words.NAMES[period.span].format(
        number=period.number,
        year=period.year,
        roman=_ROMAN[(period.number - 1) % 4],
        half=words.HALVES[(period.number - 1) % 2],
        first=day(period.first),
        last=day(period.last),
    )


def period_days(period: Period) -> str:
    """Say from which day to which a period runs; empty when its name says it."""
    if period.span is Span.RANGE:
        return ""
    return words.DAYS.format(first=day(period.first), last=day(period.last))


def place_name(province: str, commune: str) -> str:
    """Say of which place a report is, within the area of whoever asks for it."""
    return place_words(province or None, commune or None) or words.EVERYWHERE
