"""What citizens send: pictures come out clean or are refused by name, whatever is in them."""

import asyncio
import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feedback import picture_worker, pictures
from bot.feedback.errors import BadFile, Unfit
from bot.feedback.evidence import Cleaned
from bot.feedback.models import Media
from bot.feedback.pictures import Cleaner, kind_of
from tests.fakes.pictures import (
    HEIC,
    PDF,
    PROGRAM,
    SECRET,
    SVG,
    a_bomb,
    a_gif,
    a_pane_of_glass,
    a_photo,
    a_picture,
    a_png,
    a_polyglot,
    a_text_bomb,
    an_animation,
    opened,
    parts_of,
)

ONLY_THE_PICTURE = {"JFIF", "DQT", "SOF", "DHT"}


async def cleaned(body: bytes) -> Cleaned:
    return await Cleaner().clean(body)


async def problem_with(body: bytes, **settings) -> Unfit:
    with pytest.raises(BadFile) as refused:
        await Cleaner(**settings).clean(body)
    return refused.value.problem


def is_red(picture, *at: int) -> bool:
    red, _, blue = picture.getpixel(at)
    return red > 200 and blue < 60


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
async def test_every_picture_comes_out_as_a_plain_jpeg_with_a_thumbnail(form, mode):
    clean = await cleaned(a_picture(form, mode=mode))
    assert clean.media is Media.JPEG
    assert opened(clean.content).size == opened(clean.thumbnail).size == (60, 40)
    assert parts_of(clean.content) == parts_of(clean.thumbnail) == ONLY_THE_PICTURE


async def test_what_a_telephone_writes_into_a_photo_is_gone():
    clean = await cleaned(a_photo())
    for jpeg in (clean.content, clean.thumbnail):
        assert SECRET not in jpeg
        assert not opened(jpeg).getexif()
        assert parts_of(jpeg) == ONLY_THE_PICTURE


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (60, 40), (5, 20)),
        (3, (60, 40), (55, 20)),
        (6, (40, 60), (20, 5)),
        (8, (40, 60), (20, 55)),
    ],
)
async def test_a_photo_stands_upright(orientation, size, red_at):
    picture = opened((await cleaned(a_photo(orientation))).content)
    assert picture.size == size
    assert is_red(picture, *red_at)


async def test_a_large_photo_is_made_small_enough_to_look_at():
    clean = await cleaned(a_picture(size=(4000, 3000)))
    assert opened(clean.content).size == (2560, 1920)
    assert opened(clean.thumbnail).size == (320, 240)


async def test_glass_becomes_white():
    assert opened((await cleaned(a_pane_of_glass())).content).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
async def test_of_an_animation_the_first_frame_is_kept(form):
    assert is_red(opened((await cleaned(an_animation(form, 500))).content), 4, 4)


async def test_a_pdf_is_kept_as_it_is():
    assert await cleaned(PDF) == Cleaned(Media.PDF, PDF)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", Unfit.EMPTY),
        (PROGRAM, Unfit.KIND),
        (SVG, Unfit.KIND),
        (b"<html><script>alert(1)</script>", Unfit.KIND),
        (b"PK\x03\x04" + bytes(100), Unfit.KIND),
        (b" " + PDF, Unfit.KIND),
        (b"RIFF\0\0\0\0WAVE", Unfit.KIND),
        (HEIC, Unfit.HEIC),
        (PDF + bytes(pictures.MOST_BYTES), Unfit.TOO_LARGE),
    ],
)
async def test_what_is_no_picture_is_refused_by_what_it_holds(body, problem):
    assert await problem_with(body) is problem


async def test_ten_thousand_frames_of_gif_are_not_even_looked_at():
    assert await problem_with(a_gif(10_000)) is Unfit.KIND


async def test_a_picture_bomb_is_refused_before_it_unfolds():
    bomb = a_bomb()
    assert len(bomb) < 300_000
    began = time.monotonic()
    assert await problem_with(bomb) is Unfit.PIXELS
    assert time.monotonic() - began < 10


async def test_a_header_of_huge_dimensions_is_refused():
    assert await problem_with(a_png(2**31 - 1, 2**31 - 1)) is Unfit.PIXELS
    assert await problem_with(a_png(51_000_001, 1)) is Unfit.PIXELS


async def test_a_comment_that_unfolds_to_very_much_is_refused():
    assert await problem_with(a_text_bomb()) is Unfit.DAMAGED


@pytest.mark.parametrize("left", [3, 30, 300, -20])
async def test_a_picture_that_is_cut_off_is_refused(left):
    photo = a_picture(size=(400, 300), quality=95)
    assert await problem_with(photo[:left]) is Unfit.DAMAGED


async def test_an_archive_behind_a_picture_is_left_behind():
    polyglot = a_polyglot()
    assert b"PK\x05\x06" in polyglot
    clean = await cleaned(polyglot)
    assert b"PK" not in clean.content + clean.thumbnail
    assert b"script" not in clean.content + clean.thumbnail
    assert parts_of(clean.content) == ONLY_THE_PICTURE


async def test_a_picture_that_takes_too_long_is_given_up_and_its_process_is_gone():
    began = time.monotonic()
    assert await problem_with(a_picture(size=(4000, 3000)), patience=0.01) is Unfit.SLOW
    assert time.monotonic() - began < 5
    assert decoding() == []


async def test_a_caller_that_leaves_takes_the_process_along():
    task = asyncio.create_task(cleaned(a_picture(size=(6000, 6000))))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):  # one that was only being started is reaped a moment later
        while decoding():
            await asyncio.sleep(0.01)


def decoding() -> list[str]:
    """Name the processes that still decode for these tests."""
    commands = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # gone meanwhile
            commands.append(file.read_text())
    return [command for command in commands if picture_worker.__file__ in command]


async def test_pictures_wait_for_each_other():
    together = Cleaner(at_once=1)
    all_of_them = await asyncio.gather(*(together.clean(a_picture()) for _ in range(3)))
    assert len(all_of_them) == 3


TRIES = """
import importlib.util, os, socket
spec = importlib.util.spec_from_file_location("worker", {path!r})
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)
worker.confine()
for attempt in (lambda: open("/etc/passwd"), socket.socket, lambda: bytearray(1 << 30)):
    try:
        attempt()
    except (OSError, MemoryError):
        continue
    raise SystemExit("went through")
"""


def test_the_process_that_decodes_opens_no_file_and_no_socket_and_takes_little_memory():
    code = TRIES.format(path=picture_worker.__file__)
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_kind_or_are_refused(body):
    assert kind_or_problem(body) in (*Media, Unfit.EMPTY, Unfit.KIND, Unfit.HEIC)


def kind_or_problem(body: bytes) -> Media | Unfit:
    try:
        return kind_of(body)
    except BadFile as refused:
        return refused.problem


SAMPLES = [
    a_photo(),
    a_picture("PNG", mode="P"),
    a_picture("WEBP"),
    an_animation("WEBP", 3),
    a_text_bomb(1 << 20),
]


@st.composite
def spoilt(draw) -> bytes:
    """A picture in which some bytes were changed, cut out or doubled."""
    body = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(body) - 1))
        body[at : at + draw(st.integers(0, 9))] = draw(st.binary(max_size=9))
        body = body or bytearray(b"\0")
    return bytes(body)


@given(spoilt())
@settings(max_examples=300, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_any_spoilt_picture_comes_out_clean_or_not_at_all(body):
    try:
        written = picture_worker.re_encode(body)
    except Exception:
        return  # what the worker's exit code says
    for jpeg in written:
        assert parts_of(jpeg) == ONLY_THE_PICTURE
        assert max(opened(jpeg).size) <= picture_worker.LONGEST_EDGE
        assert SECRET not in jpeg


@given(spoilt())
@settings(max_examples=12, deadline=None)
async def test_any_spoilt_picture_is_cleaned_or_refused_by_name(body):
    with contextlib.suppress(BadFile):
        assert parts_of((await cleaned(body)).content) == ONLY_THE_PICTURE
