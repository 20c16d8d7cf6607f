"""Waivers younger than the records: told while in force, with their source, never as a promise."""

from datetime import date

import pytest

from bot.procedures.answers import answer
from bot.procedures.aspect import Aspect
from bot.procedures.waivers import fee_notes, load_waivers
from tests.builders import a_procedure, a_procedure_with_cases

WAIVERS = load_waivers()
IN_FORCE = date(2026, 11, 22)


def test_a_waiver_in_force_is_told_beside_the_fee():
    procedure = a_procedure_with_cases()
    notes = fee_notes(procedure, WAIVERS, IN_FORCE)
    for aspects in ((), (Aspect.FEE,)):
        text = answer(procedure, aspects, fee_notes=notes).text
        assert "Từ 15/08/2026 đến 28/02/2027, theo Thông tư 117/2026/TT-BTC" in text
        assert "có thể được miễn" in text
        assert "hỏi nơi nộp" in text
    assert "Thông tư 117" not in answer(procedure, (Aspect.PLACE,), fee_notes=notes).text


@pytest.mark.parametrize("today", [date(2026, 8, 14), date(2027, 3, 1)])
def test_a_waiver_is_silent_before_and_after(today):
    assert fee_notes(a_procedure_with_cases(), WAIVERS, today) == ()


@pytest.mark.parametrize("today", [date(2026, 8, 15), date(2027, 2, 28)])
def test_the_first_and_the_last_day_count(today):
    assert len(fee_notes(a_procedure_with_cases(), WAIVERS, today)) == 1


def test_a_record_made_later_knows_the_fee_itself():
    later = a_procedure_with_cases(record_on=date(2026, 9, 1))
    assert fee_notes(later, WAIVERS, IN_FORCE) == ()


def test_other_procedures_are_not_touched():
    assert fee_notes(a_procedure(), WAIVERS, IN_FORCE) == ()
