"""The demonstration's loans, gifts, deposit, exchanges and shows: as the record tells of them, and from the ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from tests.site.conftest import NOW

from aliquot import demonstration as demonstration_facts
from aliquot import policy, receipts, register
from aliquot.loans import Duty
from aliquot.receipts import Receipt
from aliquot.site import instance, queries
from aliquot.site.models import Balance, Deed, DeedItem, Loan, Person, Posting, Sample, Show
from aliquot.site.operations import demonstration

MG, G = 10**6, 10**9


@pytest.fixture(scope="module", autouse=True)
def _demonstration(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The demonstration, built once: every test here only reads it."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.build(at=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _reads(db: None) -> None:
    """Each test asks for the database."""


def test_what_is_published_of_masses_is_in_the_ledger() -> None:
    held = {
        row.holder.name_en: sum(line.held_ng for line in queries.loans.statement(row).values())
        for row in Loan.objects.exclude(holder__name_en__startswith="Demonstration").select_related("holder")
    }
    assert held == {
        "The University of Hong Kong": 822_600_000,
        "National Astronomical Research Institute of Thailand": 75 * MG,
        "The Open University": 60 * MG,
    }
    out = Balance.objects.filter(holder__key="loan:c1").get().mass_ng
    assert out + 60 * MG == 2_180 * MG
    assert queries.loans.overdue(NOW.date()) == []


def test_everything_from_and_to_china_in_the_record_stands_with_its_mass_or_says_that_none_is_published() -> (
    None
):
    """Whatever the record tells of China's samples: a mass is in the ledger to the nanogram, or named among what is absent."""
    absent = {key for one in demonstration_facts.load().absent for key in one.records}
    deeds = list(
        DeedItem.objects.filter(deed__kind__in=("gift", "donation", "deposit")).values_list(
            "mass_ng", flat=True
        )
    )
    told = [one for one in register.load().transfers.values()
            if {one.giver.key, one.receiver.key} & {"cn", "cnsa", "lesec"}]  # fmt: skip
    assert len(told) >= 18
    for one in told:
        mass_ng = one.amount.mass_ng if one.amount is not None else None
        if mass_ng is None:
            assert one.key in absent, f"{one.key}: say that its mass is not published"
            continue
        assert one.key not in absent
        if one.kind in {"research-loan", "display-loan"}:
            held = Posting.objects.filter(
                holder__root="loan", entry__text__contains=f"record:{one.key}", mass_ng__gt=0
            )
            assert [row.mass_ng for row in held] == [mass_ng], one.key
        else:
            deeds.remove(mass_ng)
    assert deeds == [], "a gift or deposit that the record does not have"


def test_what_has_no_published_mass_of_its_own_stands_as_one_lot_that_says_so() -> None:
    lot = Sample.objects.get(number="lot:ce5:call-1")
    assert (lot.mass_ng, lot.aggregate) == (2_120 * MG, True)
    assert "derived" in lot.note_en
    assert "推算" in lot.note_zh
    assert "mass of each is not published" in lot.note_en


def test_everybody_reads_what_is_lent_and_known_only_together() -> None:
    known = {one.name.en: one.mass_ng for one in queries.loans_public.together()}
    assert known["six other institutions of the first international call"] == 2_120 * MG
    assert len(known) == 5
    page = Client().get("/zh-hans/loans/public/").text
    assert "首次国际申请的其他六家机构" in page
    assert "lot:ce5:call-1" in page


def test_gifts_the_return_gift_and_the_deposit_name_their_entries() -> None:
    rows = {row.when: row for row in queries.deeds.all_of_them()}
    assert rows["2023-03"].answers == rows["2022-02-04"]
    masses = {when: row.items.get().mass_ng for when, row in rows.items() if row.kind != "exchange"}
    assert masses == {
        "1978": G, "2021-02-27": 100 * G, "2021-12-25": 10 * G, "2022-02-04": 1_500 * MG, "2023-03": 1_500 * MG,
        "2023-04": 1_500 * MG,
    }  # fmt: skip
    assert all(
        queries.deeds.entries(row) for when, row in rows.items() if when > "2000" and row.kind != "exchange"
    )
    backup = queries.deeds.backup(policy.load("cnsa"))
    assert backup.came_ng == 10 * G


def test_a_receipt_of_the_gift_to_russia_verifies() -> None:
    gift = Deed.objects.select_related("receipt").get(when="2022-02-04")
    found = receipts.check(gift.receipt.note, instance.read_signing_key(settings.HOME).verifier)
    assert isinstance(found, Receipt)
    assert found.items == (("lot:ce5:gift-russia", 1_500 * MG),)


def test_exchanges_of_others_show_what_was_agreed_against_what_came() -> None:
    standing = {one.exchange.sources: one for one in queries.deeds.exchanges()}
    assert standing["U1 U2 U3"].is_settled
    bennu = standing["J3 J4 X1"]
    assert bennu.received is not None
    assert (bennu.received.due_ng, bennu.received.owed_ng) == (608 * MG, -55 * MG)
    luna = standing["U4"]
    assert luna.given is not None
    assert (luna.given.due_ng, luna.given.is_certain) == (None, False)


def test_shows_are_over_and_the_long_one_has_its_exception() -> None:
    longest = Show.objects.get(first="2024-08-07")
    assert (longest.last - longest.first).days == 115
    assert queries.shows.exceptions(longest).get().rule == "policy:loan-months"
    assert Show.objects.get(country="TH").loan is not None
    real = Show.objects.exclude(title_en__startswith="Exercise")
    assert set(real.values_list("state", flat=True)) == {"ended"}


def test_an_exercise_is_on_show_and_a_set_with_a_school_each_saying_that_it_is_one() -> None:
    show = Show.objects.get(state="on show")
    assert show.title_en.startswith("Exercise")
    assert show.title_zh.startswith("演练")
    assert (queries.shows.pieces(show), queries.shows.open_days(show), queries.shows.visitors(show)) == (
        2,
        0,
        262,
    )
    assert [day.counted_back for day in show.days.all()] == [2] * 6
    assert [one.rule for one in queries.shows.exceptions(show)] == ["policy:loan-months"]
    ((teaching, pieces, booking),) = queries.shows.sets_listed(NOW.date())
    assert (pieces, teaching.name_en[:8], booking.loan.state) == (3, "Exercise", "with borrower")
    assert [row.loan is None for row in queries.shows.bookings(teaching)] == [False, True, True]
    for row in Sample.objects.filter(number__startswith="PRACTICE"):
        assert "not from the Moon" in row.note_en
        assert "非月球" in row.note_zh
        assert row.mission == ""


def test_a_borrower_of_practice_material_has_something_to_do() -> None:
    bo = Person.objects.get(email="borrower@demo.invalid")
    (held,) = queries.borrowing.holding(bo)
    assert {number.partition(",")[0] for number, _ng in held.samples} == {"PRACTICE-1"}
    assert not Sample.objects.filter(number__startswith="PRACTICE").exclude(mission="").exists(), (
        "not from the Moon"
    )
    due = {one.duty: (one.on - NOW.date()).days for one in held.owed}
    assert 0 < due[Duty.INVENTORY] <= 30
    assert queries.result_duties.owed(person=bo)
    assert queries.borrowing.draft(held.row).lines.count() == 1
    assert [one.kind for one in queries.borrowing.open_wishes()] == ["return"]
    assert all(line.unexplained_ng == 0 for line in queries.loans.statement(held.row).values())
