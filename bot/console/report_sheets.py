"""The periodic report as a workbook (.xlsx): each table a sheet, numbers as numbers."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.console import report_file_texts as words
from bot.console.cells import as_cell
from bot.console.report_tables import Cell, Table
from bot.console.report_texts import DEFINITIONS

_BOLD = Font(name="Times New Roman", size=12, bold=True)
_PLAIN = Font(name="Times New Roman", size=12)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMATS = {int: "#,##0", float: "#,##0.0"}
_WIDTHS = (46, 16)  # of the first column, and of the others


def workbook(agency: str, heading: Sequence[str], tables: dict[str, Table]) -> bytes:
    """Write the report; ``heading``: the lines that stand on top of the first sheet."""
    book = Workbook()
    book.properties.creator, book.properties.title = agency, words.SUBJECT
    book.remove(book.worksheets[0])
    notes = Table(words.NOTES, words.NOTES_HEAD, DEFINITIONS)
    for number, (name, table) in enumerate({**tables, "notes": notes}.items()):
        sheet = book.create_sheet(words.SHEETS[name])
        _write(sheet, [] if number else heading, table)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write(sheet: Worksheet, heading: Sequence[str], table: Table) -> None:
    for line in heading:
        _put(sheet, [line], _BOLD)
    _put(sheet, [table.caption], _BOLD)
    _put(sheet, table.head, _BOLD)
    sheet.freeze_panes = f"B{sheet.max_row + 1}"
    sheet.print_title_rows = f"{sheet.max_row}:{sheet.max_row}"
    for row in table.rows:
        _put(sheet, row, _PLAIN)
    for number, _ in enumerate(table.head, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[number > 1]
    if all(isinstance(cell, str) for row in table.rows for cell in row):
        sheet.column_dimensions["B"].width = 90
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(sheet: Worksheet, cells: Sequence[Cell], font: Font) -> None:
    """Write a row below what there is."""
    sheet.append([as_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    for cell in sheet[sheet.max_row]:
        cell.font = font
        if isinstance(cell.value, str):
            cell.data_type = "s"  # whatever it begins with
            cell.alignment = _WRAPPED
        elif cell.value is not None:
            cell.number_format = _FORMATS[type(cell.value)]
