"""Charts as SVG: readable on a phone, in black and white, and in the dark. Pure.

Each is a picture of its own, which a page shows by its address and anybody can keep. It holds no
script, and text is only ever text. Bars carry their names and numbers; of two lines the second is
dashed, and the legend shows it so. Everything begins at zero.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH = 340  # of the drawing: a phone shows it nearly as large
_ROW, _BAR = 44, 16  # heights of a bar with its name, and of the bar
_NUMBER = 60  # room behind the longest bar for its number
_LONGEST_NAME = 42  # characters
_LEFT, _RIGHT, _TOP, _HEIGHT = 44, 26, 12, 180  # of the field in which lines are drawn
_LINE = 22  # of text
_MOST_NAMES = 5  # of days or weeks below lines
_MOST_STEPS = 5  # between zero and the highest line of the grid
_MOST_DOTS = 32

# The colours are those of the pages (bot/doors/static), light and dark; printed, it is light.
_LOOKS = """
svg { --ink: #15211f; --edge: #c9d3d1; --one: #0b4f56; --other: #9b1c1c; --ground: #ffffff;
  font: 14px system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
@media screen and (prefers-color-scheme: dark) {
  svg { --ink: #e9f0ef; --edge: #44524f; --one: #7fd6cd; --other: #ffb4ab; --ground: #182325; }
}
.ground { fill: var(--ground); }
text { fill: var(--ink); }
.number { font-weight: 600; }
.up { text-anchor: end; }
.along { text-anchor: middle; }
.grid { stroke: var(--edge); }
.bar, .dot.one { fill: var(--one); }
.dot.other { fill: var(--other); }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.line.one { stroke: var(--one); }
.line.other { stroke: var(--other); stroke-dasharray: 6 4; }
"""
_KINDS = ("one", "other")

Show = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """Numbers under one name; None where there is none."""

    name: str
    values: Sequence[float | None]


def bars(title: str, names: Sequence[str], values: Sequence[float], show: Show) -> bytes:
    """Draw lying bars, the first on top, each below its name and before its number."""
    picture = _picture(title, len(names) * _ROW + 8)
    scale = (WIDTH - _NUMBER - 8) / max([1, *values])
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        top = place * _ROW + 4
        _text(picture, _short(name), 4, top + 16)
        _draw(picture, "rect", "bar", x=4, y=top + 22, width=value * scale, height=_BAR)
        _text(picture, show(value), value * scale + 10, top + 35, "number")
    return _written(picture)


def lines(title: str, names: Sequence[str], some: Sequence[Series], show: Show) -> bytes:
    """Draw one or two lines over time; ``names``: of the days or weeks."""
    picture = _picture(title, _TOP + _HEIGHT + _LINE * (1 + len(some)) + 10)
    highest = max([0.0, *(value for each in some for value in each.values if value)])
    step = _step(highest)
    top = step * max(1, math.ceil(highest / step))
    field = _Field(len(names), top)
    for number in range(round(top / step) + 1):
        y = field.y(number * step)
        _draw(picture, "path", "grid", d=f"M{_LEFT} {y:g}H{WIDTH - _RIGHT}")
        _text(picture, show(number * step), _LEFT - 6, y + 5, "up")
    every = -(-len(names) // _MOST_NAMES)
    for place in range(0, len(names), every or 1):
        _text(picture, names[place], field.x(place), _TOP + _HEIGHT + 20, "along")
    for row, (each, kind) in enumerate(zip(some, _KINDS, strict=False)):
        _line(picture, field, each.values, kind)
        y = _TOP + _HEIGHT + _LINE * (row + 2)
        _draw(picture, "path", f"line {kind}", d=f"M{_LEFT} {y - 5:g}h28")
        _text(picture, each.name, _LEFT + 36, y)
    return _written(picture)


@dataclass(frozen=True)
class _Field:
    """Where things stand in the field of the lines."""

    count: int
    top: float

    def x(self, place: int) -> float:
        width = WIDTH - _LEFT - _RIGHT
        return round(_LEFT + width * (place / (self.count - 1) if self.count > 1 else 0.5), 1)

    def y(self, value: float) -> float:
        return round(_TOP + _HEIGHT * (1 - value / self.top), 1)


def _line(picture: Element, field: _Field, values: Sequence[float | None], kind: str) -> None:
    """Draw what is there, with a gap where there is no number."""
    path, pen_is_down = [], False
    for place, value in enumerate(values):
        if value is not None:
            x, y = field.x(place), field.y(value)
            path.append(f"{'L' if pen_is_down else 'M'}{x:g} {y:g}")
            alone = len(values) <= _MOST_DOTS or _is_alone(values, place)
            if alone:
                _draw(picture, "circle", f"dot {kind}", cx=x, cy=y, r=3)
        pen_is_down = value is not None
    _draw(picture, "path", f"line {kind}", d="".join(path))


def _is_alone(values: Sequence[float | None], place: int) -> bool:
    """Tell whether no line leads to a number or away from it."""
    before = values[place - 1] if place else None
    after = values[place + 1] if place + 1 < len(values) else None
    return before is None and after is None


def _step(highest: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that few steps reach above what is shown."""
    rough = highest / _MOST_STEPS
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough)
    return max(step, 0.2)


def _picture(title: str, height: float) -> Element:
    size = f"0 0 {WIDTH} {height:g}"
    picture = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=size, role="img")
    SubElement(picture, "title").text = title
    SubElement(picture, "style").text = _LOOKS
    _draw(picture, "rect", "ground", width=WIDTH, height=height)
    return picture


def _draw(picture: Element, tag: str, kind: str, **where: float | str) -> None:
    at = {key: value if isinstance(value, str) else f"{value:.5g}" for key, value in where.items()}
    SubElement(picture, tag, {"class": kind, **at})


def _text(picture: Element, text: str, x: float, y: float, kind: str = "") -> None:
    place = {"x": f"{x:.5g}", "y": f"{y:.5g}"}
    SubElement(picture, "text", place | ({"class": kind} if kind else {})).text = text


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _written(picture: Element) -> bytes:
    written: bytes = tostring(picture, encoding="utf-8", xml_declaration=True)
    return written
