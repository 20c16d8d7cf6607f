"""Who cannot be written to: the fake keeps the promises of the real one, on both databases."""

import pytest

from bot.channels.absences import Absence, Absences
from bot.channels.base import PassingFailure, StorageDown
from bot.storage.engine import open_engine
from tests.fakes.absences import FakeAbsences
from tests.fakes.echo import now


@pytest.fixture
def real(engine, vault):
    return Absences("telegram", engine, vault, now)


@pytest.fixture(params=["real", "fake"])
def absences(request, real):
    return real if request.param == "real" else FakeAbsences()


async def test_somebody_is_away_from_leaving_until_coming_back(absences):
    assert not await absences.is_away("an")
    for _ in range(2):
        await absences.left("an")
        assert await absences.is_away("an")
        assert await absences.keeps_from("an")
    assert not await absences.is_away("binh")
    for _ in range(2):
        await absences.came_back("an")
        assert not await absences.keeps_from("an")


async def test_channels_do_not_share_their_absences(real, engine, vault):
    await real.left("1001")
    assert not await Absences("zalo-oa", engine, vault, now).is_away("1001")


async def test_who_left_cannot_be_read_from_the_table(real, sessions):
    await real.left("1001")
    async with sessions() as session:
        (row,) = (await session.scalars(Absence.__table__.select())).all()
    assert "1001" not in row


async def test_a_storage_that_is_down_is_said(vault):
    nowhere = open_engine("sqlite:////nowhere/at/all.db")
    absences = Absences("telegram", nowhere, vault, now)
    for asked in (absences.is_away("an"), absences.left("an"), absences.came_back("an")):
        with pytest.raises(StorageDown):
            await asked
    with pytest.raises(PassingFailure):
        await absences.keeps_from("an")
    await nowhere.dispose()
