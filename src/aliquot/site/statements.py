"""How does an append speak to the database? In few statements, written out, which it need not parse each time.

For the ledger alone, within its transaction; everything else asks through the ORM. On PostgreSQL the statements
are prepared ones of the connection (after five uses; the numbers go over as bigint, so that a statement has one
form), and all that is written is one statement and one round trip. Knows no table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Self

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

Statement = tuple[str, Sequence[object]]

# PostgreSQL takes 65,535 values in a statement, SQLite at least 32,766.
VALUES_AT_ONCE = 30_000


def ask(statement: str, values: Sequence[object] = ()) -> list[tuple]:
    """Return the rows that a statement gives."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def write(statements: Iterable[Statement]) -> None:
    """Carry out statements that write, none of which needs to see what another one wrote."""
    with _cursor() as cursor:
        for statement, values in statements if cursor.db.vendor == "sqlite" else _together(statements):
            cursor.execute(statement, values)


def rows(statement: str, values: Sequence[Sequence[object]]) -> Iterable[Statement]:
    """Yield the statement with its `{rows}` filled in, for as many rows at a time as a database takes."""
    if not values:
        return
    width = len(values[0])
    marks = f"({', '.join(['%s'] * width)})"
    at_once = VALUES_AT_ONCE // width
    for first in range(0, len(values), at_once):
        some = values[first : first + at_once]
        yield statement.format(rows=", ".join([marks] * len(some))), [value for row in some for value in row]


def _together(statements: Iterable[Statement]) -> Iterable[Statement]:
    """Yield the statements as parts of as few as may be, in the words of PostgreSQL."""
    # Imported here: an instance on SQLite needs no PostgreSQL client.
    from psycopg.types.numeric import Int8

    parts: list[str] = []
    values: list[object] = []
    for statement, its_values in statements:
        if len(values) + len(its_values) > VALUES_AT_ONCE:
            yield _joined(parts), values
            parts, values = [], []
        parts.append(statement)
        values += [Int8(value) if type(value) is int else value for value in its_values]
    if parts:
        yield _joined(parts), values


def _joined(parts: Sequence[str]) -> str:
    return f"WITH {', '.join(f'part{i} AS ({part})' for i, part in enumerate(parts))} SELECT"


class _SqliteCursor(sqlite3.Cursor):
    """The driver's cursor, which finds the question marks of a statement once."""

    def execute(self, statement: str, values: Sequence[object] = ()) -> Self:
        return super().execute(_question_marks(statement), values)


@lru_cache(maxsize=64)
def _question_marks(statement: str) -> str:
    return statement.replace("%s", "?")


def _cursor() -> CursorWrapper:
    """Return the driver's own cursor, wrapped by Django for its errors and its count of queries."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor == "sqlite":
        cursor = _SqliteCursor(database.connection)
    else:
        from psycopg import Cursor

        cursor = Cursor(database.connection)
    return (database.make_debug_cursor if database.queries_logged else database.make_cursor)(cursor)
