"""Alembic's entry: runs on the connection that bot.storage.upgrade hands over.

The metadata gives the names of constraints; its tables matter only to whoever writes a new
migration, and are there when ``bot.tables`` was imported.
"""

from alembic import context
from sqlalchemy.engine import Connection

from bot.storage.base import Base


def run(connection: Connection) -> None:
    """Run the migrations that the caller asked for."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
