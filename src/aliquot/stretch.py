"""Is this stretch of a book sound? The fast path of verification, exactly as strict as the slow one.

An entry whose text has the usual shape and whose sums plainly hold is taken in here, in a few microseconds;
every other entry goes through `book.parse` and `invariants.check`, which say what is wrong and where. A
stretch that starts inside a book does not know what came before: it collects what it needs of it (`Demands`),
so that two processes can each check a half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

from aliquot import book, fault, invariants, transparency
from aliquot.fault import Fault
from aliquot.ledger import (
    ATTRITION,
    CLASSING,
    FLOWS,
    OUT_OF_SEAL,
    RESHAPING,
    Entry,
    Holdings,
    Kind,
    is_holder,
    is_moment,
    may_be_below_zero,
    root_of,
)

# Entries whose subtree is one interior hash: a book's root is the root of these, so no list of leaves is kept.
SUBTREE: Final = 1024
MOST_FAULTS: Final = 100

_HEADER: Final = r"entry (0|[1-9]\d{0,17})\nat (\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)\nkind ([a-z]+)\nby [!-~]+"
_CLASS: Final = r"(?!sealed(?:\n|\Z))[a-z][a-z-]*"
_USES: Final = rf"((?:\nuse [!-~]+ {_CLASS})*)"
_BASIS: Final = r"(?:\nbasis [!-~]+(?: [!-~]+)*)*"
_NG: Final = r"([1-9]\d{0,17})"
_END: Final = r"(?=\n\n|\Z)"
# Two postings of one sample that cancel (the pattern itself sees that they do), or a split into one or two
# daughters that stay where the parent is, and its loss: most entries of most books. Any other text matches as
# well, with empty groups: after "\n\n" the pattern finds each entry that `split("\n\n")` would, and no more.
_EACH: Final = re.compile(
    rf"\n\n(?:{_HEADER}\npost ([!-~]+) ([!-~]+) -{_NG}(?:"
    rf"\npost \4 ([!-~]+) \6((?:\nuse \4 {_CLASS})?)"
    rf"|\npost ([!-~]+) \5 {_NG}(?:\npost (?!\9 )([!-~]+) \5 {_NG})?(?:\npost \4 {ATTRITION} {_NG})?"
    rf"){_BASIS}{_END}|(?s:.*?){_END})",
    re.ASCII,
).findall
# A split into any number, some of them classed.
_CUT: Final = re.compile(
    rf"{_HEADER}\npost ([!-~]+) ([!-~]+) -{_NG}((?:\npost [!-~]+ \5 [1-9]\d{{0,17}})+)"
    rf"(?:\npost \4 {ATTRITION} {_NG})?{_USES}{_BASIS}",
    re.ASCII,
).fullmatch
# An arrival of many.
_ARRIVED: Final = re.compile(
    rf"{_HEADER}((?:\npost [!-~]+ origin:[!-~]+ -[1-9]\d{{0,17}}\npost [!-~]+ [!-~]+ [1-9]\d{{0,17}})+){_USES}{_BASIS}",
    re.ASCII,
).fullmatch


def _pairs() -> frozenset[tuple[str, str, str]]:
    """Return every (kind, root taken from, root brought to) that one sample may go by itself."""
    found = {
        (kind.value, source, target)
        for kind, (sources, targets) in FLOWS.items()
        if kind not in RESHAPING and kind is not Kind.CORRECT
        for source in sources
        for target in targets
    }
    return frozenset(p for p in found if p[0] != "adjust" or "drift" in p[1:])


_PAIRS: Final = _pairs()
_SPLIT_AT: Final = FLOWS[Kind.SPLIT][0]
_CLASSING: Final = frozenset(kind.value for kind in CLASSING)


# Giver and taker (one text for each holder, kept once; no taker in a split), whether the giver has a floor, whether
# a seal may forbid it.
_Route = tuple[str, str, bool, bool]


@dataclass(slots=True)
class Demands:
    """What a stretch needs of the entries before it: so much held, these numbers free, these not sealed."""

    at_least_ng: dict[tuple[str, str], int] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    not_sealed: set[str] = field(default_factory=set)
    # The last step that is recorded of a claim of the register; 0 where there is none.
    steps: dict[str, int] = field(default_factory=dict)

    def __getstate__(self) -> tuple[str, str, list[int], str, str, dict[str, int]]:
        """What is sent to another process: hundreds of thousands of short texts cross as a few long ones."""
        samples, holders = zip(*self.at_least_ng, strict=True) if self.at_least_ng else ((), ())
        masses_ng = list(self.at_least_ng.values())
        return (
            "\n".join(samples),
            "\n".join(holders),
            masses_ng,
            "\n".join(self.free),
            "\n".join(self.not_sealed),
            self.steps,
        )

    def __setstate__(self, sent: tuple[str, str, list[int], str, str, dict[str, int]]) -> None:
        samples, holders, masses_ng, free, not_sealed, self.steps = sent
        keys = zip(samples.split("\n"), holders.split("\n"), strict=True)
        self.at_least_ng = dict(zip(keys, masses_ng, strict=False))
        self.free = set(free.split("\n")) if free else set()
        self.not_sealed = set(not_sealed.split("\n")) if not_sealed else set()

    def met_by(self, before: Holdings) -> bool:
        """Say whether a book that left these holdings can be followed by the stretch."""
        return (
            before.held_ng.keys().isdisjoint(self.free)
            and self.not_sealed.isdisjoint(before.sealed)
            and all(before.balance(*key) >= least_ng for key, least_ng in self.at_least_ng.items())
            and all(before.steps.get(claim, 0) == step for claim, step in self.steps.items())
        )


@dataclass(slots=True)
class Stretch:
    """Consecutive entries as far as gone through; `demands` is there where they start inside a book."""

    holdings: Holdings = field(default_factory=Holdings)
    demands: Demands | None = None
    line: int = 1
    faults: list[Fault] = field(default_factory=list)
    subtrees: list[bytes] = field(default_factory=list)
    pending: list[bytes] = field(default_factory=list)
    _routes: dict[tuple[str, str, str], _Route] = field(default_factory=dict)
    _holders: dict[str, str] = field(default_factory=dict)
    # Sorts after every time of the day that was looked up last: "U" is the letter after "T".
    _day_end: str = ""

    def hashes(self) -> list[bytes]:
        """Return the subtree hashes from which the root is made; the last may stand for fewer entries."""
        return [*self.subtrees, transparency.root(self.pending)] if self.pending else self.subtrees

    def forgetful(self) -> Stretch:
        """Return the stretch without what only its own going on needs, to be sent to another process."""
        return Stretch(self.holdings, self.demands, self.line, self.faults, self.hashes())

    def take(self, block: bytes) -> None:
        """Take in whole entries, without the last LF of the last one."""
        leaves = block.split(b"\n\n")
        line = self.line
        self._hash(leaves)
        self._walk(leaves, _EACH("\n\n" + block.decode("utf-8", "surrogateescape")))
        self.line = line + block.count(b"\n") + 2

    def _hash(self, leaves: list[bytes]) -> None:
        self.pending += [sha256(b"\0%b\n" % leaf).digest() for leaf in leaves]
        whole = len(self.pending) - len(self.pending) % SUBTREE
        for first in range(0, whole, SUBTREE):
            self.subtrees.append(transparency.root(self.pending[first : first + SUBTREE]))
        del self.pending[:whole]

    # The loop is written out: most of a big book passes here, and a call costs as much as the work.
    def _walk(self, leaves: list[bytes], entries: list[tuple[str, ...]]) -> None:
        holdings, routes = self.holdings, self._routes
        all_ng = holdings.held_ng
        counted, size, day_end = 0, holdings.size, self._day_end
        edge = _edge(holdings.last_at)
        are_short = max(map(len, leaves)) < book.MAX_BYTES
        for i, entry in enumerate(entries):
            number, at, kind, sample, giver, mass, taker, use, daughter, _, _, _, _ = entry
            if number and (are_short or len(leaves[i]) < book.MAX_BYTES):
                route = routes.get((kind, giver, taker)) or self._route(kind, giver, taker)
                if route and edge <= at < day_end and int(number) == size:
                    giver, taker, has_floor, asks_seal = route
                    mass_ng = int(mass)
                    held_ng = all_ng.get(sample)
                    if held_ng is None:
                        held_ng = all_ng[sample] = {}
                    left_ng = held_ng.get(giver, 0) - mass_ng
                    if left_ng < 0 and has_floor:
                        left_ng = self._demand(sample, giver, left_ng)
                    if (
                        (left_ng >= 0 or not has_floor)
                        and (
                            not (use or asks_seal)
                            or (self._may_leave(sample) and not (use and kind not in _CLASSING))
                        )
                        and (not daughter or self._part(held_ng, giver, mass_ng, entry[8:]))
                    ):
                        held_ng[giver] = left_ng
                        if taker:
                            held_ng[taker] = held_ng.get(taker, 0) + mass_ng
                        size += 1
                        edge = at
                        continue
            # What follows looks at the holdings, and may leave others.
            holdings.size = size
            holdings.last_at = edge if edge[-1:] == "Z" else holdings.last_at
            if number or not self._take_many(leaves[i], edge):
                self.line += _lines(leaves[counted:i])
                counted = i
                self._take_slowly(leaves[i].decode("utf-8", "surrogateescape") + "\n")
            size, day_end, edge = holdings.size, self._day_end, _edge(holdings.last_at)
        holdings.size = size
        holdings.last_at = edge if edge[-1:] == "Z" else holdings.last_at

    def _part(self, held_ng: dict[str, int], giver: str, mass_ng: int, daughters: tuple[str, ...]) -> bool:
        """One or two new daughters beside their parent, whose holdings these are, then perhaps the loss."""
        first, first_mass, second, second_mass, lost = daughters
        first_ng, second_ng, lost_ng = int(first_mass), int(second_mass or 0), int(lost or 0)
        all_ng = self.holdings.held_ng
        # The parent is in the holdings, so that it cannot pass for a daughter of its own.
        if first in all_ng or second in all_ng or first_ng + second_ng + lost_ng != mass_ng:
            return False
        all_ng[first] = {giver: first_ng}
        if second:
            all_ng[second] = {giver: second_ng}
        if lost:
            held_ng[ATTRITION] = held_ng.get(ATTRITION, 0) + lost_ng
        if self.demands:
            self.demands.free.update((first, second) if second else (first,))
        return True

    # -- the fast path: True, and the holdings changed, only where nothing is wrong ------------------------

    def _take_many(self, leaf: bytes, edge: str) -> bool:
        """Take in a split into many or an arrival of many."""
        if len(leaf) >= book.MAX_BYTES:
            return False
        text = leaf.decode("utf-8", "surrogateescape")
        cut = _CUT(text)
        match = cut or _ARRIVED(text)
        if not match:
            return False
        number, at, kind, *parts = match.groups()
        if int(number) != self.holdings.size or not edge <= at < self._day_end:
            return False
        if not (self._cut(kind, *parts) if cut else self._arrive(kind, *parts)):
            return False
        self.holdings.size += 1
        self.holdings.last_at = at
        return True

    def _cut(
        self, kind: str, parent: str, giver: str, mass: str, posted: str, lost: str | None, uses: str
    ) -> bool:
        """One parent, new daughters beside it, then perhaps the loss; no seal to be inherited."""
        words = posted.split()
        daughters, masses_ng = words[1::4], [int(word) for word in words[3::4]]
        route = self._route(kind, giver, "")
        if not route or sum(masses_ng) + int(lost or 0) != int(mass) or not self._may_leave(parent):
            return False
        all_ng = self.holdings.held_ng
        # The parent is in the holdings, so that it cannot pass for a daughter of its own.
        held_ng = all_ng.setdefault(parent, {})
        new = set(daughters)
        if len(new) != len(daughters) or not new.isdisjoint(all_ng):
            return False
        if uses and not self._classes_plainly(uses, new):
            return False
        giver = route[0]
        left_ng = held_ng.get(giver, 0) - int(mass)
        if left_ng < 0:
            left_ng = self._demand(parent, giver, left_ng)
            if left_ng < 0:
                return False
        if self.demands:
            self.demands.free |= new
        held_ng[giver] = left_ng
        if lost:
            held_ng[ATTRITION] = held_ng.get(ATTRITION, 0) + int(lost)
        for daughter, mass_ng in zip(daughters, masses_ng, strict=True):
            all_ng[daughter] = {giver: mass_ng}
        return True

    def _arrive(self, kind: str, posted: str, uses: str) -> bool:
        """Pairs of postings, each of another sample that comes from outside: nothing can fall below a floor."""
        words = posted.split()
        samples = words[1::8]
        if samples != words[5::8] or len(set(samples)) != len(samples):
            return False
        if not self._classes_plainly(uses, set(samples)):
            return False
        routes = [self._route(kind, *ends) for ends in zip(words[2::8], words[6::8], strict=True)]
        masses_ng = [int(word) for word in words[7::8]]
        if None in routes or [-ng for ng in masses_ng] != [int(word) for word in words[3::8]]:
            return False
        for sample, route, mass_ng in zip(samples, routes, masses_ng, strict=True):
            giver, taker = route[:2] if route else fault.bug("routes were looked through")
            held_ng = self.holdings.held_ng.setdefault(sample, {})
            held_ng[giver] = held_ng.get(giver, 0) - mass_ng
            held_ng[taker] = held_ng.get(taker, 0) + mass_ng
        return True

    def _route(self, kind: str, giver: str, taker: str) -> _Route | None:
        """Return how one sample passes from giver to taker by this kind, or, without a taker, how it is split.

        None where it may not, or not plainly.
        """
        root = root_of(giver)
        plain = (kind, root, root_of(taker)) in _PAIRS and is_holder(taker) if taker else kind == "split"
        if not plain or not is_holder(giver) or not (taker or root in _SPLIT_AT):
            return None
        kept = self._holders.setdefault
        # What goes to where it is leaves nothing short.
        has_floor = giver != taker and not may_be_below_zero(giver)
        asks_seal = not taker or taker.startswith(OUT_OF_SEAL)
        route = kept(giver, giver), kept(taker, taker), has_floor, asks_seal
        self._routes[kind, giver, taker] = route
        return route

    def _classes_plainly(self, uses: str, posted: set[str]) -> bool:
        """No class here is sealed (the pattern sees to it), and none was: then nothing has to be remembered."""
        samples = uses.split()[1::3]
        if self.demands:
            self.demands.not_sealed.update(samples)
        return self.holdings.sealed.isdisjoint(samples) and posted.issuperset(samples)

    def _may_leave(self, sample: str) -> bool:
        """The sample is not sealed here; what came before is asked where it is not known."""
        if self.demands:
            self.demands.not_sealed.add(sample)
        return sample not in self.holdings.sealed

    def _demand(self, sample: str, holder: str, short_ng: int) -> int:
        """What is short must have been held before this stretch, and then nothing is left; in a whole book it is."""
        demands = self.demands
        if demands is None:
            return short_ng
        key = sample, holder
        demands.at_least_ng[key] = demands.at_least_ng.get(key, 0) - short_ng
        return 0

    # -- the slow path: says what is wrong -----------------------------------------------------------------

    def _take_slowly(self, text: str) -> None:
        parsed = book.parse(text, self.line)
        if not isinstance(parsed, Entry):
            self._fail(parsed)
            self.holdings.size += 1
            return
        if self.demands:
            self._demand_for(parsed, self.demands)
        found = invariants.check(parsed, self.holdings)
        self._fail(replace(each, where=f"line {self.line + _offset(each.where, parsed)}") for each in found)
        if is_moment(parsed.at):
            self._day_end = parsed.at[:10] + "U"
        index_due, last_at = self.holdings.size, self.holdings.last_at
        self.holdings.apply(parsed)
        self.holdings.size = max(self.holdings.size, index_due)
        if not is_moment(parsed.at):
            self.holdings.last_at = last_at

    def _demand_for(self, entry: Entry, demands: Demands) -> None:
        """Assume of earlier entries whatever this one needs of them, and note it."""
        demands.not_sealed.update(posting.sample for posting in entry.postings)
        if entry.kind in RESHAPING and entry.kind is not Kind.COMBINE:
            demands.free.update(entry.daughters)
        if entry.recorded and entry.recorded[0] not in self.holdings.steps:
            claim, step = entry.recorded
            demands.steps[claim] = self.holdings.steps[claim] = step - 1
        gained_ng: dict[tuple[str, str], int] = {}
        for posting in entry.postings:
            key = posting.sample, posting.holder
            gained_ng[key] = gained_ng.get(key, 0) + posting.mass_ng
        for (sample, holder), gain_ng in gained_ng.items():
            left_ng = self.holdings.balance(sample, holder) + gain_ng
            if left_ng < 0 and not may_be_below_zero(holder):
                account = self.holdings.held_ng.setdefault(sample, {})
                account[holder] = self._demand(sample, holder, left_ng) - gain_ng

    def _fail(self, found: Iterator[Fault] | tuple[Fault, ...]) -> None:
        room = MOST_FAULTS - len(self.faults)
        self.faults += list(found)[: max(room, 0)]


def _edge(last_at: str) -> str:
    """Return the least text of a time without a fraction that is surely not before the last one."""
    return last_at if len(last_at) <= 20 else last_at[:19] + "~"


def _lines(leaves: list[bytes]) -> int:
    """Return how many lines these entries take, each with the empty line after it."""
    return sum(leaf.count(b"\n") for leaf in leaves) + 2 * len(leaves)


def _offset(where: str, entry: Entry) -> int:
    """Return how many lines below the entry's first line the named part stands."""
    part, _, index = where.partition("[")
    at = int(index.removesuffix("]")) if index else 0
    first = {"index": 0, "at": 1, "kind": 2, "postings": 4, "uses": 4 + len(entry.postings)}
    return first.get(part, 3 + len(entry.postings) + len(entry.uses) + bool(entry.basis)) + at
