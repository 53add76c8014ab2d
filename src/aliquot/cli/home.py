"""Which instance a command works on, and opening it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from aliquot import fault
from aliquot.fault import Fault, Refused

Home = Annotated[
    Path | None,
    typer.Option("--home", help="The instance's folder; else ALIQUOT_HOME, else ./var.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def home_of(given: Path | None) -> Path:
    """Return the folder of the instance: the one given, else ALIQUOT_HOME, else ./var."""
    return (given or Path(os.environ.get("ALIQUOT_HOME") or "var")).absolute()


def open_home(given: Path | None) -> Path:
    """Load the site on its instance and return the folder; raise `Refused` where there is no whole instance."""
    home = load(given)
    _check_database()
    return home


def load(given: Path | None) -> Path:
    """Load the site on the folder of an instance, whatever is in its database."""
    try:
        import django
    except ModuleNotFoundError:
        raise Refused([fault.of("aliquot", "this command needs the site's packages, which are not installed",
                                "install Aliquot with its extra: site")]) from None  # fmt: skip
    home = home_of(given)
    os.environ["ALIQUOT_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aliquot.site.settings")
    django.setup()
    return home


def tables() -> list[str]:
    """Return the names of the tables in the database; raise `Refused` where it cannot be reached."""
    from django.db import DatabaseError, connection

    try:
        found = connection.introspection.table_names()
        connection.close()  # a server that starts others must not hand one connection to all of them
    except DatabaseError as error:
        raise Refused([unreachable(error)]) from None
    return sorted(found)


def unreachable(error: Exception) -> Fault:
    """Return what the database says of itself, in one line."""
    return fault.of("database", "cannot be used: {error}",
                    "see that it runs, has room, and that ALIQUOT_DATABASE_URL is right",
                    error=" ".join(str(error).split()) or "no reason was given")  # fmt: skip


def _check_database() -> None:
    """Raise `Refused` unless an instance is in the database: the wrong one may be named, or none."""
    from django.db import connection

    from aliquot.site.models import Head

    on_file = connection.vendor == "sqlite"
    # SQLite makes a file that it does not find: a command that only reads must not.
    there = not on_file or Path(connection.settings_dict["NAME"]).is_file()
    if there and Head._meta.db_table in tables():
        return
    todo = "set ALIQUOT_DATABASE_URL, or restore the file from a backup" if on_file else (
        "see that ALIQUOT_DATABASE_URL names the database that was made for it")  # fmt: skip
    raise Refused([fault.of("database", "holds no instance of Aliquot", todo)])


def shown(path: Path) -> str:
    """Return a path as a person may read it, whatever bytes are in its name."""
    return fault.seen(str(path))


def print_json(document: Mapping[str, object] | Iterable[Mapping[str, object]]) -> None:
    """Write one JSON document to standard output."""
    shown = document if isinstance(document, Mapping) else list(document)
    json.dump(shown, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def now() -> datetime:
    """The time, which the library and the operations are always handed."""
    return datetime.now(UTC).replace(microsecond=0)
