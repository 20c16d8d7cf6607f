"""The arithmetic of the benchmark; what it measures is no matter of tests."""

import math
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from tests.bench.client import Round, read_answer, says_something
from tests.bench.script import SCENES, TURNS, conversation
from tests.bench.stock import config, seconds_per_epoch
from tests.bench.tables import comparison_table, percentile, ratio, summary, table


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1.0), (50, 2.0), (75, 3.0), (76, 4.0), (99, 4.0), (100, 4.0)]
)
def test_a_percentile_is_one_of_the_values(percent, value):
    assert percentile([4.0, 1.0, 3.0, 2.0], percent) == value


def test_nothing_measured_has_no_percentile():
    assert math.isnan(percentile([], 50))


def test_a_summary_takes_the_median_of_rounds_and_counts_every_failure():
    rounds = [
        Round(1.0, 0.1, [10.0] * 5, Counter({"status 500": 1})),
        Round(1.0, 0.09, [20.0] * 9, Counter()),
        Round(2.0, 0.08, [90.0] * 2, Counter({"status 500": 2})),
    ]
    figures = summary(rounds)
    assert (figures["throughput"], figures["p50_ms"], figures["turns"]) == (5.0, 20.0, 16)
    assert figures["cpu_ms_per_turn"] == 20.0
    assert figures["failures"] == {"status 500": 3}


def test_ratios_say_how_many_times_better_we_are():
    ours = {"throughput": 200.0, "p50_ms": 5.0, "p99_ms": 20.0, "cpu_ms_per_turn": 4.0}
    theirs = {"throughput": 20.0, "p50_ms": 50.0, "p99_ms": math.nan, "cpu_ms_per_turn": 38.0}
    assert ratio(ours, theirs) == {"throughput": 10.0, "p50": 10.0, "p99": 0.0, "cpu": 9.5}


def test_columns_stand_under_each_other():
    assert table(("name", "n"), [("a", 10), ("longer", 5)]).splitlines() == [
        "name     n",
        "----------",
        "a       10",
        "longer   5",
    ]


def test_the_table_shows_a_program_that_was_measured_alone():
    level = {"conversations": 1, "ours": summary([Round(1.0, 0.004, [5.0])])}
    assert comparison_table([level]).splitlines()[-1].split() == [
        "1", "ours", "1.0", "5.0", "5.0", "4.0", "1", "0",
    ]  # fmt: skip


def test_an_answer_is_read_when_it_is_complete():
    whole = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"
    assert read_answer(whole) == (200, b"[]")
    assert read_answer(whole[:-1]) is None
    assert read_answer(whole[:20]) is None


def test_an_empty_200_is_a_failure():
    assert says_something('[{"recipient_id": "x", "text": "chào bạn"}]'.encode())
    assert not says_something(b"[]")
    assert not says_something(b'[{"recipient_id": "x", "text": ""}]')
    assert not says_something(b"oops")


def test_every_conversation_says_everything_but_begins_elsewhere():
    first, second = list(conversation(0)), list(conversation(1))
    assert len(first) == TURNS
    assert sorted(first) == sorted(second)
    assert second[0] == SCENES[1][0] != first[0]


def test_the_time_of_an_epoch_is_read_from_the_bar_of_diet_alone():
    log = (
        "INFO - Starting to train component 'DIETClassifier'.\n"
        "Epochs:  50%|##  | 1/2 [00:51<00:51]\rEpochs: 100%|####| 2/2 [01:44<00:00, 52.0s/it]\n"
        "INFO - Finished training component 'DIETClassifier'.\n"
        "Epochs: 100%|####| 2/2 [00:04<00:00, 2.0s/it]\n"
    )
    assert seconds_per_epoch(log) == 52.0
    assert seconds_per_epoch("nothing") is None


def test_stock_is_what_rasa_chooses_by_itself():
    rasa = Path(find_spec("rasa").submodule_search_locations[0])
    default = rasa / "engine" / "recipes" / "config_files" / "default_config.yml"
    chosen = yaml.safe_load(default.read_text("utf-8"))
    measured = config(epochs=100)
    assert measured["pipeline"] == chosen["pipeline"]
    assert measured["policies"] == chosen["policies"]
