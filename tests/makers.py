"""Small worlds with defaults: people with one job each, entries, books as text that one can read aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent

from aliquot import acts, book, fault, invariants, mass
from aliquot.fault import Fault
from aliquot.ledger import Entry, Holdings, Posting, Stamp, Use, is_moment
from aliquot.stretch import Stretch

BOOKS = Path(__file__).parent / "books"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the tests: a name, a job, and the opaque key that stands in the ledger."""

    name: str
    job: str
    key: str


ADA = Somebody("Ada", "curates", "person:17")
BO = Somebody("Bo", "requests", "person:23")
CY = Somebody("Cy", "reviews", "person:31")
DI = Somebody("Di", "may see nothing", "person:42")

MISSION = "origin:example-mission"
VAULT = "place:vault"
SHELF = "place:shelf-2"
PARCEL = "transit:parcel-1"
WITH_BO = "loan:bo-1"


def ng(text: str) -> int:
    """Return the nanograms of a mass as a person writes it: `ng("1.25 g")`."""
    read = mass.read(text)
    return read if isinstance(read, int) else fault.bug(str(read))


def a_stamp(index: int = 0, *, by: Somebody = ADA, basis: Iterable[str] = ()) -> Stamp:
    """Return the stamp of an entry that Ada makes, one minute after the one before it."""
    at = f"2026-03-14T{9 + index // 60:02d}:{index % 60:02d}:00Z"
    return Stamp(index, at, by.key, tuple(basis))


def a_receipt(
    index: int = 0, sample: str = "rock-1", weighs: str = "5 g", *, place: str = VAULT, use: Use | None = None
) -> Entry:
    """Return the arrival of one sample from the mission."""
    uses = [use] if use else []
    return acts.receive(a_stamp(index), {sample: ng(weighs)}, origin=MISSION, place=place, uses=uses)


def a_cut(sample: str, weighs: str, holder: str = VAULT) -> Posting:
    """Return what a daughter of a split gets."""
    return Posting(sample, holder, ng(weighs))


def holdings(*entries: Entry) -> Holdings:
    """Return who holds what after these entries, each of which must be sound."""
    held = Holdings()
    for entry in entries:
        found = invariants.check(entry, held)
        if found:
            fault.bug(f"this world is not sound: {found[0]}")
        held.apply(entry)
    return held


def a_book(text: str) -> bytes:
    """Return the book that the indented text shows."""
    return dedent(text).lstrip("\n").encode()


def a_book_of(entries: Iterable[Entry]) -> bytes:
    """Return the book of these entries."""
    return "".join(book.book(book.text(entry) for entry in entries)).encode()


def a_kept_book(name: str) -> bytes:
    """Return a book of `tests/books`."""
    return (BOOKS / name).read_bytes()


def read(kept: bytes) -> list[Entry]:
    """Return the entries of a book that must be well written."""
    found = [book.parse(f"{text}\n") for text in kept.decode()[:-1].split("\n\n")]
    return [entry if isinstance(entry, Entry) else fault.bug(str(entry[0])) for entry in found]


def gone_through(kept: bytes) -> Stretch:
    """Return what the verifier knows after the book."""
    stretch = Stretch()
    stretch.take(kept.removesuffix(b"\n"))
    return stretch


def faults(kept: bytes) -> list[str]:
    """Return what is wrong with a book: `line 12: what`."""
    return [f"{found.where}: {found.said}" for found in gone_through(kept).faults]


def gone_through_slowly(kept: bytes) -> tuple[list[Fault], Holdings]:
    """Return the faults of a book and who holds what after it, by the plain reading of the rules alone."""
    found: list[Fault] = []
    held, line = Holdings(), 1
    for text in kept.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n\n"):
        due, last_at = held.size, held.last_at
        entry = book.parse(f"{text}\n", line)
        if isinstance(entry, Entry):
            found += [_in_the_book(each, entry, line) for each in invariants.check(entry, held)]
            held.apply(entry)
            held.size = max(held.size, due)  # a repeated entry is one fault, not one for each that follows
            held.last_at = entry.at if is_moment(entry.at) else last_at
        else:
            found += entry
            held.size += 1
        line += text.count("\n") + 2
    return found, held


def _in_the_book(found: Fault, entry: Entry, line: int) -> Fault:
    """Return a fault of an entry with the line of the book in the place of the entry's part."""
    parts = ["index", "at", "kind", "by"]
    parts += [f"postings[{i}]" for i in range(len(entry.postings))]
    parts += [f"uses[{i}]" for i in range(len(entry.uses))]
    parts += ["basis"] if entry.basis else []
    return replace(
        found, where=f"line {line + min([*parts, found.where].index(found.where), len(parts) - 1)}"
    )
