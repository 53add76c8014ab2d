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
from aliquot.fault import Refused

Home = Annotated[
    Path | None,
    typer.Option("--home", help="The instance's folder; else ALIQUOT_HOME, else ./var.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def home_of(given: Path | None) -> Path:
    """Return the folder of the instance: the one given, else ALIQUOT_HOME, else ./var."""
    return (given or Path(os.environ.get("ALIQUOT_HOME") or "var")).absolute()


def open_home(given: Path | None) -> Path:
    """Load the site on its instance and return the folder; raise `Refused` where there is no instance."""
    try:
        import django
    except ModuleNotFoundError:
        raise Refused([fault.of("aliquot", "this command needs the site's packages, which are not installed",
                                "install Aliquot with its extra: site")]) from None  # fmt: skip
    home = home_of(given)
    os.environ["ALIQUOT_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aliquot.site.settings")
    django.setup()
    _connect()
    return home


def _connect() -> None:
    """Reach the database, or raise `Refused`."""
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
        connection.close()  # a server that starts others must not hand one connection to all of them
    except OperationalError as error:
        raise Refused([fault.of("database", "cannot be reached: {error}",
                                "see that it runs and that ALIQUOT_DATABASE_URL is right",
                                error=" ".join(str(error).split()))]) from None  # fmt: skip


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
