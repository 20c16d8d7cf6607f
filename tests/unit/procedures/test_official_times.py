"""Terms: placeholders are no terms, sentences are words, cases carry the real ones."""

import pytest

from bot.procedures.official import MalformedRecord, Oddity, read_record
from bot.procedures.procedure import Duration, Term, TimeUnit
from tests.fakes.portal_records import a_method, a_record


def way(**fields):
    procedure, odd = read_record(a_record(executionMethods=[a_method(**fields)]))
    return procedure.ways[0], odd


def day(amount, unit="WORKING_DAY", name=""):
    return {"name": name, "processingDay": {"qty": amount, "type": unit}}


@pytest.mark.parametrize("amount", [0, 1, 5, "0", "1"])
def test_the_unit_other_is_a_placeholder_never_a_number_of_days(amount):
    read, odd = way(processingTime=amount, processingTimeUnit="OTHER")
    assert read.duration is None
    assert read.duration_text == ""
    assert odd[Oddity.PLACEHOLDER_TERM] == 1


@pytest.mark.parametrize(
    ("amount", "unit", "duration"),
    [
        (3, "WORKING_DAY", Duration(3, TimeUnit.WORKING_DAY)),
        (16.5, "DAY", Duration(16.5, TimeUnit.DAY)),
        ("10", "HOUR", Duration(10, TimeUnit.HOUR)),
        ("3,5", "DAY", Duration(3.5, TimeUnit.DAY)),
        (2, "MONTH", Duration(2, TimeUnit.MONTH)),
        (1, "YEAR", Duration(1, TimeUnit.YEAR)),
    ],
)
def test_a_figure_with_a_real_unit_is_a_term(amount, unit, duration):
    assert way(processingTime=amount, processingTimeUnit=unit)[0].duration == duration


@pytest.mark.parametrize("amount", [0, -3, 10**12, None])
def test_an_impossible_figure_is_no_term(amount):
    assert way(processingTime=amount)[0].duration is None


def test_a_sentence_where_the_figure_belongs_is_told_in_words():
    read, odd = way(processingTime="Không quá 15 ngày.", processingTimeUnit="OTHER")
    assert read.duration_text == "Không quá 15 ngày."
    assert odd[Oddity.SENTENCE_TERM] == 1


def test_without_a_figure_the_remark_tells_the_term_if_it_speaks_of_time():
    timed, _ = way(
        processingTime="Theo mô tả", processingTimeUnit="OTHER", description="Ngay khi nộp đủ"
    )
    placed, _ = way(processingTime=0, processingTimeUnit="OTHER", description="Nộp tại xã")
    assert (timed.duration_text, timed.remark) == ("Ngay khi nộp đủ", "")
    assert (placed.duration_text, placed.remark) == ("", "Nộp tại xã")


def test_with_a_figure_the_remark_stays_a_remark():
    read, _ = way(description="Công trình cấp đặc biệt: 16 ngày")
    assert read.duration_text == ""
    assert read.remark == "Công trình cấp đặc biệt: 16 ngày"


def test_cases_carry_the_terms_and_their_placeholders_are_left_out():
    procedure, _ = read_record(
        a_record(name="Thủ tục mẫu", cases=[day(1, "OTHER"), day(12, name="Thủ tục mẫu:")])
    )
    assert procedure.terms == (Term("", Duration(12, TimeUnit.WORKING_DAY)),)


def test_equal_cases_are_told_once_and_unnamed_different_ones_are_noticed():
    procedure, odd = read_record(a_record(cases=[day(7), day(7), day(5, "DAY"), day(9, name="B")]))
    assert [term.name for term in procedure.terms] == ["", "", "B"]
    assert odd[Oddity.UNNAMED_TERMS_DIFFER] == 1


def test_a_term_of_another_type_is_malformed():
    with pytest.raises(MalformedRecord, match="time limit"):
        way(processingTime=[1])
