"""The command that reads articles: what they claim about returned lunar samples, held against the public record."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliquot import fault
from aliquot.cli.home import AsJson
from aliquot.fault import Fault

if TYPE_CHECKING:
    from aliquot.reading.desk import Reading


def read(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Articles: text, HTML or PDF; - reads standard input.", show_default=False
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Read articles: what they claim of returned lunar samples, and what the public record knows of it."""
    from aliquot import register
    from aliquot.reading import desk, documents, judging

    record = judging.Register(register.load())
    readings, is_whole = [], True
    for name in files:
        found = _content(name)
        document = found if isinstance(found, Fault) else documents.document(name, found)
        if isinstance(document, Fault):
            is_whole = False
            sys.stderr.write(f"aliquot read: {document}\n")
            continue
        readings.append(desk.read(document, record))
    if as_json:
        plain = [desk.plain(each) for each in readings]
        _print(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
    else:
        _print("\n".join(map(_told, readings)))
    if not is_whole:
        raise typer.Exit(2)


def _content(name: str) -> bytes | Fault:
    """Return the bytes of a file, one more than may be read at most."""
    from aliquot.reading.documents import BYTES_MAX

    try:
        if name == "-":
            return sys.stdin.buffer.read(BYTES_MAX + 1)
        with Path(name).open("rb") as file:
            return file.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return fault.of(name[:200], "cannot be read: {why}", "name a file that is there", why=why)


def _told(reading: Reading) -> str:
    """Return a reading for people: each sentence that claims something, and below it what the record says."""
    from aliquot.reading import desk

    lines = [
        f"{fault.seen(reading.document.name)}: {len(reading.findings)} claims in {reading.sentences} sentences"
    ]
    last = -1
    for finding in reading.findings:
        if finding.sentence.start != last:
            last = finding.sentence.start
            lines.append(f"\n  “{fault.seen(' '.join(finding.sentence.quote.split()))}”")
        lines.append(f"    {desk.shown(finding)}")
    return "\n".join(lines) + "\n"


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
