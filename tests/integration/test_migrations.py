"""Every migration, up and down, on both databases, and at the top exactly what the code maps."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect

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
                asked.get_unique_constraints(table),
                sorted(asked.get_foreign_keys(table), key=lambda each: each["name"]),
                sorted(check["name"] for check in asked.get_check_constraints(table)),
            ]
            for table in sorted(asked.get_table_names())
        }


def in_words(index: dict) -> dict:
    """Make an index comparable: the condition of a partial one is an object, equal to no other."""
    options = index.get("dialect_options", {})
    return index | {"dialect_options": {name: str(value) for name, value in options.items()}}


def test_each_migration_goes_up_and_back_and_leaves_what_it_found(empty_database):
    for revision in revisions(empty_database):
        before = schema(empty_database)
        upgrade(empty_database, revision)
        after = schema(empty_database)
        downgrade(empty_database, "-1")
        before.setdefault("alembic_version", after["alembic_version"])
        assert schema(empty_database) == before
        upgrade(empty_database, revision)
        assert schema(empty_database) == after


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


def test_upgrading_again_changes_nothing(database_url):
    before = schema(database_url)
    at, after = upgrade(database_url)
    assert at == after == revisions(database_url)[-1]
    assert schema(database_url) == before


def test_an_unknown_revision_is_refused(empty_database):
    with pytest.raises(CommandError):
        upgrade(empty_database, "no-such-revision")
