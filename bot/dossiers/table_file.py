"""Rows out of the files that one-stop systems export: CSV in any usual dialect, XLSX, XLS, ODS."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook

from bot.dossiers.errors import BadTable
from bot.dossiers.importer import Cells
from bot.dossiers.mapping import SourceMapping

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
TEXTS = frozenset({".csv", ".tsv", ".txt"})
TABLES = SPREADSHEETS | TEXTS
_TITLE_ROWS = 20  # above the headings, exports carry the name of the office and a period
_SAMPLE = 64 * 1024  # characters by which a CSV's dialect is told


def read_table(path: Path, mapping: SourceMapping) -> Iterator[Cells]:
    """Yield the rows below the headings, by fields; empty rows are none.

    Raises BadTable when there is no table, BadMapping when its headings are not known.
    """
    rows = _rows(path)
    columns, line = _find_headings(path, rows, mapping)
    for number, row in enumerate(rows, line + 1):
        cells = {field: row[place] for field, place in columns.items() if place < len(row)}
        if any(cell not in (None, "") for cell in cells.values()):
            yield number, cells


def _find_headings(
    path: Path, rows: Iterator[Sequence[object]], mapping: SourceMapping
) -> tuple[dict[str, int], int]:
    """Return the columns and the number of the heading row: the fullest of the first ones."""
    first: list[Sequence[object]] = []
    for row in rows:
        first.append(row)
        headings = [str(cell or "") for cell in row]
        if mapping.knows(headings):
            return mapping.columns(headings), len(first)
        if len(first) == _TITLE_ROWS:
            break
    if not any(any(row) for row in first):
        raise BadTable(f"{path.name} holds no table")
    return mapping.columns([str(cell or "") for cell in max(first, key=_filled)]), len(first)


def _filled(row: Sequence[object]) -> int:
    return sum(cell not in (None, "") for cell in row)


def _rows(path: Path) -> Iterator[Sequence[object]]:
    kind = path.suffix.lower()
    if kind in SPREADSHEETS:
        return _spreadsheet(path)
    if kind in TEXTS:
        return _text(path)
    raise BadTable(f"{path.name} is no table: {', '.join(sorted(TABLES))} are")


def _spreadsheet(path: Path) -> Iterator[Sequence[object]]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_index(0)
            yield from sheet.iter_rows()
    except (CalamineError, BadZipFile, OSError) as error:
        raise BadTable(f"{path.name} cannot be read: {type(error).__name__}") from None


def _text(path: Path) -> Iterator[Sequence[object]]:
    try:
        # With utf-8-sig the mark that Excel puts in front does not become part of a heading.
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.read(_SAMPLE)
            file.seek(0)
            yield from csv.reader(file, delimiter=_delimiter(sample))
    except UnicodeDecodeError:
        raise BadTable(f"{path.name} is not UTF-8; save it as CSV UTF-8") from None
    except (csv.Error, OSError) as error:
        raise BadTable(f"{path.name} cannot be read: {type(error).__name__}") from None


def _delimiter(sample: str) -> str:
    """Tell what stands between cells: the sign that the first lines have most of."""
    head = "\n".join(sample.splitlines()[:_TITLE_ROWS])
    return max(",;\t|", key=head.count)
