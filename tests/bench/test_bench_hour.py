"""What the hour makes of its samples."""

from xml.etree import ElementTree

import pytest

from tests.bench.hour import Sample, chart, growth


def test_what_grows_only_while_it_warms_up_is_flat():
    assert growth([10, 50, 90, 100, 100, 100, 100, 100, 100, 100]) == 0


def test_what_goes_on_growing_is_seen():
    assert growth([100 + number for number in range(100)]) == pytest.approx(0.25, abs=0.05)


def test_the_chart_is_a_picture_of_three_lines():
    drawn = chart([Sample(60.0 * n, 200.0 + n, 65, 12.5) for n in range(5)])
    picture = ElementTree.fromstring(drawn)
    lines = [element for element in picture if element.tag.endswith("polyline")]
    assert [len(line.attrib["points"].split()) for line in lines] == [5, 5, 5]
    assert "over 4 minutes" in drawn
