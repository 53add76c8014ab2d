"""What is in the stores, seen from every side, and what is about to run out. Kept until the catalogue changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, F, Sum

from aliquot.register import Words
from aliquot.site.models import Availability, Balance, Commitment, Head, Sample
from aliquot.site.queries.samples import Whom

RUNNING_OUT_PERCENT = 20
RUNNING_OUT_MOST = 25


@dataclass(frozen=True, slots=True)
class Group:
    """What the stores have of samples that are alike in all of these."""

    mission: str
    use_class: str
    form: str
    condition: str
    whom: Whom
    samples: int
    mass_ng: int


@dataclass(frozen=True, slots=True)
class Scarce:
    """A sample of which little is left: in store, promised, and with how much it began."""

    number: str
    mass_ng: int
    start_ng: int
    promised_ng: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole collection as its stores have it; `received_ng` is what each mission's samples came with."""

    groups: tuple[Group, ...]
    received_ng: dict[str, int]
    scarce: tuple[Scarce, ...]

    def by(self, what: Callable[[Group], str]) -> dict[str, tuple[int, int]]:
        """Return samples and mass for each value of something, the most mass first."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for group in self.groups:
            found[what(group)][0] += group.samples
            found[what(group)][1] += group.mass_ng
        return {
            key: (count, ng)
            for key, (count, ng) in sorted(found.items(), key=lambda one: (-one[1][1], one[0]))
        }


_kept: dict[tuple[int, int], Overview] = {}


def overview() -> Overview:
    """Return the overview of the whole collection."""
    head = Head.objects.values_list("size", "revision").get(pk=1)
    if head not in _kept:
        found = Overview(_groups(), _received(), _scarce())
        _kept.clear()
        _kept[head] = found
    return _kept[head]


def _groups() -> tuple[Group, ...]:
    by = ("sample__mission", "sample__use_class", "sample__form", "sample__condition", "holder__key", "holder__name_en",
          "holder__name_zh", "holder__country")  # fmt: skip
    rows = Balance.objects.filter(holder__root="place", mass_ng__gt=0).values_list(*by)
    summed = rows.annotate(samples=Count("*"), sum_ng=Sum("mass_ng")).order_by(*by)
    return tuple(
        Group(mission, use, form, condition, Whom(key, Words(en, zh), country), count, int(ng))
        for mission, use, form, condition, key, en, zh, country, count, ng in summed
    )


def _received() -> dict[str, int]:
    rows = Balance.objects.filter(holder__root="origin").values_list("sample__mission")
    return {mission: -int(ng) for mission, ng in rows.annotate(ng=Sum("mass_ng")).order_by("sample__mission")}


def _scarce() -> tuple[Scarce, ...]:
    wanted = (Availability.REQUESTABLE, Availability.STORED, Availability.RESERVED)
    rows = list(
        Sample.objects.filter(availability__in=wanted, mass_ng__gt=0, aggregate=False)
        .filter(mass_ng__lte=F("start_ng") * RUNNING_OUT_PERCENT / 100)
        .order_by(F("mass_ng") * 1.0 / F("start_ng"), "number")
        .values_list("pk", "number", "mass_ng", "start_ng")[:RUNNING_OUT_MOST]
    )
    promises = Commitment.objects.filter(sample__in=[row[0] for row in rows], released_at=None)
    promised = dict(promises.values_list("sample").annotate(ng=Sum("mass_ng")))
    return tuple(Scarce(number, ng, start, promised.get(pk, 0)) for pk, number, ng, start in rows)
