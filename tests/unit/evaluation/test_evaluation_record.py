"""A figure that falls is noticed when the fall is more than noise."""

import pytest

from bot.evaluation.figures import share
from bot.evaluation.record import NoRecord, fallen, read_record, write_record


def of_hundred(right: int):
    return share(at < right for at in range(100))


def test_noise_is_no_fall():
    before = {"intents.accuracy": of_hundred(90)}
    assert fallen(before, {"intents.accuracy": of_hundred(90)}) == []
    assert fallen(before, {"intents.accuracy": of_hundred(85)}) == []
    assert fallen(before, {"intents.accuracy": of_hundred(100)}) == []


def test_a_fall_beyond_the_noise_is_named():
    falls = fallen({"intents.accuracy": of_hundred(90)}, {"intents.accuracy": of_hundred(80)})
    assert falls == ["intents.accuracy fell from 0.900 to 0.800, by more than the noise of 0.060"]


def test_a_figure_that_is_no_longer_measured_is_a_fall():
    before = {"dialogues.pass_rate": of_hundred(90)}
    assert fallen(before, {}) == ["dialogues.pass_rate is no longer measured"]
    assert fallen(before, {"dialogues.pass_rate": share([])}) != []


def test_figures_are_recorded_by_catalogue(tmp_path):
    path = tmp_path / "recorded.json"
    write_record(path, "builtin", {"a": of_hundred(50), "b": share([])})
    write_record(path, "official", {"a": of_hundred(70)})
    write_record(path, "builtin", {"a": of_hundred(60)})
    recorded = read_record(path)
    assert {kind: figures["a"].value for kind, figures in recorded.items()} == {
        "builtin": 0.6,
        "official": 0.7,
    }
    assert fallen(recorded["builtin"], {"a": of_hundred(60)}) == []


def test_nothing_recorded_yet_is_no_error_but_a_damaged_record_is(tmp_path):
    path = tmp_path / "recorded.json"
    assert read_record(path) == {}
    path.write_text("{")
    with pytest.raises(NoRecord, match="cannot be read"):
        read_record(path)
