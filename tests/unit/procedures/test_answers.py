"""What citizens read about a procedure: facts of the record, silence said as silence."""

from datetime import date

import msgspec
import pytest

from bot.procedures.answers import BUDGET, MAX_BUTTONS, answer, ask_payload, choose, overview
from bot.procedures.aspect import Aspect, read_aspects
from bot.procedures.procedure import (
    Component,
    ComponentGroup,
    Duration,
    Kind,
    LegalBasis,
    Level,
    Method,
    Origin,
    Procedure,
    Step,
    TimeUnit,
    Way,
)
from bot.procedures.search import Hit
from tests.builders import (
    a_fee,
    a_form,
    a_procedure,
    a_procedure_with_cases,
    a_silent_procedure,
    an_obsolete_procedure,
    in_case,
)


def said(procedure: Procedure, *aspects: Aspect, **options) -> str:
    return answer(procedure, aspects, **options).text


def ways(*ways: Way) -> Procedure:
    return a_procedure(ways=ways)


# --- the frame ------------------------------------------------------------------------------


def test_the_overview_says_who_where_how_long_how_much_and_how():
    assert overview(a_procedure()).text == (
        "Đăng ký khai sinh (mã 1.001193)\n"
        "\n"
        "Cơ quan giải quyết: Ủy ban nhân dân cấp xã\n"
        "Nơi nộp: Trung tâm Phục vụ hành chính công cấp xã\n"
        "Thời hạn: Trực tiếp: 1 ngày làm việc; Trực tuyến: 2 ngày làm việc\n"
        "Phí, lệ phí: 8.000 đồng\n"
        "Cách nộp: Trực tiếp, Trực tuyến\n"
        "\n"
        "Nguồn: Cổng Dịch vụ công quốc gia (Quyết định 163/QĐ-BTP), mã 1.001193, "
        "dữ liệu ngày 15/04/2026.\n"
        "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7"
    )


def test_the_overview_offers_at_most_six_aspects():
    buttons = overview(a_procedure()).buttons
    assert len(buttons) == MAX_BUTTONS
    assert buttons[0].title == "Xem giấy tờ cần nộp"
    assert buttons[0].payload == ask_payload("1.001193", [Aspect.DOCUMENTS])


def test_a_silent_record_offers_no_button_that_leads_nowhere():
    titles = {button.title for button in overview(a_silent_procedure()).buttons}
    assert titles == {"Xem phí, lệ phí", "Xem nơi nộp", "Xem thời hạn"}


@pytest.mark.parametrize("aspect", list(Aspect))
def test_every_aspect_names_code_source_day_and_page(aspect):
    text = said(a_procedure(), aspect)
    assert "mã 1.001193, dữ liệu ngày 15/04/2026" in text
    assert "Cổng Dịch vụ công quốc gia" in text
    assert text.endswith("/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7")


def test_a_builtin_summary_says_that_it_is_one():
    assert "bản tóm tắt có sẵn" in said(a_procedure(origin=Origin.BUILTIN), Aspect.FEE)


def test_the_one_sentence_summary_opens_the_overview():
    summary = "Ghi nhận việc sinh của trẻ và cấp Giấy khai sinh."
    shown = overview(a_procedure(summary=summary))
    assert summary in shown.text
    assert shown.card["lead"] == summary


def test_several_aspects_are_said_in_the_order_asked():
    text = said(a_procedure(), Aspect.FEE, Aspect.DOCUMENTS, Aspect.PLACE)
    assert text.index("8.000 đồng") < text.index("Giấy chứng sinh") < text.index("Nơi nộp")


def test_an_old_decision_is_told_by_its_year():
    assert "công bố năm 2024" in said(a_procedure(decided_on=date(2024, 3, 1)))
    assert "công bố năm" not in said(a_procedure(decided_on=date(2025, 7, 1)))


def test_a_provincial_version_names_its_province():
    text = said(a_procedure(kind=Kind.PROVINCIAL, publisher="UBND tỉnh Bắc Ninh"))
    assert "áp dụng riêng của UBND tỉnh Bắc Ninh" in text


def test_the_card_carries_the_same_facts_as_the_text():
    shown = overview(a_procedure())
    for term, value in shown.card["facts"]:
        assert f"{term}: {value}" in shown.text
    assert shown.card["source"] == {
        "name": "Cổng Dịch vụ công quốc gia (Quyết định 163/QĐ-BTP)",
        "code": "1.001193",
        "date": "15/04/2026",
        "url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7",
    }
    assert msgspec.json.encode(shown.card)


# --- fees -----------------------------------------------------------------------------------


def test_a_fee_that_is_not_published_is_never_free():
    text = said(a_silent_procedure(), Aspect.FEE)
    assert "Chưa công bố mức phí trong dữ liệu" in text
    assert "không có nghĩa là không mất tiền" in text
    assert "miễn" not in text.lower()


def test_words_say_free_only_when_the_record_does():
    free = Way(Method.ONLINE, fees=(a_fee(None, text="Miễn lệ phí"),))
    assert "Miễn lệ phí" in said(ways(free), Aspect.FEE)


def test_words_that_hold_the_figure_stand_alone():
    way = Way(Method.DIRECT, fees=(a_fee(8000.0, text="8.000 đồng/lần đăng ký"),))
    assert "- 8.000 đồng/lần đăng ký\n" in said(ways(way), Aspect.FEE)


def test_words_without_a_figure_follow_the_figure():
    way = Way(Method.DIRECT, fees=(a_fee(2000.0, text="/trang"),))
    assert "- 2.000 đồng/trang\n" in said(ways(way), Aspect.FEE)


def test_words_that_contradict_the_figure_are_shown_with_advice_to_confirm():
    fee = a_fee(5_000_000.0, text="2.500.000 đồng", conflicting=True)
    text = said(ways(Way(Method.DIRECT, fees=(fee,))), Aspect.FEE)
    assert "2.500.000 đồng" in text
    assert "đề nghị xác nhận tại nơi nộp" in text
    assert "5.000.000" not in text


def test_other_currencies_keep_their_name():
    assert "10 USD" in said(ways(Way(Method.DIRECT, fees=(a_fee(10.0, currency="USD"),))))


def test_fees_that_differ_by_way_are_told_by_way_and_silence_too():
    text = said(
        ways(
            Way(Method.DIRECT, fees=(a_fee(20000.0),)),
            Way(Method.ONLINE, fees=(a_fee(10000.0),)),
            Way(Method.POSTAL),
        ),
        Aspect.FEE,
    )
    assert "- Trực tiếp: 20.000 đồng" in text
    assert "- Trực tuyến: 10.000 đồng" in text
    assert "- Qua bưu chính: chưa công bố trong dữ liệu" in text


def test_several_fee_lines_are_alternatives_not_a_sum():
    text = said(ways(Way(Method.DIRECT, fees=(a_fee(5000.0), a_fee(7000.0)))), Aspect.FEE)
    assert "không cộng lại" in text
    assert "12.000" not in text


# --- time -----------------------------------------------------------------------------------


def test_working_days_and_calendar_days_are_kept_apart():
    working = ways(Way(Method.DIRECT, Duration(3.5, TimeUnit.WORKING_DAY)))
    calendar = ways(Way(Method.DIRECT, Duration(15, TimeUnit.DAY)))
    assert "Thời hạn: 3,5 ngày làm việc" in said(working, Aspect.DURATION)
    assert "Thời hạn: 15 ngày\n" in said(calendar, Aspect.DURATION)
    assert "ngày theo lịch" in said(calendar, Aspect.DURATION)
    assert "ngày theo lịch" not in said(working, Aspect.DURATION)


def test_a_term_is_expected_and_the_receipt_decides():
    text = said(a_procedure(), Aspect.DURATION)
    assert "dự kiến" in text
    assert "Giấy tiếp nhận" in text


def test_a_way_without_a_figure_takes_the_terms_of_the_cases():
    record = a_procedure(
        ways=(Way(Method.DIRECT), Way(Method.ONLINE, Duration(2, TimeUnit.WORKING_DAY))),
        terms=(in_case("Bình thường", 1), in_case("Cần xác minh", 3)),
    )
    text = said(record, Aspect.DURATION)
    assert "Trực tiếp: Bình thường: 1 ngày làm việc; Cần xác minh: 3 ngày làm việc" in text
    assert "Trực tuyến: 2 ngày làm việc" in text


def test_words_tell_the_term_when_no_figure_does():
    text = said(ways(Way(Method.DIRECT, duration_text="Ngay trong ngày")), Aspect.DURATION)
    assert "Ngay trong ngày" in text


def test_a_missing_term_is_said_as_missing():
    assert "Chưa công bố thời hạn" in said(a_silent_procedure(), Aspect.DURATION)


def test_ways_that_repeat_a_method_are_told_apart_by_their_remarks():
    text = said(
        ways(
            Way(Method.DIRECT, Duration(20, TimeUnit.WORKING_DAY), remark="Các xã đồng bằng."),
            Way(Method.DIRECT, Duration(30, TimeUnit.WORKING_DAY), remark="Các xã miền núi."),
        ),
        Aspect.DURATION,
    )
    assert "Các xã đồng bằng: 20 ngày làm việc; Các xã miền núi: 30 ngày làm việc" in text


# --- where ----------------------------------------------------------------------------------


def test_where_nothing_is_said_the_tier_tells_the_centre():
    text = said(a_procedure(levels=(Level.COMMUNE, Level.PROVINCE)), Aspect.PLACE)
    assert "Trung tâm Phục vụ hành chính công cấp xã hoặc cấp tỉnh" in text
    assert "trong phạm vi tỉnh/thành phố, theo danh mục tỉnh công bố" in text


def test_a_place_in_the_record_is_named():
    text = said(a_procedure(receiving_places=("Công an cấp xã",)), Aspect.PLACE)
    assert "Nơi nộp: Công an cấp xã" in text


def test_a_ministry_takes_what_only_it_decides():
    record = a_procedure(levels=(Level.MINISTRY,), deciding_agencies=("Cục Hàng không",))
    text = said(record, Aspect.PLACE)
    assert "Nơi nộp: Cục Hàng không" in text
    assert "danh mục tỉnh" not in text


@pytest.mark.parametrize("aspects", [(), (Aspect.PLACE,)])
def test_nobody_is_sent_to_a_district_office(aspects):
    text = said(an_obsolete_procedure(), *aspects)
    assert "Ủy ban nhân dân huyện" not in text
    assert "Phòng Tư pháp" not in text
    assert "Nơi nộp: Trung tâm Phục vụ hành chính công cấp tỉnh" in text
    assert "đã kết thúc từ 1/7/2025" in text


def test_towns_ended_with_the_districts():
    record = a_procedure(deciding_agencies=("Ủy ban nhân dân xã, phường, thị trấn",))
    assert "Cơ quan giải quyết: Ủy ban nhân dân xã, phường\n" in said(record)


def test_a_remark_of_the_record_stands_with_the_conditions():
    assert "Lưu ý:\nChỉ nhận buổi sáng." in said(
        a_procedure(note="Chỉ nhận buổi sáng."), Aspect.CONDITIONS
    )


def test_the_counter_asks_for_no_vneid():
    text = said(a_procedure(), Aspect.ONLINE)
    assert "đăng nhập bằng tài khoản định danh điện tử (VNeID)" in text
    assert "không bắt buộc có VNeID (Công điện 111/CĐ-TTg" in text


def test_fully_online_is_said_as_such():
    assert "toàn trình" in said(a_procedure(fully_online=True))
    assert "toàn trình" not in said(a_procedure())
    assert "không ghi hình thức nộp trực tuyến" in said(ways(Way(Method.DIRECT)), Aspect.ONLINE)


# --- papers ---------------------------------------------------------------------------------


def test_papers_come_with_counts_and_forms_the_application_first_the_notes_last():
    text = said(a_procedure(), Aspect.DOCUMENTS)
    assert (
        "Giấy tờ phải nộp:\n"
        "- Tờ khai đăng ký khai sinh (1 bản chính; mẫu: Mau to khai dang ky khai sinh.docx)\n"
        "- Giấy chứng sinh (1 bản chính)\n"
        "\n"
        "Lưu ý:\n"
        "Không có Giấy chứng sinh" in text
    )


def test_the_group_with_the_application_comes_first_and_what_is_only_shown_last():
    shown = ComponentGroup("Giấy tờ phải xuất trình", components=(Component("Tờ khai cũ"),))
    proofs = ComponentGroup("Giấy tờ phải nộp", components=(Component("Giấy chứng sinh"),))
    form = ComponentGroup("Giấy tờ cần chuẩn bị", components=(Component("Tờ khai"),))
    text = said(a_procedure(component_groups=(shown, proofs, form)), Aspect.DOCUMENTS)
    places = [text.index(name) for name in ("cần chuẩn bị", "phải nộp", "xuất trình")]
    assert places == sorted(places)


def test_a_group_of_remarks_alone_has_no_empty_heading():
    papers = ComponentGroup("Giấy tờ phải nộp", components=(Component("Căn cước"),))
    remarks = ComponentGroup("Giấy tờ phải xuất trình", notes=("Không nộp bản sao.",))
    text = said(a_procedure(component_groups=(papers, remarks)), Aspect.DOCUMENTS)
    assert "Không nộp bản sao." in text
    assert "Giấy tờ phải xuất trình" not in text


def test_no_quantity_is_written_when_none_is_published():
    group = ComponentGroup("Giấy tờ", components=(Component("Căn cước"),))
    text = said(a_procedure(component_groups=(group,)), Aspect.DOCUMENTS)
    assert "- Căn cước\n" in text


def test_labelled_papers_stand_in_the_order_of_their_labels():
    names = ("(iv) Bản cam kết", "(v) Văn bản khác", "(ii) Hợp đồng")
    group = ComponentGroup("Giấy tờ", components=tuple(Component(name) for name in names))
    text = said(a_procedure(component_groups=(group,)), Aspect.DOCUMENTS)
    assert text.index("(ii)") < text.index("(iv)") < text.index("(v)")


def test_several_cases_are_asked_before_papers_are_listed():
    shown = answer(a_procedure_with_cases(), [Aspect.DOCUMENTS])
    assert "Bạn thuộc trường hợp nào?" in shown.text
    assert "1. Trường hợp chỗ ở thuộc quyền sở hữu của mình" in shown.text
    assert "Văn bản đồng ý" not in shown.text
    assert [choice.payload for choice in shown.choices] == [
        ask_payload("1.004222", [Aspect.DOCUMENTS], case=1),
        ask_payload("1.004222", [Aspect.DOCUMENTS], case=2),
    ]
    assert shown.buttons[1].title == "2. thuê, mượn, ở nhờ"


def test_a_chosen_case_lists_its_papers_and_those_of_all():
    shown = answer(a_procedure_with_cases(), [Aspect.DOCUMENTS], case=2)
    assert "Văn bản đồng ý của chủ sở hữu (1 bản chính)" in shown.text
    assert "Tờ khai CT01 (1 bản chính)" in shown.text
    assert "chỗ ở hợp pháp" not in shown.text
    assert shown.choices == ()


def test_a_case_that_does_not_exist_is_asked_again():
    assert "Bạn thuộc trường hợp nào?" in said(a_procedure_with_cases(), Aspect.DOCUMENTS, case=9)


def test_a_single_case_is_no_choice():
    group = ComponentGroup("Trường hợp đủ điều kiện", True, (Component("Đơn", 1),))
    assert "- Đơn (1 bản chính)" in said(a_procedure(component_groups=(group,)), Aspect.DOCUMENTS)


def test_cases_of_the_same_name_are_told_apart_by_their_papers():
    groups = tuple(
        ComponentGroup("Chỗ ở của mình", True, (Component(paper),))
        for paper in ("Giấy tờ nhà", "Giấy tờ tàu")
    )
    titles = [
        c.title for c in answer(a_procedure(component_groups=groups), [Aspect.DOCUMENTS]).choices
    ]
    assert titles == ["Chỗ ở của mình (Giấy tờ nhà)", "Chỗ ở của mình (Giấy tờ tàu)"]


def test_no_papers_is_said_as_silence():
    assert "chưa công bố danh mục giấy tờ" in said(a_silent_procedure(), Aspect.DOCUMENTS)


def test_forms_are_named_with_the_page_that_has_them():
    text = said(a_procedure(), Aspect.FORM)
    assert "- Mau to khai dang ky khai sinh.docx\n" in text
    assert "Bạn tải mẫu tại trang của thủ tục: https://dichvucong.gov.vn/" in text


def test_a_fetched_form_is_offered_itself():
    text = said(a_procedure(), Aspect.FORM, form_url=lambda form: f"https://bot.vn/forms/{form.id}")
    assert f"{a_form().file_name}: https://bot.vn/forms/019d-form-01" in text
    assert "Bạn tải mẫu tại trang" not in text


# --- the rest -------------------------------------------------------------------------------


def test_steps_are_numbered_unless_they_number_themselves():
    assert "Bước 2: Nhận Giấy khai sinh." in said(a_procedure(), Aspect.STEPS)
    own = a_procedure(steps=(Step("Bước 1: Nộp."), Step("Bước 2: Nhận.")))
    assert "Bước 1: Bước 1" not in said(own, Aspect.STEPS)


def test_laws_are_named_by_their_codes():
    assert "- 60/2014/QH13: Luật Hộ tịch" in said(a_procedure(), Aspect.LEGAL_BASIS)
    named_twice = a_procedure(legal_bases=(LegalBasis("60/2014/QH13", "Luật 60/2014/QH13"),))
    assert "- Luật 60/2014/QH13\n" in said(named_twice, Aspect.LEGAL_BASIS)


@pytest.mark.parametrize(
    ("aspect", "silence"),
    [
        (Aspect.STEPS, "chưa công bố các bước"),
        (Aspect.FORM, "không kèm mẫu đơn"),
        (Aspect.CONDITIONS, "không nêu yêu cầu, điều kiện"),
        (Aspect.LEGAL_BASIS, "chưa công bố căn cứ pháp lý"),
        (Aspect.RESULT, "chưa công bố kết quả"),
        (Aspect.PLACE, "không ghi riêng địa điểm"),
    ],
)
def test_silence_is_said_as_silence(aspect, silence):
    assert silence in said(a_silent_procedure(), aspect)


# --- parts ----------------------------------------------------------------------------------


def long_procedure() -> Procedure:
    return a_procedure(steps=tuple(Step(f"Làm việc số {n}. " * 12) for n in range(30)))


def test_a_long_answer_is_offered_in_parts_that_lose_nothing():
    first = answer(long_procedure(), [Aspect.STEPS])
    parts = int(first.buttons[0].title.split("/")[1].rstrip(")"))
    texts = [said(long_procedure(), Aspect.STEPS, part=n) for n in range(1, parts + 1)]
    assert all(len(text) <= BUDGET for text in texts)
    for number in range(30):
        assert sum(f"Làm việc số {number}." in text for text in texts) >= 1
    assert "Xem tiếp" not in str(answer(long_procedure(), [Aspect.STEPS], part=parts).buttons)


def test_the_next_part_is_one_button_away():
    button = answer(long_procedure(), [Aspect.STEPS]).buttons[0]
    assert button.title.startswith("Xem tiếp (2/")
    assert button.payload == ask_payload("1.001193", [Aspect.STEPS], part=2)


def test_the_next_part_may_also_be_asked_for_in_words():
    shown = answer(long_procedure(), [Aspect.STEPS])
    assert shown.choices == shown.buttons[:1]


def test_a_part_beyond_the_last_is_the_last():
    assert said(long_procedure(), Aspect.STEPS, part=999) == said(
        long_procedure(), Aspect.STEPS, part=998
    )


def test_a_long_line_is_cut_at_the_end_of_a_sentence():
    record = a_procedure(conditions="Đây là một câu vừa đủ dài để đọc. " * 120)
    text = said(record, Aspect.CONDITIONS)
    body = text.split("\n\n")[1]
    assert body.endswith("Đây là một câu vừa đủ dài để đọc.")


# --- choosing -------------------------------------------------------------------------------


def hits(count: int) -> list[Hit]:
    return [Hit(f"1.00000{n}", f"Thủ tục cấp giấy loại {n}", 0.2) for n in range(1, count + 1)]


def test_at_most_five_procedures_are_offered_and_the_aspects_go_along():
    shown = choose(hits(7), [Aspect.FEE, Aspect.DURATION])
    assert len(shown.choices) == len(shown.buttons) == 5
    assert shown.choices[1].payload == ask_payload("1.000002", [Aspect.FEE, Aspect.DURATION])
    assert "2. Thủ tục cấp giấy loại 2 (mã 1.000002)" in shown.text


def test_buttons_leave_out_what_all_choices_share():
    names = ["Thủ tục đăng ký lại khai sinh", "Thủ tục đăng ký khai sinh lưu động"]
    shown = choose([Hit("1.1", names[0], 0.4), Hit("1.2", names[1], 0.4)])
    assert [button.title for button in shown.buttons] == [
        "1. lại khai sinh",
        "2. khai sinh lưu động",
    ]
    assert [choice.title for choice in shown.choices] == names


def test_unknown_aspects_are_left_out():
    assert read_aspects(["fee", "colour", "fee", "place"]) == (Aspect.FEE, Aspect.PLACE)
