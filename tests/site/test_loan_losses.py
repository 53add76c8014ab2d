"""A loss on loan has one file: from an inventory that cannot find a sample to what came of it, whoever notes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.site import loaning
from tests.site.loaning import NOW

from aliquot.accountability import Counted
from aliquot.site import queries
from aliquot.site.models import Incident, Loan, Notice, Person
from aliquot.site.operations import incidents, loan_reports, returns
from aliquot.site.queries import today

LATER = NOW + timedelta(days=30)


@pytest.fixture
def loan(db: None, ada: Person, eve: Person, bo: Person) -> Loan:
    loaning.store()
    return loaning.a_running_loan(ada, eve, bo)


def counted(loan: Loan, bo: Person, *, note: str = "Not in the safe, nor in the probe.") -> None:
    told = [Counted("P-1,1", "have"), Counted("P-1,2", "cannot find", note)]
    loan_reports.inventory(loan, told, by=bo, at=LATER)


def told_of(incident: Incident) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in incident.steps.all()]


def test_what_cannot_be_found_is_one_incident_until_it_is_written_off(
    loan: Loan, ada: Person, eve: Person, bo: Person
) -> None:
    counted(loan, bo)
    counted(loan, bo, note="Still not.")
    loan_reports.lose(loan, "P-1,2", reason="Looked for together.", by=ada, at=LATER)
    lost = Incident.objects.get()
    assert (lost.kind, lost.by, [one.number for one in lost.samples.all()]) == ("lost", bo, ["P-1,2"])
    assert "Not in the safe" in lost.what
    assert Notice.objects.filter(kind="loan-loss").values_list("person__name").get() == ("Ada",)
    assert lost.entries.count() == 1, "the entry by which it is missing"
    loan_reports.lose(loan, "P-1,1", reason="With it.", by=bo, at=LATER)
    assert Incident.objects.count() == 2, "another sample, another file"
    returns.close(loan, reason="Nowhere to be found.", by=eve, at=LATER)
    assert told_of(lost) == [
        ("done", f"{loan.number} · P-1,2: Still not."),
        ("done", f"{loan.number} · P-1,2: Looked for together."),
        ("done", f"{loan.number} · P-1,2: Nowhere to be found."),
    ]


def test_what_turns_up_is_noted_in_its_file(loan: Loan, ada: Person, bo: Person) -> None:
    loan_reports.lose(loan, "P-1,2", reason="Gone.", by=bo, at=LATER)
    loan_reports.find(loan, "P-1,2", reason="In the other safe.", by=ada, at=LATER)
    lost = Incident.objects.get()
    assert told_of(lost) == [("found", f"{loan.number} · P-1,2: In the other safe.")]
    assert lost.entries.count() == 2
    incidents.note(lost, kind="told", who="The office", text="Found.", by=ada, at=LATER)
    incidents.close(lost, outcome="In the other safe.", by=ada, at=LATER)
    loan_reports.lose(loan, "P-1,2", reason="Gone again.", by=bo, at=LATER)
    assert Incident.objects.count() == 2, "a file that is closed stays closed"


def test_an_inventory_that_finds_everything_opens_nothing(loan: Loan, bo: Person) -> None:
    loan_reports.inventory(loan, [Counted("P-1,1", "have"), Counted("P-1,2", "have")], by=bo, at=LATER)
    assert not Incident.objects.exists()


def test_an_open_loss_waits_on_the_desk_and_shows_on_both_pages_of_its_loan(
    loan: Loan, ada: Person, bo: Person, signed_in: Callable[[Person], Client]
) -> None:
    counted(loan, bo)
    lost = Incident.objects.get()
    assert "incident" in [one.kind for one in today.of_curator(ada, LATER)]
    staff, own = (
        signed_in(ada).get(f"/loans/{loan.key}/").text,
        signed_in(bo).get(f"/borrowing/{loan.key}/").text,
    )
    assert f"/incidents/{lost.key}/" in staff
    assert lost.key in own
    assert f"/incidents/{lost.key}/" not in own, "the file is the keeper's"
    assert f"/incidents/{lost.key}/" not in signed_in(bo).get(f"/loans/{loan.key}/").text
    incidents.note(lost, kind="told", who="The office", text="Told.", by=ada, at=LATER)
    incidents.close(lost, outcome="Written off.", by=ada, at=LATER)
    assert "incident" not in [one.kind for one in today.of_curator(ada, LATER)]
    assert [one.key for one in queries.incidents.of_loan(loan)] == [lost.key]
