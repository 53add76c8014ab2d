"""A new instance gets its tables in one step; they are those that the steps of old lead to."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

in_one = import_module("aliquot.site.migrations.0001_squashed_0019_articles")
LAST = ("aliquot", "0019_articles")


def test_the_one_step_ends_where_the_nineteen_do() -> None:
    step_by_step = MigrationLoader(None, replace_migrations=False).project_state(LAST)
    at_once = MigrationLoader(None).project_state(("aliquot", "0001_squashed_0019_articles"))
    ours = {key: model for key, model in step_by_step.models.items() if key[0] == "aliquot"}
    assert {key: at_once.models[key] for key in ours} == ours
    assert {key for key in at_once.models if key[0] == "aliquot"} == set(ours)


@pytest.mark.django_db
def test_each_append_only_table_has_its_triggers() -> None:
    tables = {table for part in in_one.GUARDED for table in part.TABLES}
    named = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        named = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(named)
        found = set(cursor.fetchall())
    assert "aliquot_entry" in tables
    assert {(table, f"{table}_refuses_{act}") for table in tables for act in ("update", "delete")} <= found
