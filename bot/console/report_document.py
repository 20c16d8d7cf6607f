"""The periodic report as a document (.docx) in the form of Vietnamese administrative papers."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bot.console import report_file_texts as words
from bot.console.cells import as_cell
from bot.console.report_tables import Table, change, said_cell, table, with_unit
from bot.console.report_texts import DEFINITIONS
from bot.feedback.reports.figures import Figures, Sums

MOST_LINES = 20  # of a table by places or offices
MOST_LATE = 200
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_FONT = "Times New Roman"


def document(agency: str, heading: Sequence[str], figures: Figures) -> bytes:
    """Write the report; ``heading``: the lines below its name; an empty agency is filled in."""
    made = _empty()
    _say_whose(made.core_properties, agency, figures.until)
    _letterhead(made, agency, figures.until.year)
    _line(made, words.NAME, bold=True, align=_CENTRE, size=14)
    _line(made, words.SUBJECT, bold=True, align=_CENTRE, size=14)
    for line in heading:
        _line(made, line, align=_CENTRE)
    _line(made, words.TO, align=_CENTRE)
    _line(made, words.OVERVIEW, bold=True)
    for sentence in _overview(figures.sums, figures.before):
        _line(made, sentence)
    _line(made, words.FIGURES, bold=True)
    _table(made, table("summary", figures))
    for name, lines in (
        ("categories", figures.categories),
        ("communes", figures.communes),
        ("offices", figures.offices),
    ):
        _table(made, table(name, figures, MOST_LINES))
        _more(made, words.MORE_LINES, len(lines) - MOST_LINES)
    _table(made, table("ratings", figures))
    _line(made, words.LATE, bold=True)
    if figures.late:
        _table(made, table("late", figures, MOST_LATE))
        _more(made, words.MORE_LATE, len(figures.late) - MOST_LATE)
    else:
        _line(made, words.NONE_LATE)
    _line(made, words.PROPOSALS, bold=True)
    for _ in range(3):
        _line(made, words.TO_FILL_IN)
    _line(made, words.NOTES, bold=True, size=12)
    for name, sentence in DEFINITIONS:
        _line(made, f"{name}: {sentence}", size=12)
    _signature(made)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def _overview(now: Sums, before: Sums) -> list[str]:
    sentences = [
        words.RECEIVED.format(
            received=said_cell(now.received),
            returned=said_cell(now.returned),
            carried=said_cell(now.carried),
            total=said_cell(now.total),
        ),
        words.SETTLED.format(
            settled=said_cell(now.all_settled),
            late=said_cell(now.late),
            remaining=said_cell(now.remaining),
            overdue=said_cell(now.overdue),
        ),
        words.COMPARED.format(
            received=change(now.received, before.received),
            settled=change(now.all_settled, before.all_settled),
            overdue=change(now.overdue, before.overdue),
        ),
    ]
    if now.acted.count and now.answered.count:
        acted, answered = (with_unit(of.median, "days") for of in (now.acted, now.answered))
        sentences.append(words.TIMES.format(acted=acted, answered=answered))
    if now.ratings.count:
        count, mean = said_cell(now.ratings.count), with_unit(now.ratings.mean, "stars")
        sentences.append(words.SATISFIED.format(count=count, mean=mean))
    return sentences


# -- the form ------------------------------------------------------------------------------------


def _empty() -> Any:
    """Return an A4 page with the margins, the type and the page numbers of Decree 30/2020/NĐ-CP."""
    made = Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    language = OxmlElement("w:lang")  # else every word is underlined as misspelt English
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(6)
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(18)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    return made


def _say_whose(properties: Any, agency: str, at: datetime) -> None:
    """Put what the report is in the place of what the library says of itself."""
    properties.author = properties.last_modified_by = agency
    properties.title, properties.language = words.SUBJECT, "vi-VN"
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = _CENTRE
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _letterhead(made: Any, agency: str, year: int) -> None:
    left, right = _side_by_side(made, 68, 94)
    name = agency.upper() or words.AGENCY
    _line(left, name, bold=True, align=_CENTRE, first=True)
    _line(left, words.NUMBER, align=_CENTRE)
    _line(right, words.NATION, bold=True, align=_CENTRE, size=12, first=True)
    motto = _line(right, words.MOTTO, bold=True, align=_CENTRE)
    motto.runs[0].underline = True
    date = _line(right, words.PLACE_AND_DATE.format(year=year), align=_CENTRE)
    date.runs[0].italic = True


def _signature(made: Any) -> None:
    left, right = _side_by_side(made, 76, 86)
    for number, line in enumerate(words.RECIPIENTS):
        size = 12 if number == 0 else 11
        _line(left, line, bold=number == 0, size=size, first=number == 0)
    for number, line in enumerate(words.SIGNED_BY):
        bold = number != 1
        _line(right, line, bold=bold, align=_CENTRE, first=number == 0)


def _side_by_side(made: Any, left: int, right: int) -> tuple[Any, Any]:
    """Return two cells without borders, so many millimetres wide."""
    cells = made.add_table(rows=1, cols=2).rows[0].cells
    for cell, width in zip(cells, (left, right), strict=True):
        cell.width = Mm(width)
    return cells[0], cells[1]


def _line(
    within: Any,
    text: str,
    *,
    bold: bool = False,
    align: Any = None,
    size: int = 13,
    first: bool = False,
) -> Any:
    """Write a paragraph; ``first``: into the one that a cell already has."""
    paragraph = within.paragraphs[0] if first else within.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _table(made: Any, shown: Table) -> None:
    """Write a table with its caption above."""
    _line(made, shown.caption, bold=True)
    drawn = made.add_table(rows=1, cols=len(shown.head))
    drawn.style, drawn.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    _repeated(drawn.rows[0])
    for cell, head in zip(drawn.rows[0].cells, shown.head, strict=True):
        _line(cell, head, bold=True, align=_CENTRE, size=11, first=True)
    for row in shown.rows:
        cells = drawn.add_row().cells
        for place, (cell, value) in enumerate(zip(cells, row, strict=True)):
            align = _RIGHT if place and not isinstance(value, str) else None
            _line(cell, as_cell(said_cell(value)), align=align, size=11, first=True)


def _more(made: Any, words_of_it: str, count: int) -> None:
    """Say how many rows there are beyond those of a table."""
    if count > 0:
        _line(made, words_of_it.format(count=said_cell(count)), size=11)


def _repeated(row: Any) -> None:
    """Repeat a row on top of every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
