"""The file of deadlines: every kind of case has its clocks, each figure says on what it rests."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bot.feedback.category import Category, Subtype, fits
from bot.feedback.clocks import Unit, due
from bot.feedback.deadlines import DEADLINES, Clock, Deadlines, Wait, load_deadlines
from bot.feedback.errors import BadDeadlines
from bot.places import units
from bot.working_time.zone import VIETNAM

NOW = datetime(2026, 11, 23, 9, tzinfo=VIETNAM)


@pytest.fixture
def loaded(tmp_path: Path):
    """Load the built-in file with some of its words replaced."""

    def load(**changes: str) -> Deadlines:
        text = DEADLINES.read_text(encoding="utf-8")
        for old, new in zip(changes["old"].split("|"), changes["new"].split("|"), strict=True):
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "deadlines.yml"
        file.write_text(text, encoding="utf-8")
        return load_deadlines(file)

    return load


def test_every_category_has_every_clock_and_each_says_on_what_it_rests():
    deadlines = load_deadlines()
    for category in Category:
        for clock in Clock:
            rule = deadlines.rule(clock, category, None, NOW)
            assert rule.basis.text
            assert due(NOW, rule) > NOW


def test_sending_on_what_is_not_ours_takes_the_five_working_days_of_the_law_at_most():
    for category in Category:
        rule = load_deadlines().rule(Clock.FORWARD, category, None, NOW)
        assert (rule.amount, rule.unit, rule.basis.law) == (5, Unit.WORKING_DAYS, True)
        assert "20/2008" in rule.basis.text


def test_no_figure_for_an_answer_claims_to_be_the_law():
    for category in Category:
        assert not load_deadlines().rule(Clock.ANSWER, category, None, NOW).basis.law


def test_bribery_is_read_within_hours():
    rule = load_deadlines().rule(Clock.TRIAGE, Category.BRIBERY, None, NOW)
    assert (rule.amount, rule.unit) == (4, Unit.WORKING_HOURS)


def test_a_province_sets_its_own_figures_and_hours(loaded):
    deadlines = loaded(
        old="provinces: {}",
        new="""provinces:
      "79":
        hours: [["07:00", "11:00"], ["13:00", "16:30"]]
        default: { answer: { working_days: 7, warn: 8, basis: service } }
        categories: { delay: { answer: { days: 9, warn: 8, basis: service } } }""",
    )
    there = deadlines.rule(Clock.ANSWER, Category.OTHER, "79", NOW)
    assert (there.amount, there.warn_before) == (7, timedelta(hours=8))
    assert due(NOW, there).time().isoformat() == "16:30:00"
    delay = deadlines.rule(Clock.ANSWER, Category.DELAY, "79", NOW)
    assert (delay.amount, delay.unit) == (9, Unit.DAYS)
    # Its own default goes before the country's category; what it leaves open is the country's.
    assert deadlines.rule(Clock.ANSWER, Category.IMPROPER_DEMAND, "79", NOW).amount == 7
    assert deadlines.rule(Clock.TRIAGE, Category.OTHER, "79", NOW).amount == 2
    assert deadlines.rule(Clock.ANSWER, Category.OTHER, "01", NOW).amount == 10


def test_a_case_follows_the_version_of_the_day_on_which_it_came(loaded):
    deadlines = loaded(
        old="versions:\n",
        new="""versions:
  - in_force_from: 2027-01-01
    checked_on: 2026-12-20
    hours: [["08:00", "12:00"]]
    default:
      triage: { working_days: 1, warn: 1, basis: service }
      forward: { working_days: 3, warn: 1, basis: service }
      answer: { working_days: 6, warn: 1, basis: service }
    waits:
      escalate: { working_hours: 2, basis: service }
      expect: { working_days: 3, basis: service }
      remind: { working_days: 1, basis: service }
      resume: { working_days: 2, basis: service }
      close: { working_days: 4, basis: service }
""",
    )
    new_year = datetime(2027, 1, 1, tzinfo=VIETNAM)
    before = deadlines.rule(Clock.ANSWER, Category.OTHER, None, new_year - timedelta(seconds=1))
    assert (before.amount, deadlines.rule(Clock.ANSWER, Category.OTHER, None, new_year).amount) == (
        10,
        6,
    )
    assert deadlines.wait(Wait.CLOSE, None, new_year).amount == 4
    long_ago = datetime(2020, 1, 1, tzinfo=VIETNAM)
    assert deadlines.rule(Clock.ANSWER, Category.OTHER, None, long_ago).amount == 10


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("working_days: 2, warn: 4", "working_days: 6, warn: 4", "ends after the limit"),
        ("working_days: 2, warn: 4", "days: 2, warn: 4", "ends after the limit"),
        ("working_hours: 4,", "working_hours: 40,", "ends after the limit"),
        ("working_days: 2, warn: 4", "warn: 4", "one length"),
        ("working_days: 2, warn: 4", "working_days: 2, days: 2, warn: 4", "one length"),
        ("working_days: 2, warn: 4", "working_days: 0, warn: 4", "one length"),
        ("basis: tcd_notice", "basis: hearsay", "'hearsay' is not explained"),
        ('"07:30"', '"half past seven"', "office hours"),
        ('"13:30"', '"11:00"', "follow each other"),
        ("remind: { working_days: 3,", "remind: { working_days: 8,", "the reminder comes after"),
        ("      close: { working_days: 15, basis: service }\n", "", "no length of close"),
        ("      answer: { working_days: 10, warn: 15, basis: tcd_notice }\n", "", "no figure for"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused_with_the_reason(loaded, old, new, sentence):
    with pytest.raises(BadDeadlines, match=sentence):
        loaded(old=old, new=new)


def test_a_misspelt_category_or_field_is_refused(loaded):
    for old, new in (("bribery:", "bribes:"), ("warn: 15", "warns: 15")):
        with pytest.raises(msgspec.ValidationError):
            loaded(old=old, new=new)


def test_the_province_of_the_example_is_one_of_today():
    assert "79" in {unit.code for unit in units().provinces}


def test_only_improper_demands_have_subtypes():
    assert fits(Subtype.FORCED_VNEID, Category.IMPROPER_DEMAND)
    assert fits(None, Category.BRIBERY)
    assert not fits(Subtype.EXTRA_PAPERS, Category.BRIBERY)
