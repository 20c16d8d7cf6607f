"""Papers: cases apart from sections, papers apart from remarks."""

import pytest

from bot.procedures.official import MalformedRecord, Oddity, read_record
from bot.procedures.procedure import Component, Form
from tests.fakes.portal_records import a_case, a_form, a_paper, a_record


def groups(*cases):
    procedure, odd = read_record(a_record(executionCases=list(cases)))
    return procedure.component_groups, odd


def names(group):
    return [component.name for component in group.components]


def test_sections_all_apply():
    read, _ = groups(
        a_case("* Giấy tờ phải nộp:", a_paper("- Tờ khai;")),
        a_case("* Giấy tờ phải xuất trình:", a_paper("Hộ chiếu")),
    )
    assert [(group.name, group.alternative, names(group)) for group in read] == [
        ("Giấy tờ phải nộp", False, ["Tờ khai"]),
        ("Giấy tờ phải xuất trình", False, ["Hộ chiếu"]),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a) Đối với cấp mới", "b)\tĐối với cấp lại"),
        ("- Trường hợp mất thẻ:", "Trường hợp hỏng thẻ"),
        ("(1.1) Đối với công trình theo tuyến", "(1.2) Đối với công trình tôn giáo"),
        ("1/ Hồ sơ đề nghị cấp", "2/ Hồ sơ đề nghị cấp lại"),
        ("a.1) Về cấp chứng chỉ", "a.2) Về gia hạn chứng chỉ"),
    ],
)
def test_cases_are_alternatives_of_which_one_applies(first, second):
    read, _ = groups(a_case(first, a_paper("Đơn")), a_case(second, a_paper("Đơn")))
    assert [group.alternative for group in read] == [True, True]


def test_what_stands_unnamed_beside_cases_belongs_to_all_of_them():
    read, _ = groups(
        a_case("", a_paper("Tờ khai")),
        a_case("Trường hợp mất", a_paper("Đơn")),
        a_case("Trường hợp hỏng", a_paper("Thẻ cũ")),
    )
    assert [group.alternative for group in read] == [False, True, True]


def test_a_lone_case_leaves_no_choice_and_is_a_section():
    read, _ = groups(a_case("", a_paper("Tờ khai")), a_case("Trường hợp mất", a_paper("Đơn")))
    assert not any(group.alternative for group in read)


def test_authorisation_adds_papers_and_is_no_case_of_its_own():
    read, _ = groups(
        a_case("Trường hợp mất", a_paper("Đơn")),
        a_case("Trường hợp hỏng", a_paper("Thẻ cũ")),
        a_case("Trường hợp ủy quyền cho cá nhân", a_paper("Văn bản ủy quyền")),
    )
    assert [group.alternative for group in read] == [True, True, False]


def test_headings_and_remarks_among_the_papers_become_notes():
    read, odd = groups(
        a_case(
            "",
            a_paper("Tờ khai"),
            a_paper("Lưu ý: bản chụp phải rõ nét", originals=0),
            a_paper("Người yêu cầu nộp các giấy tờ sau:", originals=0),
            a_paper("2. Hồ sơ bao gồm:", originals=1),
        )
    )
    assert names(read[0]) == ["Tờ khai"]
    assert len(read[0].notes) == 3
    assert odd[Oddity.NOTE_AMONG_PAPERS] == 3


def test_a_paper_that_only_some_must_bring_stays_a_paper():
    read, _ = groups(a_case("", a_paper("Trường hợp trẻ bị bỏ rơi thì nộp biên bản", originals=1)))
    assert names(read[0]) == ["Trường hợp trẻ bị bỏ rơi thì nộp biên bản"]


def test_a_paper_without_a_quantity_stays_a_paper():
    read, _ = groups(a_case("", a_paper("Bản sao hộ chiếu", originals=0, copies=0)))
    assert read[0].components == (Component("Bản sao hộ chiếu"),)


def test_under_a_heading_of_remarks_everything_without_a_quantity_is_a_remark():
    read, _ = groups(a_case("* Lưu ý:", a_paper("Giấy tờ nước ngoài phải dịch", originals=0)))
    assert read[0].components == ()
    assert read[0].notes == ("Giấy tờ nước ngoài phải dịch",)


def test_a_remark_that_stands_in_the_heading_alone_is_kept():
    read, _ = groups(a_case("", a_paper("Đơn")), a_case("Lưu ý: nộp 01 bộ hồ sơ"))
    assert read[1].name == ""
    assert read[1].notes == ("Lưu ý: nộp 01 bộ hồ sơ",)


def test_a_nameless_paper_is_named_after_its_form_or_left_out():
    read, odd = groups(a_case("", a_paper("", attachments=[a_form()]), a_paper(" ")))
    assert read[0].components == (Component("Mẫu 01", 1, 0, (Form("f-1", "Mẫu 01.docx"),)),)
    assert odd[Oddity.NAMELESS_PAPER] == 2


def test_forms_kept_apart_are_found_and_told_once():
    apart = {"data": {"attachments": [a_form("f-1"), a_form("f-2")]}}
    read, _ = groups(a_case("", a_paper("Đơn", attachments=[a_form("f-1")], detail=apart)))
    assert [form.id for form in read[0].components[0].forms] == ["f-1", "f-2"]


@pytest.mark.parametrize("form_id", ["../etc/passwd", "", "a b"])
def test_a_form_whose_id_could_leave_its_folder_is_left_out(form_id):
    read, odd = groups(a_case("", a_paper("Đơn", attachments=[a_form(form_id)])))
    assert read[0].components[0].forms == ()
    assert odd[Oddity.FORM_WITHOUT_ID] == 1


@pytest.mark.parametrize("quantity", [-1, 1.5, 10**30])
def test_an_impossible_quantity_is_left_out(quantity):
    read, odd = groups(a_case("", a_paper("Đơn", originals=quantity, copies=2)))
    assert (read[0].components[0].originals, read[0].components[0].copies) == (0, 2)
    assert odd[Oddity.STRANGE_QUANTITY] == 1


def test_a_quantity_that_is_no_number_is_malformed():
    with pytest.raises(MalformedRecord, match="originalQty is not a number"):
        groups(a_case("", a_paper("Đơn", originals="một")))
