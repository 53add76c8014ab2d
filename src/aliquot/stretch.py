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

_PLAIN: Final = re.compile(
    r"entry (0|[1-9]\d{0,17})\nat ((\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)\nkind ([a-z]+)\nby [!-~]+"
    r"((?:\npost [!-~]+ [!-~]+ -?[1-9]\d{0,17})+)((?:\nuse [!-~]+ [a-z][a-z-]*)*)(?:\nbasis [!-~]+(?: [!-~]+)*)*",
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
_CLASSING: Final = frozenset(kind.value for kind in CLASSING)


# What the giver holds, what the taker holds, whether the giver has a floor, whether a seal forbids the taker.
_Route = tuple[dict[str, int], dict[str, int], bool, bool]


@dataclass(slots=True)
class Demands:
    """What a stretch needs of the entries before it: so much held, these numbers free, these not sealed."""

    at_least_ng: dict[tuple[str, str], int] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    not_sealed: set[str] = field(default_factory=set)

    def met_by(self, before: Holdings) -> bool:
        """Say whether a book that left these holdings can be followed by the stretch."""
        return (
            self.free.isdisjoint(before.numbers)
            and self.not_sealed.isdisjoint(before.sealed)
            and all(before.balance(*key) >= least_ng for key, least_ng in self.at_least_ng.items())
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
    _days: set[str] = field(default_factory=set)

    def hashes(self) -> list[bytes]:
        """Return the subtree hashes from which the root is made; the last may stand for fewer entries."""
        return [*self.subtrees, transparency.root(self.pending)] if self.pending else self.subtrees

    def forgetful(self) -> Stretch:
        """Return the stretch without what only its own going on needs, to be sent to another process."""
        return Stretch(self.holdings, self.demands, self.line, self.faults, self.hashes())

    def take(self, block: bytes) -> None:
        """Take in whole entries, without the last LF of the last one."""
        pending = self.pending
        leaves = block.split(b"\n\n")
        texts = block.decode("utf-8", "surrogateescape").split("\n\n")
        for leaf, text in zip(leaves, texts, strict=True):
            pending.append(sha256(b"\0%b\n" % leaf).digest())
            if len(pending) == SUBTREE:
                self.subtrees.append(transparency.root(pending))
                pending.clear()
            if not self._take_plain(text):
                self._take_slowly(text + "\n")
            self.line += text.count("\n") + 2

    # -- the fast path: True, and the holdings changed, only where nothing is wrong ------------------------

    def _take_plain(self, text: str) -> bool:
        match = _PLAIN(text)
        if not match or len(text) >= book.MAX_BYTES:
            return False
        number, at, day, kind, posted, uses = match.groups()
        holdings = self.holdings
        # A time with a fraction never matches here, so where the last one has none, text order is time order.
        if int(number) != holdings.size or at < holdings.last_at or len(holdings.last_at) > 20:
            return False
        if day not in self._days:
            if not is_moment(at):
                return False
            self._days.add(day)
        words = posted.split()
        if uses and not self._classes_plainly(kind, uses, words):
            return False
        if kind == "split":
            taken = self._split_plainly(words)
        elif len(words) == 8:
            taken = self._pass_plainly(kind, words)
        else:
            taken = self._pass_many_plainly(kind, words)
        if taken:
            holdings.size += 1
            holdings.last_at = at
        return taken

    def _route(self, kind: str, giver: str, taker: str) -> _Route | None:
        """Return how one sample passes from giver to taker by this kind; None where it may not, or not plainly."""
        if giver == taker or not (is_holder(giver) and is_holder(taker)):
            return None
        if (kind, root_of(giver), root_of(taker)) not in _PAIRS:
            return None
        accounts = self.holdings.accounts
        route = (
            accounts.setdefault(giver, {}),
            accounts.setdefault(taker, {}),
            not may_be_below_zero(giver),
            taker.startswith(OUT_OF_SEAL),
        )
        self._routes[kind, giver, taker] = route
        return route

    def _classes_plainly(self, kind: str, uses: str, words: list[str]) -> bool:
        """No class here is sealed (the pattern sees to it), and none was: then nothing has to be remembered."""
        words_of_uses = uses.split()
        samples = words_of_uses[1::3]
        if self.demands:
            self.demands.not_sealed.update(samples)
        return (
            kind in _CLASSING
            and "sealed" not in words_of_uses[2::3]
            and self.holdings.sealed.isdisjoint(samples)
            and set(samples) <= set(words[1::4])
        )

    def _pass_plainly(self, kind: str, words: list[str]) -> bool:
        """Two postings: one sample from one holder to another, by any kind but the reshaping ones."""
        _, sample, giver, minus, _, same, taker, mass = words
        route = self._routes.get((kind, giver, taker)) or self._route(kind, giver, taker)
        if route is None or sample != same or minus != "-" + mass:
            return False
        source, target, has_floor, out_of_seal = route
        mass_ng = int(mass)
        left_ng = source.get(sample, 0) - mass_ng
        if out_of_seal and not self._may_leave(sample):
            return False
        if left_ng < 0 and has_floor:
            if self.demands is None:
                return False
            left_ng = self._demand(sample, giver, left_ng)
        source[sample] = left_ng
        target[sample] = target.get(sample, 0) + mass_ng
        self.holdings.numbers.add(sample)
        return True

    def _pass_many_plainly(self, kind: str, words: list[str]) -> bool:
        """Pairs of postings, each of another sample: an arrival of many. All can pass, or none is taken in."""
        if len(words) % 8 or len(set(words[1::8])) * 8 != len(words):
            return False
        pairs = [words[i : i + 8] for i in range(0, len(words), 8)]
        free = {"origin", "drift"}
        if any(
            root_of(giver) not in free or root_of(taker) in free for _, _, giver, _, _, _, taker, _ in pairs
        ):
            return False  # what could fall below its floor half way is left to the slow path
        for _, sample, giver, minus, _, same, taker, mass in pairs:
            route = self._route(kind, giver, taker)
            if sample != same or minus != "-" + mass or route is None or route[3]:
                return False
        return all([self._pass_plainly(kind, pair) for pair in pairs])

    def _split_plainly(self, words: list[str]) -> bool:
        """One parent, then new daughters beside it, then perhaps the loss; no seal to be inherited."""
        parent, giver, total_ng = words[1], words[2], int(words[3])
        numbers, accounts = self.holdings.numbers, self.holdings.accounts
        if not giver.startswith(("place:", "loan:")) or total_ng >= 0 or not self._may_leave(parent):
            return False
        source = accounts.setdefault(giver, {})
        left_ng = source.get(parent, 0) + total_ng
        made: dict[str, tuple[dict[str, int], int]] = {}
        lost_ng = 0
        for i in range(5, len(words), 4):
            sample, holder, mass_ng = words[i], words[i + 1], int(words[i + 2])
            total_ng += mass_ng
            if sample == parent:
                if holder != ATTRITION or lost_ng or mass_ng <= 0:
                    return False
                lost_ng = mass_ng
            elif mass_ng <= 0 or sample in numbers or sample in made:
                return False
            elif holder == giver:
                made[sample] = source, mass_ng
            elif giver.startswith("place:") and holder.startswith("place:") and is_holder(holder):
                made[sample] = accounts.setdefault(holder, {}), mass_ng
            else:
                return False
        if total_ng or not made or not is_holder(giver):
            return False
        if left_ng < 0:
            if self.demands is None:
                return False
            left_ng = self._demand(parent, giver, left_ng)
        if self.demands:
            self.demands.free.update(made)
        source[parent] = left_ng
        for sample, (target, mass_ng) in made.items():
            target[sample] = mass_ng
        if lost_ng:
            dust = accounts.setdefault(ATTRITION, {})
            dust[parent] = dust.get(parent, 0) + lost_ng
        numbers.update(made)
        numbers.add(parent)
        return True

    def _may_leave(self, sample: str) -> bool:
        """The sample is not sealed here; what came before is asked where it is not known."""
        if self.demands:
            self.demands.not_sealed.add(sample)
        return sample not in self.holdings.sealed

    def _demand(self, sample: str, holder: str, short_ng: int) -> int:
        """What is short must have been held before this stretch; return what is left then, nothing."""
        demands = self.demands or fault.bug("a whole book demands nothing")
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
        gained_ng: dict[tuple[str, str], int] = {}
        for posting in entry.postings:
            key = posting.sample, posting.holder
            gained_ng[key] = gained_ng.get(key, 0) + posting.mass_ng
        for (sample, holder), gain_ng in gained_ng.items():
            account = self.holdings.accounts.setdefault(holder, {})
            left_ng = account.get(sample, 0) + gain_ng
            if left_ng < 0 and not may_be_below_zero(holder):
                account[sample] = self._demand(sample, holder, left_ng) - gain_ng

    def _fail(self, found: Iterator[Fault] | tuple[Fault, ...]) -> None:
        room = MOST_FAULTS - len(self.faults)
        self.faults += list(found)[: max(room, 0)]


def _offset(where: str, entry: Entry) -> int:
    """Return how many lines below the entry's first line the named part stands."""
    part, _, index = where.partition("[")
    at = int(index.removesuffix("]")) if index else 0
    first = {"index": 0, "at": 1, "kind": 2, "postings": 4, "uses": 4 + len(entry.postings)}
    return first.get(part, 3 + len(entry.postings) + len(entry.uses) + bool(entry.basis)) + at
