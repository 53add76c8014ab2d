"""What is an entry, and who holds what after it? Postings, holders, kinds, balances.

Every mass that moves is one entry; whether it may stand is said in `invariants`. Knows no text (see `book`), no hash (see `transparency`), no database
and no clock. Mass balance: domain facts, section 6; the loan form's rule that what is issued is what is
returned, transferred or reported consumed is the JSC return form F-75.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What an entry records; the values are the words in the book."""

    RECEIVE = "receive"
    SPLIT = "split"
    COMBINE = "combine"
    RENUMBER = "renumber"
    MOVE = "move"
    SHIP = "ship"
    DELIVER = "deliver"
    CONSUME = "consume"
    RETURN = "return"
    GIVE = "give"
    LOSE = "lose"
    FIND = "find"
    ADJUST = "adjust"
    CORRECT = "correct"
    RECORD = "record"


# Kind -> the roots that it may take mass from, and those that it may bring mass to.
FLOWS: Final[dict[Kind, tuple[frozenset[str], frozenset[str]]]] = {
    kind: (frozenset(sources.split()), frozenset(targets.split()))
    for kind, sources, targets in (
        (Kind.RECEIVE, "origin", "place transit"),
        (Kind.SPLIT, "place loan", "place loan spent"),
        (Kind.COMBINE, "place loan", "place loan spent"),
        (Kind.RENUMBER, "place transit loan missing", "place transit loan missing"),
        (Kind.MOVE, "place", "place"),
        (Kind.SHIP, "place loan", "transit"),
        (Kind.DELIVER, "transit", "place loan"),
        (Kind.CONSUME, "place loan", "spent"),
        (Kind.RETURN, "loan transit", "place transit"),
        (Kind.GIVE, "place transit loan", "given"),
        (Kind.LOSE, "place transit loan", "missing"),
        (Kind.FIND, "missing", "place transit loan"),
        (Kind.ADJUST, "place transit loan missing drift", "place transit loan missing drift"),
        (
            Kind.CORRECT,
            "origin place transit loan given spent missing drift",
            "origin place transit loan given spent missing drift",
        ),
        (Kind.RECORD, "", ""),
    )
}
RESHAPING: Final = frozenset({Kind.SPLIT, Kind.COMBINE, Kind.RENUMBER})
# The acts in which a curator may state a sample's class of use.
CLASSING: Final = frozenset({Kind.RECEIVE, Kind.MOVE, Kind.CORRECT}) | RESHAPING

SPENT: Final = frozenset({"spent:attrition", "spent:consumption", "spent:destruction"})
ATTRITION: Final = "spent:attrition"
CONSUMPTION: Final = "spent:consumption"
DESTRUCTION: Final = "spent:destruction"
ROOTS: Final = frozenset({"origin", "place", "transit", "loan", "given", "spent", "missing", "drift"})
_MAY_BE_BARE: Final = frozenset({"missing", "drift"})
BELOW_ZERO: Final = ("origin:", "drift:")
# A sealed sample may be moved, shipped to another store, weighed, lost and found; not handed over or used up.
OUT_OF_SEAL: Final = ("loan:", "given:", CONSUMPTION)

MOMENT: Final = re.compile(
    r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T"
    r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.(\d+))?(?:Z|\+00:00)",
    re.ASCII,
)
_CITED: Final = re.compile(r"entry:(0|[1-9][0-9]{0,17})")
# What an entry of kind `record` cites: a step of the public register and the SHA-256 of its text, nothing else.
_STEP: Final = re.compile(r"register:([A-Za-z0-9][A-Za-z0-9._-]{0,79})/([1-9][0-9]{0,8})", re.ASCII)
_HASH: Final = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Posting:
    """Mass of one sample that comes to a holder, or, below zero, leaves it."""

    sample: str
    holder: str
    mass_ng: int


@dataclass(frozen=True, slots=True)
class Use:
    """From this entry on, a sample's class of use; a sealed class is neither lent, given nor used up."""

    sample: str
    use_class: str
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every entry has besides its mass: number, time (RFC 3339, UTC), an opaque key, documents cited."""

    index: int
    at: str
    by: str
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on mass, as it stands in the book."""

    index: int
    at: str
    kind: Kind
    by: str
    postings: tuple[Posting, ...]
    uses: tuple[Use, ...] = ()
    basis: tuple[str, ...] = ()

    @property
    def corrected(self) -> tuple[int, ...]:
        """The numbers of the earlier entries that the basis names, as in `basis entry:1742`."""
        cited = (_CITED.fullmatch(ref) for ref in self.basis)
        return tuple(int(match[1]) for match in cited if match)

    @property
    def recorded(self) -> tuple[str, int] | None:
        """The claim and the number of its step that a `record` entry cites with its hash, or None."""
        if self.kind is not Kind.RECORD or len(self.basis) < 2 or not _HASH.fullmatch(self.basis[1]):
            return None
        cited = _STEP.fullmatch(self.basis[0])
        return (cited[1], int(cited[2])) if cited else None

    @property
    def parents(self) -> tuple[str, ...]:
        """The samples that a split, combine or renumber takes mass from, each once, in order."""
        if self.kind not in RESHAPING:
            return ()
        return tuple(dict.fromkeys(p.sample for p in self.postings if p.mass_ng < 0))

    @property
    def daughters(self) -> tuple[str, ...]:
        """The samples that a split, combine or renumber brings mass to, each once, in order."""
        if self.kind not in RESHAPING:
            return ()
        brought = (p.sample for p in self.postings if p.mass_ng > 0 and p.holder != ATTRITION)
        return tuple(dict.fromkeys(brought))


def root_of(holder: str) -> str:
    """Return the holder's root, the word before the colon, or nothing where there is none."""
    root, colon, _ = holder.partition(":")
    return root if colon else ""


def is_holder(holder: str) -> bool:
    """Say whether this is one of the holders that the ledger knows, with a key where one is needed."""
    root, _, key = holder.partition(":")
    if root == "spent":
        return holder in SPENT
    return root in ROOTS and (bool(key) or root in _MAY_BE_BARE) and ":" in holder


def may_be_below_zero(holder: str) -> bool:
    """Only what came from outside, and what reweighing found, may stand below zero."""
    return holder.startswith(BELOW_ZERO)


def is_moment(at: str) -> bool:
    """Say whether the text is an RFC 3339 time in UTC on a day that exists."""
    match = MOMENT.fullmatch(at)
    if not match:
        return False
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _DAYS[month - 1] + leap


def moment_order(at: str) -> tuple[str, str]:
    """Return what sorts times of `is_moment` form: to the second, then the fraction."""
    return at[:19], at[19:].removesuffix("Z").removesuffix("+00:00").rstrip("0").rstrip(".")


@dataclass(slots=True)
class Holdings:
    """Who holds how much of what after the entries so far, and what else later entries are held against."""

    # By sample, then holder: an entry touches few samples, and most samples are with one holder.
    held_ng: dict[str, dict[str, int]] = field(default_factory=dict)
    uses: dict[str, Use] = field(default_factory=dict)
    sealed: set[str] = field(default_factory=set)
    # The last step of each claim of the register that an entry so far has recorded.
    steps: dict[str, int] = field(default_factory=dict)
    size: int = 0
    last_at: str = ""

    def knows(self, sample: str) -> bool:
        """Say whether an entry so far has posted this sample: its number is taken."""
        return sample in self.held_ng

    def balance(self, sample: str, holder: str) -> int:
        """Return the nanograms of this sample with this holder."""
        held_ng = self.held_ng.get(sample)
        return held_ng.get(holder, 0) if held_ng else 0

    def balances(self) -> Iterator[Posting]:
        """Yield every balance that is not zero, sorted by sample, then holder."""
        for sample in sorted(self.held_ng):
            yield from (Posting(sample, h, ng) for h, ng in sorted(self.held_ng[sample].items()) if ng)

    def apply(self, entry: Entry) -> None:
        """Take the entry in, sound or not."""
        for posting in entry.postings:
            held_ng = self.held_ng.setdefault(posting.sample, {})
            held_ng[posting.holder] = held_ng.get(posting.holder, 0) + posting.mass_ng
        for use in uses_after(entry, self):
            self.uses[use.sample] = use
            (self.sealed.add if use.sealed else self.sealed.discard)(use.sample)
        if recorded := entry.recorded:
            self.steps[recorded[0]] = recorded[1]
        self.size = entry.index + 1
        self.last_at = entry.at


def uses_after(entry: Entry, holdings: Holdings) -> tuple[Use, ...]:
    """Return the classes of use that the entry sets: those it states, and those that daughters inherit.

    A daughter of several parents inherits a sealed class where any parent has one: the stricter holds.
    """
    stated = {use.sample for use in entry.uses}
    known = [holdings.uses[parent] for parent in entry.parents if parent in holdings.uses]
    if not known:
        return entry.uses
    strictest = next((use for use in known if use.sealed), known[0])
    inherited = tuple(
        Use(number, strictest.use_class, strictest.sealed)
        for number in entry.daughters
        if number not in stated and (strictest.sealed or number not in holdings.uses)
    )
    return inherited + entry.uses
