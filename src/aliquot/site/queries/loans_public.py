"""Which loans may everybody know of, with what of each? The borrowing institution, since when, until when, samples that are published.

Who answers for a loan is nobody's business here: no person is named, and what a sample of it is called is told where the catalogue does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aliquot import loans as library
from aliquot.register import Words
from aliquot.site.models import Balance, Holder, Loan
from aliquot.site.queries import loans
from aliquot.site.queries.paging import Page

SHOWN: tuple[str, ...] = (*library.OUT, "returned", "closed", "lost")
PAGE = 100


@dataclass(frozen=True, slots=True)
class Public:
    """A loan as everybody may read of it; `until` is None once it is back. `longer` is the day that an exception allows beyond it."""

    key: str
    number: str
    institution: Words
    country: str
    state: str
    use_class: str
    since: date
    until: date | None
    samples: tuple[tuple[str, int], ...]
    longer: date | None = None

    @property
    def mass_ng(self) -> int:
        """What of its published samples is there now."""
        return sum(mass_ng for _, mass_ng in self.samples)


def listed(*, country: str = "", page: int = 1) -> Page:
    """Return loans that have begun, newest first, one page of them; five queries."""
    rows = loans.all_of_them().filter(state__in=SHOWN, begins__isnull=False).order_by("-begins", "-pk")
    if country:
        rows = rows.filter(holder__country=country)
    total = rows.count()
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    return Page(tuple(_public(list(rows[(number - 1) * PAGE : number * PAGE]))), total, number, PAGE)


@dataclass(frozen=True, slots=True)
class Together:
    """What the ledger has with borrowers of whom no loan of their own is known here, such as a round of which only the sum is published."""

    name: Words
    country: str
    samples: tuple[tuple[str, int], ...]

    @property
    def mass_ng(self) -> int:
        return sum(mass_ng for _, mass_ng in self.samples)


def together(*, country: str = "") -> list[Together]:
    """Return what is lent without a loan here, by the holder's public name; two queries."""
    holders = Holder.objects.filter(root="loan", loan=None).order_by("pk")
    holders = holders.filter(country=country) if country else holders
    found = {row.pk: row for row in holders}
    held: dict[int, list[tuple[str, int]]] = defaultdict(list)
    there = Balance.objects.filter(holder__in=found, mass_ng__gt=0, sample__published=True)
    rows = there.order_by("sample__number").values_list("holder", "sample__number", "mass_ng")
    for holder, number, mass_ng in rows:
        held[holder].append((number, mass_ng))
    return [
        Together(Words(row.name_en, row.name_zh), row.country, tuple(held[pk]))
        for pk, row in found.items()
        if held[pk]
    ]


def of_sample(number: str, *, unpublished: bool = False) -> Sequence[Public]:
    """Return the loans in which a sample is or was, newest first; of one that is not published, if that is asked for."""
    rows = loans.all_of_them().filter(state__in=SHOWN, begins__isnull=False, items__sample__number=number)
    if not unpublished:
        rows = rows.filter(items__sample__published=True)
    return _public(list(rows.order_by("-begins", "-pk").distinct()))


def _public(rows: Sequence[Loan]) -> list[Public]:
    if not rows:
        return []
    samples = _samples(rows)
    values = {one.key: one for one in loans.values(rows)}
    return [
        Public(
            row.key, row.number, Words(row.holder.name_en, row.holder.name_zh), row.holder.country, row.state, row.use_class, row.begins,
            _until(row, values[row.key]), tuple(samples.get(row.holder_id, ())),
            _longer(row, values[row.key]),
        )
        for row in rows if row.begins is not None
    ]  # fmt: skip


def _until(row: Loan, value: library.Loan) -> date | None:
    """Return the day by which it was agreed to be back, renewals with it and exceptions not; None once it is back."""
    return replace(value, waivers=()).due_on if row.state in library.OUT else None


def _longer(row: Loan, value: library.Loan) -> date | None:
    until = _until(row, value)
    return value.due_on if until is not None and value.due_on != until else None


def _samples(rows: Sequence[Loan]) -> Mapping[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    there = Balance.objects.filter(
        holder__in=[row.holder_id for row in rows], mass_ng__gt=0, sample__published=True
    )
    for holder, number, mass_ng in there.order_by("sample__number").values_list(
        "holder", "sample__number", "mass_ng"
    ):
        found[holder].append((number, mass_ng))
    return found
