"""The command that computes kept ages again: those of an instance, or those in a file that was handed over."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from aliquot import fault, result_records, results
from aliquot.cli.home import AsJson, Home, open_home, print_json
from aliquot.fault import Refused
from aliquot.result_records import Checked, Kept, Record


def recompute(
    file: Annotated[
        str,
        typer.Argument(
            help="A file of results: JSON or RO-Crate; - reads standard input.", show_default=False
        ),
    ] = "",
    key: Annotated[
        str, typer.Option("--result", help="This age alone, by its key.", show_default=False)
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Compute ages again from their requests alone, and hold them against what was kept, byte by byte."""
    record = result_records.read(_read(file)) if file else None
    ages = _of_record(record, key) if record else _of_instance(home, key)
    altered = record.altered if record else ()
    found, sound = [], True
    for one in map(result_records.check, ages):
        found.append(_row(one))
        sound = sound and one.is_sound
        if not as_json:
            typer.echo(_line(one))
    if as_json:
        print_json({"ages": found, "altered_files": list(altered)})
    else:
        for path in altered:
            typer.echo(f"{fault.seen(path)}: the file is not what its SHA-256 says")
        typer.echo(_summary(found))
    if altered or not sound:
        raise typer.Exit(1)


def _of_record(record: Record, key: str) -> Iterable[Kept]:
    found = [one for one in record.ages if key in ("", one.key)]
    return found or _none(key)


def _of_instance(home: Path | None, key: str) -> Iterable[Kept]:
    open_home(home)
    from aliquot.site import queries

    found: Iterator[Kept] = queries.results.kept_ages(key)
    return list(found) or _none(key) if key else found


def _none(key: str) -> list[Kept]:
    """Refuse a key that names no age; a file or an instance without any age is in order."""
    if key:
        raise Refused(
            [fault.of("--result", "there is no age {key}", "leave it out to see the keys", key=key)]
        )
    return []


def _read(name: str) -> bytes:
    if name == "-":
        data = sys.stdin.buffer.read(result_records.BYTES_MOST + 1)
    else:
        with Path(name).open("rb") as opened:
            data = opened.read(result_records.BYTES_MOST + 1)
    if len(data) > result_records.BYTES_MOST:
        raise Refused([fault.of(name, "is longer than 600 MB", "give the ages in several files")])
    return data


def _line(one: Checked) -> str:
    title = f" {fault.seen(one.kept.title)}" if one.kept.title else ""
    return f"{fault.seen(one.kept.key)}{title}: {one.said}"


def _summary(found: list[dict[str, object]]) -> str:
    same = sum(one["is_same"] is True for one in found)
    ages = "1 age" if len(found) == 1 else f"{len(found)} ages"
    return f"{ages} computed again, {same} the same"


def _row(one: Checked) -> dict[str, object]:
    again = one.again
    return {
        "age": one.kept.key, "title": one.kept.title, "is_same": again.is_same, "differs": list(again.differs),
        "altered": list(one.altered), "version_then": again.version_then, "version_now": again.version_now,
        "request_sha256": results.Derived(one.kept.request, one.kept.answer).request_sha256,
    }  # fmt: skip
