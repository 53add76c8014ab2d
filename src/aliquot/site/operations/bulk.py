"""Writing very many rows at once: COPY on PostgreSQL, one prepared statement on SQLite. No ORM, no checks.

For who has checked the rows already and holds a transaction; the constraints of the database still hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, models


def reserve(model: type[models.Model], count: int) -> Sequence[int]:
    """Return row numbers of a table that nobody else is given. On SQLite the caller holds the write lock."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row for (row,) in cursor.fetchall()]
        # AUTOINCREMENT: the number of a row that was removed is not given again.
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return range(last + 1, last + 1 + count)


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the rows, whose values are in the order of the columns."""
    quote = connection.ops.quote_name
    into = f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            # The cursor of sqlite3 itself: Django's would look at every row's parameters once more.
            cursor.connection.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608
