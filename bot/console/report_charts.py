"""The charts of a report, each of which shows a table of `bot.console.report_tables`."""

from collections.abc import Callable, Sequence

from bot.console import report_texts as words
from bot.console.report_tables import line_name, said_cell
from bot.feedback.reports.charts import Series, bars, lines
from bot.feedback.reports.figures import Figures, Lines, Part

MOST_BARS = 10


def draw(name: str, figures: Figures) -> bytes:
    """Draw a chart as SVG; raises KeyError for one that there is not."""
    return _CHARTS[name](name, figures)


def is_empty(name: str, figures: Figures) -> bool:
    """Tell whether there is nothing to draw."""
    if name == "ratings":
        return not figures.sums.ratings.count
    of_lines = LINES.get(name)
    if of_lines is not None:
        return not any(line.received for line in of_lines(figures).first(1))
    return not any(_numbers(name, figures.parts))


def _numbers(name: str, parts: Sequence[Part]) -> list[float]:
    return [value for of in _OVER_TIME[name] for part in parts if (value := of(part))]


_OVER_TIME: dict[str, tuple[Callable[[Part], float | None], ...]] = {
    "flow": (lambda part: part.received, lambda part: part.settled),
    "backlog": (lambda part: part.remaining, lambda part: part.overdue),
    "times": (lambda part: part.answered, lambda part: part.acted),
}
LINES: dict[str, Callable[[Figures], Lines]] = {
    "categories": lambda figures: figures.categories,
    "communes": lambda figures: figures.communes,
    "offices": lambda figures: figures.offices,
}


def _over_time(name: str, figures: Figures) -> bytes:
    said = words.CHARTS[name]
    series = [
        Series(said[which], [of(part) for part in figures.parts])
        for which, of in zip(("first", "second"), _OVER_TIME[name], strict=True)
    ]
    days = [f"{part.period.first:%d/%m}" for part in figures.parts]
    return lines(said["title"], days, series, said_number)


def _by_group(name: str, figures: Figures) -> bytes:
    largest = [line for line in LINES[name](figures).first(MOST_BARS) if line.received]
    names = [line_name(line.name) for line in largest]
    return bars(
        words.CHARTS[name]["title"], names, [line.received for line in largest], said_number
    )


def _ratings(name: str, figures: Figures) -> bytes:
    given = figures.sums.ratings.given
    return bars(words.CHARTS[name]["title"], words.STARS, given, said_number)


def said_number(number: float) -> str:
    """Write a number of a chart."""
    return said_cell(int(number) if float(number).is_integer() else float(number))


_CHARTS: dict[str, Callable[[str, Figures], bytes]] = {
    **dict.fromkeys(_OVER_TIME, _over_time),
    **dict.fromkeys(LINES, _by_group),
    "ratings": _ratings,
}
