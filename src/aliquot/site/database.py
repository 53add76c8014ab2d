"""Which database an instance uses: a file of its own, or the PostgreSQL that ALIQUOT_DATABASE_URL names.

Returns values; opens no connection. The address is read by libpq itself, so that whatever `psql` accepts
(sockets, several hosts, percent-encoding, options) is accepted here. Faults never repeat the address: it may
hold a password.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aliquot import fault

SECONDS_TO_WAIT_FOR_A_LOCK = 20

# synchronous=FULL: an entry that was answered with "done" survives a power cut.
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL database; `options` are libpq's own, such as `sslmode`."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: tuple[tuple[str, str], ...]


def read(url: str) -> Database:
    """Return the database that an address names, or raise `Refused`."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise fault.Refused(
            [
                fault.of(
                    "ALIQUOT_DATABASE_URL",
                    "is not the address of a PostgreSQL database",
                    "write postgresql://USER:PASSWORD@HOST:PORT/NAME, or leave it out to use SQLite",
                )
            ]
        )
    # Imported here: an instance on SQLite needs no PostgreSQL client.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError:
        raise fault.Refused([_unreadable()]) from None  # its message would show the password
    if not all(port.isascii() and port.isdigit() for port in parts.get("port", "").split(",") if port):
        raise fault.Refused([_unreadable()])
    if not parts.get("dbname"):
        raise fault.Refused([_nameless()])
    named = {key: parts.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    return Database(
        name=named["dbname"],
        user=named["user"],
        password=named["password"],
        host=named["host"],
        port=named["port"],
        options=tuple(sorted(parts.items())),
    )


def settings(database: Database | None, *, file: Path) -> dict[str, object]:
    """Return what Django wants to know about the database; None means the instance's own file."""
    if database is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": file,
            # IMMEDIATE: a transaction that will write waits its turn at once instead of failing midway.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": SECONDS_TO_WAIT_FOR_A_LOCK,
                "init_command": PRAGMAS,
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        # After how many uses a statement of `site.statements` is prepared; the ORM's never are.
        "OPTIONS": {**dict(database.options), "prepare_threshold": 5},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _unreadable() -> fault.Fault:
    return fault.of(
        "ALIQUOT_DATABASE_URL",
        "cannot be read as the address of a PostgreSQL database",
        "write a special character in the user, password or path as %XX",
    )


def _nameless() -> fault.Fault:
    return fault.of(
        "ALIQUOT_DATABASE_URL",
        "names no database",
        "end it with the database's name: postgresql://HOST/NAME",
    )
