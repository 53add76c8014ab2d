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
_FOOTER: Final = r"((?:\nuse [!-~]+ (?!sealed(?:\n|\Z))[a-z][a-z-]*)*)(?:\nbasis [!-~]+(?: [!-~]+)*)*"
# Two postings of one sample that cancel: most entries of most books. The pattern itself sees that they do.
_PASSED: Final = re.compile(
    _HEADER + r"\npost ([!-~]+) ([!-~]+) -([1-9]\d{0,17})\npost \4 ([!-~]+) \6" + _FOOTER, re.ASCII
).fullmatch
_POSTED: Final = re.compile(
    _HEADER + r"((?:\npost [!-~]+ [!-~]+ -?[1-9]\d{0,17})+)" + _FOOTER, re.ASCII
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
# A holder's root, its balances by sample, whether it may be below zero, whether a seal forbids it.
_Account = tuple[str, dict[str, int], bool, bool]


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
    _accounts: dict[str, _Account] = field(default_factory=dict)
    _days: set[str] = field(default_factory=set)

    def hashes(self) -> list[bytes]:
        """Return the subtree hashes from which the root is made; the last may stand for fewer entries."""
        return [*self.subtrees, transparency.root(self.pending)] if self.pending else self.subtrees

    def forgetful(self) -> Stretch:
        """Return the stretch without what only its own going on needs, to be sent to another process."""
        return Stretch(self.holdings, self.demands, self.line, self.faults, self.hashes())

    def take(self, block: bytes) -> None:
        """Take in whole entries, without the last LF of the last one."""
        self._hash(block.split(b"\n\n"))
        self._walk(block.decode("utf-8", "surrogateescape").split("\n\n"))

    def _hash(self, leaves: list[bytes]) -> None:
        self.pending += [sha256(b"\0%b\n" % leaf).digest() for leaf in leaves]
        whole = len(self.pending) - len(self.pending) % SUBTREE
        for first in range(0, whole, SUBTREE):
            self.subtrees.append(transparency.root(self.pending[first : first + SUBTREE]))
        del self.pending[:whole]

    # The loop is written out: most of a big book passes here, and a call costs as much as the work.
    def _walk(self, texts: list[str]) -> None:
        holdings, routes, days, numbers = self.holdings, self._routes, self._days, self.holdings.numbers
        counted = 0
        size, edge = holdings.size, _edge(holdings.last_at)
        for i, text in enumerate(texts):
            passed = _PASSED(text) if len(text) < book.MAX_BYTES else None
            if passed:
                number, at, kind, sample, giver, mass, taker, uses = passed.groups()
                route = routes.get((kind, giver, taker))
                if route and not uses and at >= edge and at[:10] in days and int(number) == size:
                    source, target, has_floor, out_of_seal = route
                    left_ng = source.get(sample, 0) - int(mass)
                    if not out_of_seal and (left_ng >= 0 or not has_floor):
                        source[sample] = left_ng
                        target[sample] = target.get(sample, 0) + int(mass)
                        if not has_floor:
                            numbers.add(sample)
                        size += 1
                        edge = holdings.last_at = at
                        continue
            holdings.size = size
            if not self._take_plain(text, passed):
                self.line += _lines(texts[counted:i])
                counted = i
                self._take_slowly(text + "\n")
            size, edge = holdings.size, _edge(holdings.last_at)
        holdings.size = size
        self.line += _lines(texts[counted:])

    # -- the fast path: True, and the holdings changed, only where nothing is wrong ------------------------

    def _take_plain(self, text: str, passed: re.Match[str] | None) -> bool:
        if passed:
            return self._take_passed(*passed.groups())
        posted = _POSTED(text) if len(text) < book.MAX_BYTES else None
        return posted is not None and self._take_posted(*posted.groups())

    def _is_next(self, number: str, at: str) -> bool:
        """The entry has the number that is due, on a day that exists, not before the one before it."""
        if int(number) != self.holdings.size or at < _edge(self.holdings.last_at):
            return False
        if at[:10] not in self._days:
            if not is_moment(at):
                return False
            self._days.add(at[:10])
        return True

    def _take_passed(
        self, number: str, at: str, kind: str, sample: str, giver: str, mass: str, taker: str, uses: str
    ) -> bool:
        """One sample goes from one holder to another, by any kind but the reshaping ones."""
        route = self._routes.get((kind, giver, taker)) or self._route(kind, giver, taker)
        if route is None or not self._is_next(number, at):
            return False
        if uses and not self._classes_plainly(kind, uses, {sample}):
            return False
        source, target, has_floor, out_of_seal = route
        if out_of_seal and not self._may_leave(sample):
            return False
        mass_ng = int(mass)
        left_ng = source.get(sample, 0) - mass_ng
        if has_floor:
            if left_ng < 0:
                if self.demands is None:
                    return False
                left_ng = self._demand(sample, giver, left_ng)
        else:
            self.holdings.numbers.add(sample)
        source[sample] = left_ng
        target[sample] = target.get(sample, 0) + mass_ng
        self.holdings.size += 1
        self.holdings.last_at = at
        return True

    def _take_posted(self, number: str, at: str, kind: str, posted: str, uses: str) -> bool:
        """A split, or the arrival of many."""
        if not self._is_next(number, at):
            return False
        words = posted.split()
        if uses and not self._classes_plainly(kind, uses, set(words[1::4])):
            return False
        if not (self._split_plainly(words) if kind == "split" else self._receive_plainly(kind, words)):
            return False
        self.holdings.size += 1
        self.holdings.last_at = at
        return True

    def _route(self, kind: str, giver: str, taker: str) -> _Route | None:
        """Return how one sample passes from giver to taker by this kind; None where it may not, or not plainly."""
        source, target = self._account(giver), self._account(taker)
        if source is None or target is None or giver == taker or (kind, source[0], target[0]) not in _PAIRS:
            return None
        route = source[1], target[1], not source[2], target[3]
        self._routes[kind, giver, taker] = route
        return route

    def _account(self, holder: str) -> _Account | None:
        account = self._accounts.get(holder)
        if account is None and is_holder(holder):
            held_ng = self.holdings.accounts.setdefault(holder, {})
            account = root_of(holder), held_ng, may_be_below_zero(holder), holder.startswith(OUT_OF_SEAL)
            self._accounts[holder] = account
        return account

    def _classes_plainly(self, kind: str, uses: str, posted: set[str]) -> bool:
        """No class here is sealed (the pattern sees to it), and none was: then nothing has to be remembered."""
        samples = uses.split()[1::3]
        if self.demands:
            self.demands.not_sealed.update(samples)
        return kind in _CLASSING and self.holdings.sealed.isdisjoint(samples) and posted.issuperset(samples)

    def _receive_plainly(self, kind: str, words: list[str]) -> bool:
        """Pairs of postings, each of another sample that comes from outside: nothing can fall below a floor."""
        samples = words[1::8]
        if kind != "receive" or len(words) % 8 or samples != words[5::8] or len(set(samples)) != len(samples):
            return False
        arrivals = []
        for giver, minus, taker, mass in zip(words[2::8], words[3::8], words[6::8], words[7::8], strict=True):
            route = self._route(kind, giver, taker)
            if route is None or minus != "-" + mass:
                return False
            arrivals.append((route, int(mass)))
        for sample, ((source, target, _, _), mass_ng) in zip(samples, arrivals, strict=True):
            source[sample] = source.get(sample, 0) - mass_ng
            target[sample] = target.get(sample, 0) + mass_ng
        self.holdings.numbers.update(samples)
        return True

    def _split_plainly(self, words: list[str]) -> bool:
        """One parent, then new daughters beside it, then perhaps the loss; no seal to be inherited."""
        parent, giver, total_ng = words[1], words[2], int(words[3])
        account = self._account(giver)
        if account is None or account[0] not in ("place", "loan") or not self._may_leave(parent):
            return False
        source = account[1]
        left_ng = source.get(parent, 0) + total_ng
        made: dict[str, tuple[dict[str, int], int]] = {}
        for i in range(5, len(words), 4):
            sample, holder, mass_ng = words[i], words[i + 1], int(words[i + 2])
            target = (
                source if holder == giver else self._beside(sample, holder, parent=parent, root=account[0])
            )
            if target is None or mass_ng < 0 or sample in made or (sample == parent and target is source):
                return False
            made[sample] = target, mass_ng
            total_ng += mass_ng
        lost = made.pop(parent, None)
        if total_ng or not made or not self.holdings.numbers.isdisjoint(made):
            return False
        if left_ng < 0:
            if self.demands is None:
                return False
            left_ng = self._demand(parent, giver, left_ng)
        if self.demands:
            self.demands.free.update(made)
        source[parent] = left_ng
        if lost:
            lost[0][parent] = lost[0].get(parent, 0) + lost[1]
        for sample, (target, mass_ng) in made.items():
            target[sample] = mass_ng
        self.holdings.numbers.update(made)
        return True

    def _beside(self, sample: str, holder: str, *, parent: str, root: str) -> dict[str, int] | None:
        """Return the account where this part of a split may go: the loss, or another place of the same store."""
        account = self._account(holder)
        if account is None:
            return None
        fits = holder == ATTRITION if sample == parent else root == account[0] == "place"
        return account[1] if fits else None

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


def _edge(last_at: str) -> str:
    """Return the least text of a time without a fraction that is surely not before the last one."""
    return last_at if len(last_at) <= 20 else last_at[:19] + "~"


def _lines(texts: list[str]) -> int:
    """Return how many lines these entries take, each with the empty line after it."""
    return sum(text.count("\n") for text in texts) + 2 * len(texts)


def _offset(where: str, entry: Entry) -> int:
    """Return how many lines below the entry's first line the named part stands."""
    part, _, index = where.partition("[")
    at = int(index.removesuffix("]")) if index else 0
    first = {"index": 0, "at": 1, "kind": 2, "postings": 4, "uses": 4 + len(entry.postings)}
    return first.get(part, 3 + len(entry.postings) + len(entry.uses) + bool(entry.basis)) + at
