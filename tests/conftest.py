"""One instance in a temporary folder for all tests that need the site; the library's tests need none.

The database is a file of that instance, or the PostgreSQL that ALIQUOT_DATABASE_URL names.
"""

from __future__ import annotations

import os
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

KEPT = {"ALIQUOT_DATABASE_URL"}
FOLDER = tempfile.TemporaryDirectory(prefix="aliquot-tests-")
HOME = Path(FOLDER.name) / "instance"


def set_up_the_site() -> None:
    """Make the instance and set Django up on it."""
    import django
    from django.conf import settings

    from aliquot.site import instance

    for name in [name for name in os.environ if name.startswith("ALIQUOT_") and name not in KEPT]:
        del os.environ[name]  # a developer's own instance is nothing to test on
    instance.make(HOME, origin="example.org/aliquot-tests", facility="A facility for tests")
    os.environ["ALIQUOT_HOME"] = str(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "aliquot.site.settings"
    django.setup()
    # A worker of pytest-xdist inherits this environment, and would take this instance for its own before it has one.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    if settings.ENVIRONMENT.database is None:
        # A file, as in earnest: in memory SQLite would not let two threads write in turn.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(HOME / "tests.sqlite3")


def clear_in_spite_of_the_triggers() -> None:
    """Let a test that commits be cleared away after it: the ledger's tables refuse that, as they should."""
    from django.apps import apps
    from django.db import connection
    from django.test import TransactionTestCase

    append_only = import_module("aliquot.site.migrations.0003_ledger_is_append_only")
    folder = Path(append_only.__file__).parent
    every = [import_module(f"aliquot.site.migrations.{path.stem}") for path in sorted(folder.glob("0*.py"))]
    guarded = [one for one in every if hasattr(one, "forbid")]
    clear = TransactionTestCase._fixture_teardown

    def clear_the_ledger_too(case: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            for one in reversed(guarded):
                one.allow(apps, editor)
        clear(case)
        with connection.schema_editor() as editor:
            append_only.make_head(apps, editor)
            for one in guarded:
                one.forbid(apps, editor)

    TransactionTestCase._fixture_teardown = clear_the_ledger_too


def build_the_middleware_once() -> None:
    """Let all test clients share one chain of middleware: building it lists every static file, thirty times a page.

    Under settings that a test has changed it is built anew, as middleware reads settings when it is built.
    """
    from django.conf import Settings, settings
    from django.core.handlers.base import BaseHandler

    build = BaseHandler.load_middleware
    built: dict[object, dict[str, object]] = {}

    def build_or_share(handler: BaseHandler, is_async: bool = False) -> None:
        now = settings._wrapped
        key = (type(handler), is_async)
        if isinstance(now, Settings) and key in built:
            vars(handler).update(built[key])
            return
        before = dict(vars(handler))
        build(handler, is_async)
        if isinstance(now, Settings):
            built[key] = {
                name: value for name, value in vars(handler).items() if before.get(name) is not value
            }

    BaseHandler.load_middleware = build_or_share


# While this file loads, and not in a hook: the conftest files below it import models.
if find_spec("django"):
    set_up_the_site()
    clear_in_spite_of_the_triggers()
    build_the_middleware_once()


OF_THE_DATABASE = {"db", "transactional_db", "own_database"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what uses the database, and that alone: everything else is tested beside SQLite."""
    if not os.environ.get("ALIQUOT_DATABASE_URL"):
        return
    used = [
        bool(OF_THE_DATABASE & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"))
        for item in items
    ]
    config.hook.pytest_deselected(items=[item for item, uses in zip(items, used, strict=True) if not uses])
    items[:] = [item for item, uses in zip(items, used, strict=True) if uses]


def pytest_unconfigure() -> None:
    FOLDER.cleanup()


@pytest.fixture(scope="session")
def home() -> Path:
    """The folder of the instance that the site runs on in these tests."""
    return HOME
