"""The files that one-stop systems export are read, whatever made them."""

from datetime import date

import openpyxl
import pytest

from bot.dossiers.errors import BadMapping, BadTable
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.table_file import read_table

HEADINGS = ("STT", "Mã hồ sơ", "Tình trạng", "Ngày hẹn trả")
ROWS = ((1, "H29.16-251103-0001", "Đang xử lý", "10/11/2025"),)
MAPPING = SourceMapping.load()


def text(*rows, sign: str = ",") -> str:
    return "".join(sign.join(map(str, row)) + "\n" for row in rows)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_csv_is_read_whatever_stands_between_its_cells(tmp_path, sign) -> None:
    file = tmp_path / "bao-cao.csv"
    file.write_text("\ufeff" + text(HEADINGS, *ROWS, sign=sign))
    assert list(read_table(file, MAPPING)) == [
        (2, {"code": "H29.16-251103-0001", "status": "Đang xử lý", "due_on": "10/11/2025"})
    ]


def test_titles_above_the_headings_and_empty_rows_do_not_disturb(tmp_path) -> None:
    file = tmp_path / "bao-cao.csv"
    titles = (("UBND XÃ A",), ("Danh sách hồ sơ",), ())
    file.write_text(text(*titles, HEADINGS, (), *ROWS, ("", "", "")))
    assert [line for line, _ in read_table(file, MAPPING)] == [6]


def test_a_spreadsheet_gives_its_dates_as_dates(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Danh sách"])
    book.active.append(HEADINGS)
    book.active.append([1, "H29.16-251103-0001", "Đang xử lý", date(2025, 11, 10)])
    file = tmp_path / "bao-cao.xlsx"
    book.save(file)
    ((line, cells),) = read_table(file, MAPPING)
    assert line == 3
    assert MAPPING.read(cells).dossier.due_on == date(2025, 11, 10)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.docx", b"", BadTable),
        ("a.xlsx", b"not a spreadsheet", BadTable),
        ("a.csv", b"", BadTable),
        ("a.csv", "Mã hồ sơ".encode("utf-16"), BadTable),
        ("a.csv", "Họ tên,SĐT\nA,0912345678\n".encode(), BadMapping),
    ],
)
def test_what_is_no_table_of_dossiers_is_refused_in_one_sentence(
    tmp_path, name, content, refusal
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(refusal) as refused:
        list(read_table(file, MAPPING))
    assert "\n" not in str(refused.value)
