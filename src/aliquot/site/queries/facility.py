"""What does this facility hold, for what use, and who has the rest? The balances, summed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery, Sum

from aliquot.register import Words
from aliquot.site.models import Balance, Entry, Head
from aliquot.site.queries.samples import Whom


@dataclass(frozen=True, slots=True)
class Share:
    """What one holder has of one mission's samples of one class of use."""

    whom: Whom
    mission: str
    use_class: str
    sealed: bool
    samples: int
    mass_ng: int


State = tuple[int, int, bytes]
_kept: dict[State, tuple[Share, ...]] = {}


def shares() -> tuple[Share, ...]:
    """Return all that is held, summed by holder, mission and class of use; kept until the ledger grows."""
    state = _state()
    if state not in _kept:
        summed = _summed()
        _kept.clear()
        _kept[state] = summed
    return _kept[state]


def _state() -> State:
    last = Entry.objects.filter(index=OuterRef("size") - 1).values("leaf_hash")
    rows = Head.objects.annotate(last=Subquery(last)).values_list("revision", "size", "last")
    revision, size, leaf = rows.get(pk=1)
    return revision, size, bytes(leaf or b"")


def _summed() -> tuple[Share, ...]:
    by = (
        "holder__key", "holder__name_en", "holder__name_zh", "holder__country",
        "sample__mission", "sample__use_class", "sample__sealed",
    )  # fmt: skip
    rows = Balance.objects.exclude(mass_ng=0).values_list(*by)
    summed = rows.annotate(samples=Count("*"), sum_ng=Sum("mass_ng")).order_by("holder__key", *by[4:])
    return tuple(
        Share(Whom(key, Words(en, zh), country), mission, use_class, bool(sealed), count, int(sum_ng))
        for key, en, zh, country, mission, use_class, sealed, count, sum_ng in summed
    )
