"""What does an act do that brings samples in, moves them, ends them or sets the book right?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aliquot import acts, fault, mass
from aliquot.fault import Fault
from aliquot.handling import closing, taking
from aliquot.handling.closing import Closing
from aliquot.handling.known import Change, Known, Made, Part, Plan, Weighed, use_of
from aliquot.handling.reading import Told
from aliquot.handling.table import COUNTED
from aliquot.ledger import (
    CONSUMPTION,
    DESTRUCTION,
    RESHAPING,
    Entry,
    Kind,
    Posting,
    Use,
    may_be_below_zero,
    root_of,
)
from aliquot.weighings import COVERAGE, combined_sd_ng

# Where mass stands that an undone division had given to daughters: with no holder, and apart from what reweighing found.
UNDONE = "drift:undone"
MISSING = "missing:"


def receive(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan the arrival of new samples; gross less tare is net, within what the balance allows."""
    rows, balance = told.rows("samples"), taking.balance_of(told, known)
    faults = [*taking.classes_known(told, known, "samples")]
    if root_of(told.text("origin")) != "origin":
        faults.append(fault.of("origin", "“{holder}” is not where samples come from",
                               "write origin: and the mission or giver", holder=told.text("origin")))  # fmt: skip
    made: list[Made] = []
    weighed: list[Weighed] = []
    uses: list[Use] = []
    for row in rows:
        number, net_ng = row.text("number"), row.mass_ng("mass") or 0
        sd_ng = taking.sd_of(row, "sd", balance)
        if not net_ng:
            faults.append(
                fault.of(f"samples[{row.row}].mass", "a sample of no mass is none", "leave the row out")
            )
        gross_ng, tare_ng = row.mass_ng("gross"), row.mass_ng("tare")
        if gross_ng is not None and tare_ng is not None:
            off_ng = abs(gross_ng - tare_ng - net_ng)
            allowed_ng = COVERAGE * combined_sd_ng(*[sd_ng or 0] * 3)
            if off_ng > allowed_ng and not told.text("reason"):
                faults.append(fault.of(f"samples[{row.row}].mass", "gross less tare differs from net by {gap}",
                                       "weigh again, or give the reason", gap=mass.show(off_ng)))  # fmt: skip
        made.append(Made(number, "", row.text("mission"), row.text("material"), row.text("form"),
                         row.text("condition"), sd_ng))  # fmt: skip
        weighed += taking.seen(number, net_ng, sd_ng, net_ng, balance)
        uses += use_of(number, row.text("use_class"), known.policy)
    if faults:
        return tuple(faults)
    masses_ng = {row.text("number"): row.mass_ng("mass") or 0 for row in rows}
    origin, place = told.text("origin"), known.spots[told.text("target")].holder
    return Plan(
        (lambda stamp: acts.receive(stamp, masses_ng, origin=origin, place=place, uses=uses),),
        made=tuple(made),
        parts=tuple(Part(number, "handled", ng) for number, ng in masses_ng.items()),
        weighed=tuple(weighed),
    )


def move(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan that samples change their place; what is counted goes whole."""
    target, part_ng = known.spots[told.text("target")].holder, told.mass_ng("mass")
    names, faults, found = told.names("samples"), [], []
    if part_ng is not None and len(names) > 1:
        faults.append(fault.of("mass", "several samples are moved, and one mass is told",
                               "move the part of one sample by itself"))  # fmt: skip
    for i, number in enumerate(names):
        here = taking.find(known, number, told.text("source"), where=f"samples[{i}]")
        if isinstance(here, Fault):
            faults.append(here)
            continue
        ng = here.book_ng if part_ng is None else part_ng
        faults += _movable(here, ng, target, f"samples[{i}]")
        found.append((number, here.holder, ng))
    if faults:
        return tuple(faults)
    postings = tuple(p for n, source, ng in found for p in taking.postings_of({n: ng}, source, target))
    return Plan(
        (lambda s: Entry(s.index, s.at, Kind.MOVE, s.by, postings, basis=s.basis),),
        parts=tuple(Part(number, "handled", ng) for number, _, ng in found),
    )


def _movable(here: taking.Here, ng: int, target: str, where: str) -> Iterator[Fault]:
    if here.holder == target:
        yield fault.of(where, "{sample} lies there already", "leave it out", sample=here.piece.number)
    yield from _partable(here, ng)


def _partable(here: taking.Here, ng: int) -> Iterator[Fault]:
    if not ng:
        yield fault.of(
            "mass", "the mass is nothing", "tell a mass above zero, or none for all that lies there"
        )
    elif here.piece.form in COUNTED and ng != here.book_ng:
        yield fault.of("mass", "{sample} is counted, and goes whole", "leave the mass out",
                       sample=here.piece.number)  # fmt: skip
    yield from closing.check(Closing(here.book_ng, ng, None, ()), reason="", where="mass")


def lose(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan that a sample is not where the book has it."""
    some = _some(told, known)
    if isinstance(some, tuple):
        return some
    number, holder, ng = some.number, some.holder, some.mass_ng
    return Plan(
        (lambda s: acts.lose(s, number, source=holder, missing=MISSING, mass_ng=ng),),
        parts=(Part(number, "handled", ng),),
    )


def destroy(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan that material ends."""
    some = _some(told, known)
    if isinstance(some, tuple):
        return some
    faults = tuple(taking.promised(some.here, some.mass_ng, where="mass"))
    fate = CONSUMPTION if told.text("fate") == "consumption" else DESTRUCTION
    return faults or Plan(
        (taking.used_up(some.number, some.holder, fate, some.mass_ng),),
        parts=(Part(some.number, "handled", some.mass_ng),),
    )


@dataclass(frozen=True, slots=True)
class _Some:
    """So much of a sample at a place."""

    here: taking.Here
    mass_ng: int

    @property
    def number(self) -> str:
        return self.here.piece.number

    @property
    def holder(self) -> str:
        return self.here.holder


def _some(told: Told, known: Known) -> _Some | tuple[Fault, ...]:
    """Return what an act is about: the mass that was told, or all that lies there; what is counted only whole."""
    here = taking.find(known, told.text("sample"), told.text("source"), where="sample")
    if isinstance(here, Fault):
        return (here,)
    ng = told.mass_ng("mass")
    ng = here.book_ng if ng is None else ng
    faults = tuple(_partable(here, ng))
    return faults or _Some(here, ng)


def find(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan that what was missing is there again."""
    number, target, ng = told.text("sample"), known.spots[told.text("target")].holder, told.mass_ng("mass")
    gone = {
        key: held for key, held in known.pieces[number].held_ng.items() if key.startswith("missing:") and held
    }
    if not gone:
        return (
            fault.of("sample", "nothing of {sample} is missing", "see who has it on its page", sample=number),
        )
    if len(gone) > 1 and ng is not None:
        return (fault.of("mass", "parts of {sample} went missing at different times", "record that all was found, "
                         "then what is still missing", sample=number),)  # fmt: skip
    found_ng = dict(gone) if ng is None else dict.fromkeys(gone, ng)
    over = [held for key, held in gone.items() if found_ng[key] > held]
    if over or not all(found_ng.values()):
        return (fault.of("mass", "{held} of {sample} were missing", "tell a mass up to that; what is found beyond it "
                         "is an adjustment", held=mass.show(sum(gone.values())), sample=number),)  # fmt: skip
    postings = tuple(
        p
        for key, held in found_ng.items()
        for p in (Posting(number, key, -held), Posting(number, target, held))
    )
    return Plan(
        (lambda s: Entry(s.index, s.at, Kind.FIND, s.by, postings, basis=s.basis),),
        parts=(Part(number, "handled", sum(found_ng.values())),),
    )


def adjust(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan that the book is brought to what is there: to the mass that was told, or to the newest weighing."""
    number = told.text("sample")
    here = taking.find(known, number, told.text("source"), where="sample")
    if isinstance(here, Fault):
        return (here,)
    told_ng, weighed = told.mass_ng("mass"), here.piece.weighed_ng
    if told_ng is None and weighed is None:
        return (
            fault.of(
                "mass", "{sample} was never weighed", "weigh it first, or tell what is there", sample=number
            ),
        )
    mass_ng, sd_ng = (told_ng, None) if told_ng is not None else weighed or fault.bug("there is a weighing")
    if mass_ng == here.book_ng:
        return (fault.of("mass", "the book has {held} of {sample} already", "there is nothing to adjust",
                         held=mass.show(here.book_ng), sample=number),)  # fmt: skip
    return Plan(
        taking.adjusting(number, here.holder, mass_ng - here.book_ng),
        parts=(Part(number, "handled", mass_ng),),
        changes=(Change(number, sd_ng=sd_ng),) if sd_ng is not None else (),
    )


def correct(told: Told, known: Known) -> Plan | tuple[Fault, ...]:
    """Plan an entry that sets an earlier one right: with the lines that were told, or by undoing it whole."""
    wrong, rows = known.entry, told.rows("lines")
    if wrong is None:
        return (fault.of("entry", "there is no entry {number}", "see the ledger for its number",
                         number=str(told.number("entry"))),)  # fmt: skip
    faults = []
    for row in rows:
        where = f"lines[{row.row}]"
        if row.text("source") == row.text("target"):
            faults.append(fault.of(f"{where}.target", "it goes where it comes from", "name two holders"))
        if not row.mass_ng("mass"):
            faults.append(fault.of(f"{where}.mass", "nothing is moved", "tell a mass above zero"))
    postings = tuple(correcting(told, wrong))
    if not rows:
        faults += _still_there(postings, known)
    moved: dict[str, int] = {}
    for posting in postings:
        moved[posting.sample] = moved.get(posting.sample, 0) + max(posting.mass_ng, 0)
    index = wrong.index
    return tuple(faults) or Plan(
        (lambda s: acts.correct(s, index, postings=postings),),
        parts=tuple(Part(number, "handled", ng) for number, ng in moved.items()),
    )


def correcting(told: Told, wrong: Entry) -> Iterator[Posting]:
    """Yield what a correction posts: the lines that were told, or what undoes the entry."""
    return _lines(told) if told.rows("lines") else undone(wrong)


def _lines(told: Told) -> Iterator[Posting]:
    for row in told.rows("lines"):
        ng = row.mass_ng("mass") or 0
        yield Posting(row.text("sample"), row.text("source"), -ng)
        yield Posting(row.text("sample"), row.text("target"), ng)


def undone(wrong: Entry) -> Iterator[Posting]:
    """Yield the postings that undo an entry.

    A correction conserves each sample by itself. What a division, combination or renumbering made of one sample into
    another is therefore taken out of the one and given back to the other through `drift:undone`, which sums to zero.
    """
    yield from (Posting(p.sample, p.holder, -p.mass_ng) for p in wrong.postings)
    if wrong.kind in RESHAPING:
        totals_ng: dict[str, int] = {}
        for posting in wrong.postings:
            totals_ng[posting.sample] = totals_ng.get(posting.sample, 0) + posting.mass_ng
        yield from (Posting(sample, UNDONE, ng) for sample, ng in totals_ng.items() if ng)


def _still_there(postings: tuple[Posting, ...], known: Known) -> Iterator[Fault]:
    """An entry can be undone as long as what it brought lies where it brought it."""
    needed_ng: dict[tuple[str, str], int] = {}
    for posting in postings:
        key = posting.sample, posting.holder
        needed_ng[key] = needed_ng.get(key, 0) - posting.mass_ng
    for (sample, holder), ng in needed_ng.items():
        held_ng = known.pieces[sample].held_ng.get(holder, 0)
        if ng > held_ng and not may_be_below_zero(holder):
            yield fault.of("entry", "{sample} is not there any more: {ng} would be taken back, and {held} are at {holder}",
                           "undo what was done with it since first, newest first", sample=sample,
                           ng=mass.show(ng), held=mass.show(held_ng), holder=holder)  # fmt: skip
