"""Commands that read a table into the catalogue and write the catalogue as a table."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliquot import fault, mass
from aliquot.cli.home import AsJson, Home, now, open_home, print_json
from aliquot.fault import Refused

if TYPE_CHECKING:
    from aliquot.reconciliation import Compared
    from aliquot.site.operations.imports import Told


class Format(StrEnum):
    """How the catalogue is written."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def import_table(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="TABLE", help="The table, a CSV file; several are read as one.", show_default=False
        ),
    ],
    mapping_name: Annotated[
        str,
        typer.Option(
            "--map", help="A shipped mapping, or a file.", metavar="NAME_OR_FILE", show_default=False
        ),
    ],
    home: Home = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and write nothing.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FAULT",
            help="Import rows with this fault all the same; can be repeated.",
            show_default=False,
        ),
    ] = None,
    place: Annotated[
        str,
        typer.Option(
            help="The key of the place that the samples come to; else the mapping's.", show_default=False
        ),
    ] = "",
    by: Annotated[
        str, typer.Option(help="The opaque key of whoever imports, as it stands in the ledger.")
    ] = "operator",
    as_json: AsJson = False,
) -> None:
    """Read a table of samples into the catalogue and the ledger: all of it, or nothing.

    Example: aliquot import rocksamples.csv --map apollo-catalogue --dry-run
    """
    open_home(home)
    from aliquot.formats import mapping
    from aliquot.site import search
    from aliquot.site.operations import imports, ledger

    order = imports.Order(
        mapping.load(mapping_name), by, ledger.moment(now()), tuple(accept or ()), place, dry_run
    )
    given = [(Path(name).name, _read_bytes(name)) for name in files]
    fault.refuse_if(
        fault.of(name, "two tables have this name", "give each a name of its own", name=name)
        for name, times in Counter(name for name, _ in given).items()
        if times > 1
    )
    with _progress() as (reading, writing):
        told = imports.import_tables(given, order, reading=reading, writing=writing)
    if as_json:
        print_json(_as_json(told))
    if told.standing:
        _tell_refusal(told, as_json=as_json)
        raise typer.Exit(2)
    if not dry_run:
        search.catch_up()  # now, so that the first visitor does not wait for it
    if not as_json:
        _tell(told, dry_run=dry_run)


def _read_bytes(name: str) -> bytes:
    from aliquot.formats.findings import shown

    path = Path(name)
    why = "it is not a file"
    try:
        if path.is_file():  # a device or a pipe may never end
            return path.read_bytes()
    except OSError as error:
        why = str(error.strerror)
    raise Refused([fault.of(shown(path.name) or "TABLE", "the table cannot be read: {why}", "name a CSV file",
                            why=why)])  # fmt: skip


def _as_json(told: Told) -> dict[str, object]:
    """The document that other people's programs read: docs/import.md."""
    return {
        "rows": told.rows,
        "imported": told.imported,
        "already_there": told.already_there,
        "faults": [
            {
                **({"file": each.file} if each.file else {}),
                "line": each.line,
                "column": each.column,
                "fault": each.rule.name,
                "message": each.message,
            }
            for each in told.findings
        ],
        "mass_ng": told.mass_ng,
    }


def _tell(told: Told, *, dry_run: bool) -> None:
    from aliquot.formats import findings

    would = "would be imported" if dry_run else "imported"
    grams = mass.show(told.mass_ng)
    typer.echo(
        f"{told.rows:,} rows: {told.imported:,} {would} ({grams}), {told.already_there:,} already there"
    )
    for name, count in findings.counts(told.findings).items():
        typer.echo(f"accepted: {name} ({count:,})")


def _tell_refusal(told: Told, *, as_json: bool) -> None:
    """One line a fault on standard error, all of them; then, for people, what could be accepted."""
    from aliquot.formats import findings

    found = told.standing
    sys.stderr.write("".join(f"{each.fault} [{each.rule.name}]\n" for each in found))
    if as_json:
        return
    typer.echo("Nothing was written. Faults found:")
    counts = findings.counts(found)
    rules = {each.rule.name: each.rule for each in found}
    for name, count in counts.items():
        effect = rules[name].effect
        accepting = f"accepted, {effect}" if effect else "cannot be accepted; correct the table"
        typer.echo(f"  {name} ({count:,}): {accepting}")
    can = [name for name in counts if rules[name].acceptable]
    if can:
        typer.echo("accept them with " + " ".join(f"--accept {name}" for name in can))


def reconcile(
    left: Annotated[
        str, typer.Argument(metavar="LEFT", help="The first catalogue, a CSV file.", show_default=False)
    ],
    right: Annotated[
        str, typer.Argument(metavar="RIGHT", help="The second catalogue, a CSV file.", show_default=False)
    ],
    comparison: Annotated[
        str, typer.Option("--with", help="A shipped comparison, or a TOML file.", show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Hold the masses of two catalogues against each other; exit 1 where they disagree.

    Example: aliquot reconcile lsc-sample-index.csv rocksamples.csv --with lunar-compendium
    """
    from aliquot import reconciliation

    if comparison in reconciliation.shipped() or not Path(comparison).is_file():
        by = reconciliation.load(comparison)
    else:
        by = reconciliation.read_comparison(_read_bytes(comparison).decode("utf-8", "replace"), comparison)
    said = (
        reconciliation.read(_read_bytes(left), by.left),
        reconciliation.read(_read_bytes(right), by.right),
    )
    found = reconciliation.compare(*said, by)
    if as_json:
        print_json(_reconciled(found))
    else:
        typer.echo(
            f"{found.compared:,} compared: {found.agreeing:,} agree, {len(found.disagreements):,} do not"
        )
        for cause, words in reconciliation.CAUSES.items():
            of_cause = [each for each in found.disagreements if each.cause == cause]
            if of_cause:
                typer.echo(f"{words} ({len(of_cause):,})")
            for each in of_cause:
                typer.echo(
                    f"  {each.left.number}: {each.left.text or 'none'} against {each.right.text or 'none'}"
                )
    if found.disagreements:
        raise typer.Exit(1)


def _reconciled(found: Compared) -> dict[str, object]:
    return {
        "compared": found.compared,
        "agreeing": found.agreeing,
        "disagreements": [
            {
                "number": each.left.number,
                "left_ng": each.left.mass_ng,
                "right_ng": each.right.mass_ng,
                "cause": each.cause,
                "line": each.left.line,
            }
            for each in found.disagreements
        ],
        "only_left": list(found.only_left),
        "only_right": list(found.only_right),
        "left_out": [{"number": each.number, "why": each.left_out} for each in found.left_out],
    }


@contextmanager
def _progress() -> Iterator[tuple[Callable[[int], None], Callable[[int, int], None]]]:
    """Show on a terminal how far reading and writing are; elsewhere nothing."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        read, written = (
            bar.add_task("Checking", total=None),
            bar.add_task("Writing", total=None, visible=False),
        )

        def reading(rows: int) -> None:
            bar.update(read, completed=rows)

        def writing(done: int, total: int) -> None:
            bar.update(read, visible=False)
            bar.update(written, completed=done, total=total, visible=True)

        yield reading, writing


def export(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The file to write; else standard output.", show_default=False),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="csv, json or parquet; else what the file's name ends in, else csv.",
            show_default=False,
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the published catalogue as a table, masses exact to the nanogram.

    Example: aliquot export catalogue.csv
    """
    chosen = form or (Format.JSON if as_json else _format_of(file))
    if file is None and chosen is Format.PARQUET and sys.stdout.isatty():
        raise Refused([fault.of("--format", "Parquet is not for a terminal", "name a file")])
    open_home(home)
    from aliquot.formats import export as formats
    from aliquot.formats import parquet
    from aliquot.site.queries import exports

    rows = exports.rows()
    if chosen is Format.PARQUET:
        parts: Iterator[bytes] = iter([parquet.parquet(rows)])
    else:
        texts = formats.csv_parts(rows) if chosen is Format.CSV else formats.json_parts(rows)
        parts = (text.encode() for text in texts)
    _write(parts, file)


def _format_of(file: Path | None) -> Format:
    ending = file.suffix.removeprefix(".").lower() if file else ""
    return Format(ending) if ending in Format._value2member_map_ else Format.CSV


def _write(parts: Iterator[bytes], file: Path | None) -> None:
    """Write to the file, which is there whole or as it was before, or to standard output."""
    if file is None:
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        return
    from aliquot.formats.findings import shown

    beside = file.with_name(f".{file.name}.part") if file.name else file
    try:
        with beside.open("wb") as out:
            out.writelines(parts)
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise Refused([fault.of(shown(file.name), "the file cannot be written: {why}", "name another file",
                                why=str(error.strerror))]) from error  # fmt: skip
