"""Reading deeds and exchanges: what changed hands, what is still owed either way, how far a backup store is from its share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import F, Max, Prefetch, QuerySet, Sum

from aliquot import dates, deeds, fault
from aliquot.deeds import Kind, Leg, Way
from aliquot.policy import Policy
from aliquot.site.models import (
    Balance,
    Deed,
    DeedItem,
    DeedReceipt,
    Entry,
    Exchange,
    ExchangeLeg,
)
from aliquot.site.queries.paging import Page


def all_of_them() -> QuerySet[Deed]:
    """Return every deed that was not replaced, by its date; with items."""
    rows = Deed.objects.filter(replaced_by=None).select_related("exchange", "holder", "answers")
    return rows.prefetch_related(Prefetch("items", DeedItem.objects.select_related("sample", "entry")))


def public() -> QuerySet[Deed]:
    """Return the deeds that anybody may see: those that name no sample which is not published."""
    hidden = DeedItem.objects.filter(sample__published=False).values("deed")
    return all_of_them().exclude(pk__in=hidden)


def seen(*, sees_all: bool) -> QuerySet[Deed]:
    """Return every deed for those who see all of them, the public ones for everybody else."""
    return all_of_them() if sees_all else public()


def page_of(rows: QuerySet[Deed], number: int, *, size: int = 50) -> Page:
    """Return one page of deeds, newest first by the days between which each lies; three queries however many there are."""
    found = rows.order_by(F("last").desc(nulls_last=True), "-pk")
    start = (number - 1) * size
    return Page(tuple(found[start : start + size]), rows.count(), number, size)


def one(key: str) -> Deed | None:
    """Return a deed by its key, one that was replaced too."""
    return Deed.objects.select_related("exchange", "holder", "answers", "replaces").filter(key=key).first()


def one_public(key: str) -> Deed | None:
    """Return a deed that anybody may see by its key, one that was replaced too; with its items, receipt and successor."""
    hidden = DeedItem.objects.filter(sample__published=False).values("deed")
    rows = Deed.objects.exclude(pk__in=hidden).select_related("exchange", "answers", "receipt", "replaced_by")
    items = Prefetch("items", DeedItem.objects.select_related("sample", "entry"))
    return rows.prefetch_related(items).filter(key=key).first()


def newest() -> str:
    """Return what changes whenever a deed, an exchange or a receipt is added, or what of them anybody may see."""
    hidden = DeedItem.objects.filter(sample__published=False).count()
    rows = (Deed, Exchange, ExchangeLeg, DeedItem, DeedReceipt)
    return ":".join(map(str, (hidden, *(one.objects.aggregate(last=Max("pk"))["last"] or 0 for one in rows))))


def when(row: Deed) -> dates.When:
    """Return the date of a deed to the precision that is known."""
    found = dates.read(row.when)
    return found if isinstance(found, dates.When) else fault.bug(f"deed {row.number} has the date {row.when}")


def value(row: Deed) -> deeds.Deed:
    """Return a deed as the library has it."""
    items = row.items.select_related("sample").all()
    return deeds.Deed(
        kind=Kind(row.kind), way=Way(row.way), giver=row.giver, receiver=row.receiver, country=row.country,
        occasion=row.occasion, instrument=row.instrument, when=when(row), present_holder=row.present_holder,
        sources=row.sources, note=row.note,
        items=tuple(deeds.Item(one.sample.number if one.sample else "", one.what, one.mass_ng) for one in items),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """An exchange with both its legs: what was agreed, what came, what is still owed either way."""

    exchange: Exchange
    given: Leg | None
    received: Leg | None

    @property
    def is_settled(self) -> bool:
        return all(leg is None or leg.is_met for leg in (self.given, self.received))


def standings(rows: Iterable[Exchange]) -> list[Standing]:
    """Return how exchanges stand, in two queries however many they are."""
    found = list(rows)
    legs = {(leg.exchange_id, leg.way): leg for leg in ExchangeLeg.objects.filter(exchange__in=found)}
    items = DeedItem.objects.filter(deed__exchange__in=found, deed__replaced_by=None).order_by("pk")
    came: dict[tuple[int, str], list[int | None]] = defaultdict(list)
    for exchange, way, mass_ng in items.values_list("deed__exchange", "deed__way", "mass_ng"):
        came[exchange, way].append(mass_ng)
    return [
        Standing(
            row, *(_leg(legs.get((row.pk, way)), came[row.pk, way]) for way in (Way.GIVEN, Way.RECEIVED))
        )
        for row in found
    ]


def _leg(row: ExchangeLeg | None, came: list[int | None]) -> Leg | None:
    if row is None:
        return None
    return Leg(row.party, Fraction(row.share_over, row.share_under), row.base_ng, tuple(came))


def exchanges() -> list[Standing]:
    """Return every exchange and how it stands, newest first."""
    return standings(Exchange.objects.prefetch_related("legs"))


def backup(rules: Policy, classes: Iterable[str] = ("backup",)) -> Leg:
    """Return how far the backup stores are from the share of all that is held which policy wants there."""
    held = Balance.objects.filter(holder__root__in=("place", "loan", "transit"), mass_ng__gt=0)
    total_ng = held.aggregate(total=Sum("mass_ng"))["total"] or 0
    there = held.filter(sample__use_class__in=list(classes)).aggregate(total=Sum("mass_ng"))["total"] or 0
    return deeds.deposit_leg(
        collection_ng=total_ng, share_percent=rules.backup_share_percent, deposited_ng=there, store="backup"
    )


def deposits() -> QuerySet[Deed]:
    """Return what was deposited and what others deposited here, by its date."""
    return all_of_them().filter(kind=Kind.DEPOSIT)


def entries(row: Deed) -> list[int]:
    """Return the entries of the ledger that recorded a deed."""
    found = Entry.objects.filter(pk__in=row.items.filter(entry__isnull=False).values("entry"))
    return list(found.order_by("index").values_list("index", flat=True))
