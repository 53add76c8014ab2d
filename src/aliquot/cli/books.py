"""Commands on an instance's ledger: balances, histories, families, proofs, publication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliquot import fault, mass, samples
from aliquot.cli.home import AsJson, Home, now, open_home, print_json, shown
from aliquot.fault import Refused

if TYPE_CHECKING:
    from aliquot.site.models import Sample

Number = Annotated[str, typer.Argument(help="The sample's number, as given.", show_default=False)]


def balance(
    number: Annotated[
        str | None, typer.Argument(metavar="[SAMPLE]", help="One sample; else all.", show_default=False)
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Who holds how much: every balance that is not zero. Their sum is zero."""
    open_home(home)
    from aliquot.site import queries

    rows = queries.ledger.balances(_sample(number) if number else None)
    if as_json:
        print_json({"sample": s, "holder": h, "mass_ng": ng} for s, h, ng in rows)
        return
    for sample, holder, mass_ng in rows:
        typer.echo(f"{sample}\t{holder}\t{mass.grams(mass_ng)} g")


def history(number: Number, home: Home = None, as_json: AsJson = False) -> None:
    """Every posting that touches a sample, oldest first."""
    open_home(home)
    from aliquot.site import queries

    rows = [
        {
            "entry": row.entry.index,
            "at": row.entry.at,
            "kind": row.entry.kind,
            "holder": row.holder.key,
            "mass_ng": row.mass_ng,
        }
        for row in queries.ledger.history(_sample(number))
    ]
    if as_json:
        print_json(rows)
        return
    for row in queries.ledger.history(_sample(number)):
        typer.echo(
            f"{row.entry.index}\t{row.entry.at}\t{row.entry.kind}\t{row.holder.key}\t{mass.grams(row.mass_ng)} g"
        )


def lineage(number: Number, home: Home = None, as_json: AsJson = False) -> None:
    """What a sample was made from, and what was made from it."""
    open_home(home)
    from aliquot.site import queries

    family = queries.ledger.family(_sample(number))
    up, down = family.ancestors(number), family.descendants(number)
    if as_json:
        print_json(
            {
                "number": number,
                "ancestors": [{"number": m.number, "generation": m.generation} for m in up],
                "descendants": [{"number": m.number, "generation": m.generation} for m in down],
                "steps": [
                    {"entry": d.entry, "kind": d.kind, "parent": d.parent, "daughter": d.daughter}
                    for d in family.descents
                ],
            }
        )
        return
    for member in reversed(up):
        typer.echo(f"{member.generation:+d}\t{member.number}")
    typer.echo(f"0\t{number}")
    for member in down:
        typer.echo(f"{member.generation:+d}\t{member.number}")


def publish(
    out: Annotated[Path, typer.Argument(help="The folder of the publication.", show_default=False)],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the log as static files: book.txt, checkpoint, vkey and tiles."""
    open_home(home)
    from aliquot.site.operations import publication

    signed = publication.publish(out, at=now())
    if as_json:
        print_json({"size": signed.size, "out": shown(out)})
    else:
        typer.echo(f"{signed.size:,} entries in {shown(out)}; verify them with:")
        typer.echo(
            f"  aliquot verify {shown(out / 'book.txt')} {shown(out / 'checkpoint')} --key {shown(out / 'vkey')}"
        )


def prove(
    entry: Annotated[int, typer.Argument(min=0, help="The entry's number.", show_default=False)],
    home: Home = None,
) -> None:
    """Print a C2SP tlog-proof that an entry is in the log."""
    open_home(home)
    from aliquot.site import queries
    from aliquot.site.operations.ledger import sign_checkpoint

    size = queries.ledger.head().size
    if entry >= size:
        raise Refused([fault.of("entry", "there is no entry {entry}; the log has {size}",
                                "give a number below {size}", entry=entry, size=size)])  # fmt: skip
    typer.echo(queries.ledger.prove(entry, sign_checkpoint(at=now())), nl=False)


def _sample(number: str) -> Sample:
    from aliquot.site.models import Sample

    found = None if samples.check_number(number) else Sample.objects.filter(number=number).first()
    if found is None:
        raise Refused([fault.of("sample", "there is no sample {number}", "search the catalogue for it",
                                number=number[:80])])  # fmt: skip
    return found
