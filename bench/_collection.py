"""A made-up collection as large as one likes: what the acts themselves would have written, put in by the batch.

Of every hundred samples the first is received and split into the others, and each is then moved once, so there are
as many entries as samples and a little more. Every entry is held against every invariant before it is written.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction

from aliquot import acts, book, fault, invariants, ledger, transparency
from aliquot.ledger import Entry, Holdings, Posting, Stamp, Use
from aliquot.site import models
from aliquot.site.models import Sample
from aliquot.site.operations import bulk, standing
from aliquot.site.operations import ledger as writing

MISSIONS = ("change-5", "change-6", "apollo-17")
MATERIALS = ("mare basalt", "breccia", "highland soil", "glass beads", "玄武岩")
USES = ("research", "research", "research", "public-interest", "permanent")
FORMS = ("powder", "fragment", "rock")
PLACES = tuple(f"place:p{n}" for n in range(20))
AT = "2026-03-14T09:30:00Z"
FAMILY = 100
BATCH = 10_000

_SAMPLE = {field.column: field.get_default() for field in Sample._meta.concrete_fields}
_ENTRY = ("index", "at", "kind", "by", "text", "leaf_hash")
_POSTING = ("entry_id", "line", "sample_id", "holder_id", "mass_ng")
_BALANCE = ("sample_id", "holder_id", "mass_ng", "may_be_below_zero")
_DESCENT = ("entry_id", "kind", "parent_id", "daughter_id")


def number(n: int) -> str:
    """Return the number of the n-th sample."""
    return f"syn:{n:07d},{n % 97}"


def fill(count: int) -> None:
    """Put so many samples in, with all that belongs to them, and sign the log."""
    with transaction.atomic():
        head = writing.lock()
        holders = writing.holder_ids([*PLACES, *(f"origin:{mission}" for mission in MISSIONS)])
        for n, place in enumerate(PLACES):
            models.Holder.objects.filter(key=place).update(name_en=f"Store {n}", country="CN")
    made = _Making(holders, Holdings(size=head.size, last_at=head.last_at), random.Random(1))
    for first in range(0, count, BATCH):
        with transaction.atomic():
            made.batch(range(first, min(first + BATCH, count)))
        print(f"\rfilled {min(first + BATCH, count):,}", end="", flush=True)
    with transaction.atomic():
        writing.move_head(writing.lock(), made.last)
    writing.sign_checkpoint(at=datetime(2026, 3, 15, tzinfo=UTC))


@dataclass(slots=True)
class _Making:
    holders: dict[str, int]
    so_far: Holdings
    chance: random.Random
    last: Entry = field(init=False)

    def batch(self, numbers: range) -> None:
        """Write the samples of these numbers: rows of samples, entries, postings, balances, descents."""
        ids = dict(zip(map(number, numbers), bulk.reserve(Sample, len(numbers)), strict=True))
        entries: list[Entry] = []
        rows: list[tuple[object, ...]] = []
        balances: list[tuple[object, ...]] = []
        for first in numbers[::FAMILY]:
            family = range(first, min(first + FAMILY, numbers.stop))
            mission = self.chance.choice(MISSIONS)
            held = Holdings(size=self.so_far.size, last_at=self.so_far.last_at)
            for entry in self._acts([number(n) for n in family], mission):
                fault.refuse_if(invariants.check(entry, held))
                held.apply(entry)
                entries.append(entry)
            self.so_far.size, self.so_far.last_at = held.size, held.last_at
            rows += [self._sample(sample, held, mission, ids[sample]) for sample in held.held_ng]
            balances += [
                (ids[sample], self.holders[holder], ng, ledger.may_be_below_zero(holder))
                for sample, held_ng in held.held_ng.items()
                for holder, ng in held_ng.items()
            ]
        bulk.insert(Sample, tuple(_SAMPLE), rows)
        bulk.insert(models.Balance, _BALANCE, balances)
        self._entries(entries, ids)
        self.last = entries[-1]

    def _acts(self, family: list[str], mission: str) -> Iterator[Entry]:
        """Yield the entries of one family: the first is received and split, and each is moved."""
        masses_ng = {sample: int(10 ** self.chance.uniform(3, 11)) for sample in family}
        place = self.chance.choice(PLACES)
        parent, *daughters = family
        uses = [Use(sample, self.chance.choice(USES)) for sample in family]
        yield acts.receive(
            self._stamp(0), {parent: sum(masses_ng.values())}, origin=f"origin:{mission}", place=place, uses=uses[:1]
        )  # fmt: skip
        if daughters:
            cuts = [Posting(sample, place, masses_ng[sample]) for sample in daughters]
            yield acts.split(self._stamp(1), parent, cuts=cuts, source=place, uses=uses[1:])
        for n, sample in enumerate(family, 1 + bool(daughters)):
            target = self.chance.choice([other for other in PLACES if other != place])
            yield acts.move(self._stamp(n), sample, source=place, target=target, mass_ng=masses_ng[sample])

    def _stamp(self, further: int) -> Stamp:
        return Stamp(self.so_far.size + further, AT, "person:1", ("order:1",))

    def _sample(self, sample: str, held: Holdings, mission: str, pk: int) -> tuple[object, ...]:
        main = standing.main_holder({key: ng for key, ng in held.held_ng[sample].items() if ng})
        mass_ng = held.balance(sample, main)
        received_ng = -held.balance(sample, f"origin:{mission}")
        use = held.uses[sample]
        said = {
            "id": pk, "number": sample, "mission": mission, "material": self.chance.choice(MATERIALS),
            "form": self.chance.choice(FORMS), "use_class": use.use_class, "condition": "pristine",
            "availability": standing.availability(main, sealed=use.sealed, classed=True).value,
            "start_ng": received_ng or mass_ng, "mass_ng": mass_ng, "holder_id": self.holders[main], "revision": 1,
        }  # fmt: skip
        return tuple((_SAMPLE | said).values())

    def _entries(self, entries: list[Entry], ids: dict[str, int]) -> None:
        texts = [book.text(entry) for entry in entries]
        leaves = transparency.leaf_hashes(text.encode() for text in texts)
        bulk.insert(models.Entry, _ENTRY, (
            (e.index, e.at, e.kind.value, e.by, text, leaf) for e, text, leaf in zip(entries, texts, leaves, strict=True)
        ))  # fmt: skip
        bulk.insert(models.Posting, _POSTING, (
            (e.index, line, ids[p.sample], self.holders[p.holder], p.mass_ng)
            for e in entries for line, p in enumerate(e.postings)
        ))  # fmt: skip
        bulk.insert(models.Descent, _DESCENT, (
            (e.index, e.kind.value, ids[parent], ids[daughter])
            for e in entries for parent in e.parents for daughter in e.daughters
        ))  # fmt: skip
