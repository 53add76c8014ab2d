"""Can these decisions stand together, and if not, which few of them and which rules exclude each other?

Only requests that are pinned, and those bundled with them, matter: nobody else has to be granted. A rule is a bundle, a
cap, a budget of a sample, or the stock of a lot; a rule that is left out allows anything. The smallest conflict is
found by hitting sets: whatever set of rules is too few to conflict shows what every conflict must contain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from aliquot.allocations import FORMS, Instance, Limits, Pins
from aliquot.allocator.greedy import Filling
from aliquot.allocator.master import Master, Scope
from aliquot.allocator.packing import whole
from aliquot.allocator.placing import Pieces, Plan
from aliquot.allocator.store import Columns, Store, columns
from aliquot.allocator.vials import Vials
from aliquot.solver import Draft, Effort, Status

UNLIMITED = 10**12
TESTS_MOST = 120
TEST_SECONDS = 1.0
TEST_NODES = 60
Packing = dict[tuple[int, int, int], Pieces]  # request, alternative and level, and the pieces of it


class Kind(Enum):
    """What can take part in a conflict."""

    GRANT = "grant"
    REFUSE = "refuse"
    EXACT = "exact"
    BUNDLE = "bundle"
    CAP = "cap"
    RELEASE = "release"
    CONSUME = "consume"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class Party:
    """One pin or rule of a conflict: `at` is its place in its list (a sample and form for a lot)."""

    kind: Kind
    at: tuple[int, ...]

    @property
    def is_pin(self) -> bool:
        """Whether it was fixed by a person, not by the instance."""
        return self.kind in (Kind.GRANT, Kind.REFUSE, Kind.EXACT)


@dataclass(slots=True)
class _Tests:
    instance: Instance
    pins: Pins
    lots: tuple[tuple[int, int], ...]
    left: int = 0
    by_hand: bool = True
    effort: Effort = Effort(nodes=TEST_NODES)  # noqa: RUF009 - it is frozen

    def stands(self, parties: Iterable[Party]) -> Packing | None:
        """Return a packing of what is pinned by these parties under the rules among them; None where there is none."""
        self.left -= 1
        held = set(parties)
        pins = _pinned(held, self.pins)
        limits = _limits(held, self.instance.limits)
        involved = _involved(pins, limits)
        requests = tuple(
            each if r in involved else replace(each, alternatives=())
            for r, each in enumerate(self.instance.requests)
        )
        limits = replace(limits, bonuses=())
        store = self._store(held, replace(self.instance, requests=requests, limits=limits))
        found = columns(store)
        free = np.array([not found.bulk[j] and store.is_endless(int(found.material[j]), int(found.form[j]), int(found.sample[j]))
                         for j in range(len(found))], bool)  # fmt: skip
        if self.by_hand and not free.any() and self._by_hand(store, found, pins, involved):
            return {}
        bound = np.flatnonzero(~free)
        master = Master(store, found, (), (Scope(bound, None),) if len(bound) else (), pins)
        master.draft.recost(np.zeros(master.draft.columns))
        answer = master.draft.solve(self.effort)
        if answer.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return None if answer.status is Status.INFEASIBLE else {}
        chosen = np.flatnonzero(answer.values[master.granted] > 0.5)
        pieces: Plan | None = {}
        for vials in master.vials:
            if isinstance(vials, Vials):
                pieces = vials.pieces(answer.values, [j for j in chosen.tolist() if not free[j]])
        pieces = whole(store, found, pieces)
        if pieces is None:
            return {}
        names = zip(found.request.tolist(), found.alternative.tolist(), found.level.tolist(), strict=True)
        return {name: pieces[j] for j, name in enumerate(names) if j in pieces}

    def _by_hand(self, store: Store, found: Columns, pins: Pins, involved: set[int]) -> bool:
        """Whether the least amounts can be placed one after the other: most sets that stand are seen to at once."""
        if not involved.isdisjoint(pins.refuse):
            return False
        exact = {each.request: (each.alternative, each.level) for each in pins.exact}
        filling = Filling(store, found, {})
        filling.prefer_least(exact)
        placed = filling.fill(sorted(involved))
        return involved == {int(found.request[j]) for j in placed}

    def _store(self, held: set[Party], instance: Instance) -> Store:
        """The store with no limit where a rule is left out."""
        store = Store(instance)
        for p in range(store.samples):
            if Party(Kind.RELEASE, (p,)) not in held:
                store.release_ug[p] = UNLIMITED
            if Party(Kind.CONSUME, (p,)) not in held:
                store.consume_ug[p] = UNLIMITED
        endless = [lot for lot in self.lots if Party(Kind.LOT, lot) not in held]
        free = np.zeros(len(store.form), bool)
        for lot in endless:
            free[store.lots.get(lot, np.zeros(0, np.int64))] = True
        store.room_ug[free] = 0
        for lot in endless:
            if lot in store.lots:
                store.room_ug[store.lots[lot][0]] = UNLIMITED  # one vial that never runs out does for all
        store.least_ug[free] = 1
        store.splits[np.setdiff1d(store.container[free], store.container[~free])] = 10**6
        store.endless = frozenset(endless)
        store.renew()
        return store


def pinned_plan(instance: Instance, pins: Pins) -> Packing | None:
    """Return pieces for what the pins grant; None where the pins conflict.

    An empty plan means that none was found in the effort of one test.
    """
    parties = _parties(instance, pins)
    return _Tests(instance, pins, _lots(parties), by_hand=False).stands(parties)


def smallest(instance: Instance, pins: Pins) -> tuple[Party, ...]:
    """Return the fewest pins and rules that cannot hold together; they are known not to."""
    everything = _parties(instance, pins)
    tests = _Tests(instance, pins, _lots(everything))
    conflict = _minimal(tests, everything)
    # A smaller one is looked for briefly: what a test leaves open counts as standing, so a conflict shown is always one.
    tests.left, tests.effort = TESTS_MOST, Effort(seconds=TEST_SECONDS, nodes=TEST_NODES)
    corrections: list[set[Party]] = []
    while tests.left > 0:
        fewest = _hitting(everything, corrections)
        if len(fewest) >= len(conflict):
            return conflict
        if tests.stands(fewest) is None:
            return tuple(each for each in everything if each in fewest)
        grown = _grown(tests, fewest, everything)
        corrections.append(set(everything) - grown)
    return conflict


def _lots(parties: Iterable[Party]) -> tuple[tuple[int, int], ...]:
    return tuple((each.at[0], each.at[1]) for each in parties if each.kind is Kind.LOT)


def _minimal(tests: _Tests, parties: list[Party]) -> tuple[Party, ...]:
    """Leave out what the conflict does not need, in halves that get smaller."""
    kept = list(parties)
    step = max(1, len(kept) // 2)
    while True:
        at = 0
        while at < len(kept):
            without = kept[:at] + kept[at + step :]
            if tests.stands(without) is None:
                kept = without
            else:
                at += step
        if step == 1:
            return tuple(kept)
        step = max(1, step // 2)


def _grown(tests: _Tests, few: set[Party], everything: list[Party]) -> set[Party]:
    """Return as many parties as still stand together, with these few among them."""
    grown = set(few)
    rest = [each for each in everything if each not in grown]
    step = max(1, len(rest) // 2)
    while rest and tests.left > 0:
        part, after = rest[:step], rest[step:]
        if tests.stands(grown | set(part)) is not None:
            grown |= set(part)
            rest = after
        elif step == 1:
            rest = after
        else:
            step = max(1, step // 2)
    return grown


def _hitting(everything: list[Party], corrections: list[set[Party]]) -> set[Party]:
    """Return the fewest parties of which every correction has one."""
    draft = Draft()
    draft.add_columns(np.ones(len(everything)))
    for each in corrections:
        draft.add_row([i for i, party in enumerate(everything) if party in each], 1.0, lower=1.0)
    values = draft.solve(Effort()).values
    return {party for party, value in zip(everything, values, strict=True) if value > 0.5}


def _parties(instance: Instance, pins: Pins) -> list[Party]:
    """Return every pin, and every rule that can bear on what is pinned."""
    found = [Party(Kind.EXACT, (each.request, each.alternative, each.level)) for each in pins.exact]
    found += [Party(Kind.GRANT, (r,)) for r in pins.grant]
    found += [Party(Kind.REFUSE, (r,)) for r in pins.refuse]
    involved = _involved(pins, instance.limits)
    limits = instance.limits
    found += [
        Party(Kind.BUNDLE, (i,)) for i, each in enumerate(limits.bundles) if not involved.isdisjoint(each)
    ]
    found += [
        Party(Kind.CAP, (i,)) for i, each in enumerate(limits.caps) if not involved.isdisjoint(each.members)
    ]
    lots = set()
    material = np.asarray(instance.supply.sample_material)
    for r in involved:
        for each in instance.requests[r].alternatives:
            samples = (
                [each.sample]
                if each.sample is not None
                else np.flatnonzero(material == each.material).tolist()
            )
            lots |= {(int(p), each.form) for p in samples}
    bulk = sorted({p for p, form in lots if form < 2})
    found += [Party(kind, (p,)) for p in bulk for kind in (Kind.RELEASE, Kind.CONSUME)]
    return [*found, *(Party(Kind.LOT, lot) for lot in sorted(lots))]


def _pinned(held: set[Party], pins: Pins) -> Pins:
    return Pins(
        tuple(r for r in pins.grant if Party(Kind.GRANT, (r,)) in held),
        tuple(r for r in pins.refuse if Party(Kind.REFUSE, (r,)) in held),
        tuple(e for e in pins.exact if Party(Kind.EXACT, (e.request, e.alternative, e.level)) in held),
    )


def _limits(held: set[Party], limits: Limits) -> Limits:
    bundles = tuple(each for i, each in enumerate(limits.bundles) if Party(Kind.BUNDLE, (i,)) in held)
    caps = tuple(each for i, each in enumerate(limits.caps) if Party(Kind.CAP, (i,)) in held)
    return Limits(bundles, caps, limits.bonuses)


def _involved(pins: Pins, limits: Limits) -> set[int]:
    """Return the requests that must be granted, and all that are bundled with them."""
    found = {*pins.grant, *(each.request for each in pins.exact)}
    grew = True
    while grew:
        before = len(found)
        for bundle in limits.bundles:
            if not found.isdisjoint(bundle):
                found |= set(bundle)
        grew = len(found) > before
    return found


def words(instance: Instance, party: Party) -> str:
    """Return the pin or rule as a sentence."""
    at = party.at
    supply, limits = instance.supply, instance.limits
    if party.kind is Kind.GRANT:
        return f"request {at[0]} is to be granted"
    if party.kind is Kind.REFUSE:
        return f"request {at[0]} is to be refused"
    if party.kind is Kind.EXACT:
        amount = instance.requests[at[0]].alternatives[at[1]].levels[at[2]].amount
        return f"request {at[0]} is to get alternative {at[1]} at level {at[2]} ({amount})"
    if party.kind is Kind.BUNDLE:
        return f"bundle {at[0]}: requests {', '.join(map(str, limits.bundles[at[0]]))} are granted all or not at all"
    if party.kind is Kind.CAP:
        cap = limits.caps[at[0]]
        unit = "grants" if cap.measure.value == "grants" else "ug of bulk forms"
        return f"cap {at[0]}: at most {cap.limit} {unit} over {len(cap.members)} requests"
    if party.kind is Kind.RELEASE:
        return f"sample {at[0]}: at most {supply.sample_release_ug[at[0]]} ug may leave the store"
    if party.kind is Kind.CONSUME:
        return f"sample {at[0]}: at most {supply.sample_consume_ug[at[0]]} ug may be used up"
    vials = [
        s
        for s, (p, form) in enumerate(zip(supply.sub_sample, supply.sub_form, strict=True))
        if (p, form) == at
    ]
    return f"sample {at[0]} has {len(vials)} subsamples of {FORMS[at[1]]}, with their reserves, least splits and removals"
