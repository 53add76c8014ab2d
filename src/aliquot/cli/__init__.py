"""The command line: what an operator, a curator and an auditor type. One file a group of commands.

Exit codes everywhere: 0 done; 1 checked and found wrong; 2 wrong input or use, one line per fault on stderr,
nothing written. Commands that only verify import nothing of the site.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import typer

from aliquot import fault
from aliquot.cli import plainly
from aliquot.fault import Fault, Refused

if TYPE_CHECKING:
    app: typer.Typer

START, CATALOGUE, LEDGER, LAW = "Start", "Catalogue", "Ledger", "Law"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: what is typed, the function that does it (`file.function` of this folder), its panel in the help."""

    words: str
    function: str
    panel: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A word with commands below it; `kind` is a class of this folder where Typer's own does not do."""

    word: str
    panel: str
    said: str
    kind: str = ""


GROUPS: Final = (
    Group("person", START, "What is known of one person."),
    Group("files", CATALOGUE, "Photographs and documents."),
    Group("allocate", CATALOGUE, "The best use of scarce milligrams, proven.", "allocations.Planning"),
    Group("record", LEDGER, "The public record that ships with Aliquot."),
    Group("law", LAW, "The law files that ship with Aliquot."),
)
COMMANDS: Final = (
    Command("demo", "instances.demo", START),
    Command("init", "instances.init", START),
    Command("serve", "instances.serve", START),
    Command("remind", "remind.remind", START),
    Command("person export", "people.export"),
    Command("person forget", "people.forget"),
    Command("manage", "instances.manage", START),
    Command("import", "tables.import_table", CATALOGUE),
    Command("reconcile", "tables.reconcile", CATALOGUE),
    Command("export", "tables.export", CATALOGUE),
    Command("balance", "books.balance", CATALOGUE),
    Command("history", "books.history", CATALOGUE),
    Command("lineage", "books.lineage", CATALOGUE),
    Command("files check", "files.check"),
    Command("age", "ages.age", CATALOGUE),
    Command("recompute", "recomputing.recompute", CATALOGUE),
    Command("allocate plan", "allocations.plan"),
    Command("allocate check", "allocations.check"),
    Command("assign", "allocations.assign", CATALOGUE),
    Command("publish", "books.publish", LEDGER),
    Command("verify", "offline.verify", LEDGER),
    Command("prove", "books.prove", LEDGER),
    Command("check-proof", "offline.check_proof", LEDGER),
    Command("check-receipt", "offline.check_receipt", LEDGER),
    Command("record check", "offline.check_record"),
    Command("read", "reading.read", LEDGER),
    Command("eligible", "law.eligible", LAW),
    Command("law list", "law.list_law"),
    Command("law show", "law.show"),
    Command("law diff", "law.diff"),
    Command("law check", "law.check"),
    Command("law timeline", "law.timeline"),
)
# `manage` hands everything on to Django.
SETTINGS: Final = {
    "manage": {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
}


def build(word: str = "") -> typer.Typer:
    """Return the command line; of the commands those of this first word alone, so that nothing else is imported.

    Every command is there where the word is none of them: then help, or what was meant, is shown.
    """
    wanted = [one for one in COMMANDS if one.words.split()[0] == word] or list(COMMANDS)
    made = typer.Typer(
        name="aliquot",
        help="Runs a collection of returned samples, Moon rock first, and shares it fairly.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    made.callback()(lambda: None)  # so that a single command keeps its word
    groups: dict[str, typer.Typer] = {}
    for one in wanted:
        first, _, second = one.words.partition(" ")
        if second and first not in groups:
            groups[first] = _group(made, first)
        settings = SETTINGS.get(one.words)
        if second:
            groups[first].command(second)(_found(one.function))
        else:
            made.command(first, rich_help_panel=one.panel, context_settings=settings)(_found(one.function))
    return made


def _group(made: typer.Typer, word: str) -> typer.Typer:
    told = next(one for one in GROUPS if one.word == word)
    kind = {"cls": _found(told.kind)} if told.kind else {}
    group = typer.Typer(help=told.said, no_args_is_help=True, **kind)
    made.add_typer(group, name=word, rich_help_panel=told.panel)
    return group


def _found(where: str) -> Any:
    module, _, name = where.rpartition(".")
    return getattr(import_module(f"aliquot.cli.{module}"), name)


def __getattr__(name: str) -> typer.Typer:
    """Return `app`, the whole command line, to whoever asks for it; it imports every group."""
    if name != "app":
        raise AttributeError(name)
    return build()


def main() -> None:
    """Run the command line; whatever is wrong with input or use becomes one line per fault and exit code 2."""
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except Refused as refused:
        raise SystemExit(_refuse(refused.faults)) from None
    except typer.TyperException as error:
        raise SystemExit(_refuse(_of_use(error))) from None
    except typer.Abort:
        raise SystemExit(130) from None
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        raise SystemExit(_refuse([_of_system(error)])) from None
    except _database_errors() as error:
        raise SystemExit(_refuse([_found("home.unreachable")(error)])) from None
    raise SystemExit(code or 0)


def _run(words: list[str]) -> int | None:
    """Run the command that is meant and return its exit code: at once where all is typed plainly, else by Typer."""
    one = _named(words)
    if one is not None:
        function = _found(one.function)
        given = plainly.values(function, words[len(one.words.split()) :])
        if given is not None:
            try:
                function(**given)
            except typer.Exit as done:
                return done.exit_code
            return None
    code: int | None = build(words[0] if words else "")(prog_name="aliquot", standalone_mode=False)
    return code


def _named(words: list[str]) -> Command | None:
    """The command whose words stand first, as they are; `manage` reads its own."""
    for one in COMMANDS:
        own = one.words.split()
        if words[: len(own)] == own and one.words not in SETTINGS:
            return one
    return None


def _database_errors() -> tuple[type[Exception], ...]:
    """Return what Django raises for a database that is locked, full or gone; nothing where no Django is loaded."""
    loaded = sys.modules.get("django.db")
    return (loaded.OperationalError,) if loaded else ()


def _refuse(faults: Iterable[Fault]) -> int:
    for each in faults:
        sys.stderr.write(f"{each}\n")
    return 2


def _of_use(error: typer.TyperException) -> list[Fault]:
    """Return what is wrong with the words that were typed; nothing where the help was shown instead."""
    said = error.format_message().strip().removesuffix(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "aliquot"
    return [fault.of(command, "{said}", "see {command} --help", said=said, command=command)] if said else []


def _of_system(error: OSError) -> Fault:
    """Return what the operating system refused, such as a name that is too long or a full disk."""
    where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "the system"
    todo = "see that the place exists, can be read and written, and has room"
    return fault.of(where[:200], "cannot be used: {why}", todo, why=error.strerror or "no reason was given")
