"""Commands on the law: what may be done with these facts, and what the law files say. The library alone is needed."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliquot import fault
from aliquot.cli.home import AsJson, print_json
from aliquot.fault import Fault, Refused

if TYPE_CHECKING:
    from aliquot.law_facts import Given
    from aliquot.law_text import Instrument, Law, Version

FACTS_BYTES_MAX = 200_000_000
Key = Annotated[str, typer.Argument(metavar="INSTRUMENT", help="Such as us/wolf.", show_default=False)]


def eligible(
    facts: Annotated[
        str,
        typer.Argument(
            metavar="FACTS.json", help="Facts as JSON, an array or lines; - reads standard input."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Say what may be done, under which instrument, and what is missing. An aid, not legal advice."""
    from aliquot import law_facts, law_read

    law = law_read.load()
    given = law_facts.parse(_read(facts))
    if isinstance(given, Fault):
        _refuse([given])
        raise typer.Exit(2)
    if given.form == "one":
        answer = _answer(given.sets[0], law)
        if "refused" in answer:
            _say_refused(str(answer["refused"]))
            raise typer.Exit(2)
        _print(json.dumps(answer, ensure_ascii=False, indent=1) + "\n" if as_json else _prose(answer))
        return
    answers = [_answer(each, law, in_batch=True) for each in given.sets]
    if as_json and given.form == "array":
        _print(json.dumps(answers, ensure_ascii=False, indent=1) + "\n")
    else:
        for answer in answers:
            _print(json.dumps(answer, ensure_ascii=False) + "\n" if as_json else _prose(answer))
    refused = [str(answer["refused"]) for answer in answers if "refused" in answer]
    if refused:
        more = f" (and {len(refused) - 1} more sets)" if len(refused) > 1 else ""
        _say_refused(refused[0] + more)
        raise typer.Exit(2)


def list_law(as_json: AsJson = False) -> None:
    """List the instruments on file: versions, how well the text is known, who reviewed them."""
    law = _law()
    rows = [
        {
            "instrument": key,
            "title": each.title.en,
            "force": each.force,
            "binding": each.is_binding,
            "researched": each.is_researched,
            "versions": [version.key for version in each.versions if version.is_on_file],
            "reviewed_by": each.reviewed_by,
        }
        for key, each in law.instruments.items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        versions = row["versions"]
        count = (
            f"{len(versions)} versions" if isinstance(versions, list) and len(versions) != 1 else "1 version"
        )
        state = count if row["researched"] else "not researched"
        typer.echo(
            f"{row['instrument']}\t{'binding' if row['binding'] else 'advice'}\t{state}\t{row['title']}"
        )


def show(
    instrument: Key,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The version of that day; for money, of its fiscal year."),
    ] = None,
) -> None:
    """Show an instrument as sentences, what was not verified first."""
    from aliquot import law_prose

    found = _instrument(instrument)
    version = found.versions[-1] if found.versions else None
    if version is not None and not version.is_on_file:
        version = found.versions[-2]
    if on is not None:
        version = law_prose.version_on(found, _day(on))
        if version is None:
            typer.echo(f"{found.key}: no version of it is in force on {on}")
    for line in law_prose.instrument_lines(found, version):
        typer.echo(line)


def diff(
    instrument: Key,
    old: Annotated[str, typer.Argument(metavar="V1", help="The id of a version.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="V2", help="The id of another.", show_default=False)],
) -> None:
    """Compare two versions of an instrument, sentence by sentence."""
    from aliquot import law_prose

    found = _instrument(instrument)
    before, after = (list(law_prose.version_lines(_version(found, key))) for key in (old, new))
    lines = list(difflib.unified_diff(before, after, old, new, lineterm="", n=0))
    for line in lines:
        if not line.startswith("@@"):
            typer.echo(line)
    if not lines:
        typer.echo(f"{found.key}: {old} and {new} say the same")


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Law files; without any, those that ship.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check law files: form, words, windows, dates. Exit 1 with file and line of each fault."""
    from aliquot import law_read

    given = {path.name: _read(str(path)).decode("utf-8", "replace") for path in files or ()}
    shipped = law_read.shipped()
    words = given.get(law_read.VOCABULARY, shipped[law_read.VOCABULARY])
    try:
        law = law_read.read({law_read.VOCABULARY: words, **(given or shipped)})
        faults: tuple[Fault, ...] = ()
        said = f"{len(law.instruments)} instruments, {len(law.vocabulary.questions)} questions: in order; not legal advice"
    except Refused as refused:
        faults, said = refused.faults, ""
    if as_json:
        print_json({"ok": not faults, "faults": [str(each) for each in faults]})
    else:
        for line in [*map(str, faults), *([said] if said else [])]:
            typer.echo(line)
    raise typer.Exit(1 if faults else 0)


def timeline(as_json: AsJson = False) -> None:
    """Print every date of the law files in order: what began, was enacted, ended; who joined."""
    from aliquot import law_prose

    rows = law_prose.events(_law())
    if as_json:
        print_json({"day": day.isoformat(), "instrument": key, "what": what} for day, key, what in rows)
        return
    for day, key, what in rows:
        typer.echo(f"{day}\t{key}\t{what}")


# --- Parts --------------------------------------------------------------------------------------------------


def _answer(given: Given, law: Law, *, in_batch: bool = False) -> dict[str, object]:
    """Return the answer to one set of facts, or why it is refused, with its id first."""
    from aliquot import eligibility, eligibility_answer, law_facts

    if isinstance(given, law_facts.Unreadable):
        return {"id": None, "refused": str(given.fault)}
    head: dict[str, object] = {"id": given["id"]} if "id" in given else {"id": None} if in_batch else {}
    sheet = law_facts.read(given, law.vocabulary)
    faults = list(sheet) if isinstance(sheet, tuple) else []
    if in_batch and given.get("id") is None:
        faults.insert(0, fault.of("id", "a set among many needs an id", "give it one"))
    if faults or isinstance(sheet, tuple):
        return {**head, "refused": " | ".join(map(str, faults))}
    return {**head, **eligibility_answer.document(eligibility.screen(sheet, law), law)}


def _prose(answer: Mapping[str, object]) -> str:
    """Return an answer for a person: the verdicts that say something, with what they ask for."""
    name = f"{fault.seen(str(answer['id']))}: " if answer.get("id") is not None else ""
    if "refused" in answer:
        return f"{name}refused: {answer['refused']}\n"
    lines = [f"{name}{str(answer['overall']).replace('_', ' ')}"]
    instruments = answer["instruments"]
    for each in instruments if isinstance(instruments, list) else []:
        if each["verdict"] in ("not_covered", "advice"):
            continue
        cite = (
            f" ({each['cite']}, {', '.join(each['clauses'])}; text {each['text_status']})"
            if each["cite"]
            else ""
        )
        lines.append(f"  {each['instrument']}: {each['verdict'].replace('_', ' ')}{cite}")
        lines += [
            f"    to do by {c['by_date'] or 'no set day'}, {c['who']}: {c['what']}"
            for c in each["conditions"]
        ]
        for missing in each["missing"]:
            leads = "; ".join(f"{label}: {' or '.join(to)}" for label, to in missing["leads_to"].items())
            lines.append(f"    missing {missing['key']}: {missing['ask']} [{leads}]")
        lines += [f"    in dispute, {r['name']}: {r['gives']}" for r in each["readings"]]
    return "\n".join([*lines, f"  {answer['notice']}"]) + "\n"


def _print(text: str) -> None:
    """Write UTF-8 whatever the terminal's encoding, so that the same input gives the same bytes."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _refuse(faults: Iterable[Fault]) -> None:
    _say_refused(" | ".join(map(str, faults)))


def _say_refused(line: str) -> None:
    sys.stderr.write(fault.seen(line) + "\n")


def _read(path: str) -> bytes:
    """Return what is in a file, or on standard input for “-”; what never ends is not read to its end."""
    try:
        if path == "-":
            content = sys.stdin.buffer.read(FACTS_BYTES_MAX + 1)
        else:
            with Path(path).open("rb") as file:
                content = file.read(FACTS_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refused(
            [fault.of(path[:200], "cannot be read: {error}", "name a file that can", error=why)]
        ) from None
    if len(content) > FACTS_BYTES_MAX:
        raise Refused(
            [fault.of(path, "is longer than {most} bytes", "give fewer sets at once", most=FACTS_BYTES_MAX)]
        )
    return content


def _law() -> Law:
    from aliquot import law_read

    return law_read.load()


def _instrument(key: str) -> Instrument:
    from aliquot import law_read

    law = _law()
    if key not in law.instruments:
        raise law_read.unknown_instrument(key, law)
    return law.instruments[key]


def _version(instrument: Instrument, key: str) -> Version:
    found = instrument.version(key)
    if found is None or not found.is_on_file:
        keys = ", ".join(each.key for each in instrument.versions if each.is_on_file) or "none"
        raise Refused([fault.of("version", "{instrument} has no version “{key}”", "use one of: {keys}",
                                instrument=instrument.key, key=key[:60], keys=keys)])  # fmt: skip
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            [fault.of("--on", "“{text}” is no day", "write it as 2024-04-05", text=text[:60])]
        ) from None
