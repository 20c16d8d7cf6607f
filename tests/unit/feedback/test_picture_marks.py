"""QR codes and barcodes in pictures: read in the worker, and never at the picture's cost."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.conversation.uploads import codes_in
from bot.feedback import picture_worker, pictures
from bot.feedback.models import Media
from bot.feedback.pictures import Cleaner
from tests.fakes.pictures import a_photo, a_receipt_note, as_jpeg

CODE = "H29.16-250721-0001"


def read(picture: Image.Image) -> list[str]:
    """Read a picture as the worker does, out of a telephone's JPEG."""
    return codes_in(picture_worker.marks(picture_worker.upright(as_jpeg(picture))))


@pytest.mark.parametrize("kind", ["QRCode", "Code128"])
@pytest.mark.parametrize("angle", [0, -8, 90, 180, 22])
@pytest.mark.parametrize(("scale", "blur"), [(3, 0), (8, 2)])
def test_a_photographed_code_is_read(kind, angle, scale, blur):
    assert read(a_receipt_note(CODE, kind, angle=angle, scale=scale, blur=blur)) == [CODE]


@given(
    angle=st.floats(-180, 180),
    scale=st.integers(4, 8),  # pixels a module; of three, one in some hundred angles is not read
    serial=st.integers(0, 9999),
)
@settings(max_examples=12, deadline=None)
def test_a_qr_code_is_read_however_the_telephone_is_held(angle, scale, serial):
    code = f"H15.50.05.13-261008-{serial:04}"
    assert read(a_receipt_note(code, angle=angle, scale=scale)) == [code]


@given(
    kind=st.sampled_from(["QRCode", "Code128"]),
    angle=st.floats(-180, 180),
    scale=st.integers(1, 4),
    blur=st.floats(0, 6),
)
@settings(max_examples=12, deadline=None)
def test_what_cannot_be_read_is_not_guessed(kind, angle, scale, blur):
    assert read(a_receipt_note(CODE, kind, angle=angle, scale=scale, blur=blur)) in ([], [CODE])


@pytest.mark.parametrize(
    ("says", "codes"),
    [
        (f"https://dichvucong.example.gov.vn/tra-cuu?MHS={CODE}&x=1", [CODE]),
        ("https://example.gov.vn/ho-so/H29.16%2D250721%2D0001", [CODE]),
        (f"{CODE}|Đăng ký khai sinh|21/07/2025", [CODE]),
        ("079301001234|024567890|Nguyễn Văn A|01011990|Nam|1 Lê Lợi|01012021", []),  # an ID card
        ("https://example.com", []),
    ],
)
def test_only_the_codes_of_dossiers_are_taken_from_a_mark(says, codes):
    assert read(a_receipt_note(says, scale=5)) == codes


def test_several_codes_are_each_read_once():
    picture = a_receipt_note(CODE, scale=4)
    other = a_receipt_note("H29.16-250721-0002", scale=4, size=(800, 600))
    picture.paste(other, (900, 700))
    picture.paste(other, (0, 800))
    assert sorted(read(picture)) == [CODE, "H29.16-250721-0002"]


@given(st.integers(1, 300), st.integers(1, 300), st.floats(0, 200))
@settings(max_examples=20, deadline=None)
def test_a_picture_without_any_has_none(width, height, noise):
    assert read(Image.effect_noise((width, height), noise).convert("RGB")) == []


async def test_the_worker_hands_them_over_behind_the_picture():
    file = await Cleaner().clean(as_jpeg(a_receipt_note(CODE)))
    assert file.media is Media.JPEG
    assert file.marks == (CODE,)
    Image.open(io.BytesIO(file.content)).load()
    Image.open(io.BytesIO(file.thumbnail)).load()


async def test_a_photo_without_any_hands_over_none():
    assert (await Cleaner().clean(a_photo())).marks == ()


@pytest.mark.parametrize(
    "breaks",
    [
        "import os; os.kill(os.getpid(), 11)",
        "raise MemoryError",
        "import sys; sys.stdout.buffer.write(b'[\\xff'); sys.stdout.flush(); import os; os.abort()",
    ],
)
async def test_a_reader_that_breaks_costs_nothing_of_the_picture(tmp_path, monkeypatch, breaks):
    source = (pictures._WORKER).read_text()
    broken = source.replace('    grey = picture.convert("L")\n', f"    {breaks}\n")
    assert broken != source
    worker = tmp_path / "worker.py"
    worker.write_text(broken)
    monkeypatch.setattr(pictures, "_WORKER", worker)
    file = await Cleaner().clean(as_jpeg(a_receipt_note(CODE)))
    Image.open(io.BytesIO(file.content)).load()
    assert file.marks == ()


def test_a_large_picture_is_read_in_the_time_that_it_has():
    crowded = Image.effect_noise((2560, 2560), 120).convert("RGB")
    started = time.process_time()
    picture_worker.marks(crowded)
    assert time.process_time() - started < picture_worker.CPU / 2
