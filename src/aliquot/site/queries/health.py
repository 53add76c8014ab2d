"""Whether the site can work. Says nothing that a stranger could use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import connection

import aliquot
from aliquot.site.models import Head

Check = Callable[[], str | int]


def database() -> str:
    """Return the kind of database, once it has answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def entries() -> int:
    """Return how many entries the ledger has."""
    return Head.objects.values_list("size", flat=True).first() or 0


# Later parts add lines: a check returns what to show, or raises what the database raised.
CHECKS: Mapping[str, Check] = {"database": database, "entries": entries}


def report() -> dict[str, str | int]:
    """Return what each check found. Raises `django.db.Error` if the database does not answer."""
    return {"version": aliquot.__version__, **{name: check() for name, check in CHECKS.items()}}
