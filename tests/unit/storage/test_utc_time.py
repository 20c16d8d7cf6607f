"""Instants are kept in UTC, and one without a time zone is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.pool import StaticPool

from bot.storage.base import UtcTime

NAIVE = datetime(2026, 11, 23, 6, 30)  # noqa: DTZ001 - what must be refused
VIETNAM = timezone(timedelta(hours=7))
TIMES = Table("times", MetaData(), Column("at", UtcTime))


@pytest.fixture(scope="module")
def connection():
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        TIMES.create(connection)
        yield connection
    engine.dispose()


def kept(connection, at):
    with connection.begin_nested() as undone:
        connection.execute(insert(TIMES), {"at": at})
        found = connection.scalar(select(TIMES.c.at))
        undone.rollback()
    return found


def test_an_instant_in_vietnam_comes_back_as_the_same_instant_in_utc(connection):
    at = datetime(2026, 11, 23, 6, 30, tzinfo=VIETNAM)
    found = kept(connection, at)
    assert found == at
    assert found.tzinfo is UTC


@given(
    st.datetimes(
        min_value=NAIVE.replace(year=1900),
        max_value=NAIVE.replace(year=9999),
        timezones=st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
def test_any_instant_survives(connection, at):
    assert kept(connection, at) == at


def test_nothing_stays_nothing(connection):
    assert kept(connection, None) is None


def test_a_datetime_without_a_time_zone_is_refused(connection):
    with pytest.raises(StatementError, match="without a time zone"):
        kept(connection, NAIVE)


def test_it_is_refused_in_a_comparison_too(connection):
    with pytest.raises(StatementError, match="without a time zone"):
        connection.execute(select(TIMES).where(TIMES.c.at < NAIVE))
