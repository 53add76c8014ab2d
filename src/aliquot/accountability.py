"""For which mass does a borrower answer, what became of it, and does what comes back agree with it? From the ledger alone.

After JSC's form F-75: accountable is what was issued, less authorised transfers, reported consumption and earlier returns
(domain facts, section 2.3). Sums are over postings, each counted once; nothing is kept as a count beside the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from aliquot import fault, mass, texts
from aliquot.fault import Fault
from aliquot.ledger import ATTRITION, CONSUMPTION, DESTRUCTION, RESHAPING, Entry, Kind, root_of
from aliquot.weighings import COVERAGE, combined_sd_ng

NOTE_MOST: Final = 2_000


class Direction(StrEnum):
    """Where a parcel goes, as this loan sees it: to the borrower, back to the store, on to another loan, in from one."""

    OUT = "out"
    BACK = "back"
    ONWARD = "onward"
    INWARD = "inward"


class Fate(StrEnum):
    """What became of mass that is no more, and where it stands in the ledger."""

    ANALYSIS = "analysis"
    PREPARATION = "preparation"
    DESTROYED = "destroyed"

    @property
    def holder(self) -> str:
        return {Fate.ANALYSIS: CONSUMPTION, Fate.PREPARATION: ATTRITION, Fate.DESTROYED: DESTRUCTION}[self]


class Outcome(StrEnum):
    """What a borrower says of a sample in an inventory."""

    HAVE = "have"
    CONSUMED = "consumed"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    CANNOT_FIND = "cannot find"


class Explanation(StrEnum):
    """Why what came back weighs other than the book has it, beyond what both weighings allow."""

    DRIFT = "drift"
    CONSUMED = "consumed"
    ATTRITION = "attrition"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Line:
    """One sample of a loan, in nanograms. What `held_ng`, `under_way_ng` and `lost_ng` have is what is answered for."""

    sample: str
    issued_ng: int = 0
    received_ng: int = 0
    split_ng: int = 0
    transferred_ng: int = 0
    consumed_ng: int = 0
    attrition_ng: int = 0
    destroyed_ng: int = 0
    returned_ng: int = 0
    drift_ng: int = 0
    other_ng: int = 0
    held_ng: int = 0
    under_way_ng: int = 0
    lost_ng: int = 0

    @property
    def used_ng(self) -> int:
        """What was reported as used up, by whatever fate."""
        return self.consumed_ng + self.attrition_ng + self.destroyed_ng

    @property
    def accountable_ng(self) -> int:
        """What the borrower answers for now."""
        came_ng = self.issued_ng + self.received_ng + self.split_ng + self.drift_ng + self.other_ng
        return came_ng - self.transferred_ng - self.used_ng - self.returned_ng

    @property
    def unexplained_ng(self) -> int:
        """What is answered for and is neither held, nor on its way back, nor known to be lost: always nothing."""
        return self.accountable_ng - self.held_ng - self.under_way_ng - self.lost_ng


_SPENT: Final = {CONSUMPTION: "consumed_ng", ATTRITION: "attrition_ng", DESTRUCTION: "destroyed_ng"}


def statement(
    entries: Iterable[Entry], *, loan: str, parcels: Mapping[str, Direction], missing: str
) -> dict[str, Line]:
    """Return the account of each sample that a loan ever held, from the entries that touch it in their order.

    `loan` and `missing` are whole holders; `parcels` says which way each `transit:` holder of this loan goes. Entries that
    touch none of these change nothing.
    """
    lines: dict[str, Line] = {}
    for entry in entries:
        for sample, moved in _moved(entry).items():
            changes = _changes(entry, moved, loan, parcels, missing)
            if any(changes.values()):
                lines[sample] = _added(lines.get(sample, Line(sample)), changes)
    return lines


def _moved(entry: Entry) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for posting in entry.postings:
        of_sample = found.setdefault(posting.sample, {})
        of_sample[posting.holder] = of_sample.get(posting.holder, 0) + posting.mass_ng
    return found


def _added(line: Line, changes: Mapping[str, int]) -> Line:
    return replace(line, **{name: getattr(line, name) + ng for name, ng in changes.items()})


def _changes(
    entry: Entry, moved: Mapping[str, int], loan: str, parcels: Mapping[str, Direction], missing: str
) -> dict[str, int]:
    """Return what an entry does to the account of one sample."""
    held_ng = moved.get(loan, 0)
    back_ng = sum(ng for key, ng in moved.items() if parcels.get(key) is Direction.BACK)
    onward_ng = sum(ng for key, ng in moved.items() if parcels.get(key) is Direction.ONWARD)
    lost_ng = moved.get(missing, 0)
    changes = {"held_ng": held_ng, "under_way_ng": back_ng, "lost_ng": lost_ng}
    change_ng = held_ng + back_ng + lost_ng
    if not (held_ng or back_ng or onward_ng or lost_ng):
        return {}
    for holder, name in _SPENT.items():
        spent_ng = moved.get(holder, 0) if held_ng < 0 or back_ng < 0 else 0
        changes[name] = spent_ng
        change_ng += spent_ng
    if change_ng:
        name, sign = _why(entry, moved, parcels)
        changes[name] = changes.get(name, 0) + sign * change_ng
    return changes


def _why(entry: Entry, moved: Mapping[str, int], parcels: Mapping[str, Direction]) -> tuple[str, int]:
    """Return the column that the rest of a change belongs to, and its sign there."""
    ways = {parcels.get(key) for key in moved}
    to_store = any(ng > 0 and root_of(key) == "place" for key, ng in moved.items())
    if entry.kind in RESHAPING:
        return "split_ng", 1
    if entry.kind is Kind.ADJUST:
        return "drift_ng", 1
    if Direction.ONWARD in ways:
        return "transferred_ng", -1
    if Direction.INWARD in ways:
        return "received_ng", 1
    if to_store and entry.kind in (Kind.RETURN, Kind.FIND):
        return "returned_ng", -1
    if entry.kind in (
        Kind.DELIVER,
        Kind.LOSE,
        Kind.FIND,
    ):  # what was lost on its way out was issued all the same
        return "issued_ng", 1
    return "other_ng", 1


# -- what a borrower tells -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """What an inventory says of one sample; `mass_ng` where it was weighed."""

    sample: str
    outcome: str
    note: str = ""
    mass_ng: int | None = None


def check_inventory(told: Collection[Counted], held: Collection[str]) -> Iterator[Fault]:
    """Yield what keeps an inventory from being taken: every sample that was ever on the loan is named once."""
    seen: set[str] = set()
    for i, one in enumerate(told):
        where = f"lines[{i}]"
        if one.sample not in held:
            yield fault.of(
                where, "{sample} is not of this loan", "leave the line out", sample=one.sample[:100]
            )
        if one.sample in seen:
            yield fault.of(where, "{sample} stands here twice", "keep one line", sample=one.sample[:100])
        seen.add(one.sample)
        if one.outcome not in set(Outcome):
            yield fault.of(where, "it is not told what became of {sample}", "choose one of those that are offered",
                           sample=one.sample[:100])  # fmt: skip
        if one.outcome == Outcome.CANNOT_FIND and not one.note.strip():
            yield fault.of(where, "it is not told when {sample} was last seen", "write where you looked",
                           sample=one.sample[:100])  # fmt: skip
        yield from texts.check(where, one.note, most=NOTE_MOST)
    for sample in sorted(set(held) - seen):
        yield fault.of("lines", "nothing is told of {sample}", "add a line for it", sample=sample)


def findings(told: Collection[Counted], book: Mapping[str, Line]) -> tuple[Fault, ...]:
    """Return where an inventory and the book disagree: what a curator looks at; nothing of it keeps it from being taken."""
    return tuple(found for one in told for found in _findings(one, book.get(one.sample, Line(one.sample))))


def _findings(one: Counted, line: Line) -> Iterator[Fault]:
    there = line.held_ng > 0
    if one.outcome == Outcome.CANNOT_FIND:
        yield fault.of(one.sample, "{sample} cannot be found", "follow it in its incident", sample=one.sample)
    elif (one.outcome == Outcome.HAVE) is not there:
        yield fault.of(one.sample, "of {sample} the book has {held} with the borrower, who says otherwise",
                       "ask what became of it, then record that", sample=one.sample, held=mass.show(line.held_ng))  # fmt: skip
    elif there and one.mass_ng is not None and one.mass_ng != line.held_ng:
        yield fault.of(one.sample, "{sample} weighs {found} there, and the book has {held}",
                       "compare the weighings when it comes back", sample=one.sample,
                       found=mass.show(one.mass_ng), held=mass.show(line.held_ng))  # fmt: skip


def check_consumption(
    *, fate: str, mass_ng: int, held_ng: int, used_ng: int, approved_ng: int, reason: str
) -> Iterator[Fault]:
    """Yield what keeps consumption from being reported. More than was approved can be reported, with the reason."""
    if fate not in set(Fate):
        yield fault.of("fate", "it is not told what became of it", "choose one of those that are offered")
    if mass_ng <= 0:
        yield fault.of("mass", "nothing is reported", "state the mass that was used up")
    elif mass_ng > held_ng:
        yield fault.of("mass", "{mass} are reported, and the book has {held} with you", "check the number and the mass",
                       mass=mass.show(mass_ng), held=mass.show(held_ng))  # fmt: skip
    elif used_ng + mass_ng > approved_ng and not reason.strip():
        yield fault.of("reason", "with this {used} are used up, and {approved} were approved", "say why it was more",
                       used=mass.show(used_ng + mass_ng), approved=mass.show(approved_ng))  # fmt: skip


# -- what comes back -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verified:
    """A weighing of what came back, held against the book; both with one standard deviation."""

    gap_ng: int
    tolerance_ng: int

    @property
    def agrees(self) -> bool:
        return abs(self.gap_ng) <= self.tolerance_ng


def verify(*, weighed_ng: int, weighed_sd_ng: int, book_ng: int, book_sd_ng: int) -> Verified:
    """Return how far balance and book are apart, and how far both allow."""
    return Verified(weighed_ng - book_ng, COVERAGE * combined_sd_ng(weighed_sd_ng, book_sd_ng))


def check_explained(found: Verified, *, explanation: str, reason: str) -> Iterator[Fault]:
    """Yield what keeps a difference from being settled: beyond what both weighings allow it wants a reason."""
    if found.agrees:
        if explanation:
            yield fault.of(
                "explanation", "the difference is within what both weighings allow", "leave it out"
            )
        return
    if explanation not in set(Explanation):
        yield fault.of("explanation", "the balance differs from the book by {gap}, and both allow {tolerance}",
                       "say what explains it", gap=mass.show(found.gap_ng), tolerance=mass.show(found.tolerance_ng))  # fmt: skip
    elif found.gap_ng > 0 and explanation != Explanation.DRIFT:
        yield fault.of("explanation", "there is more than the book has", "only drift explains a gain")
    yield from texts.check("reason", reason, most=NOTE_MOST, needed=True)
