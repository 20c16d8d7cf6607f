"""Blank forms on disk: only documents, only under safe names, only whole."""

import zipfile
from io import BytesIO
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures.forms import NotAForm, find_form, keep_form, safe_stem, sniff


def a_docx(*more: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            archive.writestr(name, "<x/>")
    return file.getvalue()


OLD_DOC = bytes.fromhex("d0cf11e0a1b11ae1") + b"..."


@pytest.mark.parametrize(
    ("content", "extension"), [(a_docx(), ".docx"), (OLD_DOC, ".doc"), (b"%PDF-1.7", ".pdf")]
)
def test_the_content_decides_what_a_form_is(content, extension):
    assert sniff(content) == extension


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"MZ\x90",
        b"PK\x03\x04 cut off",
        a_docx("word/vbaProject.bin"),
        a_docx().replace(b"word/document", b"evil/document"),
    ],
)
def test_what_is_no_harmless_document_is_not_kept(tmp_path, content):
    with pytest.raises(NotAForm):
        keep_form(tmp_path, "f-1", "Mẫu 01.docx", content)
    assert find_form(tmp_path, "f-1") is None
    assert list(tmp_path.iterdir()) == []


def test_a_form_is_found_where_it_was_kept(tmp_path):
    kept = keep_form(tmp_path, "f-1", "Mẫu TP-CN/2011.docx", OLD_DOC)
    assert kept == tmp_path / "f-1" / "Mẫu TP-CN 2011.doc"
    assert find_form(tmp_path, "f-1") == kept
    assert kept.read_bytes() == OLD_DOC
    assert [file.name for file in tmp_path.iterdir()] == ["f-1"]


@pytest.mark.parametrize("form_id", ["..", "../x", "", "a/b", ".part-x"])
def test_an_id_that_leads_elsewhere_finds_and_keeps_nothing(tmp_path, form_id):
    assert find_form(tmp_path, form_id) is None
    with pytest.raises(NotAForm):
        keep_form(tmp_path, form_id, "a.doc", OLD_DOC)


@given(st.text())
def test_any_name_becomes_one_safe_name(name):
    stem = safe_stem(name)
    assert PurePath(stem).parts == (stem,)
    assert stem not in ("", ".", "..")
    assert len(stem.encode()) <= 120
    assert stem.isprintable()
