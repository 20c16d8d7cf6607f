"""Gathering procedures: one for each code, and nothing lost without a word."""

from bot.procedures.importer import Gathering, gather
from bot.procedures.report import Report, report_lines
from bot.procedures.sources import Entry
from tests.fakes.portal_records import A_DAY, a_fee, a_method, a_record


def gathered(*records):
    report = Report()
    entries = [Entry(f"line {n}", record) for n, record in enumerate(records, start=1)]
    return gather(entries, report, lambda cost: None), report


def names(gathering: Gathering):
    return [procedure.name for procedure in gathering.procedures]


def test_of_two_under_one_code_the_one_whose_code_is_sound_counts():
    deleted = a_record("1.000001-Xoa", name="Đã xóa", updatedAt=A_DAY + 86_400_000)
    sound = a_record("1.000001", name="Còn hiệu lực")
    for order in ([deleted, sound], [sound, deleted]):
        gathering, report = gathered(*order)
        assert names(gathering) == ["Còn hiệu lực"]
        assert report.problems == [
            (f"line {order.index(deleted) + 1}", "another record has the code 1.000001 as well")
        ]


def test_one_for_citizens_counts_before_an_internal_one():
    internal = a_record("1.000001", name="Nội bộ", type="STANDARD_INTERNAL")
    provincial = a_record(" 1.000001", name="Đặc thù", type="SPECIFIC")
    assert names(gathered(internal, provincial)[0]) == ["Đặc thù"]
    assert names(gathered(provincial, internal)[0]) == ["Đặc thù"]


def test_a_malformed_record_is_named_and_still_counts_as_present():
    gathering, report = gathered(a_record("1.000001", type="?"), a_record("1.000002"))
    assert names(gathering) == ["Thủ tục mẫu"]
    assert gathering.codes == {"1.000001", "1.000002"}
    assert report.problems == [("line 1", "type '?' is unknown")]
    assert report.complete


def test_a_record_without_a_code_makes_the_source_incomplete():
    assert not gathered(a_record("?"))[1].complete


def test_the_summary_counts_what_was_odd_and_names_what_was_left_out():
    odd = a_record(executionMethods=[a_method(fees=[a_fee(0), a_fee(0)])])
    text = "\n".join(report_lines(gathered(odd, "no record")[1]))
    assert "2 records read, 1 left out" in text
    assert "2      1  fee of zero without words, read as not published" in text
    assert "line 2: the record is not an object" in text
