"""The library needs no site: no Django, no clock, no chance, no settings, no environment."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import aliquot

SOURCE = Path(aliquot.__file__).parent
FILES = sorted(
    path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] not in ("site", "cli")
)
SITE_ONLY = (
    "django", "allauth", "csp", "django_htmx", "ninja", "granian", "psycopg", "structlog", "tantivy", "whitenoise",
)  # fmt: skip
# Modules that tell the time, throw dice, or ask the machine.
FORBIDDEN = {"os", "random", "secrets", "time", "uuid", "socket", "getpass", "locale", "tempfile", "platform"}
# ... and the names by which others do.
ASKS = {"now", "utcnow", "today", "environ", "getenv", "urandom", "cwd", "home", "expanduser"}


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_there_is_a_library() -> None:
    assert {"aliquot.ledger", "aliquot.book", "aliquot.verify"} <= set(map(module_name, FILES))


def test_the_whole_library_is_imported_where_there_is_no_django() -> None:
    names = [module_name(path) for path in FILES]
    program = f"""
import sys
for name in {SITE_ONLY}:
    sys.modules[name] = None
import importlib
for name in {names}:
    importlib.import_module(name)
    assert name in sys.modules
assert not [name for name, module in sys.modules.items() if module and name.startswith("aliquot.site")]
print(len({names}))
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, str(len(names))), done.stderr


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_a_module_of_the_library_is_handed_the_time_the_chance_and_the_data(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported = {(node.module or "").split(".")[0], *(alias.name for alias in node.names)} - {""}
        else:
            imported = {node.attr} & ASKS if isinstance(node, ast.Attribute) else set()
        assert not imported & (FORBIDDEN | ASKS | {*SITE_ONLY}), f"line {getattr(node, 'lineno', '?')}"
