"""Every migration, up and down, on both databases, and at the top exactly what the code maps."""

import asyncio
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Enum, inspect, select

from bot.feedback.category import Category
from bot.feedback.deadlines import load_deadlines
from bot.feedback.models import Evidence, Media
from bot.feedback.services import Desk, Told, open_case, verify_chain
from bot.storage.engine import open_engine, open_sessions
from bot.storage.upgrade import downgrade, migrating, upgrade
from bot.tables import METADATA


def revisions(database_url: str) -> list[str]:
    """Name the migrations from the first to the last; there is one line of them."""
    with migrating(database_url) as config:
        script = ScriptDirectory.from_config(config)
        assert len(script.get_heads()) == 1
        return [step.revision for step in script.walk_revisions()][::-1]


def tables(database_url: str) -> set[str]:
    with migrating(database_url) as config:
        return set(inspect(config.attributes["connection"]).get_table_names())


def schema(database_url: str) -> dict[str, object]:
    """Everything that the database tells about its tables."""
    with migrating(database_url) as config:
        asked = inspect(config.attributes["connection"])
        return {
            table: [
                [(column["name"], str(column["type"])) for column in asked.get_columns(table)],
                [in_words(index) for index in asked.get_indexes(table)],
                sorted(asked.get_unique_constraints(table), key=by_name),
                sorted(asked.get_foreign_keys(table), key=by_name),
                sorted(check["name"] for check in asked.get_check_constraints(table)),
            ]
            for table in sorted(asked.get_table_names())
        }


def by_name(constraint: dict) -> str:
    return constraint["name"]  # in which order they were made says nothing


def in_words(index: dict) -> dict:
    """Make an index comparable: the condition of a partial one is an object, equal to no other."""
    options = index.get("dialect_options", {})
    return index | {"dialect_options": {name: str(value) for name, value in options.items()}}


def test_each_migration_goes_up_and_back_and_leaves_what_it_found(empty_database):
    before = schema(empty_database)
    for revision in revisions(empty_database):
        upgrade(empty_database, revision)
        after = schema(empty_database)
        downgrade(empty_database, "-1")
        before.setdefault("alembic_version", after["alembic_version"])
        assert schema(empty_database) == before
        upgrade(empty_database, revision)
        before = after


def test_walked_down_to_the_ground_no_table_is_left(empty_database):
    steps = revisions(empty_database)
    upgrade(empty_database)
    assert tables(empty_database) >= set(METADATA.tables)
    for _ in steps:
        downgrade(empty_database, "-1")
    assert tables(empty_database) <= {"alembic_version"}
    assert upgrade(empty_database) == (None, steps[-1])


def test_the_database_is_what_the_models_say(database_url):
    with migrating(database_url) as config:
        context = MigrationContext.configure(
            config.attributes["connection"],
            opts={"compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, METADATA) == []


def test_the_constraints_have_the_names_that_the_models_give_them(database_url):
    """Alembic compares no checks; a migration can only drop what it can name."""
    with migrating(database_url) as config:
        asked = inspect(config.attributes["connection"])
        for table in METADATA.tables.values():
            mapped = {str(each.name) for each in table.constraints}
            there = {check["name"] for check in asked.get_check_constraints(table.name)}
            there |= {key["name"] for key in asked.get_foreign_keys(table.name)}
            there |= {each["name"] for each in asked.get_unique_constraints(table.name)}
            there |= {asked.get_pk_constraint(table.name)["name"]}
            assert there == mapped


async def test_a_table_made_anew_keeps_its_rows_and_those_that_point_to_them(database_url, vault):
    engine = open_engine(database_url)
    async with open_sessions(engine)() as session, session.begin():
        told = Told(Category.DELAY, "Hồ sơ trễ hẹn", "web", "2026-11")
        case, _ = await open_case(session, Desk(vault, load_deadlines()), told, datetime.now(UTC))
        session.add(a_bound_piece(case.id))
    await engine.dispose()
    await asyncio.to_thread(downgrade, database_url, "0009")
    await asyncio.to_thread(upgrade, database_url)
    engine = open_engine(database_url)
    async with open_sessions(engine)() as session:
        assert (await session.scalars(select(Evidence.event_number))).all() == [1]
        assert (await verify_chain(session, vault)).whole
    await engine.dispose()


def a_bound_piece(case_id: int) -> Evidence:
    return Evidence(
        id="0" * 32,
        owner="",
        case_id=case_id,
        event_number=1,
        media=Media.JPEG,
        size=0,
        sent_at=datetime.now(UTC),
        hash="",
        content=b"",
        thumbnail=b"",
        dossiers=b"",
    )


def test_the_checks_of_enums_allow_what_the_models_know(database_url):
    """Several migrations write the list of a growing enum anew; none may forget another's."""
    with migrating(database_url) as config:
        asked = inspect(config.attributes["connection"])
        for table in METADATA.tables.values():
            checks = {each["name"]: each for each in asked.get_check_constraints(table.name)}
            for column in table.columns:
                if not isinstance(column.type, Enum):
                    continue
                check = checks[f"ck_{table.name}_{column.type.name}"]["sqltext"]
                assert [value for value in column.type.enums if f"'{value}'" not in check] == []


def test_upgrading_again_changes_nothing(database_url):
    before = schema(database_url)
    at, after = upgrade(database_url)
    assert at == after == revisions(database_url)[-1]
    assert schema(database_url) == before


def test_an_unknown_revision_is_refused(empty_database):
    with pytest.raises(CommandError):
        upgrade(empty_database, "no-such-revision")
