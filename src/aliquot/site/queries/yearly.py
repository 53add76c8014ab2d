"""What did one year do to the collection, by mission and class of use? From the postings of the ledger alone, to the nanogram.

Two accounts, each of which closes: of all that is in the facility's keeping (its stores, on loan, on its way, missing), and of what is
with borrowers. A sample counts under the mission and the class of use that it has now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final

from django.db.models import Max, Min, Sum

from aliquot.ledger import ATTRITION, CONSUMPTION, DESTRUCTION, RESHAPING, Kind
from aliquot.site.models import Balance, Entry, Loan, Posting

KEPT: Final = ("place", "loan", "transit", "missing")
Group = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Account:
    """One mission's samples of one class of use over a year, in nanograms; the year's changes are given as people say them.

    `reshaped_ng` is what came from samples of other groups by splitting, combining and renumbering, less what went there.
    """

    mission: str
    use_class: str
    opening_ng: int = 0
    received_ng: int = 0
    given_ng: int = 0
    consumed_ng: int = 0
    attrition_ng: int = 0
    destroyed_ng: int = 0
    drift_ng: int = 0
    reshaped_ng: int = 0
    in_store_ng: int = 0
    on_loan_ng: int = 0
    under_way_ng: int = 0
    missing_ng: int = 0
    loans_opening_ng: int = 0
    lent_ng: int = 0
    came_back_ng: int = 0
    loans_used_ng: int = 0
    loans_lost_ng: int = 0
    loans_other_ng: int = 0

    @property
    def closing_ng(self) -> int:
        """What was in the facility's keeping when the year ended."""
        return self.in_store_ng + self.on_loan_ng + self.under_way_ng + self.missing_ng

    @property
    def used_ng(self) -> int:
        """What is no more, by whatever fate."""
        return self.consumed_ng + self.attrition_ng + self.destroyed_ng

    @property
    def gap_ng(self) -> int:
        """How far opening and changes are from closing: nothing, or the ledger is not what it should be."""
        came_ng = self.received_ng + self.drift_ng + self.reshaped_ng
        return self.opening_ng + came_ng - self.given_ng - self.used_ng - self.closing_ng

    @property
    def loans_gap_ng(self) -> int:
        """The same of what is with borrowers."""
        went_ng = self.came_back_ng + self.loans_used_ng + self.loans_lost_ng
        return self.loans_opening_ng + self.lent_ng + self.loans_other_ng - went_ng - self.on_loan_ng

    @property
    def reconciles(self) -> bool:
        return self.gap_ng == 0 and self.loans_gap_ng == 0


@dataclass(frozen=True, slots=True)
class Report:
    """A year: its accounts, their sum, how many entries it has, how many loans began; `balances_gap_ng` is None for a past year."""

    year: int
    accounts: tuple[Account, ...]
    total: Account
    entries: int
    first_entry: int | None
    last_entry: int | None
    loans_begun: int
    balances_gap_ng: int | None

    @property
    def reconciles(self) -> bool:
        """Whether every account closes, nothing came from nowhere in reshaping, and balances say the same."""
        return (
            all(one.reconciles for one in self.accounts)
            and not self.total.reshaped_ng
            and not self.balances_gap_ng
        )


def years() -> range:
    """Return the years of which the ledger has entries."""
    ends = Entry.objects.aggregate(first=Min("at"), last=Max("at"))
    return range(int(ends["first"][:4]), int(ends["last"][:4]) + 1) if ends["first"] else range(0)


def report(year: int) -> Report:
    """Return the report of a year; five queries, however much there is."""
    begins, ends = f"{year:04d}-", f"{year + 1:04d}-"
    standing, changes = _sums(begins, ends)
    # What is of no mission stands last.
    groups = sorted({*standing, *changes}, key=lambda group: (not group[0], group))
    accounts = tuple(_account(group, standing.get(group, {}), changes.get(group, {})) for group in groups)
    accounts = tuple(one for one in accounts if any(_numbers(one)))
    of_year = Entry.objects.filter(at__gte=begins, at__lt=ends)
    ran = of_year.aggregate(first=Min("index"), last=Max("index"))
    total = add(accounts)
    last = Entry.objects.filter(at__gte=ends).exists()
    kept_ng = (
        None if last else Balance.objects.filter(holder__root__in=KEPT).aggregate(n=Sum("mass_ng"))["n"] or 0
    )
    return Report(
        year, accounts, total, 0 if ran["first"] is None else ran["last"] - ran["first"] + 1, ran["first"], ran["last"],
        Loan.objects.filter(begins__year=year).count(), None if kept_ng is None else kept_ng - total.closing_ng,
    )  # fmt: skip


def add(accounts: Iterable[Account]) -> Account:
    """Return the sum of accounts, without mission and class."""
    sums: dict[str, int] = defaultdict(int)
    for one in accounts:
        for each in fields(one)[2:]:
            sums[each.name] += getattr(one, each.name)
    return Account("", "", **sums)


def _numbers(one: Account) -> Iterator[int]:
    yield from (getattr(one, each.name) for each in fields(one)[2:])


_Standing = Mapping[str, int]
_Changes = Mapping[tuple[str, str], int]


def _sums(
    begins: str, ends: str
) -> tuple[dict[Group, dict[str, int]], dict[Group, dict[tuple[str, str], int]]]:
    """Return what stood before the year by root of holder, and what the year changed by holder and kind, each by group."""
    by = ("sample__mission", "sample__use_class")
    standing: dict[Group, dict[str, int]] = defaultdict(dict)
    before = Posting.objects.filter(entry__at__lt=begins, holder__root__in=KEPT).order_by()
    for mission, use, root, ng in before.values_list(*by, "holder__root").annotate(Sum("mass_ng")):
        standing[mission, use][root] = ng
    changes: dict[Group, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    within = Posting.objects.filter(entry__at__gte=begins, entry__at__lt=ends).order_by()
    kept = within.filter(holder__root__in=KEPT)
    for mission, use, root, kind, ng in kept.values_list(*by, "holder__root", "entry__kind").annotate(
        Sum("mass_ng")
    ):
        changes[mission, use][root, kind] += ng
    rest = within.exclude(holder__root__in=KEPT)
    named = rest.values_list(*by, "holder__root", "holder__key", "entry__kind").annotate(Sum("mass_ng"))
    for mission, use, root, key, kind, ng in named:
        changes[mission, use][key if root == "spent" else root, kind] += ng
    return standing, changes


def _account(group: Group, standing: _Standing, changes: _Changes) -> Account:
    def changed(*roots: str) -> int:
        return sum(ng for (root, _), ng in changes.items() if root in roots)

    def lent(*kinds: Kind) -> int:
        return sum(changes.get(("loan", kind.value), 0) for kind in kinds)

    named = (Kind.DELIVER, Kind.SHIP, Kind.RETURN, Kind.CONSUME, Kind.SPLIT, Kind.LOSE, Kind.FIND)
    return Account(
        *group,
        opening_ng=sum(standing.values()),
        received_ng=-changed("origin"),
        given_ng=changed("given"),
        consumed_ng=changed(CONSUMPTION),
        attrition_ng=changed(ATTRITION),
        destroyed_ng=changed(DESTRUCTION),
        drift_ng=-changed("drift"),
        reshaped_ng=sum(ng for (_, kind), ng in changes.items() if kind in RESHAPING),
        in_store_ng=standing.get("place", 0) + changed("place"),
        on_loan_ng=standing.get("loan", 0) + changed("loan"),
        under_way_ng=standing.get("transit", 0) + changed("transit"),
        missing_ng=standing.get("missing", 0) + changed("missing"),
        loans_opening_ng=standing.get("loan", 0),
        lent_ng=lent(Kind.DELIVER),
        came_back_ng=-lent(Kind.SHIP, Kind.RETURN),
        loans_used_ng=-lent(Kind.CONSUME, Kind.SPLIT),
        loans_lost_ng=-lent(Kind.LOSE, Kind.FIND),
        loans_other_ng=changed("loan") - lent(*named),
    )  # fmt: skip
