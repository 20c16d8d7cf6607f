"""The letter of apology as a Word document: ours, and an agency's own template."""

from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dossiers.errors import BadTemplate
from bot.dossiers.letter import PLACEHOLDERS, check_template, default_template, filled

TOLD = {name: f"<{name}>" for name in PLACEHOLDERS}


def words(document: bytes) -> str:
    """All that stands on the page."""
    opened = docx.Document(BytesIO(document))
    cells = [cell for table in opened.tables for row in table.rows for cell in row.cells]
    parts = [*opened.paragraphs, *(each for cell in cells for each in cell.paragraphs)]
    parts += [each for section in opened.sections for each in section.header.paragraphs]
    return "\n".join(each.text for each in parts)


def a_template(*lines: list[str], header: str = "") -> bytes:
    """A template of which each line is cut into these runs."""
    document = docx.Document()
    for runs in lines:
        paragraph = document.add_paragraph()
        for number, run in enumerate(runs):
            paragraph.add_run(run).bold = number == 0
    document.sections[0].header.paragraphs[0].text = header
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def test_our_template_tells_everything_that_a_letter_must():
    check_template(default_template())
    page = words(filled(default_template(), TOLD))
    assert "{{" not in page
    for name in PLACEHOLDERS:
        assert f"<{name}>" in page
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "XIN LỖI", "Lý do:", "Mẫu số 04"):
        assert said in page


def test_a_placeholder_is_filled_however_word_has_cut_it():
    template = a_template(["Mã {", "{ ma_", "ho_so }", "} và {{ly_do}}."], header="{{co_quan}}")
    letter = filled(template, TOLD)
    assert "Mã <ma_ho_so> và <ly_do>." in words(letter)
    assert "<co_quan>" in words(letter)
    bold, *others = docx.Document(BytesIO(letter)).paragraphs[0].runs
    assert (bold.text, bold.bold) == ("Mã <ma_ho_so>", True)  # as the run in which it began
    assert not any(run.bold for run in others)


@given(st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_whatever_is_typed_stands_in_the_letter_as_words(typed):
    page = words(filled(a_template(["Lý do: {{ly_do}}"]), TOLD | {"ly_do": typed}))
    kept = "".join(sign for sign in typed if sign.isalnum())
    assert "".join(sign for sign in page if sign.isalnum()) == f"Lýdo{kept}"


def test_a_placeholder_in_a_table_within_a_table_is_filled():
    document = docx.Document()
    outer = document.add_table(rows=1, cols=1).rows[0].cells[0]
    inner = outer.add_table(rows=1, cols=1).rows[0].cells[0]
    inner.paragraphs[0].text = "{{ly_do}}"
    written = BytesIO()
    document.save(written)
    letter = docx.Document(BytesIO(filled(written.getvalue(), TOLD)))
    (table,) = letter.tables[0].rows[0].cells[0].tables
    assert table.rows[0].cells[0].text == "<ly_do>"


def test_a_placeholder_that_is_typed_is_not_filled():
    page = words(filled(a_template(["{{ly_do}}"]), TOLD | {"ly_do": "{{ma_ho_so}}"}))
    assert "<ma_ho_so>" not in page


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (b"", "no Word document"),
        (b"PK\x03\x04", "no Word document"),
        (a_template(["{{ten_me}}"]), "no letter tells {{ten_me}}"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(template, said):
    with pytest.raises(BadTemplate, match=said):
        check_template(template)
