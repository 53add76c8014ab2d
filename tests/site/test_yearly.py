"""The report of a year: both accounts close to the nanogram, and say what the book says when it is read entry by entry."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.site import collection as c
from tests.site import loaning
from tests.site.loaning import MG

from aliquot import acts as entries
from aliquot import book, ledger
from aliquot.site import queries
from aliquot.site.models import Balance, Entry, Holder, Person, Sample
from aliquot.site.operations import loan_reports
from aliquot.site.operations import samples as acts
from aliquot.site.operations.ledger import append
from aliquot.site.operations.loan_reports import Consumed
from aliquot.site.operations.samples import By

YEARS = (2026, 2027)


def by(minute: int) -> By:
    """Somebody acts: the first half of the acts in one year, the rest in the next."""
    year, month = (2027, minute - 11) if minute >= 12 else (2026, minute + 1)
    return By("person:17", f"{year}-{month:02d}-05T09:00:00Z", ())


def write(act: Callable[[ledger.Stamp], ledger.Entry], minute: int) -> None:
    told = by(minute)
    append(act, by=told.person, at=told.at)


def read_from_the_book(year: int) -> dict[str, int]:
    """Return the account of all of a year, by going through the book: nothing of the database but its text."""
    found: dict[str, int] = defaultdict(int)
    for text in Entry.objects.order_by("index").values_list("text", flat=True):
        entry = book.parse(text)
        assert isinstance(entry, ledger.Entry)
        of_year = int(entry.at[:4])
        for posting in entry.postings:
            root = posting.holder.partition(":")[0]
            kept = root in ("place", "loan", "transit", "missing")
            if kept and of_year < year:
                found["opening_ng"] += posting.mass_ng
            if kept and of_year <= year:
                found["closing_ng"] += posting.mass_ng
            if root == "loan" and of_year <= year:
                found["on_loan_ng"] += posting.mass_ng
            if of_year == year:
                found["received_ng"] -= posting.mass_ng if root == "origin" else 0
                found["given_ng"] += posting.mass_ng if root == "given" else 0
                found["used_ng"] += posting.mass_ng if root == "spent" else 0
                found["drift_ng"] -= posting.mass_ng if root == "drift" else 0
    return found


def held_together(year: int) -> None:
    report = queries.yearly.report(year)
    assert report.reconciles, report
    told = read_from_the_book(year)
    for name in ("opening_ng", "closing_ng", "on_loan_ng", "received_ng", "given_ng", "used_ng", "drift_ng"):
        assert getattr(report.total, name) == told[name], name
    for one in report.accounts:
        assert (one.gap_ng, one.loans_gap_ng) == (0, 0)


@pytest.fixture
def _holders(db: None) -> None:
    c.holders()
    Holder.objects.get_or_create(key="transit:van", defaults={"root": "transit"})
    Holder.objects.get_or_create(key="missing:shelf", defaults={"root": "missing"})


ACTS = st.lists(
    st.tuples(st.sampled_from(["lend", "back", "use", "give", "cut", "lose", "move"]), st.integers(1, 10**9)),
    min_size=4,
    max_size=12,
)


def do(act: str, ng: int, minute: int) -> None:
    """Do something to the rock; of what is not lent nothing comes back and nothing is used up."""
    lent_ng = (
        Balance.objects.filter(holder__key="loan:museum", sample__number="R-1").aggregate(n=Sum("mass_ng"))[
            "n"
        ]
        or 0
    )
    out_ng = min(ng, lent_ng)
    match act:
        case "lend":
            acts.ship("R-1", source=c.VAULT, transit="transit:van", mass_ng=ng, by=by(minute))
            acts.deliver("R-1", transit="transit:van", target="loan:museum", mass_ng=ng, by=by(minute))
        case "back" if out_ng:
            acts.ship("R-1", source="loan:museum", transit="transit:van", mass_ng=out_ng, by=by(minute))
        case "use" if out_ng:
            fate = "spent:consumption"
            write(
                lambda s: entries.consume(s, "R-1", source="loan:museum", fate=fate, mass_ng=out_ng), minute
            )
        case "give":
            acts.give("R-1", source=c.VAULT, given="given:owner", mass_ng=ng, by=by(minute))
        case "cut":
            rows = [(Sample(number=f"R-1,{minute}", mission="apollo-17", form="fragment"), ng)]
            acts.split("R-1", rows, place=c.VAULT, attrition_ng=ng // 7 + 1, by=by(minute))
        case "lose":
            write(
                lambda s: entries.lose(s, "R-1", source=c.VAULT, missing="missing:shelf", mass_ng=ng), minute
            )
        case "move":
            acts.move("R-1", source=c.VAULT, target=c.SHELF, mass_ng=ng, by=by(minute))


@pytest.mark.usefixtures("_holders")
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(todo=ACTS)
def test_whatever_is_done_in_two_years_each_closes_to_the_nanogram(todo: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        acts.receive(Sample(number="R-1", mission="change-5", form="rock"), origin=c.ORIGIN, place=c.VAULT,
                     mass_ng=10**12 + 7, uses=[ledger.Use("R-1", "research", False)], by=by(0))  # fmt: skip
        for minute, (act, ng) in enumerate(todo, start=1):
            do(act, ng, minute)
        for year in YEARS:
            if year in queries.yearly.years():
                held_together(year)
        transaction.set_rollback(True)


def test_a_loan_reconciles_and_what_was_cut_for_it_too(ada: Person, eve: Person, bo: Person) -> None:
    loaning.store()
    loan = loaning.a_running_loan(ada, eve, bo)
    loan_reports.consume(
        loan, Consumed("P-1,1", 5 * MG, "analysis", "Pb-Pb"), by=bo, at=loaning.NOW.replace(day=20)
    )
    held_together(2026)
    total = queries.yearly.report(2026).total
    assert (total.lent_ng, total.loans_used_ng, total.on_loan_ng) == (40 * MG, 5 * MG, 35 * MG)
    assert total.on_loan_ng == queries.loans.year(2026).out_after_ng


def test_the_page_says_it_reconciles_and_gives_the_same_as_a_file(
    client: Client, ada: Person, eve: Person, bo: Person
) -> None:
    loaning.store()
    loaning.a_running_loan(ada, eve, bo)
    page = client.get("/years/2026/")
    assert page.status_code == 200
    assert "It reconciles to the ledger to the nanogram." in page.text
    assert client.get("/years/")["Location"] == "/years/2026/"
    rows = list(csv.DictReader(io.StringIO(client.get("/years/2026/report.csv").text)))
    assert rows[-1]["mission"] == "total"
    assert all(row["gap_ng"] == "0" for row in rows)
    assert sum(int(row["lent_ng"]) for row in rows[:-1]) == int(rows[-1]["lent_ng"]) == 40 * MG
    assert client.get("/years/2026/report.pdf").content[:5] == b"%PDF-"
    for nothing in (
        "/years/1999/",
        "/years/2031/report.csv",
        "/years/99999999999999999999/",
        "/years/1999/report.pdf",
    ):
        assert client.get(nothing).status_code == 404, nothing


def test_the_report_asks_the_same_however_much_there_is(
    ada: Person, eve: Person, bo: Person, django_assert_num_queries: Callable[..., object]
) -> None:
    loaning.store()
    with django_assert_num_queries(7):
        queries.yearly.report(2026)
    loaning.a_running_loan(ada, eve, bo)
    with django_assert_num_queries(7):
        queries.yearly.report(2026)


def test_there_is_no_year_without_a_ledger(client: Client, db: None) -> None:
    assert client.get("/years/").status_code == 404
    assert list(queries.yearly.years()) == []
