"""Random sound histories of a facility, and every small way to spoil their books.

The facility keeps its own plain count of who holds what, so that a history is sound by its own rules and not
because the code under test says so. All fifteen kinds occur, sealed classes among them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from hypothesis import strategies as st

from aliquot import acts, book
from aliquot.ledger import Entry, Holdings, Kind, Posting, Stamp, Use
from makers import ADA, BO

PLACES = ("place:vault", "place:shelf-2", "place:nitrogen-3", "place:月球馆")
PARCELS = ("transit:parcel-1", "transit:parcel-2")
LOANS = ("loan:bo-1", "loan:bo-2", "loan:museum")
GIVEN = ("given:gift-1", "given:exchange-1")
MISSING = ("missing:", "missing:audit-1")
ORIGINS = ("origin:example-mission", "origin:gift-7")
DRIFTS = ("drift:", "drift:weighing-3")
SPENT = ("spent:attrition", "spent:consumption", "spent:destruction")
NAMES = ("rock", "soil", "grain", "CE5-like,", "月壤", "é-")
OPEN = ("research", "public-interest")
SEALED = ("permanent", "backup")
SEAL_FORBIDS = ("loan:", "given:", "spent:consumption")

Account = tuple[str, str]


@dataclass
class Facility:
    """A collection at work. `held_ng` is its own count; `chance` decides what is done next."""

    chance: Random
    seals: bool = True
    plain: bool = False
    held_ng: dict[Account, int] = field(default_factory=dict)
    origins_ng: dict[Account, int] = field(default_factory=dict)
    accounts: dict[str, list[Account]] = field(default_factory=dict)
    sealed: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)
    now_ms: int = 0
    made: int = 0

    def work(self, count: int) -> list[Entry]:
        """Do so many acts more and return the whole history."""
        while len(self.entries) < count:
            act = self.chance.choice(ACTS) if len(self.entries) > 2 else Facility.receive
            entry = act(self)
            if entry:
                self.record(entry)
        return self.entries

    def record(self, entry: Entry) -> None:
        for posting in entry.postings:
            account = posting.sample, posting.holder
            free = posting.holder.startswith(("origin:", "drift:"))
            counted_ng = self.origins_ng if free else self.held_ng
            if not free and account not in counted_ng:
                root = posting.holder.partition(":")[0]
                self.accounts.setdefault(root, []).append(account)
            counted_ng[account] = counted_ng.get(account, 0) + posting.mass_ng
        self.entries.append(entry)

    # -- chance ----------------------------------------------------------------------------------------------

    def odds(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    def new(self) -> str:
        self.made += 1
        name = "sample-" if self.plain else self.chance.choice(NAMES)
        return f"{name}{self.made}"

    def stamp(self, *basis: str) -> Stamp:
        self.now_ms += self.chance.choice((0, 0, 1000, 60_000, 3_600_000) + (() if self.plain else (500, 25)))
        seconds, ms = divmod(self.now_ms, 1000)
        days, rest = divmod(seconds, 86_400)
        clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
        day = f"20{26 + days // 336:02d}-{days // 28 % 12 + 1:02d}-{days % 28 + 1:02d}"
        fraction = f".{ms:03d}" if ms else ".0" if not self.plain and self.odds(3) else ""
        zone = "+00:00" if not self.plain and self.odds(3) else "Z"
        cited = basis if not self.odds(20) else (*basis, f"document:{self.chance.randrange(99)} page 3")
        return Stamp(
            len(self.entries), f"{day}T{clock}{fraction}{zone}", self.chance.choice((ADA, BO)).key, cited
        )

    def somewhere(self, *roots: str, sealed: bool = True) -> tuple[str, str, int] | None:
        """Return an account with mass in it, whose sample may be sealed or not, and how much there is."""
        known = [account for root in roots for account in (self.accounts.get(root) or ())[-400:]]
        for _ in range(8):
            if known:
                sample, holder = self.chance.choice(known)
                there_ng = self.held_ng[sample, holder]
                if there_ng and (sealed or sample not in self.sealed):
                    return sample, holder, there_ng
        return None

    def some_of(self, there_ng: int) -> int:
        return there_ng if self.odds(40) else self.chance.randint(1, there_ng)

    def anywhere(self, sample: str, *choices: tuple[str, ...], but: str = "") -> str | None:
        """Return a holder among the choices to which the sample may come."""
        shut = SEAL_FORBIDS if sample in self.sealed else ()
        free = [h for holders in choices for h in holders if h != but and not h.startswith(shut or "\0")]
        return self.chance.choice(free) if free else None

    def some_use(self, sample: str, percent: int = 25) -> list[Use]:
        """State a class of use now and then, and keep count of the seal."""
        if not self.odds(percent):
            return []
        seal = self.seals and self.odds(30)
        (self.sealed.add if seal else self.sealed.discard)(sample)
        return [Use(sample, self.chance.choice(SEALED if seal else OPEN), seal)]

    # -- the fourteen kinds ------------------------------------------------------------------------------------

    def receive(self) -> Entry | None:
        masses_ng = {
            self.new(): self.chance.randint(1, 10**12) for _ in range(self.chance.choice((1, 1, 2, 4)))
        }
        uses = [use for sample in masses_ng for use in self.some_use(sample, 50)]
        place = self.chance.choice((*PLACES, *PARCELS))
        return acts.receive(
            self.stamp(), masses_ng, origin=self.chance.choice(ORIGINS), place=place, uses=uses
        )

    def split(self) -> Entry | None:
        found = self.somewhere("place", "loan")
        if not found or (found[0] in self.sealed and found[1].startswith("loan:")):
            return None
        parent, source, there_ng = found
        dust_ng = self.chance.randint(1, there_ng) // 50 if self.odds(50) else 0
        left_ng, cuts, uses = there_ng - dust_ng, [], []
        for _ in range(self.chance.randint(1, 3)):
            if left_ng:
                cut_ng = self.some_of(left_ng)
                daughter, left_ng = self.new(), left_ng - cut_ng
                holder = (
                    self.chance.choice(PLACES) if source.startswith("place:") and self.odds(30) else source
                )
                cuts.append(Posting(daughter, holder, cut_ng))
                if parent in self.sealed:
                    self.sealed.add(daughter)
                if source.startswith("place:"):
                    uses += self.some_use(daughter, 10)
        if not cuts:
            return None
        return acts.split(self.stamp(), parent, cuts=cuts, attrition_ng=dust_ng, source=source, uses=uses)

    def combine(self) -> Entry | None:
        root = self.chance.choice(("place", "loan"))
        first = self.somewhere(root, sealed=root == "place")
        parts = {first[0]: first} if first else {}
        for _ in range(self.chance.randint(1, 2)):
            found = self.somewhere(root, sealed=root == "place")
            if first and found and (root == "place" or found[1] == first[1]):
                parts.setdefault(found[0], found)
        pot = self.somewhere(root, sealed=root == "place") if self.odds(30) else None
        if not first or len(parts) < 2 or (pot and (pot[0] in parts or pot[1] != first[1])):
            return None
        taken = [Posting(sample, holder, self.some_of(ng)) for sample, holder, ng in parts.values()]
        result = pot[0] if pot else self.new()
        if not self.sealed.isdisjoint(parts):
            self.sealed.add(result)
        dust_ng = min(self.chance.randrange(3), sum(part.mass_ng for part in taken) - 1)
        return acts.combine(
            self.stamp(), result, parts=taken, attrition_ng=dust_ng, target=first[1],
            uses=self.some_use(result, 10) if root == "place" else (),
        )  # fmt: skip

    def renumber(self) -> Entry | None:
        found = self.somewhere("place", "transit", "loan", "missing")
        if not found:
            return None
        old, new = found[0], self.new()
        holders = (*PLACES, *PARCELS, *LOANS, *MISSING)
        masses_ng = {h: ng for h in holders if (ng := self.held_ng.get((old, h), 0))}
        if old in self.sealed:
            if not masses_ng.keys().isdisjoint(LOANS):
                return None
            self.sealed.add(new)
        return acts.renumber(self.stamp(), old, new, holdings_ng=masses_ng)

    def move(self) -> Entry | None:
        found = self.somewhere("place")
        target = self.anywhere(found[0], PLACES, but=found[1]) if found else None
        if not found or not target:
            return None
        uses = self.some_use(found[0])
        mass_ng = self.some_of(found[2])
        return acts.move(self.stamp(), found[0], source=found[1], target=target, mass_ng=mass_ng, uses=uses)

    def ship(self) -> Entry | None:
        passed = self._passed(("place", "loan"), PARCELS)
        return passed and acts.ship(
            self.stamp(), passed[0], source=passed[1], transit=passed[2], mass_ng=passed[3]
        )

    def deliver(self) -> Entry | None:
        passed = self._passed(("transit",), PLACES, LOANS, LOANS)
        return passed and acts.deliver(
            self.stamp(), passed[0], transit=passed[1], target=passed[2], mass_ng=passed[3]
        )

    def consume(self) -> Entry | None:
        passed = self._passed(("place", "loan"), SPENT)
        return passed and acts.consume(
            self.stamp(), passed[0], source=passed[1], fate=passed[2], mass_ng=-(-passed[3] // 100)
        )

    def give_back(self) -> Entry | None:
        passed = self._passed(("loan", "transit"), PLACES, PARCELS)
        return passed and acts.give_back(
            self.stamp("form:75"), passed[0], source=passed[1], target=passed[2], mass_ng=passed[3]
        )

    def give(self) -> Entry | None:
        passed = self._passed(("place", "transit", "loan"), GIVEN)
        return passed and acts.give(
            self.stamp("agreement:4"),
            passed[0],
            source=passed[1],
            given=passed[2],
            mass_ng=-(-passed[3] // 10),
        )

    def lose(self) -> Entry | None:
        passed = self._passed(("place", "transit", "loan"), MISSING)
        return passed and acts.lose(
            self.stamp(), passed[0], source=passed[1], missing=passed[2], mass_ng=passed[3]
        )

    def find(self) -> Entry | None:
        passed = self._passed(("missing",), PLACES, PARCELS, LOANS)
        return passed and acts.find(
            self.stamp(), passed[0], missing=passed[1], target=passed[2], mass_ng=passed[3]
        )

    def adjust(self) -> Entry | None:
        found = self.somewhere("place", "transit", "loan", "missing")
        if not found:
            return None
        sample, holder, there_ng = found
        gain_ng = -self.chance.randint(1, there_ng) if self.odds(50) else self.chance.randint(1, 10**6)
        if gain_ng > 0 and sample in self.sealed and holder.startswith("loan:"):
            return None
        drift = self.chance.choice(DRIFTS)
        return acts.adjust(self.stamp("weighing:9"), sample, holder=holder, drift=drift, gain_ng=gain_ng)

    def correct(self) -> Entry | None:
        found = self.somewhere("place", "transit", "loan", "given", "spent", "missing")
        if not found:
            return None
        sample, source, there_ng = found
        everywhere = (PLACES, PARCELS, LOANS, GIVEN, SPENT, MISSING, ORIGINS, DRIFTS)
        target = self.anywhere(sample, *everywhere, but=source)
        if not target:
            return None
        mass_ng = self.some_of(there_ng)
        postings = [Posting(sample, source, -mass_ng), Posting(sample, target, mass_ng)]
        uses = self.some_use(sample) if not target.startswith(SEAL_FORBIDS) else []
        return acts.correct(
            self.stamp(), self.chance.randrange(len(self.entries)), postings=postings, uses=uses
        )

    def put_on_record(self) -> Entry | None:
        claim = f"claim-{self.chance.randrange(1, 4)}"
        step = self.steps[claim] = self.steps.get(claim, 0) + 1
        return acts.record(self.stamp(), claim, step, sha256=f"{self.chance.getrandbits(256):064x}")

    def _passed(self, roots: tuple[str, ...], *choices: tuple[str, ...]) -> tuple[str, str, str, int] | None:
        found = self.somewhere(*roots)
        target = self.anywhere(found[0], *choices, but=found[1]) if found else None
        return (found[0], found[1], target, self.some_of(found[2])) if found and target else None


ACTS: tuple[Callable[[Facility], Entry | None], ...] = (
    Facility.receive, Facility.split, Facility.split, Facility.combine, Facility.combine, Facility.renumber,
    Facility.move, Facility.ship, Facility.deliver, Facility.consume, Facility.give_back, Facility.give,
    Facility.lose, Facility.find, Facility.adjust, Facility.correct, Facility.put_on_record,
)  # fmt: skip


def a_facility(seed: int, *, seals: bool = True, plain: bool = False) -> Facility:
    """Return a facility whose history depends on the seed alone."""
    return Facility(Random(seed), seals=seals, plain=plain)


@st.composite
def histories(draw: st.DrawFn, *, most: int = 40, seals: bool = True) -> list[Entry]:
    """Sound histories that shrink to the shortest one that shows the failure."""
    chance = draw(st.randoms(use_true_random=False))
    return Facility(chance, seals=seals).work(draw(st.integers(1, most)))


SEEDS = st.integers(0, 2**32)


@st.composite
def seeded_histories(draw: st.DrawFn, *, least: int = 20, most: int = 120, seals: bool = True) -> list[Entry]:
    """Sound histories, longer and quicker to make than `histories`; they do not shrink well."""
    facility = a_facility(draw(SEEDS), seals=seals, plain=draw(st.booleans()))
    return facility.work(draw(st.integers(least, most)))


# -- spoiling --------------------------------------------------------------------------------------------------


def spoiled(texts: list[str], chance: Random) -> bytes:
    """Return the book of these entry texts with one small thing changed (or, now and then, nothing)."""
    texts = list(texts)
    chance.choice(SPOILS)(texts, chance)
    kept = "\n".join(texts).encode("utf-8", "surrogateescape")
    return _spoil_byte(kept, chance) if chance.randrange(4) == 0 else kept


def _spoil_byte(kept: bytes, chance: Random) -> bytes:
    if not kept:
        return kept
    at = chance.randrange(len(kept))
    byte = bytes([chance.choice((chance.randrange(256), *b"\n\n -019aZ\x00\x80"))])
    return chance.choice(
        (kept[:at] + byte + kept[at + 1 :], kept[:at] + kept[at + 1 :], kept[:at] + byte + kept[at:])
    )


def _spoil_lines(texts: list[str], chance: Random) -> None:
    at = chance.randrange(len(texts))
    lines = texts[at].splitlines(keepends=True)
    i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(3):
        case 0:
            del lines[i]
        case 1:
            lines.insert(j, lines[i])
        case _:
            lines[i], lines[j] = lines[j], lines[i]
    texts[at] = "".join(lines)


def _spoil_order(texts: list[str], chance: Random) -> None:
    i, j = chance.randrange(len(texts)), chance.randrange(len(texts))
    match chance.randrange(3):
        case 0:
            del texts[i]
        case 1:
            texts.insert(j, texts[i])
        case _:
            texts[i], texts[j] = texts[j], texts[i]


def _spoil_words(texts: list[str], chance: Random) -> None:
    """Change a word of a line into one that stands in such a place elsewhere in the book, or nearly."""
    at = chance.randrange(len(texts))
    lines = texts[at].splitlines()
    i = chance.randrange(len(lines))
    words = lines[i].split(" ")
    k = chance.randrange(len(words))
    others = [w for text in texts[-40:] for line in text.splitlines() for w in line.split(" ")[k : k + 1]]
    odd = ("0", "-0", "+5", "007", "1.5", "9" * 19, str(2**63), "9" * 5000, "place:", "sealed", "adjust", "receive",
           "return", "missing:", "spent:lunch", "origin:x", "loan:bo-1", "given:gift-1", "２", "\u200b", "é")  # fmt: skip
    words[k] = chance.choice((*odd, *others, *others)) if others else chance.choice(odd)
    lines[i] = " ".join(words)
    texts[at] = "\n".join(lines) + "\n"


def _spoil_masses(texts: list[str], chance: Random) -> None:
    """Change two masses of an entry alike, so that its sum still is zero."""
    at = chance.randrange(len(texts))
    lines = texts[at].splitlines()
    posts = [i for i, line in enumerate(lines) if line.startswith("post ")]
    if len(posts) < 2:
        return
    more_ng = chance.choice((1, 10**6, 10**12, 10**17))
    for i, change_ng in zip(chance.sample(posts, 2), (more_ng, -more_ng), strict=True):
        head, _, mass_ng = lines[i].rpartition(" ")
        if mass_ng.removeprefix("-").isdecimal() and len(mass_ng) < 30:  # else it was spoilt before
            lines[i] = f"{head} {int(mass_ng) + change_ng}"
    texts[at] = "\n".join(lines) + "\n"


def _spoil_name(texts: list[str], chance: Random) -> None:
    """Change a sample or a holder throughout an entry, so that its sums still are zero."""
    at, other = chance.randrange(len(texts)), chance.randrange(len(texts))
    k = chance.choice((1, 2))
    ours, theirs = (
        [
            line.split(" ")[k]
            for line in texts[n].splitlines()
            if line.startswith("post ") and line.count(" ") > 1
        ]
        for n in (at, other)
    )
    if ours and theirs:
        texts[at] = texts[at].replace(f" {chance.choice(ours)} ", f" {chance.choice(theirs)} ")


def _spoil_nothing(texts: list[str], chance: Random) -> None:
    """A sound book is a case too."""


def _spoil_much(texts: list[str], chance: Random) -> None:
    for _ in range(chance.randint(2, 6)):
        chance.choice(SPOILS[:-1])(texts, chance)
        if not texts:
            return


SPOILS: tuple[Callable[[list[str], Random], None], ...] = (
    _spoil_nothing, _spoil_lines, _spoil_order, _spoil_words, _spoil_masses, _spoil_name, _spoil_much,
)  # fmt: skip


@st.composite
def spoiled_books(draw: st.DrawFn, *, least: int = 2, most: int = 40) -> bytes:
    """Books with something wrong in them, nearly always."""
    seed = draw(SEEDS)
    facility = a_facility(seed, plain=draw(st.booleans()))
    entries = facility.work(draw(st.integers(least, most)))
    return spoiled([book.text(entry) for entry in entries], facility.chance)


def balances(held: Holdings) -> dict[Account, int]:
    """Return what is held, by sample and holder, without what is nothing."""
    return {(p.sample, p.holder): p.mass_ng for p in held.balances()}


def kinds(entries: list[Entry]) -> set[Kind]:
    """Return the kinds that occur."""
    return {entry.kind for entry in entries}
