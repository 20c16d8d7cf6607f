"""Reading one record: who, where, when, by which law."""

from datetime import date

import pytest

from bot.procedures.official import MalformedRecord, Oddity, clean_code, read_record
from bot.procedures.procedure import Audience, Kind, LegalBasis, Level, Method, Origin
from tests.fakes.portal_records import A_DAY, a_case, a_method, a_paper, a_record


def read(**fields):
    return read_record({"detail": a_record(**fields)})


def test_a_sound_record_is_read_whole_and_has_nothing_odd():
    procedure, odd = read(name="Đăng ký mẫu", isMinistry=True, isFullProcess=True)
    assert procedure.code == "1.000001"
    assert procedure.name == "Đăng ký mẫu"
    assert procedure.kind is Kind.STANDARD
    assert procedure.origin is Origin.OFFICIAL
    assert procedure.levels == (Level.COMMUNE, Level.MINISTRY)
    assert procedure.audiences == (Audience.CITIZEN,)
    assert procedure.fully_online
    assert procedure.deciding_agencies == ("Ủy ban nhân dân cấp xã",)
    assert procedure.decision == "01/QĐ-BTP"
    assert +odd == {}


def test_the_detail_alone_is_read_like_the_whole_record():
    assert read_record(a_record()) == read_record({"id": "x", "detail": a_record()})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (" 1.014325", "1.014325"),
        ("1.014955-Xoa", "1.014955"),
        ("1.014955 - xoa", "1.014955"),
        ("2.009182739", "2.009182739"),
        ("1.0133611", "1.0133611"),
    ],
)
def test_a_bad_code_is_mended_where_it_can_be(raw, code):
    assert clean_code(raw) == code


def test_a_mended_code_is_counted():
    _, odd = read(code=" 1.000001")
    assert odd[Oddity.CODE_MENDED] == 1


@pytest.mark.parametrize("raw", ["", "abc", "1.2", "1.000001/../x", "1.000001\n2.000002"])
def test_a_code_that_is_none_is_malformed(raw):
    with pytest.raises(MalformedRecord, match="code"):
        clean_code(raw)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": " \u200b"}, "name is missing"),
        ({"code": None}, "code is missing"),
        ({"type": "NEW_KIND"}, "type 'NEW_KIND' is unknown"),
        ({"updatedAt": None}, "updatedAt is missing"),
        ({"updatedAt": 20260101}, "updatedAt is no plausible instant"),
        ({"updatedAt": True}, "updatedAt is not a number"),
        ({"executionMethods": {}}, "executionMethods is not a list"),
        ({"executionSteps": ["Bước 1"]}, "executionSteps holds something that is not an object"),
        ({"isWard": "yes"}, "isWard is neither true nor false"),
        ({"procedureProposal": []}, "procedureProposal is not an object"),
    ],
)
def test_a_record_of_another_shape_is_malformed_and_says_why(fields, reason):
    with pytest.raises(MalformedRecord, match=reason):
        read(**fields)


def test_days_are_days_in_vietnam_not_in_greenwich():
    late_evening_utc = 1_783_011_600_000  # 2 July 2026 17:00 UTC
    procedure, _ = read(updatedAt=late_evening_utc)
    assert procedure.record_on == date(2026, 7, 3)


def test_a_decision_dated_long_after_the_record_is_a_typing_error():
    proposal = {"proposalNumber": "5/QĐ", "decisionDate": A_DAY + 200 * 86_400_000}
    procedure, odd = read(procedureProposal=proposal)
    assert procedure.decided_on is None
    assert procedure.decision == "5/QĐ"
    assert odd[Oddity.FUTURE_DECISION] == 1


def test_texts_are_one_unicode_form_without_leftovers_of_lost_tables():
    procedure, _ = read(
        name="Thu\u0309 tu\u0323c\u00a0 mẫu\u200e",
        requirementsAndConditions="\uf0fcMột\tđiều kiện\r\n\r\n\n  Hai\u00ad điều kiện\x00 ",
    )
    assert procedure.name == "Thủ tục mẫu"
    assert procedure.conditions == "- Một điều kiện\nHai điều kiện"


def test_units_with_empty_entries_are_read_without_them():
    procedure, odd = read(unitGroupsExecuting=[None, {"id": "u", "name": "Sở Tư pháp"}])
    assert procedure.deciding_agencies == ("Sở Tư pháp",)
    assert odd[Oddity.NULL_ENTRY] == 1


def test_who_executes_goes_before_who_has_authority():
    authority = [{"name": "Chủ tịch Ủy ban nhân dân cấp tỉnh"}]
    with_both, _ = read(departmentsAuthority=authority)
    only_authority, _ = read(departmentsAuthority=authority, unitGroupsExecuting=[None])
    assert with_both.deciding_agencies == ("Ủy ban nhân dân cấp xã",)
    assert only_authority.deciding_agencies == ("Chủ tịch Ủy ban nhân dân cấp tỉnh",)


def test_subject_codes_are_the_same_with_d_and_with_d_stroke():
    subjects = [{"code": "ĐT1"}, {"code": "DT12"}, {"code": "DT1"}, {"code": "01"}]
    procedure, odd = read(subjectTypesDetails=subjects)
    assert procedure.audiences == (
        Audience.CITIZEN,
        Audience.OVERSEAS_VIETNAMESE,
        Audience.OTHER,
    )
    assert odd[Oddity.UNKNOWN_AUDIENCE] == 1


def test_steps_in_one_block_are_parted():
    block = "Chuẩn bị.\n- Bước 1: Nộp hồ sơ\n- chi tiết\nBước 2. Nhận kết quả"
    procedure, _ = read(executionSteps=[{"name": "", "description": block}])
    assert [(step.name, step.text) for step in procedure.steps] == [
        ("", "Chuẩn bị."),
        ("Bước 1", "Nộp hồ sơ\n- chi tiết"),
        ("Bước 2", "Nhận kết quả"),
    ]


def test_a_law_is_known_by_its_code():
    laws = [
        {"code": "Thông tư số 03/2023/TT-BTP", "name": "Thông tư"},
        {"code": "03/2023/TT-BTP ", "name": "lần nữa"},
        {"code": "66.7/2025/NQ-CP", "name": "66.7/2025/NQ-CP"},
        {"code": "nghị định 146/2025", "name": ""},
    ]
    procedure, _ = read(legalBasisesDetails=laws)
    assert procedure.legal_bases == (
        LegalBasis("03/2023/TT-BTP", "Thông tư"),
        LegalBasis("66.7/2025/NQ-CP"),
        LegalBasis("nghị định 146/2025"),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Thủ tục tại Ủy ban nhân dân quận"},
        {"unitGroupsExecuting": [{"name": "Bảo hiểm xã hội cấp huyện"}]},
        {"executionSteps": [{"description": "Nộp tại PHÒNG TƯ PHÁP hoặc Công an huyện."}]},
        {"executionMethods": [a_method(description="Gửi Thuế huyện")]},
        {"executionCases": [a_case("", a_paper("Xác nhận của UBND thị xã"))]},
    ],
)
def test_a_district_body_is_noticed_wherever_a_citizen_would_read_it(fields):
    procedure, odd = read(**fields)
    assert procedure.names_district
    assert odd[Oddity.NAMES_DISTRICT] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"legalBasisesDetails": [{"code": "1/2020/TT-BNV", "name": "về UBND huyện"}]},
        {"executionSteps": [{"description": "Phòng Nội vụ của Bộ xem xét."}]},
        {"name": "Cấp phép đặc khu, xã, phường"},
    ],
)
def test_what_only_sounds_like_a_district_is_left_in_peace(fields):
    assert not read(**fields)[0].names_district


def test_ways_to_file_keep_their_remark_and_equal_ones_are_told_once():
    ways = [
        a_method("DIRECT", description="Tại xã"),
        a_method("DIRECT", description="Tại xã"),
        a_method("DIRECT", description="Tại cơ quan đại diện"),
        a_method("PIGEON"),
    ]
    procedure, odd = read(executionMethods=ways)
    assert [(way.method, way.remark) for way in procedure.ways] == [
        (Method.DIRECT, "Tại xã"),
        (Method.DIRECT, "Tại cơ quan đại diện"),
    ]
    assert odd[Oddity.UNKNOWN_METHOD] == 1
