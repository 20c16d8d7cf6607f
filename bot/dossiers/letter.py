"""The letter of apology (văn bản xin lỗi và đề nghị gia hạn) as a Word document, from a template.

A template is any .docx with the placeholders of ``PLACEHOLDERS`` in double braces, wherever they
stand; ``default_template`` makes ours. Its title is that of form 04 of Circular 03/2025/TT-VPCP,
and it holds what such a letter must say: the reason and the new day. The form's printed layout was
not at hand, so an agency compares it with its own and may put that in its place.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from bot.dossiers import letter_text
from bot.dossiers.errors import BadTemplate

PLACEHOLDERS = frozenset(
    {
        *("co_quan", "dia_danh", "ngay", "nguoi_nhan", "ma_ho_so", "thu_tuc"),
        *("ngay_tiep_nhan", "ngay_hen", "so_ngay_tre", "ly_do", "ngay_hen_lai"),
    }
)
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # no XML holds it


def check_template(template: bytes) -> None:
    """Refuse a template that could not be filled in; raises BadTemplate."""
    unknown = {
        name for paragraph in _paragraphs(_open(template)) for name in _names(paragraph.text)
    } - PLACEHOLDERS
    if unknown:
        raise BadTemplate(
            f"no letter tells {{{{{min(unknown)}}}}}; there are {', '.join(sorted(PLACEHOLDERS))}"
        )


def load_template(path: str) -> bytes:
    """Read an agency's template, or make ours where no path is given; raises BadTemplate."""
    if not path:
        return default_template()
    try:
        template = Path(path).read_bytes()
        check_template(template)
    except OSError as error:
        raise BadTemplate(f"{path} cannot be read: {error.strerror}") from None
    except BadTemplate as error:
        raise BadTemplate(f"{path}: {error}") from None
    return template


def filled(template: bytes, told: Mapping[str, str]) -> bytes:
    """Return the letter; ``told`` has a text for each placeholder. Raises BadTemplate."""
    document = _open(template)
    for paragraph in _paragraphs(document):
        if _PLACEHOLDER.search(paragraph.text):
            _fill(paragraph, told)
    return _written(document)


def default_template() -> bytes:
    """Make our template: an A4 page as official letters are set."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = section.right_margin = Cm(2)
    section.left_margin = Cm(3)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    _add_head(document)
    _add(document, letter_text.TITLE, WD_ALIGN_PARAGRAPH.CENTER, bold=True)
    _add(document, letter_text.FORM, WD_ALIGN_PARAGRAPH.CENTER, italic=True)
    _add(document, letter_text.TO, WD_ALIGN_PARAGRAPH.CENTER)
    for line in letter_text.BODY:
        _add(document, line, WD_ALIGN_PARAGRAPH.JUSTIFY)
    _add_foot(document)
    return _written(document)


def _add_head(document: Document) -> None:
    """Whose letter it is on the left, the country's motto, place and day on the right."""
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    _lines(left, letter_text.HEAD_LEFT)
    _lines(right, letter_text.HEAD_RIGHT)
    document.add_paragraph()


def _add_foot(document: Document) -> None:
    document.add_paragraph()
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    _lines(left, letter_text.COPIES, WD_ALIGN_PARAGRAPH.LEFT)
    _lines(right, letter_text.SIGNATURE)


def _lines(
    cell: _Cell,
    lines: tuple[tuple[str, bool], ...],
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> None:
    """Write lines into a cell; each comes with whether it is bold."""
    for number, (line, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = align
        run = paragraph.add_run(line)
        run.bold, run.font.size = bold, Pt(13)


def _add(
    document: Document,
    line: str,
    align: WD_ALIGN_PARAGRAPH,
    *,
    bold: bool = False,
    italic: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(line)
    run.bold, run.italic = bold, italic


def _fill(paragraph: Paragraph, told: Mapping[str, str]) -> None:
    """Put words in the place of placeholders; Word may have cut one into several runs.

    A placeholder takes the looks of the run in which it begins.
    """
    runs = paragraph.runs
    while match := _PLACEHOLDER.search("".join(run.text for run in runs)):
        if match[1] not in told:
            raise BadTemplate(f"no letter tells {{{{{match[1]}}}}}")
        begin, end, at = match.start(), match.end(), 0
        for run in runs:
            text, here = run.text, at
            at += len(text)
            if at <= begin or here >= end:
                continue
            before, after = text[: max(begin - here, 0)], text[max(end - here, 0) :]
            words = _plain(told[match[1]]) if here <= begin else ""
            run.text = f"{before}{words}{after}"


def _plain(words: str) -> str:
    """Return words that no XML chokes on, and that are no placeholder themselves."""
    return _UNFIT.sub(" ", words).replace("{{", "{ {")


def _names(text: str) -> Iterator[str]:
    return (match[1] for match in _PLACEHOLDER.finditer(text))


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """Yield every paragraph of the body, also in tables and text boxes, of headers and footers."""
    for section in document.sections:
        for part in (section.header, section.footer):
            yield from part.paragraphs
    for found in document.element.body.iter(qn("w:p")):
        yield Paragraph(found, document)


def _open(template: bytes) -> Document:
    try:
        return docx.Document(BytesIO(template))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError):
        raise BadTemplate("it is no Word document (.docx)") from None


def _written(document: Document) -> bytes:
    written = BytesIO()
    document.save(written)
    return written.getvalue()
