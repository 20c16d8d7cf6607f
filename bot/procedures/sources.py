"""Reading the files that hold official records: streaming, and trusting none of them.

A source is a ``.jsonl`` or ``.jsonl.gz`` (one record a line), a ``.json`` (one record, a list of
them or an answer of the portal), a folder of ``.json`` files at any depth, or a ``.zip`` of any
of these. Nothing is ever unpacked to disk.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

import msgspec

from bot.procedures.errors import SourceRefused

MAX_LINE_BYTES = 16 * 2**20
MAX_FILE_BYTES = 512 * 2**20  # of one .json, which is read as a whole
MAX_TOTAL_BYTES = 4 * 2**30  # of everything in one source, unpacked
MAX_MEMBERS = 100_000
_SUFFIXES = (".jsonl", ".jsonl.gz", ".json")
_SYMLINK = 0o120000
_FILE_TYPE = 0o170000


@dataclass(frozen=True)
class Entry:
    """One record as decoded JSON, or the ``problem`` that kept it from being read.

    ``where`` names the file and line for operators; ``cost`` is the number of bytes of the source
    that were used up since the entry before (for the progress bar).
    """

    where: str
    record: object = None
    problem: str = ""
    cost: int = 0


def source_size(path: Path) -> int:
    """Return the bytes that reading ``path`` will use up; raises SourceRefused."""
    if path.is_dir():
        return sum(file.stat().st_size for file in _json_files(path))
    if not path.is_file():
        raise SourceRefused(f"{path} is not there")
    if path.suffix.lower() == ".zip":
        with _open_zip(path) as archive:
            return sum(member.file_size for member in _members(archive))
    return path.stat().st_size


def read_source(path: Path) -> Iterator[Entry]:
    """Yield every record of a source; raises SourceRefused when it must not be read at all."""
    source_size(path)
    try:
        yield from _read_any(path)
    except PermissionError:
        raise SourceRefused(f"{path} may not be read") from None


def _read_any(path: Path) -> Iterator[Entry]:
    name = path.name.lower()
    if path.is_dir():
        for file in _json_files(path):
            with file.open("rb") as stream:
                yield from _read_json(stream, str(file.relative_to(path)), file.stat().st_size)
    elif name.endswith(".zip"):
        yield from _read_zip(path)
    elif name.endswith(_SUFFIXES):
        with path.open("rb") as stream:
            yield from _read_stream(stream, path.name, path.stat().st_size)
    else:
        raise SourceRefused(
            f"{path.name} is none of .jsonl, .jsonl.gz, .json, .zip and not a folder"
        )


def _json_files(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() == ".json" and file.is_file() and not file.is_symlink()
    )


def _read_stream(stream: IO[bytes], name: str, size: int) -> Iterator[Entry]:
    if name.lower().endswith(".gz"):
        with gzip.open(stream) as unpacked:
            yield from _read_lines(cast(IO[bytes], unpacked), stream, name)
    elif name.lower().endswith(".jsonl"):
        yield from _read_lines(stream, stream, name)
    else:
        yield from _read_json(stream, name, size)


def _read_lines(lines: IO[bytes], packed: IO[bytes], name: str) -> Iterator[Entry]:
    """Yield one entry a line; ``packed`` is the stream whose position tells the progress."""
    position = total = number = 0
    while True:
        number += 1
        where = f"{name} line {number}"
        try:
            line, length = _read_line(lines)
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile):
            yield Entry(where, problem="the file is damaged or cut off here")
            return
        total += length
        if not line and not length:
            return
        if total > MAX_TOTAL_BYTES:
            raise SourceRefused(f"{name} unpacks to more than {MAX_TOTAL_BYTES >> 30} GB")
        before, position = position, packed.tell()
        if length > MAX_LINE_BYTES:
            yield Entry(where, problem=f"longer than {MAX_LINE_BYTES >> 20} MB")
        elif line.strip():
            yield _decode(line, where, position - before)


def _read_line(lines: IO[bytes]) -> tuple[bytes, int]:
    """Return a line and its length; of one that is too long only the length is kept."""
    line = lines.readline(MAX_LINE_BYTES + 1)
    length = len(line)
    part = line
    while length > MAX_LINE_BYTES and part and not part.endswith(b"\n"):
        part = lines.readline(MAX_LINE_BYTES)
        length += len(part)
        if length > MAX_TOTAL_BYTES:
            break
    return line, length


def _decode(text: bytes, where: str, cost: int) -> Entry:
    try:
        text.decode()  # a wrong byte is refused wherever it stands
        return Entry(where, msgspec.json.decode(text), cost=cost)
    except UnicodeDecodeError:
        return Entry(where, problem="not valid UTF-8", cost=cost)
    except msgspec.DecodeError as error:
        return Entry(where, problem=f"not valid JSON: {error}", cost=cost)
    except RecursionError:
        return Entry(where, problem="nested too deeply", cost=cost)


def _read_json(stream: IO[bytes], name: str, size: int) -> Iterator[Entry]:
    try:
        text = stream.read(MAX_FILE_BYTES + 1)
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile):
        yield Entry(name, problem="the file is damaged or cut off")
        return
    if len(text) > MAX_FILE_BYTES:
        yield Entry(name, problem=f"larger than {MAX_FILE_BYTES >> 20} MB", cost=size)
        return
    whole = _decode(text, name, size)
    records = whole.record if whole.problem else _unwrap(whole.record)
    if not isinstance(records, list):
        yield Entry(name, records, whole.problem, cost=size)
        return
    yield Entry(name, cost=size) if not records else Entry(f"{name} item 1", records[0], cost=size)
    for number, record in enumerate(records[1:], start=2):
        yield Entry(f"{name} item {number}", record)


def _unwrap(value: object) -> object:
    """Take records out of an answer of the portal: ``{"data": {"data": {"items": […]}}}``."""
    while isinstance(value, dict) and "executionMethods" not in value and "detail" not in value:
        inner = value.get("data", value.get("items"))
        if not isinstance(inner, dict | list):
            break
        value = inner
    return value


def _read_zip(path: Path) -> Iterator[Entry]:
    with _open_zip(path) as archive:
        for member in _members(archive):
            if not member.filename.lower().endswith(_SUFFIXES):
                continue
            with archive.open(member) as stream:
                yield from _read_stream(stream, member.filename, member.file_size)


@contextmanager
def _open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise SourceRefused(f"{path.name} is not a readable zip") from None
    with archive:
        yield archive


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the archive's files; raises SourceRefused when one of them is a trick."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        raise SourceRefused(f"the zip holds more than {MAX_MEMBERS} files")
    if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise SourceRefused(f"the zip unpacks to more than {MAX_TOTAL_BYTES >> 30} GB")
    for member in members:
        _refuse_tricks(member)
    return members


def _refuse_tricks(member: zipfile.ZipInfo) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise SourceRefused("the zip holds a path that leads out of it")
    if (member.external_attr >> 16) & _FILE_TYPE == _SYMLINK:
        raise SourceRefused("the zip holds a link instead of a file")
    if member.flag_bits & 1:
        raise SourceRefused("the zip is encrypted")
    if member.file_size > MAX_FILE_BYTES and member.filename.lower().endswith(".json"):
        raise SourceRefused(f"the zip holds a .json larger than {MAX_FILE_BYTES >> 20} MB")
