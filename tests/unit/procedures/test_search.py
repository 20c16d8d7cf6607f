from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.procedures.procedure import (
    Audience,
    Component,
    ComponentGroup,
    Kind,
    Level,
    Origin,
    Procedure,
)
from bot.procedures.search import Decision, SearchIndex
from bot.procedures.search.question import read_question, synonyms_in

CITIZEN = {"levels": (Level.COMMUNE,), "audiences": (Audience.CITIZEN,)}


def a_procedure(code: str, name: str, **facts: object) -> Procedure:
    known = {"kind": Kind.STANDARD, "origin": Origin.OFFICIAL, "record_on": date(2026, 7, 1)}
    return Procedure(code=code, name=name, **(known | CITIZEN | facts))


FEW = [
    a_procedure("1.001193", "Thủ tục đăng ký khai sinh"),
    a_procedure("1.004884", "Thủ tục đăng ký lại khai sinh"),
    a_procedure("2.000528", "Thủ tục đăng ký khai sinh có yếu tố nước ngoài"),
    a_procedure("2.000635", "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh"),
    a_procedure("1.000656", "Thủ tục đăng ký khai tử"),
    a_procedure("1.000894", "Thủ tục đăng ký kết hôn"),
    a_procedure("1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân"),
    a_procedure("1.004222", "Đăng ký thường trú"),
    a_procedure("1.004194", "Đăng ký tạm trú"),
    a_procedure("1.002755", "Gia hạn tạm trú"),
    a_procedure("3.000348", "Cấp lại giấy phép lái xe"),
    a_procedure("3.000347", "Đổi giấy phép lái xe"),
    a_procedure("1.001612", "Đăng ký thành lập hộ kinh doanh"),
    a_procedure("2.001583", "Đăng ký thành lập công ty TNHH một thành viên"),
    a_procedure("1.013225", "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV"),
    a_procedure("1.900001", "Đăng ký tạm trú", kind=Kind.PROVINCIAL, publisher_code="H26"),
    a_procedure("1.900002", "Hỗ trợ tiền điện cho giáo viên", kind=Kind.PROVINCIAL,
                publisher_code="H17"),
    a_procedure("1.900003", "Báo cáo nội bộ đăng ký khai sinh", kind=Kind.INTERNAL),
]  # fmt: skip
NAMES = {
    "1.001193": ["làm giấy khai sinh cho con", "vợ mới sinh em bé"],
    "1.004873": ["giấy độc thân", "xác nhận chưa vợ chưa chồng"],
    "1.000656": ["báo tử cho người nhà"],
    "1.004222": ["nhập khẩu cho con", "nhập hộ khẩu"],
    "3.000348": ["mất bằng lái xe"],
    "3.000347": ["bằng lái hết hạn"],
    "1.001612": ["mở tiệm tạp hóa", "xin giấy phép kinh doanh"],
    "2.001583": ["mở công ty một mình", "xin giấy phép kinh doanh"],
}


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.build(FEW, NAMES)


def first(index: SearchIndex, question: str) -> str:
    return index.find(question).hits[0].code


@pytest.mark.parametrize(
    "question",
    [
        "đăng ký khai sinh",
        "ĐĂNG KÝ KHAI SINH",
        "dang ky khai sinh",
        "đk khai sinh cho con cần giấy tờ gì ạ",
        "dang ky khaisinh",
        "đăng ký khai sihn",
        "cho em hỏi làm giấy khai sinh thì nộp hồ sơ ở đâu, lệ phí bao nhiêu",
    ],
)
def test_a_name_is_found_however_it_is_typed(index, question):
    assert first(index, question) == "1.001193"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("xin giấy độc thân để mua nhà", "1.004873"),
        ("giay doc than", "1.004873"),
        ("nhập khẩu cho con gái", "1.004222"),
        ("rớt mất bằng lái rồi", "3.000348"),
    ],
)
def test_everyday_names_lead_to_the_procedure(index, question, code):
    assert first(index, question) == code


def test_composed_and_decomposed_unicode_are_the_same(index):
    assert index.find("đăng ký tạm trú") == index.find("đăng ký tạm trú")


def test_the_plain_procedure_comes_before_its_special_cases(index):
    assert first(index, "khai sinh") == "1.001193"
    assert first(index, "khai sinh cho con có bố là người nước ngoài") == "2.000528"


def test_internal_procedures_do_not_come_first(index):
    assert first(index, "báo cáo đăng ký khai sinh") != "1.900003"


def test_without_a_province_the_standard_version_stands_for_its_twins(index):
    codes = [hit.code for hit in index.find("đăng ký tạm trú").hits]
    assert codes[0] == "1.004194"
    assert "1.900001" not in codes


def test_a_province_sees_its_own_versions_and_no_others(index):
    own = index.find("hỗ trợ tiền điện cho giáo viên", province_code="H17")
    other = index.find("hỗ trợ tiền điện cho giáo viên", province_code="H26")
    assert own.hits[0].code == "1.900002"
    assert "1.900002" not in [hit.code for hit in other.hits]


def test_a_code_in_the_question_settles_it(index):
    outcome = index.find("thủ tục 1.000656 là gì")
    assert (outcome.decision, outcome.hits[0].code) == (Decision.ANSWER, "1.000656")


def test_what_shares_nothing_with_any_procedure_is_none(index):
    assert index.find("asdf qwerty").decision is Decision.NONE
    assert index.find("").decision is Decision.NONE


def test_words_of_the_record_help_when_the_name_says_nothing():
    records = [
        *FEW,
        a_procedure(
            "1.500000",
            "Xác nhận điều kiện nuôi",
            component_groups=(ComponentGroup(components=(Component("Sơ đồ lồng bè cá tra"),)),),
        ),
        a_procedure(
            "1.500001",
            "Xác nhận điều kiện trồng",
            component_groups=(ComponentGroup(components=(Component("Sơ đồ lồng bè rau"),)),),
        ),
    ]
    assert first(SearchIndex.build(records, {}), "xác nhận điều kiện cá tra") == "1.500000"


@pytest.mark.parametrize(
    "follow_up",
    [
        "thế lệ phí bao nhiêu?",
        "cần giấy tờ gì nữa",
        "nop o dau vay",
        "mấy ngày thì xong ạ",
        "ok",
        "",
    ],
)
def test_a_follow_up_names_no_procedure(index, follow_up):
    assert not index.names_procedure(follow_up)


@pytest.mark.parametrize(
    "question", ["đăng ký kết hôn cần giấy tờ gì", "1.001193 lệ phí bao nhiêu"]
)
def test_a_question_with_a_name_names_one(index, question):
    assert index.names_procedure(question)


def test_scores_are_chances_in_falling_order(index):
    scores = [hit.score for hit in index.find("đăng ký khai sinh lại").hits]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1
    assert sum(scores) <= 1.01


def test_at_most_ten_hits(index):
    assert len(index.find("đăng ký cấp giấy thủ tục").hits) <= 10


@pytest.mark.parametrize(
    ("question", "implied"),
    [
        ("con gái 8 tuổi làm căn cước", "dưới 14 tuổi"),
        ("be 8t lam can cuoc", "dưới 14 tuổi"),
        ("con 15 tuổi làm căn cước", "từ đủ 14 tuổi trở lên"),
        ("bà 78t xin tiền", "hưu trí xã hội"),
    ],
)
def test_an_age_implies_the_bounds_that_records_name(question, implied):
    meant = [[word.typed for word in one.meant] for one in synonyms_in(read_question(question))]
    assert implied.split() in meant


def test_a_number_that_is_no_age_implies_nothing():
    assert synonyms_in(read_question("nhà 8 tầng, 2000 tuổi, thứ 2 t")) == []


def test_saying_it_again_says_nothing_new(index):
    once, often = (index.find("đăng ký khai sinh " * times) for times in (1, 20))
    assert (once.decision, once.hits[0].code) == (often.decision, often.hits[0].code)


def test_an_empty_catalogue_knows_nothing():
    assert SearchIndex.build([], {}).find("đăng ký khai sinh").decision is Decision.NONE


def test_of_an_endless_message_the_beginning_and_the_end_are_read():
    story = "đăng ký khai sinh " + "bla xyz " * 20_000 + "khai tử"
    typed = [word.typed for word in read_question(story).words]
    assert len(typed) <= 90
    assert typed[:4] == ["đăng", "ký", "khai", "sinh"]
    assert typed[-2:] == ["khai", "tử"]


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_has_an_outcome(text):
    outcome = ANY.find(text)
    assert outcome.decision in Decision
    assert len(outcome.hits) <= 10


@given(
    st.lists(
        st.sampled_from(
            [
                "khai",
                "sinh",
                "kết",
                "hôn",
                "1.001193",
                "mất",
                "ko",
                "đc",
                "🙂",
                "\u202e",
                "\x00",
                "''",
            ]
        )
    )
)
@settings(max_examples=200, deadline=None)
def test_any_mixture_of_words_has_an_outcome(parts):
    assert ANY.find(" ".join(parts), province_code="H26").decision in Decision


ANY = SearchIndex.build(FEW, NAMES)
