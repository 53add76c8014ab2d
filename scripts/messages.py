"""The texts of the site and their translations: gather them from the code, and check that none is missing.

    python scripts/messages.py gather   write new texts into each catalogue
    python scripts/messages.py check    say what is missing, not translated, doubtful, or lost a placeholder

Texts stand in templates (`{% translate %}`), in the site's code (`gettext`) and in faults (`fault.of`), whose
sentences the site translates before it fills in their values. The command line speaks English.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "aliquot"
SITE = PACKAGE / "site"
LANGUAGES = ("zh_Hans",)
HEADER = "# Texts of Aliquot's site. Gathered by `make messages`; translations are written here."
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")

Id = str | tuple[str, ...]


# --- Gathering ----------------------------------------------------------------------------------------------


def texts() -> Catalog:
    """Return every text that the site may show, in the order of the files."""
    found = Catalog(project="Aliquot", header_comment=HEADER, fuzzy=False)
    for path in sorted(SITE.rglob("*.html")) + sorted(SITE.rglob("*.txt")):
        _add(found, path, _of_code(_as_code(path.read_text("utf-8"))))
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / "cli"):
            continue
        source = path.read_text("utf-8")
        if path.is_relative_to(SITE):
            _add(found, path, _of_code(source))
        _add(found, path, ((line, text, None) for line, text in of_faults(ast.parse(source))))
        if path.match("formats/findings.py"):
            _add(found, path, ((line, text, None) for line, text in of_rules(ast.parse(source))))
        if path.match("handling/table.py"):
            _add(found, path, ((line, text, None) for line, text in of_acts(ast.parse(source))))
        if path == PACKAGE / "notices.py":
            _add(found, path, ((line, text, None) for line, text in of_kinds(ast.parse(source))))
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """What a module calls by name: its constants and its functions."""

    values: dict[str, ast.expr]
    functions: dict[str, ast.FunctionDef]

    def sentences(self, said: ast.expr) -> Iterator[str]:
        """Yield what an expression may say: a text, either of two, a named one, or what a function returns."""
        match said:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from self.sentences(one)
                yield from self.sentences(other)
            case ast.Name(id=name) if name in self.values:
                yield from self.sentences(self.values[name])
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                for node in ast.walk(self.functions[name]):
                    if isinstance(node, ast.Return) and node.value:
                        yield from self.sentences(node.value)


def named_in(module: ast.Module) -> Named:
    assigned = [(target, node.value) for node in module.body for target in _targets(node)]
    return Named(
        values={target.id: value for target, value in assigned if isinstance(target, ast.Name)},
        functions={node.name: node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)},
    )


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign) and node.value:
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


def of_faults(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of both sentences of each `fault.of(where, what, todo)`."""
    named = named_in(module)
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="fault"), attr="of"), args=[_, what, todo]):
                for sentence in (what, todo):
                    yield from ((node.lineno, text) for text in named.sentences(sentence))


def of_rules(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of what each rule of a table says is wrong, what to do, and what accepting it does."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule":
            said = [*node.args[1:3], *(one.value for one in node.keywords if one.arg == "effect")]
            yield from (
                (node.lineno, one.value)
                for one in said
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


def of_acts(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of what the table of acts calls its acts, fields and words, and says of them."""
    # The maker, and which of its arguments are read by people.
    read = {"Choice": (1,), "Field": (2, 3), "_act": (2, 3), "_dividing": (1, 2)}
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in read:
            said = [node.args[i] for i in read[node.func.id] if i < len(node.args)]
            said += [one.value for one in node.keywords if one.arg in ("label", "hint")]
            for one in said:
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                    yield node.lineno, one.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_cuts":
            yield from ((node.lineno, one.value.value) for one in node.keywords if one.arg == "label")


def of_kinds(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of what the table of notices says of each kind, and of its subject and text."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Kind":
            for one in node.args[2:5]:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield node.lineno, one.value


def _as_code(template: str) -> str:
    """Return a template as code that calls gettext for its texts, line for line."""
    return "\n".join(line.lstrip() for line in templatize(template).splitlines())


def _of_code(source: str) -> Iterator[tuple[int, Id, str | None]]:
    file = io.BytesIO(source.encode())
    for line, text, _comments, context in extract("python", file, KEYWORDS, (), {"encoding": "utf-8"}):
        yield line, text, context


def _add(catalogue: Catalog, path: Path, found: Iterator[tuple[int, Id, str | None]]) -> None:
    for line, text, context in found:
        place = (path.relative_to(PACKAGE).as_posix(), line)
        catalogue.add(text, locations=[place], context=context)


def gather() -> None:
    """Add new texts to every catalogue; those that the code no longer has are kept at its end, as comments."""
    found = texts()
    for path in catalogues():
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = _read(path) if path.is_file() else Catalog(locale=path.parts[-3])
        kept.header_comment = HEADER
        kept.project, kept.version, kept.msgid_bugs_address = "Aliquot", "", ""
        kept.last_translator = kept.language_team = ""
        kept.fuzzy = False
        kept.update(found, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, kept, width=0, sort_by_file=True, include_lineno=False)


# --- Checking -----------------------------------------------------------------------------------------------


def check() -> list[str]:
    """Return a line for each thing that is wrong with the catalogues."""
    found = texts()
    return [line for path in catalogues() for line in _faults(path, found)]


def _faults(path: Path, found: Catalog) -> Iterator[str]:
    if not path.is_file():
        yield f"{path.relative_to(ROOT)} is missing; run: make messages"
        return
    catalogue = _read(path)
    for message in found:
        if message.id and catalogue.get(_first(message.id), message.context) is None:
            yield f"{message.locations[0][0]}: “{_first(message.id)}” is in no catalogue; run: make messages"
    for message in catalogue:
        if message.id:
            said = _fault(message)
            if said:
                yield f"{path.relative_to(ROOT)}:{message.lineno}: “{_first(message.id)}” {said}"


def _fault(message: Message) -> str:
    """Return why a text is not ready to be shown, or nothing."""
    translations = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(translations):
        return "is not translated"
    if message.fuzzy:
        return "is marked fuzzy; look at it, then remove the mark"
    # A plural may drop its number, so what is asked is that no translation has a placeholder of its own making,
    # and that every placeholder of the last form is kept.
    asked = _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    differing = asked ^ set().union(*map(_placeholders, translations))
    return f"and its translation differ in {', '.join(sorted(differing))}" if differing else ""


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _first(text: Id) -> str:
    return text if isinstance(text, str) else text[0]


def catalogues() -> list[Path]:
    return [SITE / "locale" / language / "LC_MESSAGES" / "django.po" for language in LANGUAGES]


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def main(arguments: list[str]) -> int:
    settings.configure(USE_I18N=True)  # what templatize asks for; no instance is needed
    match arguments:
        case ["gather"]:
            gather()
            return 0
        case ["check"]:
            found = check()
            print("\n".join(found))
            return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
