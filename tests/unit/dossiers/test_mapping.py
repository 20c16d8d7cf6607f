"""Columns, dates and status words of real systems are understood; what is odd is never guessed."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.dossier import Status
from bot.dossiers.errors import BadMapping, BadRow
from bot.dossiers.mapping import SourceMapping

CODE = "H29.16-251103-0001"


@pytest.fixture(scope="module")
def mapping() -> SourceMapping:
    return SourceMapping.load()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        # The national scheme, by name and by number.
        ("Mới đăng ký", Status.SENT),
        ("ĐƯỢC TIẾP NHẬN", Status.ACCEPTED),
        ("Yêu cầu bổ sung giấy tờ", Status.NEEDS_PAPERS),
        ("Yêu cầu thực hiện nghĩa vụ tài chính", Status.NEEDS_PAYMENT),
        ("9", Status.READY),
        (10, Status.RETURNED),
        (4.0, Status.IN_PROGRESS),
        # OpenCPS.
        ("receiving", Status.SENT),
        ("waiting", Status.NEEDS_PAPERS),
        ("denied", Status.REFUSED),
        # One-stop software of the provinces.
        ("Chờ bổ sung", Status.NEEDS_PAPERS),
        ("dang giai quyet", Status.IN_PROGRESS),
        ("Chờ trả kết quả", Status.READY),
    ],
)
def test_the_words_of_three_kinds_of_systems_are_mapped(mapping, words, status) -> None:
    assert mapping.read({"code": CODE, "status": words}).dossier.status is status


def test_unknown_words_are_kept_and_nothing_is_concluded_from_them(mapping) -> None:
    dossier = mapping.read({"code": CODE, "status": "Chờ cấp trên cho ý kiến"}).dossier
    assert (dossier.status, dossier.status_words) == (Status.UNKNOWN, "Chờ cấp trên cho ý kiến")


@pytest.mark.parametrize(
    "written",
    [
        "03/11/2025",
        "3/11/2025",
        "03/11/2025 14:05",
        "03-11-2025",
        "2025-11-03",
        "2025-11-03T14:05:00",
        "2025-11-02T17:30:00Z",  # half past midnight in Vietnam
        "20251103",
        "20251103140500",
        date(2025, 11, 3),
        datetime(2025, 11, 3, 14, 5),  # noqa: DTZ001 - as a spreadsheet gives it
        datetime(2025, 11, 2, 17, 30, tzinfo=UTC),
    ],
)
def test_a_day_is_understood_in_every_usual_writing(mapping, written) -> None:
    row = mapping.read({"code": CODE, "status": "4", "received_on": written})
    assert row.dossier.received_on == date(2025, 11, 3)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"code": "1.001193", "status": "4"}, "code"),
        ({"code": "", "status": "4"}, "code"),
        ({"code": CODE, "status": ""}, "status"),
        ({"code": CODE, "status": "4", "due_on": "ngày mai"}, "due_on"),
        ({"code": CODE, "status": "4", "due_on": "31/02/2026"}, "due_on"),
        ({"code": CODE, "status": "4", "received_on": "3/11/2025", "due_on": "1/11/2025"}, "due"),
        ({"code": CODE, "status": "4", "to_do": "x y " * 1000}, "to_do"),
    ],
)
def test_a_bad_row_names_its_column_and_never_its_content(mapping, cells, column) -> None:
    with pytest.raises(BadRow, match=column) as refused:
        mapping.read(cells)
    assert not any(str(cell) in str(refused.value) for cell in cells.values() if cell)


def test_headings_are_found_however_they_are_written(mapping) -> None:
    headings = ["STT", "MÃ HỒ SƠ", "Chủ hồ sơ", "tinh trang", "Ngày hẹn trả (dự kiến)"]
    assert mapping.knows(headings)
    assert mapping.columns(headings) == {"code": 1, "status": 3}


def test_a_table_without_code_or_status_is_refused_with_what_to_do(mapping) -> None:
    with pytest.raises(BadMapping, match="code and the status"):
        mapping.columns(["STT", "Họ tên"])


def test_a_mapping_file_goes_before_the_default(tmp_path) -> None:
    file = tmp_path / "tinh.yml"
    file.write_text(
        "name: Một cửa tỉnh A\n"
        "columns: {code: [SoHS], status: [TT]}\n"
        "statuses: {Đã bổ sung: in_progress, '6': in_progress}\n"
    )
    mapping = SourceMapping.load(file)
    assert mapping.columns(["SoHS", "TT"]) == {"code": 0, "status": 1}
    row = mapping.read({"code": CODE, "status": 6})
    assert (row.dossier.status, row.dossier.source) == (Status.IN_PROGRESS, "Một cửa tỉnh A")


@pytest.mark.parametrize("text", ["columns: {nonsense: [A]}", "statuses: {a: nowhere}", "- 1", ":"])
def test_a_mapping_that_cannot_be_followed_is_refused(tmp_path, text) -> None:
    file = tmp_path / "bad.yml"
    file.write_text(text)
    with pytest.raises(BadMapping):
        SourceMapping.load(file)


values = st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.dates())


@given(
    st.dictionaries(
        st.sampled_from(["code", "status", "due_on", "received_on", "phone", "office"]), values
    )
)
def test_any_row_is_understood_or_refused(cells) -> None:
    mapping = SourceMapping.load()
    with suppress(BadRow):
        assert mapping.read(cells | {"code": CODE}).dossier.status_words
