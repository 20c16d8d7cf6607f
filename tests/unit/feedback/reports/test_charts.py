"""Charts: what is drawn is what was counted, whatever it is called."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.reports.charts import WIDTH, Series, bars, lines

SVG = "{http://www.w3.org/2000/svg}"


def show(number: float) -> str:
    return f"{number:g}"


def opened(drawn: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)


def each(picture, tag: str, kind: str) -> list[ElementTree.Element]:
    found = picture.iter(f"{SVG}{tag}")
    return [one for one in found if kind in one.get("class", "").split()]


def texts(picture) -> list[str]:
    return [one.text for one in picture.iter(f"{SVG}text")]


def test_bars_are_as_long_as_their_numbers_and_begin_at_zero():
    picture = opened(bars("Theo loại", ["Trễ hạn", "Khen", "Khác"], [40, 10, 0], show))
    widths = [float(one.get("width")) for one in each(picture, "rect", "bar")]
    assert widths[0] == pytest.approx(4 * widths[1])
    assert widths[2] == 0
    assert texts(picture) == ["Trễ hạn", "40", "Khen", "10", "Khác", "0"]
    assert picture.find(f"{SVG}title").text == "Theo loại"


def test_a_line_goes_through_its_numbers_and_has_a_gap_where_there_is_none():
    series = [Series("Đến", [10, None, 5, 0]), Series("Đi", [0, 0, 0, 0])]
    picture = opened(lines("Theo tuần", ["2/11", "9/11", "16/11", "23/11"], series, show))
    drawn, of_legend = each(picture, "path", "one")
    assert drawn.get("d").count("M") == 2  # it begins anew behind the gap
    heights = [float(dot.get("cy")) for dot in each(picture, "circle", "one")]
    zero = float(each(picture, "circle", "other")[0].get("cy"))
    assert [round((zero - height) / (zero - heights[0]), 2) for height in heights] == [1, 0.5, 0]
    assert len(each(picture, "path", "other")) == len([drawn, of_legend])
    assert {"Đến", "Đi", "0", "10"} <= set(texts(picture))


def test_the_second_line_is_told_apart_without_colour():
    style = opened(lines("x", ["1"], [Series("a", [1]), Series("b", [2])], show)).find(
        f"{SVG}style"
    )
    assert ".line.other { stroke: var(--other); stroke-dasharray: 6 4; }" in style.text


def test_one_number_alone_is_seen():
    picture = opened(lines("x", ["23/11"], [Series("a", [3])], show))
    (dot,) = each(picture, "circle", "one")
    assert 0 < float(dot.get("cx")) < WIDTH


def test_a_year_of_weeks_has_few_names_below():
    weeks = [f"tuần {number}" for number in range(1, 54)]
    picture = opened(lines("x", weeks, [Series("a", list(range(53)))], show))
    assert len(each(picture, "text", "along")) <= 5
    assert each(picture, "circle", "one") == []  # so many dots would hide the line


_values = st.integers(0, 10**7)


_names = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60)


@given(st.lists(st.tuples(_names, _values)))
def test_whatever_things_are_called_a_chart_can_be_opened(rows):
    names, values = [name for name, _ in rows], [value for _, value in rows]
    picture = opened(bars("x", names, values, show))
    assert len(each(picture, "rect", "bar")) == len(rows)
    assert all(float(bar.get("width")) < WIDTH for bar in each(picture, "rect", "bar"))
    shown = texts(picture)[::2]
    assert all(
        name == drawn or drawn.endswith("…") for name, drawn in zip(names, shown, strict=True)
    )


@given(st.lists(st.none() | st.floats(0, 1e6), max_size=60))
def test_whatever_the_numbers_a_line_stays_within_its_field(values):
    names = [str(number) for number in range(len(values))]
    picture = opened(lines("x", names, [Series("a", values)], show))
    grid = [float(one.get("d").split()[1].split("H")[0]) for one in each(picture, "path", "grid")]
    assert 2 <= len(grid) <= 7
    for dot in each(picture, "circle", "one"):
        assert min(grid) <= float(dot.get("cy")) <= max(grid)
