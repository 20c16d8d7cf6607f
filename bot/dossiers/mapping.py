"""How a source's fields, dates and words are read: data in a file, compared without diacritics."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import msgspec
from msgspec import Struct

from bot.dossiers.codes import read_code
from bot.dossiers.dossier import Dossier, Status
from bot.dossiers.errors import BadMapping, BadRow
from bot.vietnamese import clean, fold
from bot.working_time.zone import VIETNAM

DEFAULT = Path(__file__).with_name("data") / "default-mapping.yml"
DAYS = ("received_on", "due_on", "finished_on", "returned_on")
WORDS = ("procedure_code", "procedure_name", "office", "to_do")
FIELDS = frozenset({"code", "status", "phone", "identity", *DAYS, *WORDS})

_REMEMBERED = 8192  # words and days that were read before: a table has the same ones all over
_LONGEST = 2000  # characters of a field; a source that gives more in one is broken
_STAMP = re.compile(r"(\d{8})\d{4}(?:\d{2})?")  # yyyyMMddHHmm(ss), as the national service writes


class MappingFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The parts of a mapping file; data/default-mapping.yml explains them."""

    name: str = ""
    columns: dict[str, tuple[str, ...]] = {}
    dates: tuple[str, ...] = ()
    statuses: dict[str, Status] = {}


class Row(Struct, frozen=True):
    """One dossier out of a source, and by which numbers its applicant is known; empty: unknown."""

    key: str
    dossier: Dossier
    phone: str = ""
    identity: str = ""


class SourceMapping:
    """Reads the rows of one source."""

    def __init__(self, file: MappingFile, fallback: MappingFile) -> None:
        """``file`` goes before ``fallback``. Raises BadMapping."""
        columns = fallback.columns | file.columns
        unknown = sorted(columns.keys() - FIELDS)
        if unknown:
            raise BadMapping(f"there is no field {unknown[0]!r}; there are {_listed(FIELDS)}")
        self.name = file.name or fallback.name
        self._headings = {field: tuple(map(_plain, names)) for field, names in columns.items()}
        self._dates = file.dates + fallback.dates
        self._written_day = lru_cache(maxsize=_REMEMBERED)(self._read_day)
        self._statuses = {
            _plain(words): status for words, status in (fallback.statuses | file.statuses).items()
        }

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a mapping file over the default one; raises BadMapping."""
        return cls(_read(path) if path else MappingFile(), default_mapping())

    def knows(self, headings: Sequence[str]) -> bool:
        """Tell whether these are headings: both the code and the status stand under one."""
        plain = {_plain(heading) for heading in headings}
        return all(plain.intersection(self._headings[field]) for field in ("code", "status"))

    def columns(self, headings: Sequence[str]) -> dict[str, int]:
        """Find for each field the column that holds it.

        Raises BadMapping when none holds the code, or none the status.
        """
        places = {_plain(heading): place for place, heading in reversed([*enumerate(headings)])}
        found = {
            field: places[name]
            for field, names in self._headings.items()
            for name in [next((name for name in names if name in places), None)]
            if name is not None
        }
        missing = [field for field in ("code", "status") if field not in found]
        if missing:
            raise BadMapping(
                f"no column holds the {' and the '.join(missing)}; "
                "name the headings under `columns` in a mapping file"
            )
        return found

    def read(self, values: Mapping[str, object]) -> Row:
        """Understand one row, by fields. Raises BadRow."""
        texts = {field: _text(field, value) for field, value in values.items()}
        code = read_code(texts.get("code", ""))
        if code is None:
            raise BadRow("code: no dossier code")
        if not texts.get("status"):
            raise BadRow("status: empty")
        told: dict[str, Any] = {field: texts.get(field, "") for field in WORDS}
        told |= {field: self._day(field, values.get(field)) for field in DAYS}
        dossier = Dossier(
            code=texts["code"],
            status=self._statuses.get(_plain(texts["status"]), Status.UNKNOWN),
            status_words=texts["status"],
            source=self.name,
            **told,
        )
        _check_days(dossier)
        return Row(code.key, dossier, texts.get("phone", ""), texts.get("identity", ""))

    def _day(self, field: str, value: object) -> date | None:
        if isinstance(value, datetime):
            return value.astimezone(VIETNAM).date() if value.tzinfo else value.date()
        if isinstance(value, date):
            return value
        text = _text(field, value)
        return self._written_day(field, text) if text else None

    def _read_day(self, field: str, text: str) -> date:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return self._day_in(field, text)
        return moment.astimezone(VIETNAM).date() if moment.tzinfo else moment.date()

    def _day_in(self, field: str, text: str) -> date:
        stamp = _STAMP.fullmatch(text)
        day = stamp[1] if stamp else text.split()[0]
        for written in self._dates:
            try:
                return datetime.strptime(day, written).date()  # noqa: DTZ007 - a day, no instant
            except ValueError:
                continue
        raise BadRow(f"{field}: no date")


def default_mapping() -> MappingFile:
    """Read the mapping that stands behind every other."""
    return _read(DEFAULT)


def _check_days(dossier: Dossier) -> None:
    """A due date before the acceptance is a slip of the source; an answer from it would be one."""
    if dossier.received_on and dossier.due_on and dossier.due_on < dossier.received_on:
        raise BadRow("due_on: before received_on")


def _read(path: Path) -> MappingFile:
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=MappingFile)
    except OSError as error:
        raise BadMapping(f"{path} cannot be read: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise BadMapping(f"{path}: {error}") from None


def _text(field: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # spreadsheets make numbers of codes and telephone numbers
    read = _again if field in WORDS or field == "status" else _cleaned  # no number is remembered
    text = read(str(value))
    if len(text) > _LONGEST:
        raise BadRow(f"{field}: longer than {_LONGEST} characters")
    return text


def _cleaned(text: str) -> str:
    return clean(text).strip()


_again = lru_cache(maxsize=_REMEMBERED)(_cleaned)


@lru_cache(maxsize=_REMEMBERED)
def _plain(words: str) -> str:
    return re.sub(r"[^0-9a-z]", "", fold(clean(words)))


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
