"""What people read of a measurement: tables, confusion, reliability."""

import re

import pytest

from bot.evaluation.confusion import confusion_lines, draw_confusion
from bot.evaluation.figures import share
from bot.evaluation.intents import Understood, Utterance
from bot.evaluation.reliability import bands, calibration_error, reliability_table, sureness
from bot.evaluation.tables import Table, figure_table

PAIRS = [("greet", "greet")] * 3 + [("greet", "nlu_fallback"), ("thank", "greet")]


def test_a_table_keeps_a_message_on_one_harmless_line():
    lines = Table(("id", "text"), [("1", "a\x1b[31m\nb" + "c d" * 100), ("22", "👍 ok")]).lines()
    assert len(lines) == 3
    assert all("\x1b" not in line and len(line) < 90 for line in lines)
    assert lines[1].startswith("1   a[31m b")


def test_nothing_wrong_is_no_table():
    assert Table(("id", "text"), []).lines() == []


def test_a_figure_that_was_not_measured_is_left_out():
    lines = figure_table({"accuracy": share([True]), "aspect_f1": share([])}).lines()
    assert len(lines) == 2
    assert re.match(r"accuracy +100\.0%", lines[1])


def test_the_confusion_table_lists_what_was_meant_down_and_understood_across():
    head, greet, thank, fallback = confusion_lines(PAIRS)
    assert head.split()[-3:] == ["1", "2", "3"]
    assert greet.split() == ["1", "greet", "3", "·", "1"]
    assert thank.split() == ["2", "thank", "1", "·", "·"]
    assert fallback.split() == ["3", "nlu_fallback", "·", "·", "·"]


@pytest.mark.filterwarnings("ignore")  # matplotlib's own, at its import
def test_the_confusion_table_is_drawn_without_a_screen(tmp_path):
    path = tmp_path / "pictures" / "confusion.png"
    draw_confusion(PAIRS, "intent", path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_confidence_is_held_against_what_came_true():
    found = bands([(0.92, True)] * 9 + [(0.94, False)] + [(0.3, False), (1.0, True)])
    assert [(band.low, band.high, band.true.of) for band in found] == [
        (0.0, 0.5, 1),
        (0.9, 0.95, 10),
        (0.99, 1.0, 1),
    ]
    assert found[1].true.value == 0.9
    assert round(calibration_error(found), 4) == round((0.3 + 10 * 0.022 + 0) / 12, 4)
    assert len(reliability_table(found).lines()) == 4


def test_the_likeliest_intent_is_judged_also_where_the_fallback_overruled_it():
    heard = [(Utterance("1", "chào", "greet"), Understood("nlu_fallback", "greet", 0.4))]
    assert sureness(heard) == [(0.4, True)]
