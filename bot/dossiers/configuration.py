"""The file that says which systems dossiers are looked up in (BOT_DOSSIER_SOURCES).

    sources:
      - mapping: mot-cua-tinh.yml        # optional; beside this file
        prefixes: [H29]                  # optional; of the codes that it answers for
        table: true                      # rows of `python -m bot dossiers import`
      - mapping: bo-tu-phap.yml
        prefixes: [G15]
        http:
          url: https://mot-cua.example.gov.vn/api/ho-so/{code}
          headers: {Authorization: "Bearer ${DOSSIER_TOKEN_G15}"}   # out of the environment
          exists: data != null
          fields: {code: data.maHoSo, status: data.trangThai, phone: data.dienThoai}

Without a file, what was imported is all there is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.dossiers.errors import BadMapping
from bot.dossiers.http_json import HttpSettings, HttpSource
from bot.dossiers.mapping import SourceMapping
from bot.dossiers.sources import Served, Source, Sources
from bot.dossiers.table import TableSource
from bot.storage.vault import Vault

if TYPE_CHECKING:
    import aiohttp

_VARIABLE = re.compile(r"\$\{(\w+)\}")


class OneSource(Struct, frozen=True, forbid_unknown_fields=True):
    """One source of the file: a table, or a system that is asked over HTTP."""

    mapping: str = ""
    prefixes: tuple[str, ...] = ()
    table: bool = False
    http: HttpSettings | None = None


class SourcesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as a whole."""

    sources: tuple[OneSource, ...]


@dataclass(frozen=True)
class Means:
    """What sources need from outside."""

    sessions: async_sessionmaker[AsyncSession]
    vault: Vault
    http: "aiohttp.ClientSession"
    environment: Mapping[str, str]
    today: Callable[[], date]


def read_sources(path: Path | None) -> SourcesFile:
    """Read the file; without one there is the table alone. Raises BadMapping."""
    if path is None:
        return SourcesFile((OneSource(table=True),))
    try:
        file = msgspec.yaml.decode(path.read_bytes(), type=SourcesFile)
    except OSError as error:
        raise BadMapping(f"{path} cannot be read: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise BadMapping(f"{path}: {error}") from None
    for number, each in enumerate(file.sources, 1):
        if each.table is (each.http is not None):
            raise BadMapping(f"{path}: source {number} is either a table or asked over http")
    return file


def build_sources(file: SourcesFile, folder: Path, means: Means) -> Sources:
    """Make the sources of a file whose mappings lie in ``folder``. Raises BadMapping."""
    return Sources([Served(_build(each, folder, means), each.prefixes) for each in file.sources])


def _build(one: OneSource, folder: Path, means: Means) -> Source:
    if one.http is None:
        return TableSource(means.sessions, means.vault)
    mapping = SourceMapping.load(folder / one.mapping if one.mapping else None)
    headers = {name: _filled(value, means.environment) for name, value in one.http.headers.items()}
    settings = msgspec.structs.replace(one.http, headers=headers)
    return HttpSource(means.http, settings, mapping, means.vault, means.today)


def _filled(value: str, environment: Mapping[str, str]) -> str:
    def look_up(variable: re.Match[str]) -> str:
        if variable[1] not in environment:
            raise BadMapping(f"a header needs the environment variable {variable[1]}")
        return environment[variable[1]]

    return _VARIABLE.sub(look_up, value)
