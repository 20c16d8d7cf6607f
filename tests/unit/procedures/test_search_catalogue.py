from datetime import UTC, date, datetime

import pytest

from bot.procedures import services
from bot.procedures.catalogue import Catalogue
from bot.procedures.procedure import Kind, Origin, Procedure
from bot.procedures.search import Decision
from bot.storage.engine import open_engine, open_sessions

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def a_procedure(code: str, name: str) -> Procedure:
    return Procedure(
        code=code, name=name, kind=Kind.STANDARD, origin=Origin.OFFICIAL, record_on=date(2026, 7, 1)
    )


@pytest.fixture
async def sessions(tmp_path):
    from bot.storage.base import Base

    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/catalogue.sqlite")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield open_sessions(engine)
    await engine.dispose()


async def keep(sessions, *procedures: Procedure) -> None:
    async with sessions() as session, session.begin():
        await services.store(session, procedures, NOW)


async def test_a_stored_procedure_is_found_after_a_refresh(sessions):
    catalogue = Catalogue(sessions, everyday_names={})
    await keep(sessions, a_procedure("1.000894", "Đăng ký kết hôn"))
    assert catalogue.find("đăng ký kết hôn").decision is Decision.NONE
    assert await catalogue.refresh()
    assert catalogue.find("đăng ký kết hôn").hits[0].code == "1.000894"


async def test_a_refresh_does_nothing_while_nothing_changed(sessions):
    catalogue = Catalogue(sessions, everyday_names={})
    await keep(sessions, a_procedure("1.000894", "Đăng ký kết hôn"))
    assert await catalogue.refresh()
    assert not await catalogue.refresh()
    await keep(sessions, a_procedure("1.000656", "Đăng ký khai tử"))
    assert await catalogue.refresh()


async def test_the_whole_record_is_read_by_its_code(sessions):
    catalogue = Catalogue(sessions, everyday_names={})
    procedure = a_procedure("1.000894", "Đăng ký kết hôn")
    await keep(sessions, procedure)
    assert await catalogue.get("1.000894") == procedure
    assert await catalogue.get("9.999999") is None
