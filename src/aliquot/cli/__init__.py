"""The command line: what an operator, a curator and an auditor type. One file a group of commands.

Exit codes everywhere: 0 done; 1 checked and found wrong; 2 wrong input or use, one line per fault on stderr,
nothing written. Commands that only verify import nothing of the site.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import typer

from aliquot import fault
from aliquot.cli import ages, allocations, books, files, home, instances, law, offline, people, reading, remind, tables
from aliquot.fault import Fault, Refused

app = typer.Typer(
    name="aliquot",
    help="Runs a collection of returned samples, Moon rock first, and shares it fairly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
record = typer.Typer(help="The public record that ships with Aliquot.", no_args_is_help=True)
allocation = typer.Typer(
    cls=allocations.Planning, help="The best use of scarce milligrams, proven.", no_args_is_help=True
)

kept = typer.Typer(help="Photographs and documents.", no_args_is_help=True)

law_files = typer.Typer(help="The law files that ship with Aliquot.", no_args_is_help=True)

person = typer.Typer(help="What is known of one person.", no_args_is_help=True)

START, CATALOGUE, LEDGER, LAW = "Start", "Catalogue", "Ledger", "Law"
app.command("demo", rich_help_panel=START)(instances.demo)
app.command("init", rich_help_panel=START)(instances.init)
app.command("serve", rich_help_panel=START)(instances.serve)
app.command("remind", rich_help_panel=START)(remind.remind)
app.add_typer(person, name="person", rich_help_panel=START)
person.command("export")(people.export)
person.command("forget")(people.forget)
app.command(
    "manage",
    rich_help_panel=START,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(instances.manage)
app.command("import", rich_help_panel=CATALOGUE)(tables.import_table)
app.command("reconcile", rich_help_panel=CATALOGUE)(tables.reconcile)
app.command("export", rich_help_panel=CATALOGUE)(tables.export)
app.command("balance", rich_help_panel=CATALOGUE)(books.balance)
app.command("history", rich_help_panel=CATALOGUE)(books.history)
app.command("lineage", rich_help_panel=CATALOGUE)(books.lineage)
app.add_typer(kept, name="files", rich_help_panel=CATALOGUE)
kept.command("check")(files.check)
app.command("age", rich_help_panel=CATALOGUE)(ages.age)
app.add_typer(allocation, name="allocate", rich_help_panel=CATALOGUE)
allocation.command(allocations.PLAN)(allocations.plan)
allocation.command("check")(allocations.check)
app.command("assign", rich_help_panel=CATALOGUE)(allocations.assign)
app.command("publish", rich_help_panel=LEDGER)(books.publish)
app.command("verify", rich_help_panel=LEDGER)(offline.verify)
app.command("prove", rich_help_panel=LEDGER)(books.prove)
app.command("check-proof", rich_help_panel=LEDGER)(offline.check_proof)
app.command("check-receipt", rich_help_panel=LEDGER)(offline.check_receipt)
app.add_typer(record, name="record", rich_help_panel=LEDGER)
record.command("check")(offline.check_record)
app.command("read", rich_help_panel=LEDGER)(reading.read)
app.command("eligible", rich_help_panel=LAW)(law.eligible)
app.add_typer(law_files, name="law", rich_help_panel=LAW)
law_files.command("list")(law.list_law)
law_files.command("show")(law.show)
law_files.command("diff")(law.diff)
law_files.command("check")(law.check)
law_files.command("timeline")(law.timeline)


def main() -> None:
    """Run the command line; whatever is wrong with input or use becomes one line per fault and exit code 2."""
    try:
        code = app(prog_name="aliquot", standalone_mode=False)
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
        raise SystemExit(_refuse([home.unreachable(error)])) from None
    raise SystemExit(code or 0)


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
