"""Wrong guesses are remembered for as long as they make anybody wait."""

from datetime import UTC, datetime, timedelta

from bot.storage.misses import forget_misses, forgive, misses_of, note_miss

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
EVER = NOW - timedelta(days=365)


async def test_each_guess_has_its_own_misses(sessions):
    async with sessions() as session, session.begin():
        await note_miss(session, "one", NOW)
        await note_miss(session, "one", NOW + timedelta(minutes=1))
        await note_miss(session, "other", NOW)
    async with sessions() as session:
        assert await misses_of(session, "one", EVER) == [NOW, NOW + timedelta(minutes=1)]
        assert await misses_of(session, "one", NOW + timedelta(seconds=1)) == [
            NOW + timedelta(minutes=1)
        ]
        assert await misses_of(session, "nobody", EVER) == []


async def test_a_right_guess_forgives_its_own_misses_only(sessions):
    async with sessions() as session, session.begin():
        await note_miss(session, "one", NOW)
        await note_miss(session, "other", NOW)
        await forgive(session, "one")
    async with sessions() as session:
        assert await misses_of(session, "one", EVER) == []
        assert await misses_of(session, "other", EVER) == [NOW]


async def test_old_misses_are_forgotten(engine, sessions):
    async with sessions() as session, session.begin():
        await note_miss(session, "one", NOW - timedelta(days=91))
        await note_miss(session, "one", NOW)
    async with engine.begin() as connection:
        await forget_misses(connection, NOW - timedelta(days=90))
    async with sessions() as session:
        assert await misses_of(session, "one", EVER) == [NOW]
