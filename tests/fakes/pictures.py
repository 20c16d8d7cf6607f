"""Pictures as they come: honest ones of telephones and screens, and hostile ones, made here."""

import io
import struct
import zipfile
import zlib

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
SECRET = b"10.7769N 106.7009E by Nguyen Van A"


def a_picture(
    form: str = "JPEG", *, size: tuple[int, int] = (60, 40), mode: str = "RGB", **saved
) -> bytes:
    """Write a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste((0, 0, 255), (size[0] // 2, 0, *size))
    if mode == "I;16":
        picture = picture.convert("L")
    return _written(picture.convert(mode), form, **saved)


def a_pane_of_glass() -> bytes:
    """Write a picture that is transparent all over, and black beneath."""
    return _written(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")


def a_photo(orientation: int = 1, **more) -> bytes:
    """Write a telephone's photo: place, maker and comment in it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = SECRET.decode()
    exif.get_ifd(GPS)[1] = SECRET.decode()
    icc = b"ICC" + SECRET
    return a_picture(exif=exif, comment=SECRET, xmp=SECRET, icc_profile=icc, **more)


def an_animation(form: str, frames: int) -> bytes:
    """Write an animation: a red frame, then others."""
    first, *rest = (
        Image.new("RGB", (8, 8), color) for color in ["red", *["blue", "green"] * (frames // 2)]
    )
    return _written(first, form, save_all=True, append_images=rest[: frames - 1], duration=20)


def a_png(width: int, height: int, *chunks: tuple[bytes, bytes], data: bytes = b"") -> bytes:
    """Write a PNG of 8-bit greys by hand, whatever it claims to be."""
    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    every = [(b"IHDR", header), *chunks, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in every)


def a_bomb(edge: int = 60_000) -> bytes:
    """A few hundred kilobytes that unfold to gigabytes."""
    packer = zlib.compressobj(9)
    row = bytes(edge + 1)
    rows = b"".join(packer.compress(row) for _ in range(2000))
    return a_png(edge, edge, data=rows + packer.flush())


def a_text_bomb(unfolded: int = 200 << 20) -> bytes:
    """A picture of one pixel with a compressed comment of so many bytes."""
    packer = zlib.compressobj(9)
    comment = b"".join(packer.compress(bytes(1 << 20)) for _ in range(unfolded >> 20))
    text = b"Comment\0\0" + comment + packer.flush()
    return a_png(1, 1, (b"zTXt", text), data=zlib.compress(b"\0\0"))


def a_polyglot() -> bytes:
    """A picture that is a zip archive as well."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("evil.js", "alert(1)")
    return a_picture(comment=b"<script>alert(1)</script>") + packed.getvalue()


def a_gif(frames: int) -> bytes:
    """A GIF with very many frames, all alike."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return head + frame * frames + b"\x3b"


def a_receipt_note(
    says: str,
    kind: str = "QRCode",
    *,
    scale: int = 4,
    angle: float = 0,
    blur: float = 0,
    size: tuple[int, int] = (2400, 1600),
) -> Image.Image:
    """Photograph a paper with lines of text and a QR code or barcode (`Code128`) on it."""
    paper = Image.new("RGB", size, (235, 232, 225))
    pen = ImageDraw.Draw(paper)
    for y in range(size[1] // 2, size[1] - 40, 40):
        pen.text((60, y), "GIAY TIEP NHAN HO SO VA HEN TRA KET QUA " * 4, fill=(40, 40, 50))
    code = zxingcpp.create_barcode(says, zxingcpp.barcode_format_from_str(kind))
    paper.paste(Image.fromarray(np.array(code.to_image(scale=scale))), (80, 80))
    tilted = paper.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 80, 70))
    return tilted.filter(ImageFilter.GaussianBlur(blur)) if blur else tilted


def as_jpeg(picture: Image.Image) -> bytes:
    """Write a picture as a telephone sends it."""
    return _written(picture, "JPEG", quality=80)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\0" + bytes(60) + b"PE\0\0" + bytes(200)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def opened(jpeg: bytes) -> Image.Image:
    """Decode what came out."""
    picture = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    picture.load()
    return picture


def parts_of(jpeg: bytes) -> set[str]:
    """Name the segments of a JPEG, which must end where its picture ends."""
    names, at = set(), 2
    assert jpeg[:2] == b"\xff\xd8"
    while jpeg[at + 1] != 0xDA:  # until the picture itself begins
        assert jpeg[at] == 0xFF
        marker, (length,) = jpeg[at + 1], struct.unpack("!H", jpeg[at + 2 : at + 4])
        names.add({0xE0: "JFIF", 0xDB: "DQT", 0xC0: "SOF", 0xC4: "DHT"}.get(marker, hex(marker)))
        at += 2 + length
    assert jpeg.index(b"\xff\xd9", at) == len(jpeg) - 2
    return names


def _written(picture: Image.Image, form: str, **saved) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **saved)
    return written.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))
