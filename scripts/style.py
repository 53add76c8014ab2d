"""What the house style asks and no linter knows: the length of files and functions, and plain pages.

Prints a line for each place that is not in order.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("bench", "scripts", "src", "tests")
FILE_LINES = 600
FUNCTION_LINES = 70  # a screen
VIEW_LINES = 25
SCRIPT_LINES = 60
INLINE = re.compile(r"""\sstyle=["']|<style[\s>]|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|javascript:""")


def code(path: Path, text: str) -> Iterator[tuple[int, str]]:
    lines = text.count("\n")
    if lines > FILE_LINES and "migrations" not in path.parts:
        yield 1, f"has {lines} lines; part it by what it answers, {FILE_LINES} is the end"
    view = "web" in path.parts
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            most = VIEW_LINES if view and _takes_request(node) else FUNCTION_LINES
            if length > most:
                yield node.lineno, f"{node.name} has {length} lines; part it, {most} is the end"


def _takes_request(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(node.args.args) and node.args.args[0].arg == "request"


def template(_path: Path, text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if INLINE.search(line):
            yield number, "has a script or a style in the page, which the content security policy forbids"


def script(_path: Path, text: str) -> Iterator[tuple[int, str]]:
    if text.count("\n") > SCRIPT_LINES:
        yield 1, f"is longer than {SCRIPT_LINES} lines; one behaviour, one file"
    if not text.startswith("// @ts-check"):
        yield 1, "does not begin with // @ts-check"


def styles(_path: Path, text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if "!important" in line:
            yield number, "has !important; let the token or the component decide"


RULES = {".py": code, ".html": template, ".js": script, ".css": styles}


def found() -> Iterator[str]:
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")):
        rule = RULES.get(path.suffix)
        if rule:
            name = path.relative_to(ROOT)
            yield from (f"{name}:{line}: {what}" for line, what in rule(name, path.read_text("utf-8")))


if __name__ == "__main__":
    lines = list(found())
    print("\n".join(lines))
    sys.exit(bool(lines))
