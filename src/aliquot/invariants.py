"""May an entry stand? One function for each invariant of the ledger.

A book is sound when every entry keeps every invariant against the holdings that all earlier entries left.
Each function returns the faults of one entry; `check` returns those of all. Knows no text and no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from aliquot import fault
from aliquot.fault import Fault
from aliquot.ledger import (
    ATTRITION,
    CLASSING,
    FLOWS,
    OUT_OF_SEAL,
    RESHAPING,
    ROOTS,
    Entry,
    Holdings,
    Kind,
    Posting,
    is_holder,
    is_moment,
    may_be_below_zero,
    moment_order,
    root_of,
    uses_after,
)


def check(entry: Entry, holdings: Holdings) -> tuple[Fault, ...]:
    """Return every fault of this entry after these holdings; none means that it may be appended.

    `Fault.where` names the part: `index`, `at`, `kind`, `postings[2]`, `uses[0]`, `basis`.
    """
    return (
        *check_order(entry, holdings),
        *check_holders(entry),
        *check_sum(entry),
        *check_conserved(entry),
        *check_flow(entry),
        *check_family(entry, holdings),
        *check_floor(entry, holdings),
        *check_seal(entry, holdings),
        *check_correction(entry),
        *check_record(entry, holdings),
    )


def check_order(entry: Entry, holdings: Holdings) -> Iterator[Fault]:
    """Entries are numbered from 0 without a gap, and time never runs backwards."""
    if entry.index != holdings.size:
        yield fault.of(
            "index",
            "entry {index} stands where entry {due} is due",
            "restore the book as it was published; entries are never dropped, repeated or reordered",
            index=entry.index,
            due=holdings.size,
        )
    if not is_moment(entry.at):
        yield fault.of("at", "“{at}” is not a time in UTC", "write it as 2026-03-14T09:30:00Z", at=entry.at)
    elif holdings.last_at and moment_order(entry.at) < moment_order(holdings.last_at):
        yield fault.of(
            "at",
            "{at} is before the entry before it, {before}",
            "an act that was recorded late is entered at the time of recording",
            at=entry.at,
            before=holdings.last_at,
        )


def check_holders(entry: Entry) -> Iterator[Fault]:
    """Every posting moves mass, and names a holder that the ledger knows."""
    if not entry.postings and entry.kind is not Kind.RECORD:
        yield fault.of("kind", "the entry moves no mass", "give it at least two postings")
    for i, posting in enumerate(entry.postings):
        if not is_holder(posting.holder):
            yield fault.of(
                f"postings[{i}]",
                "“{holder}” is not a holder",
                "use origin:, place:, transit:, loan:, given:, missing: or drift: with a key, or "
                "spent:attrition, spent:consumption or spent:destruction",
                holder=posting.holder,
            )
        if posting.mass_ng == 0:
            yield fault.of(
                f"postings[{i}]",
                "{sample} is posted with no mass",
                "leave the posting out",
                sample=posting.sample,
            )


def check_sum(entry: Entry) -> Iterator[Fault]:
    """The postings of an entry sum to zero nanograms."""
    total_ng = sum(posting.mass_ng for posting in entry.postings)
    if total_ng:
        yield fault.of(
            "kind",
            "the postings sum to {total} ng, not to zero",
            "find the mass that is missing or too much and post it",
            total=total_ng,
        )


def check_conserved(entry: Entry) -> Iterator[Fault]:
    """Every kind but split, combine and renumber conserves each sample by itself."""
    if entry.kind in RESHAPING:
        return
    for sample, total_ng in _by_sample(entry.postings).items():
        if total_ng:
            yield fault.of(
                "kind",
                "{kind} changes the mass of {sample} by {total} ng",
                "only split, combine and renumber turn one sample into another",
                kind=entry.kind,
                sample=sample,
                total=total_ng,
            )


def _by_sample(postings: Iterable[Posting]) -> dict[str, int]:
    totals_ng: dict[str, int] = {}
    for posting in postings:
        totals_ng[posting.sample] = totals_ng.get(posting.sample, 0) + posting.mass_ng
    return totals_ng


def check_flow(entry: Entry) -> Iterator[Fault]:
    """Each kind takes from the holders that it may take from and brings to those that it may bring to."""
    sources, targets = FLOWS[entry.kind]
    for i, posting in enumerate(entry.postings):
        root = root_of(posting.holder)
        if root not in ROOTS or posting.mass_ng == 0:
            continue  # said by check_holders
        if posting.mass_ng < 0 and root not in sources:
            yield fault.of(
                f"postings[{i}]",
                "{kind} never takes mass from {holder}",
                "it may take from: {allowed}",
                kind=entry.kind,
                holder=posting.holder,
                allowed=", ".join(sorted(sources)) or "-",
            )
        if posting.mass_ng > 0 and root not in targets:
            yield fault.of(
                f"postings[{i}]",
                "{kind} never brings mass to {holder}",
                "it may bring to: {allowed}",
                kind=entry.kind,
                holder=posting.holder,
                allowed=", ".join(sorted(targets)) or "-",
            )
    if entry.kind is Kind.ADJUST:
        yield from _check_adjust(entry)


def _check_adjust(entry: Entry) -> Iterator[Fault]:
    """What the holders of a sample gain or lose together stands against drift:; nothing goes between them."""
    weighed: dict[str, set[bool]] = {posting.sample: set() for posting in entry.postings}
    for posting in entry.postings:
        if root_of(posting.holder) != "drift":
            weighed[posting.sample].add(posting.mass_ng > 0)
    for sample, signs in weighed.items():
        if len(signs) > 1:
            yield fault.of(
                "kind",
                "adjust moves {sample} from holder to holder, past drift:",
                "what a reweighing finds is posted against drift:, what is moved is a move",
                sample=sample,
            )


def check_family(entry: Entry, holdings: Holdings) -> Iterator[Fault]:
    """Daughters and loss make up the parent; a daughter has a new number and stays where its parent was."""
    if entry.kind not in RESHAPING:
        return
    parents, daughters = entry.parents, entry.daughters
    yield from _check_counts(entry.kind, parents, daughters)
    held_by = {p.holder for p in entry.postings if p.mass_ng < 0}
    for i, posting in enumerate(entry.postings):
        if posting.mass_ng <= 0:
            continue
        if posting.sample in parents and posting.holder != ATTRITION:
            yield fault.of(
                f"postings[{i}]",
                "{sample} is both taken from and added to",
                "post only the difference",
                sample=posting.sample,
            )
        elif posting.sample not in parents and root_of(posting.holder) == "spent":
            yield fault.of(
                f"postings[{i}]",
                "the loss of a {kind} is posted to {sample}, which did not exist before",
                "post what is lost to the parent",
                kind=entry.kind,
                sample=posting.sample,
            )
        elif (
            posting.holder != ATTRITION
            and posting.holder not in held_by
            and not _same_house(posting, held_by)
        ):
            yield fault.of(
                f"postings[{i}]",
                "{sample} comes to {holder}, where its parent was not",
                "record the {kind} where it happened, then move what was made",
                sample=posting.sample,
                holder=posting.holder,
                kind=entry.kind,
            )
    if entry.kind is not Kind.COMBINE:
        yield from _check_new(entry, holdings)
    if entry.kind is Kind.RENUMBER:
        yield from _check_renumber(entry)


def _same_house(posting: Posting, held_by: set[str]) -> bool:
    """Within one's own store a daughter may go straight to another shelf."""
    return posting.holder.startswith("place:") and any(holder.startswith("place:") for holder in held_by)


def _check_counts(kind: Kind, parents: tuple[str, ...], daughters: tuple[str, ...]) -> Iterator[Fault]:
    many_parents = kind is Kind.COMBINE
    many_daughters = kind is Kind.SPLIT
    if not parents or (len(parents) > 1 and not many_parents):
        yield fault.of(
            "kind",
            "{kind} takes from {count} samples",
            "it takes from one parent",
            kind=kind,
            count=len(parents),
        )
    if not daughters or (len(daughters) > 1 and not many_daughters):
        yield fault.of(
            "kind",
            "{kind} makes {count} samples",
            "split makes one or more, combine and renumber one",
            kind=kind,
            count=len(daughters),
        )


def _check_new(entry: Entry, holdings: Holdings) -> Iterator[Fault]:
    for i, posting in enumerate(entry.postings):
        if posting.mass_ng > 0 and holdings.knows(posting.sample) and posting.sample not in entry.parents:
            yield fault.of(
                f"postings[{i}]",
                "the number {sample} is taken",
                "give the new sample a number of its own",
                sample=posting.sample,
            )


def _check_renumber(entry: Entry) -> Iterator[Fault]:
    left: dict[str, int] = defaultdict(int)
    for posting in entry.postings:
        left[posting.holder] += posting.mass_ng
    for holder, total_ng in left.items():
        if total_ng:
            yield fault.of(
                "kind",
                "renumber changes what {holder} holds by {total} ng",
                "a new name weighs nothing",
                holder=holder,
                total=total_ng,
            )


def check_floor(entry: Entry, holdings: Holdings) -> Iterator[Fault]:
    """Nothing but origin: and drift: is ever below zero."""
    changed: dict[tuple[str, str], int] = {}
    for posting in entry.postings:
        key = posting.sample, posting.holder
        changed[key] = changed.get(key, holdings.balance(*key)) + posting.mass_ng
    for i, posting in enumerate(entry.postings):
        held_ng = holdings.balance(posting.sample, posting.holder)
        after_ng = changed.pop((posting.sample, posting.holder), held_ng)
        # Who brings mass to a holder that an earlier, faulty entry left short does nothing wrong.
        if after_ng < min(held_ng, 0) and not may_be_below_zero(posting.holder):
            yield fault.of(
                f"postings[{i}]",
                "{holder} would hold {after} ng of {sample}, that is {short} ng too little",
                "take no more than the {held} ng that are there, or reweigh",
                holder=posting.holder,
                sample=posting.sample,
                after=after_ng,
                short=-after_ng,
                held=held_ng,
            )


def check_seal(entry: Entry, holdings: Holdings) -> Iterator[Fault]:
    """A sealed class is not lent, given away or used up; only the acts of a curator state a class."""
    sealed = holdings.sealed | {use.sample for use in uses_after(entry, holdings) if use.sealed}
    for i, posting in enumerate(entry.postings):
        if posting.mass_ng > 0 and posting.sample in sealed and posting.holder.startswith(OUT_OF_SEAL):
            yield fault.of(
                f"postings[{i}]",
                "{sample} is sealed and cannot come to {holder}",
                "take from a sample that is not sealed, or have its class changed first",
                sample=posting.sample,
                holder=posting.holder,
            )
    posted = {posting.sample for posting in entry.postings}
    for i, use in enumerate(entry.uses):
        if entry.kind not in CLASSING:
            yield fault.of(
                f"uses[{i}]",
                "{kind} cannot change a class of use",
                "state it in an act of the store",
                kind=entry.kind,
            )
        if use.sample not in posted:
            yield fault.of(
                f"uses[{i}]",
                "{sample} has a class of use here but no posting",
                "name a sample of this entry",
                sample=use.sample,
            )


def check_correction(entry: Entry) -> Iterator[Fault]:
    """A correction names the earlier entry that it corrects."""
    if entry.kind is Kind.CORRECT and not any(number < entry.index for number in entry.corrected):
        yield fault.of(
            "basis",
            "the correction does not name an earlier entry",
            "add the line basis entry:N with the number of the entry that it corrects",
        )


def check_record(entry: Entry, holdings: Holdings) -> Iterator[Fault]:
    """A step of the register is cited with its hash and follows the step before it of its claim; it moves no mass (see check_flow)."""
    if entry.kind is not Kind.RECORD:
        return
    if entry.recorded is None:
        yield fault.of(
            "basis",
            "the entry does not cite a step of the register with its hash",
            "begin with two basis lines: register:CLAIM/STEP, then sha256: and 64 hexadecimal digits",
        )
        return
    claim, step = entry.recorded
    due = holdings.steps.get(claim, 0) + 1
    if step != due:
        yield fault.of(
            "basis",
            "it records step {step} of {claim} where step {due} is due",
            "restore the register as it was published; steps are never dropped, repeated or reordered",
            step=step,
            claim=claim,
            due=due,
        )
