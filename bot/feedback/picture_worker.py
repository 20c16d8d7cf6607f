"""Re-encodes one picture in a process of its own, which can do nothing else and does not last.

Standard input is the picture as it came; standard output, on success, the lengths of picture and
thumbnail, then both as JPEG, and behind them the texts of the QR codes and barcodes in the picture,
as a JSON list. These come last, and whatever goes wrong with them costs nothing of the picture. The
exit code says what was wrong. Run by ``bot.feedback.pictures``
as a file, since it needs nothing of this program, and may see none of its secrets.
"""

import io
import json
import os
import resource
import struct
import sys
import time
import warnings
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageOps

LENGTHS = struct.Struct("!II")
DAMAGED, TOO_MANY_PIXELS = 3, 4  # exit codes

MOST_PIXELS = 51_000_000  # telephones take 50 megapixels without being asked
LONGEST_EDGE = 2560  # pixels; an A4 page is still read well
THUMBNAIL_EDGE = 320
QUALITY, THUMBNAIL_QUALITY = 85, 75
MEMORY = 768 << 20  # bytes of address space; the largest JPEG and PNG take two thirds of it
CPU = 10  # seconds
ORIENTATION = 0x0112  # of EXIF
MOST_MARKS, LONGEST_MARK = 8, 1000  # characters
READING = 4.0  # seconds of work, after which no further way of reading is begun
_STRIPES = zxingcpp.barcode_formats_from_str("Code128,Code39")
_MARKS = zxingcpp.barcode_formats_from_str("Code128,Code39,QRCode,DataMatrix,PDF417,Aztec")
_TILTS = (-20, 20)  # degrees; stripes are read as far as ten off the level


def confine() -> None:
    """Give up what decoding does not need, so that a broken decoder is good for nothing."""
    os.nice(10)
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU,
        resource.RLIMIT_FSIZE: 0,  # writes no file
        resource.RLIMIT_NPROC: 0,  # starts no process (root may nevertheless)
        resource.RLIMIT_NOFILE: 3,  # opens no file and no socket: these three are open
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def upright(body: bytes) -> Image.Image:
    """Return the picture upright, on white, with nothing else in it.

    Of an animation the first frame. Raises whatever Pillow meets in a damaged file.
    """
    with Image.open(io.BytesIO(body), formats=("JPEG", "PNG", "WEBP")) as source:
        if source.width * source.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        orientation = _orientation(source)
        source.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
        return _turned(_on_white(source), orientation)


def encoded(picture: Image.Image) -> tuple[bytes, bytes]:
    """Return a picture and its thumbnail as JPEG."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return _jpeg(picture, QUALITY), _jpeg(small, THUMBNAIL_QUALITY)


def _orientation(source: Image.Image) -> int | None:
    try:
        return source.getexif().get(ORIENTATION)
    except Exception:  # damaged metadata make no damaged picture, and Pillow raises anything there
        return None


def _on_white(source: Image.Image) -> Image.Image:
    """Paint onto a fresh canvas: what a file carries beside its pixels stays behind."""
    canvas = Image.new("RGB", source.size, "white")
    if source.has_transparency_data:
        layer = source.convert("RGBA")
        canvas.paste(layer, mask=layer)
    else:
        canvas.paste(source.convert("RGB"))
    return canvas


def _turned(picture: Image.Image, orientation: int | None) -> Image.Image:
    """Hold it as the camera was held."""
    if orientation is not None:
        picture.getexif()[ORIENTATION] = orientation
        picture = ImageOps.exif_transpose(picture)
    return picture


def marks(picture: Image.Image) -> list[str]:
    """Return the texts of the QR codes and barcodes in a picture, the longest left out."""
    grey = picture.convert("L")
    begun = time.process_time()
    for way in _ways(grey):
        texts = [each.text for each in way if 0 < len(each.text) <= LONGEST_MARK]
        if texts:
            return list(dict.fromkeys(texts))[:MOST_MARKS]
        if time.process_time() - begun > READING:
            break
    return []


def _ways(grey: Image.Image) -> Iterator[list[zxingcpp.Barcode]]:
    """Yield what is read, as the picture is and then, for stripes, as if it were held askew."""
    yield zxingcpp.read_barcodes(grey, formats=_MARKS)
    for tilt in _TILTS:
        tilted = grey.rotate(tilt, Image.Resampling.BILINEAR, expand=True, fillcolor=128)
        yield zxingcpp.read_barcodes(tilted, formats=_STRIPES)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


def main() -> int:
    """Serve one picture."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    Image.init()
    confine()
    warnings.simplefilter("error")  # Pillow only warns of a picture that is a little too large
    try:
        seen = upright(sys.stdin.buffer.read())
        picture, thumbnail = encoded(seen)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return TOO_MANY_PIXELS
    except Exception:  # whatever a decoder meets in a file from outside means the same to us
        return DAMAGED
    sys.stdout.buffer.write(LENGTHS.pack(len(picture), len(thumbnail)) + picture + thumbnail)
    sys.stdout.buffer.flush()
    try:
        read = marks(seen)
    except Exception:  # whatever a reader meets in a picture from outside: then it read nothing
        read = []
    sys.stdout.buffer.write(json.dumps(read).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
