"""Commands that need only the library: verify a book, check a proof or a receipt, check the public record."""

from __future__ import annotations

import mmap
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliquot import fault, mass, proof, receipts, signing
from aliquot import verify as verification
from aliquot.cli.home import AsJson, Home, open_home, print_json
from aliquot.fault import Fault, Refused

if TYPE_CHECKING:
    from aliquot import register

# A checkpoint, a key or a proof; a proof carries its entry, which has at most 65,535 bytes.
SMALL_BYTES_MAX = 1_000_000
KeyFile = Annotated[Path, typer.Option("--key", help="The file with the log's public key (vkey).")]


def verify(
    book: Annotated[Path, typer.Argument(help="The published book.txt.", show_default=False)],
    checkpoint: Annotated[Path, typer.Argument(help="Its signed checkpoint.", show_default=False)],
    key: KeyFile,
    processes: Annotated[int, typer.Option(min=1, max=2, help="Check the book in one or two processes.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Check a published book: signature, size, root, grammar, every invariant, every balance."""
    from rich.progress import Progress

    vkey = _read_key(key)
    note = _read(checkpoint)
    tile = verification.tiles_beside(checkpoint)
    with (
        _mapped(book) as content,
        Progress(transient=True, disable=as_json or not sys.stderr.isatty()) as bar,
    ):
        task = bar.add_task("Verifying", total=len(content))
        report = verification.verify(
            content,
            note,
            vkey,
            processes=processes,
            tile=tile,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        print_json(
            {
                "ok": not report.faults,
                "origin": report.origin,
                "size": report.signed,
                "entries": report.entries,
                "faults": [{"where": f.where, "what": f.said, "todo": f.advice} for f in report.faults],
            }
        )
    else:
        _say(
            report.faults,
            f"{report.entries:,} entries of {report.origin}: every one as signed, every balance holds",
        )
    raise typer.Exit(1 if report.faults else 0)


def check_proof(
    given: Annotated[
        Path, typer.Argument(metavar="PROOF", help="A file from `aliquot prove`.", show_default=False)
    ],
    key: KeyFile,
    as_json: AsJson = False,
) -> None:
    """Check that the entry in a proof is in the log that the key signs."""
    content, vkey = _read(given), _read_key(key)
    faults = proof.check(content, vkey, "proof")
    found = proof.parse(content)
    if as_json:
        index = found.index if isinstance(found, proof.Proof) else None
        print_json({"ok": not faults, "entry": index, "faults": [str(each) for each in faults]})
    else:
        index = found.index if isinstance(found, proof.Proof) else -1
        _say(faults, f"entry {index} is in the log that {vkey.name} signed")
    raise typer.Exit(1 if faults else 0)


def check_receipt(
    given: Annotated[
        Path, typer.Argument(metavar="RECEIPT", help="A receipt that a facility signed.", show_default=False)
    ],
    key: KeyFile,
    as_json: AsJson = False,
) -> None:
    """Check a receipt of a gift, exchange or deposit: who signed it, and what changed hands."""
    content, vkey = _read(given), _read_key(key)
    found = receipts.check(content, vkey, "receipt")
    faults = found if isinstance(found, tuple) else ()
    if as_json:
        said = {} if isinstance(found, tuple) else {"receipt": _receipt_as_json(found)}
        print_json({"ok": not faults, "faults": [str(each) for each in faults], **said})
    elif isinstance(found, receipts.Receipt):
        typer.echo(f"{vkey.name} signed receipt {found.number}: {found.kind}, title {found.title}")
        typer.echo(f"{found.giver} > {found.receiver}, {found.on}, {found.instrument}")
        for sample, ng in found.items:
            typer.echo(f"{sample}\t{'mass not published' if ng is None else mass.show(ng)}")
        for index in found.entries:
            typer.echo(f"entry {index}: ask for its proof")
    else:
        _say(faults, "")
    raise typer.Exit(1 if faults else 0)


def _receipt_as_json(found: receipts.Receipt) -> dict[str, object]:
    items = [{"sample": sample, "mass_ng": ng} for sample, ng in found.items]
    return {"number": found.number, "kind": found.kind, "title": found.title, "from": found.giver, "to": found.receiver,
            "on": found.on, "instrument": found.instrument, "items": items, "entries": list(found.entries)}  # fmt: skip


def check_record(
    home: Home = None,
    published: Annotated[
        Path | None,
        typer.Option(help="A folder that `aliquot publish` wrote: its register against its book."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that every public fact has source, grade, date and scope; print the contradictions that are kept.

    With --home, the claims of that instance too, and every step of them against its ledger.
    """
    from aliquot import register, register_claims

    found = register.load()
    steps: tuple[Fault, ...] = ()
    if home is not None:
        open_home(home)
        from aliquot.site import queries

        found = register_claims.joined(found, [claim for _pk, _key, claim in queries.claims.every()])
        steps = tuple(register_claims.check_steps(queries.claims.on_record()))
    if published is not None:
        book, told = (_whole(published / name) for name in ("book.txt", "register.jsonl"))
        steps = (*steps, *register_claims.check_published(filter(None, told.split("\n")), book))
    faults = (*register.check(found), *steps)
    kept = register.contradictions(found)
    if as_json:
        print_json(
            {
                "ok": not faults,
                "faults": [str(each) for each in faults],
                "contradictions": [register.plain(each) for each in kept],
            }
        )
    else:
        for contradiction in kept:
            typer.echo(f"contradiction: {_contradiction(contradiction)}")
        _say(faults, f"every fact has source, grade, date and scope; {len(kept)} contradictions are kept")
    raise typer.Exit(1 if faults else 0)


def _contradiction(kept: register.Contradiction) -> str:
    sides = " | ".join(f"{side.shown.en} ({', '.join(side.sources)})" for side in kept.sides)
    about = f"{kept.about}, " if kept.says else ""
    return f"{about}{kept.title.en}: {sides}"


def _whole(path: Path) -> str:
    """Return the text of a published file, its line ends as they are."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise Refused([_unreadable(path, error)]) from None


def _say(faults: tuple[Fault, ...], otherwise: str) -> None:
    for each in faults:
        typer.echo(str(each))
    if not faults:
        typer.echo(otherwise)


def _read(path: Path) -> bytes:
    """Return what is in a small file; a device that never ends is not read to its end."""
    try:
        with path.open("rb") as file:
            content = file.read(SMALL_BYTES_MAX + 1)
    except OSError as error:
        raise Refused([_unreadable(path, error)]) from None
    if len(content) > SMALL_BYTES_MAX:
        raise Refused([fault.of(str(path), "is longer than {most} bytes: it is no such file",
                                "check that this is the right file", most=SMALL_BYTES_MAX)])  # fmt: skip
    return content


def _read_key(path: Path) -> signing.VerifierKey:
    text = _read(path).decode("utf-8", "replace")
    key = signing.read_verifier(text, str(path))
    if isinstance(key, Fault):
        raise Refused([key])
    return key


def _mapped(path: Path) -> AbstractContextManager[verification.Book]:
    """Return the file's bytes without reading it whole; an empty file cannot be mapped and is no bytes."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # a device or a pipe has no length
            raise Refused([fault.of(str(path), "is not a file", "name the file of the book")])
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                return nullcontext(b"")
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise Refused([_unreadable(path, error)]) from None


def _unreadable(path: Path, error: OSError) -> Fault:
    return fault.of(str(path), "cannot be read: {error}", "name a file that can", error=error.strerror or "?")
