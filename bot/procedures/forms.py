"""Blank forms (mẫu đơn, tờ khai) on disk: ``<data>/forms/<form id>/<file name>``.

They come from outside and go to citizens: only what is a docx, a doc or a pdf by its content is
kept, without macros as far as can be seen, under a name that is safe on every system.
"""

import os
import re
import tempfile
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

FORMS_PATH = "/bieu-mau/"
"""Below it, a form that was fetched is served under its id."""
MAX_FORM_BYTES = 30 * 2**20
_FORM_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_UNSAFE = re.compile(r'[\\/:*?"<>|]+')
_LONGEST_STEM = 120  # bytes: file systems allow 255 for a name
_OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1")


class NotAForm(Exception):
    """Bytes that are not a document which may be handed to a citizen; the message says why."""


def find_form(folder: Path, form_id: str) -> Path | None:
    """Return the file of a blank form, or None when it was not fetched."""
    if not _FORM_ID.fullmatch(form_id):
        return None
    home = folder / form_id
    if not home.is_dir():
        return None
    return next((file for file in sorted(home.iterdir()) if file.is_file()), None)


def keep_form(folder: Path, form_id: str, file_name: str, content: bytes) -> Path:
    """Write a blank form to its place, wholly or not at all; raises NotAForm."""
    if not _FORM_ID.fullmatch(form_id):
        raise NotAForm("its id is not one of the portal's")
    name = safe_stem(file_name) + sniff(content)
    folder.mkdir(parents=True, exist_ok=True)
    # The folder with the file in it appears in one move, so it is there completely or not at all.
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as scratch:
        home = Path(scratch) / form_id
        home.mkdir()
        with (home / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        home.rename(folder / form_id)
    return folder / form_id / name


def sniff(content: bytes) -> str:
    """Return the extension that the content deserves; raises NotAForm."""
    if len(content) > MAX_FORM_BYTES:
        raise NotAForm(f"larger than {MAX_FORM_BYTES >> 20} MB")
    if content.startswith(b"%PDF-"):
        return ".pdf"
    if content.startswith(_OLD_WORD):
        return ".doc"
    if content.startswith(b"PK\x03\x04"):
        return _sniff_docx(content)
    raise NotAForm("neither docx nor doc nor pdf")


def _sniff_docx(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise NotAForm("a damaged docx") from None
    if "word/document.xml" not in names:
        raise NotAForm("a zip that is no docx")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise NotAForm("a docx with macros")
    return ".docx"


def safe_stem(file_name: str) -> str:
    """Return a file name without extension, path, control characters and leading dots."""
    name = unicodedata.normalize("NFC", file_name)
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    stem = name.rsplit(".", 1)[0] if "." in name[-6:] else name
    stem = " ".join(_UNSAFE.sub(" ", stem).split()).strip(". ")
    return stem.encode()[:_LONGEST_STEM].decode(errors="ignore").strip(". ") or "mau-don"
