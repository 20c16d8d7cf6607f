"""Reading labelled files; whatever is wrong with one is said with its name and line."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

LONGEST_CELL = 1 << 24  # characters: the enormous message is a case worth measuring


class BadFile(Exception):
    """A file cannot be used; the message names it, its line and the reason."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        """``line`` counts from one; None when the whole file is meant."""
        super().__init__(f"{path}, line {line}: {reason}" if line else f"{path}: {reason}")


class Line(Struct, frozen=True):
    """One line of a table, its cells by column; a column that is not there reads as empty."""

    path: Path
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell."""
        return self.cells.get(column, "")

    def parts(self, column: str) -> tuple[str, ...]:
        """Return what a cell lists with commas between."""
        return tuple(part.strip() for part in self[column].split(",") if part.strip())

    def bad(self, reason: str) -> BadFile:
        """Return the error that names this line."""
        return BadFile(self.path, self.number, reason)


def read_text(path: Path) -> str:
    """Read UTF-8, with or without a byte order mark. Raises BadFile."""
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise BadFile(path, None, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile(path, line, "is not UTF-8") from None


def read_table(path: Path, needed: Sequence[str]) -> list[Line]:
    """Read tab-separated lines under a header with the ``needed`` columns, all of them filled.

    Empty lines are passed over. Raises BadFile.
    """
    rows = _rows(path)
    _, header = next(rows, (1, []))
    missing = [column for column in needed if column not in header]
    if missing:
        raise BadFile(path, 1, f"needs the columns {', '.join(needed)}, with tabs between")
    lines = [_line(path, number, header, cells) for number, cells in rows if any(cells)]
    if not lines:
        raise BadFile(path, None, "holds no row")
    for line in lines:
        empty = [column for column in needed if not line[column]]
        if empty:
            raise line.bad(f"has no {empty[0]}")
    return lines


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    # People write quotation marks as they are; a cell is only unwrapped when it is one whole.
    reader = csv.reader(
        io.StringIO(read_text(path), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    try:
        for cells in reader:
            yield reader.line_num, [_unwrapped(cell.strip(" ")) for cell in cells]
    except csv.Error as error:
        raise BadFile(path, reader.line_num, str(error)) from None


def _unwrapped(cell: str) -> str:
    """Undo the quoting of spreadsheets: the cell ``"a ""b"" c"`` is ``a "b" c``."""
    inside = cell[1:-1]
    wrapped = len(cell) > 1 and cell[0] == cell[-1] == '"'
    if wrapped and '"' not in inside.replace('""', ""):
        return inside.replace('""', '"')
    return cell


def _line(path: Path, number: int, header: Sequence[str], cells: Sequence[str]) -> Line:
    if len(cells) > len(header):
        raise BadFile(path, number, f"has {len(cells)} cells under {len(header)} columns")
    return Line(path, number, dict(zip(header, cells, strict=False)))
