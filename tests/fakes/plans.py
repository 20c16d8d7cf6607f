"""How a real database would find the rows of a statement: asked, not guessed."""

import re
import sqlite3
from collections.abc import Iterator, Set
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

from tests.fakes.statements import Statement

_ALIAS = re.compile(r"_\d+$")  # SQLAlchemy's name for a table that comes twice
_SCANS = ("Seq Scan", "Index Scan", "Index Only Scan")
# What sees everything before it gives anything.
_GATHERS = ("Sort", "Hash", "Aggregate", "Materialize")


class Planner(Protocol):
    """Asks a database for its plans."""

    def walked(self, statement: Statement) -> Set[str]:
        """Name the tables that are read from one end to the other.

        Reading on in the order of an index until a page is full is not reading it whole.
        """

    def close(self) -> None:
        """Let the database go."""


def planner_of(url: str) -> Planner:
    return SqlitePlanner(url) if url.startswith("sqlite") else PostgresPlanner(url)


def read_whole(planner: Planner, statement: Statement, tables: Set[str]) -> Set[str]:
    """Name those of some tables that a statement reads whole."""
    if not statement.sql.startswith(("SELECT", "UPDATE", "DELETE")):
        return set()
    return planner.walked(statement) & tables


class SqlitePlanner:
    """Knows no figures of tables, so the plan over few rows is that over many."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(make_url(url).database or "")

    def walked(self, statement: Statement) -> Set[str]:
        plan = self._connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
        steps = [row[3] for row in plan]
        if "LIMIT" in statement.sql and not any("TEMP B-TREE" in step for step in steps):
            return set()
        return {_ALIAS.sub("", step.split()[1]) for step in steps if step.startswith("SCAN ")}

    def close(self) -> None:
        self._connection.close()


class PostgresPlanner:
    """Few rows are read whole, and rightly: what is asked is whether an index would fit."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        for way in ("seqscan", "hashjoin", "mergejoin"):
            self._connection.execute(f"SET enable_{way} = off")

    def walked(self, statement: Statement) -> Set[str]:
        by_condition, in_order = (self._walked(statement, sort) for sort in ("on", "off"))
        return by_condition & in_order

    def _walked(self, statement: Statement, sort: str) -> Set[str]:
        self._connection.execute(f"SET enable_sort = {sort}")
        explained = f"EXPLAIN (FORMAT JSON) {statement.sql}"
        ((plans,),) = self._connection.execute(explained, statement.parameters).fetchall()
        return set(_walks(plans[0]["Plan"], until_enough=False))

    def close(self) -> None:
        self._connection.close()


def _walks(node: dict[str, Any], *, until_enough: bool) -> Iterator[str]:
    """Yield the tables that a node of a plan, or one below it, reads whole."""
    kind = node["Node Type"]
    if kind in _SCANS and "Index Cond" not in node and not until_enough:
        yield node["Relation Name"]
    goes_on = kind == "Limit" or (until_enough and kind not in _GATHERS)
    for below in node.get("Plans", ()):
        yield from _walks(below, until_enough=goes_on)
