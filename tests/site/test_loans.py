"""A loan in the database, from agreement to return: every gram on one path, and nothing lent twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.site import loaning
from tests.site.loaning import (
    BENCH,
    MG,
    NOW,
    VAULT,
    a_loan,
    a_running_loan,
    arrive,
    cut,
    opened,
    packed,
    send,
)

from aliquot.accountability import Counted, Direction
from aliquot.fault import Refused
from aliquot.loan_terms import Waiver
from aliquot.site import queries
from aliquot.site.models import Balance, Commitment, Incident, Loan, LoanItem, LoanStep, Person, Sample
from aliquot.site.operations import arrivals, loan_reports, loans, parcels, returns
from aliquot.site.operations.loan_reports import Consumed
from aliquot.site.operations.returns import Weighed

DAY = timedelta(days=1)
LATER = NOW + 30 * DAY


@pytest.fixture
def _store(db: None) -> None:
    loaning.store()


pytestmark = pytest.mark.usefixtures("_store")


def held(number: str) -> dict[str, int]:
    rows = Balance.objects.filter(sample__number=number, mass_ng__gt=0)
    return dict(rows.values_list("holder__key", "mass_ng"))


def where(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.where for one in refused.value.faults]


def test_a_loan_goes_from_agreement_to_return_and_is_closed(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_loan(ada, eve, bo)
    assert (loan.state, loan.number, loan.agreement.state) == ("prepared", "L-0001", "in force")
    assert Commitment.objects.get(released_at=None).mass_ng == 50 * MG
    cut(loan, ada, ("P-1,1", "20 mg"), ("P-1,2", "29 mg"))
    promised = (
        Commitment.objects.filter(released_at=None).order_by("pk").values_list("sample__number", "mass_ng")
    )
    assert list(promised) == [("P-1,1", 20 * MG), ("P-1,2", 29 * MG)]
    sent = send(loan, "P-1,1", "P-1,2", by=ada)
    assert held("P-1,1") == {sent.transit.key: 20 * MG}
    assert not Commitment.objects.filter(released_at=None).exists()
    arrive(sent, bo)
    loan.refresh_from_db()
    assert (loan.state, loan.begins) == ("with borrower", date(2026, 12, 10))
    done = loan_reports.consume(
        loan, Consumed("P-1,1", 5 * MG, "analysis", "Pb-Pb by ion probe"), by=bo, at=LATER
    )
    assert (done.entry.kind, done.notes) == ("consume", ())
    back = send(loan, "P-1,2", by=bo, direction=Direction.BACK, at=LATER)
    arrive(back, ada, LATER, place=VAULT)
    loan.refresh_from_db()
    assert loan.state == "with borrower"
    returns.take_in(loan, ["P-1,1"], place=VAULT, by=ada, at=LATER)
    for number, shown in (("P-1,1", "15 mg"), ("P-1,2", "29 mg")):
        returns.verify(loan, Weighed(number, (shown, shown), "bal-1", history="A safe."), by=ada, at=LATER)
        returns.accept(
            loan, number, condition="returned", place=BENCH, note="Looks as it left.", by=ada, at=LATER
        )
    closed = returns.close(loan, by=ada, at=LATER)
    assert closed.state == "closed"
    assert held("P-1,1") == {BENCH: 15 * MG, "spent:consumption": 5 * MG}
    assert Sample.objects.get(number="P-1,2").condition == "returned"
    account = queries.loans.statement(closed)
    first = account["P-1,1"]
    assert (first.issued_ng, first.consumed_ng, first.returned_ng, first.accountable_ng) == (
        20 * MG,
        5 * MG,
        15 * MG,
        0,
    )
    assert all(line.unexplained_ng == 0 for line in account.values())
    assert queries.loans.year(2026).reconciles
    assert not Commitment.objects.filter(released_at=None).exists()
    assert set(LoanItem.objects.values_list("ended", flat=True)) == {"returned"}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LoanStep.objects.update(act="nothing")


def test_one_piece_is_in_one_open_loan(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    with pytest.raises(Refused) as refused:
        loaning.an_agreement(ada, bo, [("P-1,1", 20 * MG)])
    assert where(refused) == ["items[0].mass"]
    other = a_loan(ada, eve, bo, samples=(("P-2", 10 * MG),))
    for third in (other, a_loan(ada, eve, bo, samples=(("P-2", 11 * MG),))):
        with pytest.raises(IntegrityError), transaction.atomic():
            LoanItem.objects.create(loan=third, sample=Sample.objects.get(number="P-1,1"), added_at=NOW)
    with pytest.raises(Refused):
        parcels.pack(other, Direction.OUT, ["P-1,1"], by=ada, at=NOW)
    # What is back and not yet accepted is lent to nobody either.
    returns.take_in(loan, ["P-1,1"], place=VAULT, by=ada, at=LATER)
    with pytest.raises(Refused):
        loaning.an_agreement(ada, bo, [("P-1,1", 20 * MG)], whole=frozenset({"P-1,1"}))


def test_a_piece_is_in_one_parcel_at_a_time(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    first = parcels.pack(loan, Direction.OUT, ["P-1,1"], by=ada, at=NOW)
    with pytest.raises(Refused) as refused:
        parcels.pack(loan, Direction.OUT, ["P-1,1"], by=ada, at=NOW)
    assert where(refused) == ["samples"]
    parcels.unpack(first, by=ada, at=NOW)
    again = parcels.pack(loan, Direction.OUT, ["P-1,1"], by=ada, at=NOW)
    parcels.hand_over(again, packed(), by=ada, at=NOW)
    with pytest.raises(Refused) as refused:
        parcels.hand_over(again, packed(), by=ada, at=NOW)
    assert where(refused) == ["state"]


def test_what_is_free_is_counted_once_however_often_it_was_lent_and_given(
    ada: Person, eve: Person, bo: Person
) -> None:
    """Ten vials of 10 mg in one loan, some away, some used up, some back: the sum is over postings, not over joins."""
    loan = a_loan(ada, eve, bo, samples=(("P-1", 100 * MG),), consumed_most_ng={"P-1": 100 * MG})
    vials = [f"P-1,{i}" for i in range(1, 11)]
    cut(loan, ada, *[(number, "10 mg") for number in vials])
    arrive(send(loan, *vials[:6], by=ada), bo)
    for number in vials[:2]:
        loan_reports.consume(loan, Consumed(number, 4 * MG, "analysis", "probe"), by=bo, at=LATER)
        loan_reports.consume(loan, Consumed(number, 1 * MG, "preparation", "polish"), by=bo, at=LATER)
    returns.take_in(loan, vials[1:3], place=VAULT, by=ada, at=LATER)
    where_now = queries.loans.held(loan)
    assert where_now.out_ng == 5 * MG + 3 * 10 * MG
    assert queries.loans.held_by_person_ng(bo) == 35 * MG
    account = queries.loans.statement(loan)
    assert sum(line.issued_ng for line in account.values()) == 60 * MG
    assert sum(line.accountable_ng for line in account.values()) == 35 * MG
    free = queries.calls.stock(["P-1"])["P-1"]
    assert free.available_ng == 900 * MG
    assert [out.mass_ng for out in queries.loans.out_by_country()] == [35 * MG]


def test_more_than_was_agreed_is_not_cut_and_no_line_is_cut_twice(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_loan(ada, eve, bo)
    with pytest.raises(Refused) as refused:
        cut(loan, ada, ("P-1,1", "51 mg"))
    assert where(refused)[0] in ("cuts", "parent")
    assert not Sample.objects.filter(number="P-1,1").exists()
    cut(loan, ada, ("P-1,1", "50 mg"))
    with pytest.raises(Refused) as refused:
        cut(loan, ada, ("P-1,2", "1 mg"))
    assert where(refused) == ["line"]


def test_a_mount_is_lent_whole(ada: Person, eve: Person, bo: Person) -> None:
    with pytest.raises(Refused) as refused:
        loaning.an_agreement(ada, bo, [("M-1", 10 * MG)])
    assert where(refused) == ["items[0].mass"]
    loan = a_loan(ada, eve, bo, samples=(("M-1", 30 * MG),))
    with pytest.raises(Refused):
        cut(loan, ada, ("M-1,1", "1 mg"))
    arrive(send(loan, "M-1", by=ada), bo)
    assert held("M-1") == {loan.holder.key: 30 * MG}


def test_a_sealed_sample_is_not_agreed_on(ada: Person, bo: Person) -> None:
    with pytest.raises(Refused) as refused:
        loaning.an_agreement(ada, bo, [("S-1", MG)])
    assert where(refused) == ["items[0].sample"]


def test_a_receiver_without_an_account_confirms_once_by_a_link(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    sent = send(loan, "P-1,1", by=ada)
    old = parcels.make_link(sent, by=ada, at=NOW)
    token = parcels.make_link(sent, by=ada, at=NOW)
    for wrong in (old, "nonsense"):
        with pytest.raises(Refused) as refused:
            arrivals.confirm(sent, opened(sent), token=wrong, at=NOW)
        assert where(refused) == ["token"]
    with pytest.raises(Refused):
        arrivals.confirm(sent, opened(sent), token=token, at=NOW + 400 * DAY)
    assert queries.parcels.by_token(token, at=NOW) is not None
    done = arrivals.confirm(sent, opened(sent), token=token, at=NOW + DAY)
    step = done.steps.get(act="confirm")
    assert step.by.startswith("link:")
    assert (done.received_by, "Receiving desk" in str(step.told)) == ("Receiving desk", False)
    assert held("P-1,1") == {loan.holder.key: 20 * MG}
    with pytest.raises(Refused):
        arrivals.confirm(sent, opened(sent), token=token, at=NOW + DAY)


def test_damaged_and_missing_open_an_incident_and_the_mass_is_missing(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"), ("P-1,2", "20 mg"))
    sent = send(loan, "P-1,1", "P-1,2", by=ada)
    with pytest.raises(Refused) as refused:
        arrivals.confirm(
            sent, opened(sent, 4_900, "B-9", P_1="sound", **{"P_1,2": "missing"}), by=bo, at=LATER
        )
    assert {"seals", "gross", "found"} <= set(where(refused))
    arrive(sent, bo, LATER, **{"P_1,1": "damaged", "P_1,2": "missing"})
    sent.refresh_from_db()
    assert (sent.state, sent.incident.kind) == ("damaged", "lost")
    assert set(sent.incident.samples.values_list("number", flat=True)) == {"P-1,1", "P-1,2"}
    assert held("P-1,2") == {f"missing:{loan.key}": 20 * MG}
    loan_reports.find(loan, "P-1,2", reason="Under the padding.", by=ada, at=LATER)
    account = queries.loans.statement(loan)
    assert {line.unexplained_ng for line in account.values()} == {0}
    assert account["P-1,2"].accountable_ng == 20 * MG


def test_a_refused_parcel_comes_back_and_is_promised_again(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    sent = send(loan, "P-1,1", by=ada)
    with pytest.raises(Refused) as refused:
        arrivals.refuse(sent, reason="", by=bo, at=LATER)
    assert where(refused) == ["reason"]
    arrivals.refuse(sent, reason="The seal is broken.", by=bo, at=LATER)
    arrivals.take_back(sent, place=VAULT, by=ada, at=LATER)
    loan.refresh_from_db()
    assert (loan.state, held("P-1,1")) == ("prepared", {VAULT: 20 * MG})
    with pytest.raises(Refused):
        loaning.an_agreement(ada, bo, [("P-1,1", 20 * MG)])
    arrive(send(loan, "P-1,1", by=ada, at=LATER), bo, LATER)


def test_a_lost_parcel_leaves_the_loan_lost_until_it_is_found(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    sent = send(loan, "P-1,1", by=ada)
    assert queries.parcels.late(date(2026, 12, 13)) == [sent]
    arrivals.lose(sent, reason="The courier does not know.", by=ada, at=LATER)
    loan.refresh_from_db()
    assert (loan.state, Incident.objects.get().kind) == ("lost", "lost")
    for place, reason in (("place:nowhere", "It came back."), (VAULT, " ")):
        with pytest.raises(Refused):
            loan_reports.find(loan, "P-1,1", place=place, reason=reason, by=ada, at=LATER)
    loan_reports.find(loan, "P-1,1", place=VAULT, reason="It came back.", by=ada, at=LATER)
    loan.refresh_from_db()
    assert (loan.state, held("P-1,1")) == ("returned", {VAULT: 20 * MG})


def test_renewed_once_and_no_more_unless_an_exception_is_recorded(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_running_loan(ada, eve, bo)
    assert loans.due_on(loan) == date(2027, 12, 10)
    for months in (0, 7):
        with pytest.raises(Refused) as refused:
            loans.renew(loan, months=months, by=ada, at=LATER)
        assert where(refused) == ["months"]
    loans.renew(loan, months=6, by=ada, at=LATER)
    loan.refresh_from_db()
    assert loans.due_on(loan) == date(2028, 6, 10)
    with pytest.raises(Refused):
        loans.renew(loan, months=1, by=ada, at=LATER)
    told = Waiver("renewals", "The centre", "The probe was down.", date(2028, 6, 30))
    with pytest.raises(Refused):
        loans.waive(loan, told, by=ada, at=LATER)
    loans.waive(loan, told, by=eve, at=LATER)
    loans.renew(loan, months=1, by=ada, at=LATER)
    loans.waive(loan, Waiver("loan-months", "The centre", "A strike.", date(2028, 9, 1)), by=eve, at=LATER)
    loan.refresh_from_db()
    assert loans.due_on(loan) == date(2028, 9, 1)
    (public,) = queries.loans_public.listed().rows
    assert (public.until, public.longer) == (date(2028, 7, 10), date(2028, 9, 1)), (
        "an exception is told apart from the term"
    )


def test_a_recall_shortens_the_term_and_can_be_lifted(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    with pytest.raises(Refused):
        loans.recall(loan, reason=" ", by=ada, at=LATER)
    loans.recall(loan, reason="Idle for a year.", by=ada, at=LATER)
    loan.refresh_from_db()
    late = (LATER + 31 * DAY).date()
    assert [loan.number for loan, _ in queries.loans.overdue(late)] == ["L-0001"]
    assert [one.duty for one in queries.loans.reminders(late)] == ["recall"]
    with pytest.raises(Refused):
        loans.lift(loan, reason="A paper is due.", by=ada, at=LATER)
    loans.lift(loan, reason="A paper is due.", by=eve, at=LATER)
    assert queries.loans.overdue(late) == []


def test_consumption_beyond_what_was_approved_wants_a_reason_and_is_noted(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_running_loan(ada, eve, bo)
    loan_reports.consume(loan, Consumed("P-1,1", 6 * MG, "analysis", "probe"), by=bo, at=LATER)
    for told in (
        Consumed("P-1,2", 5 * MG, "analysis", "probe"),
        Consumed("P-1,2", 21 * MG, "analysis", "probe", "Spilt."),
        Consumed("P-1,2", 0, "analysis", "probe"),
        Consumed("P-1,2", MG, "eaten", "probe"),
        Consumed("P-1,2", MG, "analysis", ""),
        Consumed("P-1", MG, "analysis", "probe"),
    ):
        with pytest.raises(Refused):
            loan_reports.consume(loan, told, by=bo, at=LATER)
    done = loan_reports.consume(
        loan, Consumed("P-1,2", 5 * MG, "destroyed", "spilt", "It fell."), by=bo, at=LATER
    )
    assert [note.where for note in done.notes] == ["P-1,2"]
    assert held("P-1,2") == {loan.holder.key: 15 * MG, "spent:destruction": 5 * MG}


def test_nobody_else_reports_on_a_loan(ada: Person, eve: Person, bo: Person, cy: Person, di: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    for other in (cy, di, eve):
        with pytest.raises(Refused) as refused:
            loan_reports.consume(loan, Consumed("P-1,1", MG, "analysis", "probe"), by=other, at=LATER)
        assert where(refused) == ["person"]
    assert queries.loans.one(loan.key, bo, sees_all=False) == loan
    assert queries.loans.one(loan.key, cy, sees_all=False) is None


def test_a_borrower_cuts_and_each_daughter_is_on_loan(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    loan_reports.split(loan, "P-1,1", [("P-1,1a", 12 * MG), ("P-1,1b", 7 * MG)], attrition_ng=MG, method="saw",
                       by=bo, at=LATER)  # fmt: skip
    assert LoanItem.objects.get(sample__number="P-1,1").ended == "used up"
    assert set(LoanItem.objects.filter(ended_at=None).values_list("sample__number", flat=True)) == {
        "P-1,1a", "P-1,1b", "P-1,2"}  # fmt: skip
    account = queries.loans.statement(loan)
    assert (account["P-1,1"].split_ng, account["P-1,1"].attrition_ng) == (-19 * MG, MG)
    assert {line.unexplained_ng for line in account.values()} == {0}
    for cuts in ([], [("P-1,1c", 0)], [("P-1,1a", MG)], [("\0", MG)], [("P-1,2x", 21 * MG)]):
        with pytest.raises(Refused):
            loan_reports.split(loan, "P-1,2", cuts, method="saw", by=bo, at=LATER)


def test_an_inventory_names_every_sample_and_says_where_it_and_the_book_disagree(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_running_loan(ada, eve, bo)
    for told in (
        [Counted("P-1,1", "have")],
        [Counted("P-1,1", "have"), Counted("P-1,1", "have"), Counted("P-1,2", "have")],
        [Counted("P-1,1", "cannot find"), Counted("P-1,2", "have")],
        [Counted("P-1,1", "maybe"), Counted("P-1,2", "have")],
        [Counted("P-1,1", "have"), Counted("P-1,2", "have"), Counted("P-9", "have")],
    ):
        with pytest.raises(Refused):
            loan_reports.inventory(loan, told, by=bo, at=LATER)
    made = loan_reports.inventory(
        loan, [Counted("P-1,1", "have", "", 20 * MG), Counted("P-1,2", "consumed")], by=bo, at=LATER
    )
    assert [one["sample"] for one in made.findings] == ["P-1,2"]
    loan.refresh_from_db()
    assert loan.inventoried_on == LATER.date()
    assert held("P-1,2") == {loan.holder.key: 20 * MG}


def test_a_duty_passes_to_whoever_inherits_it(ada: Person, eve: Person, bo: Person, cy: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    for why, name, institution in (
        ("died", "Bo", "Brown University"), ("institution closed", "Cy", "Brown University"), ("bored", "Cy", "MIT"),
        ("moved", "", "MIT"), ("moved", "Cy", "\0"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            loans.pass_duty(loan, why=why, name=name, institution=institution, by=ada, at=LATER)
    with pytest.raises(Refused):
        loans.pass_duty(loan, why="moved", name="Bo", institution="MIT", by=bo, at=LATER)
    loans.pass_duty(loan, why="died", name="Cy", institution="MIT", country="US", person=cy, by=ada, at=LATER)
    assert queries.loans.duty(loan).person == cy
    assert list(queries.loans.held_by(bo)) == []
    loan_reports.consume(loan, Consumed("P-1,1", MG, "analysis", "probe"), by=cy, at=LATER)
    with pytest.raises(Refused):
        loan_reports.consume(loan, Consumed("P-1,1", MG, "analysis", "probe"), by=bo, at=LATER)


def test_samples_go_on_to_another_loan_with_the_keepers_consent(
    ada: Person, eve: Person, bo: Person, cy: Person
) -> None:
    first = a_running_loan(ada, eve, bo)
    made = loaning.an_agreement(ada, cy, [("P-2", 5 * MG)])
    second = loaning.in_force(made, ada, eve, cy)
    with pytest.raises(Refused):
        parcels.pack(first, Direction.ONWARD, ["P-1,1"], onward_to=second, by=bo, at=LATER)
    with pytest.raises(Refused):
        parcels.pack(first, Direction.ONWARD, ["P-1,1"], by=ada, at=LATER)
    sent = send(first, "P-1,1", by=ada, direction=Direction.ONWARD, onward_to=second, at=LATER)
    arrive(sent, cy, LATER)
    assert held("P-1,1") == {second.holder.key: 20 * MG}
    theirs, mine = queries.loans.statement(second)["P-1,1"], queries.loans.statement(first)["P-1,1"]
    assert (mine.transferred_ng, mine.accountable_ng, theirs.received_ng) == (20 * MG, 0, 20 * MG)
    assert LoanItem.objects.get(loan=first, sample__number="P-1,1").ended == "transferred"
    assert queries.loans.held_by_person_ng(cy) == 20 * MG


def test_a_difference_on_return_is_explained_and_settled(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    returns.take_in(loan, ["P-1,1", "P-1,2"], place=VAULT, by=ada, at=LATER)
    with pytest.raises(Refused) as refused:
        returns.verify(loan, Weighed("P-1,1", ("18 mg",), "bal-1"), by=ada, at=LATER)
    assert {"explanation", "reason"} <= set(where(refused))
    with pytest.raises(Refused):
        returns.verify(
            loan, Weighed("P-1,1", ("21 mg",), "bal-1", None, "missing", "More."), by=ada, at=LATER
        )
    with pytest.raises(Refused):
        returns.accept(loan, "P-1,1", condition="returned", note="Fine.", by=ada, at=LATER)
    done = returns.verify(
        loan, Weighed("P-1,1", ("18 mg",), "bal-1", 20 * MG, "consumed", "Bo says so."), by=ada, at=LATER
    )
    assert (done.book_ng, done.weighed_ng, done.entry.kind) == (20 * MG, 18 * MG, "consume")
    returns.verify(loan, Weighed("P-1,2", ("19.5 mg",), "bal-1", None, "drift", "Air."), by=ada, at=LATER)
    for number in ("P-1,1", "P-1,2"):
        with pytest.raises(Refused):
            returns.accept(loan, number, condition="pristine", note="Fine.", by=ada, at=LATER)
        returns.accept(loan, number, condition="air-exposed", note="Fine.", by=ada, at=LATER)
    returns.close(loan, by=ada, at=LATER)
    assert held("P-1,1") == {VAULT: 18 * MG, "spent:consumption": 2 * MG}
    assert held("P-1,2") == {VAULT: 19_500_000, f"drift:{loan.key}": 500_000}


def test_what_is_lost_with_the_borrower_is_written_off_by_a_director(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_running_loan(ada, eve, bo)
    with pytest.raises(Refused):
        loan_reports.lose(loan, "P-1,1", reason="", by=bo, at=LATER)
    loan_reports.lose(loan, "P-1,1", reason="Not in the safe.", by=bo, at=LATER)
    loan.refresh_from_db()
    assert loan.state == "with borrower"
    returns.take_in(loan, ["P-1,2"], place=VAULT, by=ada, at=LATER)
    with pytest.raises(Refused) as refused:
        returns.close(loan, by=ada, at=LATER)
    assert where(refused) == ["loan"]
    returns.verify(loan, Weighed("P-1,2", ("20 mg",), "bal-1"), by=ada, at=LATER)
    returns.accept(loan, "P-1,2", condition="returned", note="Fine.", by=ada, at=LATER)
    with pytest.raises(Refused):
        returns.close(loan, reason="", by=eve, at=LATER)
    assert returns.close(loan, reason="Searched twice.", by=eve, at=LATER).state == "closed"
    loan_reports.find(loan, "P-1,1", reason="In another safe.", by=ada, at=LATER)
    assert Loan.objects.get(pk=loan.pk).state == "with borrower"


def test_a_loan_is_cancelled_before_anything_left(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    loans.cancel(loan, reason="Bo left science.", by=ada, at=LATER)
    assert not Commitment.objects.filter(released_at=None).exists()
    assert loaning.an_agreement(ada, bo, [("P-1,1", 20 * MG)]).state == "drafted"


def test_what_is_overdue_blocks_new_requests_where_policy_says_so(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_running_loan(ada, eve, bo)
    standing = queries.loans.standing(bo, on=date(2027, 12, 11))
    assert (standing.overdue, standing.held_ng, standing.lent_since) == (
        (loan.number,), 40 * MG, date(2026, 12, 10))  # fmt: skip
    assert queries.loans.standing(bo, on=date(2027, 12, 10)).overdue == ()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_what_comes_back_in_several_parcels_reconciles_in_any_order(
    ada: Person, eve: Person, bo: Person, order: tuple[int, ...]
) -> None:
    """Three vials, three parcels: one is refused at the door, one lost and found, one half used up before it left."""
    vials = ("P-1,1", "P-1,2", "P-1,3")
    loan = a_running_loan(ada, eve, bo, *[(vial, "15 mg") for vial in vials])
    loan_reports.consume(loan, Consumed(vials[2], 7 * MG, "analysis", "probe"), by=bo, at=LATER)
    sent = [send(loan, vial, by=bo, direction=Direction.BACK, at=LATER) for vial in vials]
    for which in order:
        if which == 0:
            arrivals.refuse(sent[0], reason="The seal is broken.", by=ada, at=LATER)
            arrivals.take_back(sent[0], place=VAULT, by=ada, at=LATER)
        elif which == 1:
            arrivals.lose(sent[1], reason="Nobody knows.", by=ada, at=LATER)
            arrivals.find(sent[1], reason="In the mail room.", by=ada, at=LATER)
            loan_reports.find(loan, vials[1], place=VAULT, reason="In the mail room.", by=ada, at=LATER)
        else:
            arrive(sent[2], ada, LATER, place=VAULT)
        assert all(line.unexplained_ng == 0 for line in queries.loans.statement(loan).values())
    loan.refresh_from_db()
    assert loan.state == "returned"
    for vial, shown in zip(vials, ("15 mg", "15 mg", "8 mg"), strict=True):
        returns.verify(loan, Weighed(vial, (shown,), "bal-1"), by=ada, at=LATER)
        returns.accept(loan, vial, condition="returned", note="Fine.", by=ada, at=LATER)
    assert returns.close(loan, by=ada, at=LATER).state == "closed"
    account = queries.loans.statement(loan)
    assert sum(line.returned_ng for line in account.values()) == 38 * MG
    assert {line.accountable_ng for line in account.values()} == {0}


def test_papers_and_a_transport_log_go_with_a_parcel(
    ada: Person, eve: Person, bo: Person, cy: Person
) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    sent = send(loan, "P-1,1", by=ada)
    log = "time,temperature_c,shock_g\n2026-12-01T09:00Z,18.5,0.2\n2026-12-02T09:00Z,-1.5,3.75\n"
    paper = loaning.signature().file
    for kind, text, by in (("poem", "", ada), ("transport log", "no log", ada), ("customs", "", cy)):
        with pytest.raises(Refused):
            parcels.attach(sent, paper, kind=kind, log=text, by=by, at=NOW)
    kept = parcels.attach(sent, paper, kind="transport log", log=log, by=bo, at=NOW)
    assert (kept.told["coldest_c"], kept.told["shock_g"], kept.told["rows"]) == ("-1.5", "3.75", 2)


def test_what_was_lost_on_its_way_and_turns_up_with_the_borrower_begins_its_term_there(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    arrivals.lose(send(loan, "P-1,1", by=ada), reason="The courier does not know.", by=ada, at=LATER)
    loan_reports.find(loan, "P-1,1", reason="It was in their mail room.", by=ada, at=LATER)
    loan.refresh_from_db()
    assert (loan.state, loan.begins, loans.due_on(loan)) == (
        "with borrower",
        LATER.date(),
        date(2027, 12, 10),
    )
