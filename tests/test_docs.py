"""Documents are tested: what the code has, a document tells; what a document shows, runs.

Each failure says which line to add to which file.
"""

from __future__ import annotations

import ast
import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from tests import warm

from aliquot import handling, policy
from aliquot.cli import app
from aliquot.ledger import ROOTS, SPENT, Kind

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "aliquot"
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md"), *(ROOT / "bench").glob("*.md")])
MODULES = sorted(path for path in PACKAGE.glob("*.py") if path.stem not in {"__init__", "__main__"})
TEMPLATES = sorted((PACKAGE / "site" / "templates").rglob("*.html"))


def text_of(name: str) -> str:
    path = ROOT / name
    assert path.is_file(), f"{name} is missing; write it"
    return path.read_text("utf-8")


def missing(names: list[str], *, from_: str, wanted: str) -> None:
    """Fail and say which names a document has neither in code marks nor as a heading."""
    text = text_of(from_)
    told = r"`{0}[`( ]|^#+ `?{0}`?$"
    absent = [name for name in names if not re.search(told.format(re.escape(name)), text, flags=re.MULTILINE)]
    assert not absent, f"{from_}: add {wanted} for each of: " + ", ".join(f"`{name}`" for name in absent)


# --- Commands -----------------------------------------------------------------------------------------------


def commands() -> dict[str, str]:
    """Return what every command says it does, by its full name, such as `aliquot record check`."""

    def below(command: object, name: str) -> Iterator[tuple[str, str]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, getattr(command, "help", None) or ""
        else:
            for word, each in inner.items():
                yield from below(each, f"{name} {word}")

    return dict(below(typer.main.get_command(app), "aliquot"))


def sections(text: str) -> dict[str, str]:
    """Return what stands under each heading, by the heading without its marks."""
    parts = re.split(r"(?m)^#+ +(.+?) *$", text)
    return {heading.replace("`", ""): body for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("name", commands())
def test_every_command_has_a_heading_and_an_example(name: str) -> None:
    found = next(
        (
            body
            for heading, body in sections(text_of("docs/commands.md")).items()
            if heading.split(" [")[0] == name
        ),
        None,
    )
    assert found is not None, f"docs/commands.md: add a heading “## {name}”"
    blocks = re.findall(r"```(?:console|sh)\n(.*?)```", found, flags=re.DOTALL)
    assert any(name in block for block in blocks), (
        f"docs/commands.md: under “{name}” add an example in a ```console block (it is run), "
        f"or in a ```sh block if it does not end by itself"
    )


@pytest.mark.parametrize("name", commands())
def test_every_command_says_what_it_does(name: str) -> None:
    assert commands()[name].strip(), f"the function of `{name}` lacks a docstring"


@dataclass(frozen=True, slots=True)
class Example:
    """One line that a reader may type, and what is said to come back; `[2]` as last line is the exit code."""

    document: str
    line: int
    command: str
    output: str


def examples(path: Path) -> Iterator[Example]:
    """Yield what stands after each `$ ` of the ```console blocks."""
    lines = path.read_text("utf-8").splitlines()
    inside = False
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            found.append((number, line[2:], []))
        elif inside and found and line.startswith("> "):
            at, command, output = found.pop()
            found.append((at, f"{command}\n{line[2:]}", output))
        elif inside and found:
            found[-1][2].append(line)
    for number, command, output in found:
        yield Example(path.relative_to(ROOT).as_posix(), number, command, "\n".join(output))


WITH_EXAMPLES = [path for path in DOCUMENTS if next(examples(path), None)]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.name)
def test_what_a_document_shows_runs(
    path: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each document is one story: its examples run in order, in one new folder with the files of docs/examples."""
    if (DOCS / "examples").is_dir():
        shutil.copytree(DOCS / "examples", tmp_path, dirs_exist_ok=True)
    programs = tmp_path_factory.mktemp("programs")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("ALIQUOT_", "DJANGO_"))
    }
    environment |= warm.command(programs) | {
        "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "COLUMNS": "110",
        "NO_COLOR": "1",
    }
    wrong = []
    for example in examples(path):
        done = subprocess.run(
            ["bash", "-c", example.command],
            cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        wrong += _differences(example, done)
    assert not wrong, "\n\n".join(wrong)


def _differences(example: Example, done: subprocess.CompletedProcess[str]) -> Iterator[str]:
    where = f"{example.document}:{example.line}: $ {example.command}"
    said = re.search(r"(?m)^\[(\d+)\]\s*\Z", example.output)
    output = example.output[: said.start()] if said else example.output
    if done.returncode != (int(said[1]) if said else 0):
        yield f"{where}\nended with {done.returncode}:\n{done.stdout}{done.stderr}"
    elif output.strip():
        options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        got = done.stdout + done.stderr
        if not doctest.OutputChecker().check_output(output, got, options):
            yield f"{where}\nprinted:\n{got}\nnot:\n{output}"


# --- What the code has, a document tells --------------------------------------------------------------------


def test_every_setting_is_told_to_those_who_deploy() -> None:
    named = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r"\bALIQUOT_[A-Z]+(?:_[A-Z]+)*\b", path.read_text("utf-8"))
    }
    missing(sorted(named), from_="docs/deployment.md", wanted="what it sets, its default and an example")


def test_every_route_is_told() -> None:
    from tests.walks.pages import LEFT_OUT_NAMESPACES, routes

    others = ("account_", "mfa_", "socialaccount_", "openid_connect_", "account-", *LEFT_OUT_NAMESPACES)
    own = sorted(route for route in routes() if not route.startswith(others))
    missing(own, from_="docs/pages.md", wanted="a line")


def test_every_kind_of_entry_and_every_holder_is_told() -> None:
    missing([str(kind) for kind in Kind], from_="docs/ledger.md", wanted="when it is written and its rule")
    holders = [f"{root}:" for root in sorted(ROOTS - {"spent"})] + sorted(SPENT)
    text = text_of("docs/ledger.md")
    absent = [holder for holder in holders if f"`{holder}" not in text]
    assert not absent, f"docs/ledger.md: add what it means to be held by: {', '.join(absent)}"


def test_every_key_of_a_policy_is_told() -> None:
    missing([*policy.KEYS, *policy.USE_KEYS], from_="docs/policies.md", wanted="what it decides")


def the_acts() -> str:
    """Return the table of acts as the guide to the bench has it."""
    common = {"at", "second", "place", "tools", "basis", "reason", "note"}
    lines = ["| act | does | what is told of it | entry |", "|---|---|---|---|"]
    for act in handling.KINDS.values():
        told = [f"**{one.label}**" if one.required else one.label
                for one in act.fields if one.required or one.name not in common]  # fmt: skip
        lines.append(
            f"| {act.label}{' †' if act.touches else ''} `{act.kind}` | {act.purpose} | {', '.join(told)} "
            f"| {', '.join(act.ledger) or '–'} |"
        )
    return "\n".join(lines)


def test_the_guide_to_the_bench_has_every_act_as_the_table_has_it() -> None:
    text = text_of("docs/bench.md")
    found = text.partition("a test keeps it so. -->")[2].partition("<!-- end -->")[0].strip()
    assert found == the_acts(), f"docs/bench.md: the table of acts should be\n{the_acts()}"


def test_every_noun_of_the_library_is_in_the_glossary() -> None:
    missing(
        [
            f"{path.stem}.{node.name}"
            for path in MODULES
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        ],
        from_="GLOSSARY.md",
        wanted="what it is in the field's words",
    )


def test_every_act_on_mass_is_in_the_glossary() -> None:
    makers = ast.parse((PACKAGE / "acts.py").read_text("utf-8")).body
    names = [
        node.name for node in makers if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    missing([f"acts.{name}" for name in names], from_="GLOSSARY.md", wanted="what is done")


# --- The documents by which one finds one's way -------------------------------------------------------------


def test_the_architecture_fits_two_hundred_lines() -> None:
    assert len(text_of("ARCHITECTURE.md").splitlines()) <= 200, "ARCHITECTURE.md: shorten it to 200 lines"


def test_the_architecture_names_every_folder_and_module() -> None:
    """A folder to two levels down: what is below is the business of the one above."""
    folders = [
        f"{path.relative_to(PACKAGE).as_posix()}/"
        for path in sorted([*PACKAGE.glob("*/"), *PACKAGE.glob("*/*/")])
        if path.is_dir()
        and path.name != "__pycache__"
        and any(each.suffix != ".pyc" for each in path.rglob("*.*"))
    ]
    text = text_of("ARCHITECTURE.md")
    absent = [name for name in [*folders, *(path.name for path in MODULES)] if f"`{name}" not in text]
    assert not absent, "ARCHITECTURE.md: say what is in " + ", ".join(f"`{name}`" for name in absent)


def test_the_readme_has_two_commands_and_the_makefile_has_them() -> None:
    shown = re.findall(
        r"(?m)^\$? ?(make \w+)", "".join(re.findall(r"```\w*\n(.*?)```", text_of("README.md"), re.DOTALL))
    )
    assert shown == ["make demo", "make test"], f"README.md: show `make demo` and `make test`, not {shown}"
    makefile = text_of("Makefile")
    for command in shown:
        assert re.search(rf"(?m)^{command.removeprefix('make ')}:", makefile), f"Makefile: has no {command}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", text)
    lost = [target for target in targets if "://" not in target and not (path.parent / target).exists()]
    assert not lost, f"{path.relative_to(ROOT)}: links to what is not there: {', '.join(lost)}"


# --- Texts of the site --------------------------------------------------------------------------------------


def test_every_text_is_translated() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "messages.py"), "check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


# Names and signs that are the same in every language.
SAME_EVERYWHERE = {
    "Aliquot",
    "API",
    "CSV",
    "JSON",
    "OpenAPI",
    "RFC",
    "SHA-256",
    "C2SP",
    "Ed25519",
    "UTC",
    "ORCID",
}
SPOKEN = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "data-label", "content"}
# What an {% include %} hands on to be shown.
SHOWN_IN_PARTS = {
    "advice",
    "caption",
    "heading",
    "label",
    "lead",
    "eyebrow",
    "note",
    "title",
    "question",
    "summary",
}


class Untranslated(HTMLParser):
    """Collects the texts of a template that stand outside any translation."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # Code is the same in every language, and an element with a language of its own is meant to be in it.
        silent = tag in {"code", "pre", "kbd", "samp", "script", "style"} or (
            "lang" in given and tag != "html"
        )
        if (silent or self._silent) and tag not in {
            "br",
            "img",
            "input",
            "link",
            "meta",
            "hr",
            "use",
            "path",
        }:
            self._silent.append(tag)
        if tag not in {"meta", "link"}:
            for name in SPOKEN & given.keys():
                self._note(given[name] or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._note(data)

    def _note(self, text: str) -> None:
        words = [word for word in re.findall(r"[^\W\d_][\w\-]*", text) if word not in SAME_EVERYWHERE]
        if any(len(word) > 1 for word in words):
            self.found.append((self.getpos()[0], " ".join(text.split())))


def untranslated(source: str) -> list[tuple[int, str]]:
    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    for tag in ("comment", "blocktranslate", "blocktrans"):
        source = re.sub(rf"{{%-? *{tag}\b.*?%}}.*?{{% *end{tag} *%}}", blank, source, flags=re.DOTALL)
    found = [
        (source[: part.start()].count("\n") + 1, said)
        for part in re.finditer(r"{% *include\b(.*?)%}", source, flags=re.DOTALL)
        for name, said in re.findall(r"""\b(\w+)=["']([^"']*[^\W\d_][^"']*)["']""", part[1])
        if name in SHOWN_IN_PARTS and said not in SAME_EVERYWHERE
    ]
    # A mark that is no letter and no space keeps an attribute's quotes and a tag's words apart.
    source = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", blank, source, flags=re.DOTALL)
    parser = Untranslated()
    parser.feed(source)
    return sorted(found + parser.found)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_text_outside_translation(path: Path) -> None:
    found = untranslated(path.read_text("utf-8"))
    name = path.relative_to(ROOT)
    assert not found, "\n".join(
        f"{name}:{line}: put in {{% translate %}}, or in <code> if it is the same in every language: {text}"
        for line, text in found
    )


def test_the_detector_finds_a_text_outside_translation() -> None:
    page = """<p class="x" {% if a %}title="{% translate 'Fine' %}"{% endif %}>{% translate "Fine" %} · <b>Not fine</b></p>
    <img alt="Neither"><code>aliquot verify</code>{% include "x.html" with label="Nor this" heading=_("Fine") %}
    {% blocktranslate %}Fine <b>too</b>{% endblocktranslate %}{# Nothing #}<span lang="zh">月球</span> CSV, JSON"""
    assert untranslated(page) == [(1, "Not fine"), (2, "Neither"), (2, "Nor this")]
