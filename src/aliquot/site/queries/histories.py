"""Reading a sample's file: how it was on a day, what was done to it, what it was exposed to, how it was weighed.

Every read is bounded, and the number of queries is the same for every sample.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from aliquot import book
from aliquot.ledger import Entry as Act
from aliquot.register import Words
from aliquot.site.models import (
    Entry,
    Exposure,
    HandledSample,
    Holder,
    Person,
    Posting,
    Remark,
    Sample,
    Weighing,
)
from aliquot.site.queries.samples import CUSTODIANS, Held, Whom

HANDLINGS_MOST = 100
WEIGHINGS_MOST = 200
USES_READ = 20


@dataclass(frozen=True, slots=True)
class AsOf:
    """A sample as the ledger had it at the end of a day (UTC)."""

    day: date
    held: tuple[Held, ...]
    gone: tuple[Held, ...]
    use_class: str
    sealed: bool
    entries: int

    @property
    def mass_ng(self) -> int:
        """What there was of it, wherever it was."""
        return sum(one.mass_ng for one in self.held)


def as_of(sample: Sample, day: date) -> AsOf:
    """Return who had how much of a sample when a day ended, by the entries until then."""
    until = Posting.objects.filter(sample=sample, entry__at__lt=f"{day.isoformat()}T24")
    sums = until.values_list("holder").annotate(ng=Sum("mass_ng")).filter(ng__gt=0)
    found = dict(sums.values_list("holder", "ng"))
    rows = Holder.objects.filter(pk__in=found).order_by("key")
    held = [Held(Whom(row.key, Words(row.name_en, row.name_zh), row.country), found[row.pk]) for row in rows]
    use, sealed = _use_on(sample, day)
    return AsOf(
        day=day,
        held=tuple(one for one in held if one.whom.root in CUSTODIANS),
        gone=tuple(one for one in held if one.whom.root.startswith("spent:")),
        use_class=use,
        sealed=sealed,
        entries=until.values("entry").distinct().count(),
    )


def _use_on(sample: Sample, day: date) -> tuple[str, bool]:
    """Return the class of use that the last entry until then stated for the sample, and whether it was sealed."""
    stated = Entry.objects.filter(
        postings__sample=sample, at__lt=f"{day.isoformat()}T24", text__contains=f"\nuse {sample.number} "
    )
    for text in stated.order_by("-index").values_list("text", flat=True).distinct()[:USES_READ]:
        act = book.parse(text)
        if isinstance(act, Act):
            for use in act.uses:
                if use.sample == sample.number:
                    return use.use_class, use.sealed
    return "", False


@dataclass(frozen=True, slots=True)
class Done:
    """One handling of a sample; who did it, and what was said of it, only for those who may see work."""

    pk: int
    kind: str
    at: datetime
    part: str
    mass_ng: int | None
    entry: int | None
    by: str
    second: str
    reason: str
    note: str


def handlings(sample: Sample, *, in_full: bool) -> tuple[Done, ...]:
    """Return what was done to a sample, newest first."""
    rows = (
        HandledSample.objects.filter(sample=sample)
        .select_related("handling")
        .order_by("-handling__at", "-handling_id", "part")[:HANDLINGS_MOST]
    )
    found = list(rows)
    names = (
        people({who for row in found for who in (row.handling.by, row.handling.second)}) if in_full else {}
    )
    return tuple(
        Done(
            row.handling_id,
            row.handling.kind,
            row.handling.at,
            row.part,
            row.mass_ng,
            row.handling.entry_id,
            names.get(row.handling.by, ""),
            names.get(row.handling.second, ""),
            row.handling.reason if in_full else "",
            row.handling.note if in_full else "",
        )
        for row in found
    )


def people(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of those whom the ledger calls by these keys; who is not known is called by the key."""
    wanted = {key for key in keys if key}
    pks = {int(key.removeprefix("person:")): key for key in wanted if key.removeprefix("person:").isdigit()}
    named = {pks[pk]: name for pk, name in Person.objects.filter(pk__in=pks).values_list("pk", "name")}
    return {key: named.get(key, key) for key in wanted}


@dataclass(frozen=True, slots=True)
class Exposed:
    """What a sample was exposed to, and where from it has that: its own handling, or a forebear's."""

    agent: str
    at: datetime
    amount: str
    minutes: int | None
    inherited_from: str


def exposures(sample: Sample) -> tuple[Exposed, ...]:
    """Return what the sample was exposed to, oldest first. It can only ever grow."""
    rows = Exposure.objects.filter(sample=sample).select_related(
        "handling", "origin__sample", "origin__handling"
    )
    found = [
        Exposed(
            row.agent,
            row.origin.handling.at if row.origin else row.handling.at,
            row.amount,
            row.minutes,
            row.origin.sample.number if row.origin else "",
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.agent)))


def weighings(sample: Sample) -> tuple[Weighing, ...]:
    """Return the newest weighings of a sample, oldest of them first."""
    newest = Weighing.objects.filter(sample=sample).order_by("-at", "-pk")[:WEIGHINGS_MOST]
    return tuple(reversed(newest))


def remarks(sample: Sample) -> tuple[Remark, ...]:
    """Return what people wrote on the sample's file, newest first."""
    return tuple(
        Remark.objects.filter(sample=sample).select_related("by").order_by("-at", "-pk")[:HANDLINGS_MOST]
    )
