"""What the page of reports shows, gathered once for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.console import report_texts as words
from bot.console.queue_view import communes
from bot.console.report_charts import LINES, is_empty
from bot.console.report_tables import (
    Table,
    on_time,
    percent,
    period_days,
    period_name,
    said_cell,
    table,
)
from bot.console.report_wish import Wish
from bot.feedback.filters import Filter
from bot.feedback.reports.figures import Figures, Length, Sums
from bot.feedback.reports.periods import Period, Span, period_of
from bot.staff.models import Account

SHOWN = 15  # rows of a table on the page

# Which columns of the table over time each chart shows.
_OVER_TIME = {"flow": (0, 1, 2), "backlog": (0, 3, 4), "times": (0, 6, 5)}


@dataclass(frozen=True)
class Tab:
    """A period that is one tap away."""

    name: str
    query: str
    here: bool = False


@dataclass(frozen=True)
class Tile:
    """One of the figures that are looked at first."""

    name: str
    value: str
    unit: str
    was: str  # the same of the period before
    beside: str
    alarming: bool


@dataclass(frozen=True)
class Chart:
    """A chart, and the table that it shows."""

    name: str
    title: str
    table: Table
    empty: bool
    more: int  # rows than are shown


def tabs(wish: Wish, today: date) -> list[Tab]:
    """Return the periods in which we are."""
    by = wish.period.by_the_14th
    found = []
    for span, name in words.TODAYS.items():
        period = period_of(span, today, by_the_14th=by and span is not Span.WEEK)
        found.append(Tab(name, wish.query(period), period == wish.period))
    return found


def step(wish: Wish, period: Period) -> Tab:
    """Return the way to another period."""
    return Tab(period_name(period), wish.query(period))


def heading(period: Period) -> str:
    """Name a period with its days."""
    days = period_days(period)
    return f"{period_name(period)} ({days.lower()})" if days else period_name(period)


def communes_of(account: Account, wish: Wish) -> list[tuple[str, str]]:
    """Return codes and names of the communes to choose from."""
    chosen = Filter(
        province=frozenset({wish.province} - {""}), commune=frozenset({wish.commune} - {""})
    )
    return communes(account, chosen)


def tiles(now: Sums, before: Sums) -> list[Tile]:
    """Return the figures that are looked at first."""
    ratings = now.ratings
    satisfied = percent(ratings.satisfied, ratings.count)
    raters = words.UNITS["raters"].format(
        count=said_cell(ratings.count), percent=said_cell(satisfied)
    )
    return [
        _tile("received", now.received, before.received),
        _tile("settled", now.all_settled, before.all_settled),
        _tile("remaining", now.remaining, before.remaining),
        _tile("overdue", now.overdue, before.overdue, alarm=now.overdue > 0),
        _tile("on_time", on_time(now), on_time(before), "percent"),
        _tile("acted", now.acted.median, before.acted.median, "days", _most(now.acted)),
        _tile("answered", now.answered.median, before.answered.median, "days", _most(now.answered)),
        _tile("rated", ratings.mean, before.ratings.mean, "stars", raters if satisfied else ""),
    ]


def _tile(
    key: str,
    now: float | None,
    before: float | None,
    unit: str = "",
    beside: str = "",
    *,
    alarm: bool = False,
) -> Tile:
    return Tile(
        name=words.KEYS[key],
        value=_said(now),
        unit=words.UNITS[unit] if unit and now is not None else "",
        was=words.PAGE["was"].format(value=_said(before)),
        beside=beside,
        alarming=alarm,
    )


def _said(number: float | None) -> str:
    if number is None:
        return words.UNITS["none"]
    return said_cell(number if isinstance(number, int) else round(number, 1))


def _most(of: Length) -> str:
    if of.most is None:
        return ""
    return words.UNITS["within"].format(value=said_cell(round(of.most, 1)))


def charts(figures: Figures) -> Iterator[Chart]:
    """Yield the charts in the order of the page."""
    for name, said in words.CHARTS.items():
        columns = _OVER_TIME.get(name)
        shown = table("parts", figures).only(columns) if columns else table(name, figures, SHOWN)
        more = len(LINES[name](figures)) - len(shown.rows) if name in LINES else 0
        yield Chart(name, said["title"], shown, is_empty(name, figures), more)
