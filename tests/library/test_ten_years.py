"""Ten years of a busy facility in a few seconds: five thousand loans, and every gram explained at their end.

The library alone, with a ledger in memory and dice that always fall alike. Every four weeks somebody looks whom to remind;
borrowers renew, use up, lose, find, hand on, return in parts, and die.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from aliquot import accountability, acts, book, invariants, life_cycles, loan_terms, loans, policy
from aliquot.accountability import Direction
from aliquot.ledger import ATTRITION, CONSUMPTION, Entry, Holdings, Stamp
from aliquot.loans import Loan
from aliquot.stretch import Stretch

LOANS, YEARS, EVERY_DAYS = 5_000, 10, 28
FIRST = date(2027, 1, 4)
LAST = FIRST.replace(year=FIRST.year + YEARS)
MG, G = 10**6, 10**9
RULES = policy.load("cnsa")
RESEARCH = RULES.use("research")
assert RESEARCH is not None
TERMS = replace(loan_terms.of_use(RESEARCH, RULES), inventory_months=12)


@dataclass
class Lent:
    """A loan of one vial, with what the ledger has of it and who answers for it."""

    loan: Loan
    vial: str
    borrower: int
    ways: dict[str, Direction]
    entries: list[Entry] = field(default_factory=list)

    @property
    def holder(self) -> str:
        return f"loan:{self.loan.key}"

    @property
    def missing(self) -> str:
        return f"missing:{self.loan.key}"


@dataclass
class Facility:
    """The store, its book and its loans."""

    dice: random.Random
    held: Holdings = field(default_factory=Holdings)
    texts: list[str] = field(default_factory=list)
    lent: list[Lent] = field(default_factory=list)
    out: list[Lent] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    today: date = FIRST

    def write(
        self, make: Callable[..., Entry], *args: object, of: Lent | None = None, **told: object
    ) -> None:
        stamp = Stamp(
            self.held.size, f"{self.today}T12:00:00Z", "person:1", (f"loan:{of.loan.key}",) if of else ()
        )
        entry = make(stamp, *args, **told)
        assert invariants.check(entry, self.held) == ()
        self.held.apply(entry)
        self.texts.append(book.text(entry))
        if of is not None:
            of.entries.append(entry)

    def step(self, one: Lent, act: str, *holding: life_cycles.Need) -> None:
        taken = life_cycles.take(loans.CYCLE, state=one.loan.state, act=act, who=("curator", "director", "borrower"),
                                 holding={need.key for need in (loans.REASON, *holding)})  # fmt: skip
        assert isinstance(taken, life_cycles.Step), taken
        one.loan = replace(one.loan, state=taken.target)
        self.seen[act] += 1

    def lend(self, number: int) -> None:
        """Send a vial out; one parcel in five hundred is lost on its way."""
        key, vial, ng = f"k{number}", f"V-{number}", self.dice.randrange(5 * MG, 500 * MG)
        one = Lent(
            Loan(key, f"L-{number:04d}", "prepared", TERMS),
            vial,
            self.dice.randrange(700),
            {f"transit:{key}o": Direction.OUT},
        )
        self.lent.append(one)
        self.write(acts.receive, {vial: ng}, origin="origin:mission", place="place:store")
        self.write(acts.ship, vial, source="place:store", transit=f"transit:{key}o", mass_ng=ng, of=one)
        self.step(one, "ship")
        if self.dice.random() < 0.002:
            self.write(acts.lose, vial, source=f"transit:{key}o", missing=one.missing, mass_ng=ng, of=one)
            self.step(one, "lose", loans.NOTHING_OUT)
            return
        self.write(acts.deliver, vial, transit=f"transit:{key}o", target=one.holder, mass_ng=ng, of=one)
        self.step(one, "arrive")
        one.loan = replace(one.loan, begins=self.today)
        self.out.append(one)

    def remind(self) -> None:
        """Tell each occasion once, however often it is looked at."""
        for one in self.out:
            for reminder in loans.reminders(one.loan, self.today):
                self.told[reminder.occasion] += reminder.occasion not in self.told

    def live(self, one: Lent) -> None:
        """Let four weeks pass for one borrower."""
        there_ng = self.held.balance(one.vial, one.holder)
        luck = self.dice.random()
        if luck < 0.06 and there_ng > 10:
            fate = CONSUMPTION if luck < 0.05 else ATTRITION
            self.write(
                acts.consume, one.vial, source=one.holder, fate=fate, mass_ng=there_ng // 7 + 1, of=one
            )
            self.step(one, "report")
        elif luck < 0.0605 and there_ng:
            self.write(acts.lose, one.vial, source=one.holder, missing=one.missing, mass_ng=there_ng, of=one)
            self.step(one, "lose", loans.NOTHING_OUT)
        elif luck < 0.0625:  # somebody dies, and their institution names who takes over
            heir = one.borrower + 1
            assert not list(
                loans.check_passing(
                    why="died", person=str(heir), institution="X", now=(str(one.borrower), "X")
                )
            )
            one.borrower = heir
            self.seen["died"] += 1
        elif luck < 0.7 and (wanted := one.loan.inventory_on) is not None and wanted <= self.today:
            one.loan = replace(one.loan, inventoried_on=self.today)
            self.step(one, "report")
        elif (due_on := one.loan.due_on) is not None and due_on <= self.today:
            self._end(one, luck)

    def _end(self, one: Lent, luck: float) -> None:
        done = len(one.loan.renewed_months) if one.loan.state == "with borrower" else TERMS.renewals
        if luck < 0.5 and not list(
            loan_terms.check_renewal(TERMS, months=6, done=done, waivers=(), on=self.today)
        ):
            one.loan = replace(one.loan, renewed_months=(*one.loan.renewed_months, 6))
            self.step(one, "renew", loans.ALLOWED)
        elif luck < 0.9:
            self._return(one)
        elif luck < 0.93 and one.loan.state == "with borrower":
            self.step(one, "recall")
            one.loan = replace(one.loan, recalled_by=self.today + timedelta(days=loans.RECALL_DAYS))

    def _return(self, one: Lent) -> None:
        """Bring it back in one or two parcels that arrive in any order."""
        there_ng = self.held.balance(one.vial, one.holder)
        first_ng = self.dice.randrange(1, there_ng) if there_ng > 1 and self.dice.random() < 0.3 else there_ng
        parcels = [
            (f"transit:{one.loan.key}{len(one.ways) + i}", ng)
            for i, ng in enumerate((first_ng, there_ng - first_ng))
            if ng
        ]
        for key, ng in parcels:
            one.ways[key] = Direction.BACK
            self.write(acts.ship, one.vial, source=one.holder, transit=key, mass_ng=ng, of=one)
        self.dice.shuffle(parcels)
        for key, ng in parcels:
            self.write(acts.give_back, one.vial, source=key, target="place:store", mass_ng=ng, of=one)
        self.step(one, "take in", loans.NOTHING_OUT)
        self.step(one, "accept")
        self.step(one, "close", loans.VERIFIED)

    def search(self) -> None:
        """Some of what was lost turns up."""
        for one in self.lent:
            lost_ng = self.held.balance(one.vial, one.missing)
            if one.loan.state == "lost" and lost_ng and one.loan.begins and self.dice.random() < 0.3:
                self.write(
                    acts.find, one.vial, missing=one.missing, target=one.holder, mass_ng=lost_ng, of=one
                )
                self.step(one, "find")

    def run(self) -> None:
        number, looks = 0, YEARS * 365 // EVERY_DAYS
        for look in range(looks + 1):
            while number < LOANS * min(look + 1, looks) // looks:
                number += 1
                self.lend(number)
            self.remind()
            for one in self.out:
                self.live(one)
            if look % 13 == 12:
                self.search()
                self.out = [one for one in self.lent if one.loan.state in loans.OUT]
            else:
                self.out = [one for one in self.out if one.loan.state in loans.OUT]
            self.today += timedelta(days=EVERY_DAYS)


def test_ten_years_end_with_a_sound_book_and_every_gram_explained() -> None:
    facility = Facility(random.Random(20270104))
    facility.run()
    assert len(facility.lent) == LOANS
    for act in ("renew", "recall", "report", "take in", "lose", "find", "died", "close"):
        assert facility.seen[act] > 0, act
    assert len(facility.told) > LOANS
    assert set(facility.told.values()) == {1}

    # The book, read as an auditor reads it, from its bytes alone.
    stretch = Stretch()
    stretch.take("".join(book.book(facility.texts)).encode().removesuffix(b"\n"))
    assert not stretch.faults
    assert len(facility.texts) > 4 * LOANS

    # What every borrower answers for is with them, on its way, or known to be lost.
    by_root: dict[str, int] = defaultdict(int)
    for posting in facility.held.balances():
        by_root[posting.holder.partition(":")[0]] += posting.mass_ng
    issued_ng = held_ng = lost_ng = used_ng = returned_ng = 0
    for one in facility.lent:
        line = accountability.statement(one.entries, loan=one.holder, parcels=one.ways, missing=one.missing)[
            one.vial
        ]
        assert (line.unexplained_ng, line.other_ng) == (0, 0)
        issued_ng, held_ng, lost_ng = (
            issued_ng + line.issued_ng,
            held_ng + line.held_ng,
            lost_ng + line.lost_ng,
        )
        used_ng, returned_ng = used_ng + line.used_ng, returned_ng + line.returned_ng
    assert (held_ng, lost_ng, used_ng, returned_ng) == (
        by_root["loan"],
        by_root["missing"],
        by_root["spent"],
        by_root["place"],
    )
    assert issued_ng == held_ng + lost_ng + used_ng + returned_ng == -by_root["origin"]
