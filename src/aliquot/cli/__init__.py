"""The command line: what an operator, a curator and an auditor type. One file a group of commands.

Exit codes everywhere: 0 done; 1 checked and found wrong; 2 wrong input or use, one line per fault on stderr,
nothing written. Commands that only verify import nothing of the site.
"""

from __future__ import annotations

import sys

import typer

from aliquot.cli import books, instances, offline, tables
from aliquot.fault import Refused

app = typer.Typer(
    name="aliquot",
    help="Runs a collection of returned samples, Moon rock first, and shares it fairly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
record = typer.Typer(help="The public record that ships with Aliquot.", no_args_is_help=True)

START, CATALOGUE, LEDGER = "Start", "Catalogue", "Ledger"
app.command("demo", rich_help_panel=START)(instances.demo)
app.command("init", rich_help_panel=START)(instances.init)
app.command("serve", rich_help_panel=START)(instances.serve)
app.command(
    "manage",
    rich_help_panel=START,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(instances.manage)
app.command("import", rich_help_panel=CATALOGUE)(tables.import_table)
app.command("export", rich_help_panel=CATALOGUE)(tables.export)
app.command("balance", rich_help_panel=CATALOGUE)(books.balance)
app.command("history", rich_help_panel=CATALOGUE)(books.history)
app.command("lineage", rich_help_panel=CATALOGUE)(books.lineage)
app.command("publish", rich_help_panel=LEDGER)(books.publish)
app.command("verify", rich_help_panel=LEDGER)(offline.verify)
app.command("prove", rich_help_panel=LEDGER)(books.prove)
app.command("check-proof", rich_help_panel=LEDGER)(offline.check_proof)
app.add_typer(record, name="record", rich_help_panel=LEDGER)
record.command("check")(offline.check_record)


def main() -> None:
    """Run the command line; a refusal becomes one line per fault and exit code 2."""
    try:
        app(prog_name="aliquot")
    except Refused as refused:
        for fault in refused.faults:
            sys.stderr.write(f"{fault}\n")
        raise SystemExit(2) from None
