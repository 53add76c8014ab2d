"""Holding two catalogues against each other in the browser, and deciding on each disagreement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aliquot import reconciliation
from aliquot.fault import Refused
from aliquot.site.models import Person, Reconciliation, Sample
from aliquot.site.operations import reconciliations

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
BY = reconciliation.load("lunar-compendium")
LEFT = b"sample,heading_mass,heading_mass_unit,heading_name,heading_names_several_samples\n15021,607.5,grams,Soil,no\n15555,9614,grams,Basalt,no\n78236,93.06,grams,Norite,no\n"
RIGHT = b"ID,Type,Weight (g)\n15021,Soil,503\n15555,Basalt,9614\n78236,Crustal,0\n"


@pytest.fixture
def made(ada: Person) -> Reconciliation:
    return reconciliations.start(BY, LEFT, RIGHT, by=ada, at=NOW)


def test_only_what_disagrees_is_kept(made: Reconciliation) -> None:
    assert made.compared == 3
    assert [(row.number, row.cause) for row in made.disagreements.order_by("number")] == [
        ("15021", "whole-soil"),
        ("78236", "none-here"),
    ]


def test_a_table_is_held_against_this_catalogue(ada: Person) -> None:
    Sample.objects.create(number="15021", material="Soil", start_ng=503 * 10**9)
    found = reconciliations.start(BY, LEFT, None, by=ada, at=NOW)
    assert found.compared == 1
    assert found.disagreements.get().right == "503 g"


def test_a_decision_is_kept_with_its_reason_and_the_one_before_it(
    made: Reconciliation, ada: Person, eve: Person
) -> None:
    row = made.disagreements.get(number="15021")
    reconciliations.decide(made, [row.pk], "both", "whole soil and its fines", by=ada, at=NOW)
    reconciliations.decide(made, [row.pk], "ask", "look at the data pack", by=eve, at=NOW)
    row.refresh_from_db()
    assert (row.decision, row.reason, row.decided_by) == ("ask", "look at the data pack", eve)
    assert [(one["decision"], one["by"]) for one in row.earlier] == [("both", ada.key)]


@pytest.mark.parametrize(
    ("chosen", "decision", "reason", "where"),
    [([], "both", "so", "chosen"), ([-1], "both", "so", "chosen"), (None, "perhaps", "so", "decision"),
     (None, "both", "  ", "reason")],
)  # fmt: skip
def test_a_decision_that_is_none_is_refused(
    made: Reconciliation, ada: Person, chosen: list[int] | None, decision: str, reason: str, where: str
) -> None:
    ids = [made.disagreements.first().pk] if chosen is None else chosen
    with pytest.raises(Refused) as refused:
        reconciliations.decide(made, ids, decision, reason, by=ada, at=NOW)
    assert where in {one.where for one in refused.value.faults}
    assert not made.disagreements.exclude(decision="").exists()


def _post(browser: Client, address: str, form: dict[str, object]) -> object:
    token = browser.get(address).context["csrf_token"]
    return browser.post(address, {"csrfmiddlewaretoken": str(token), "acting_key": "k1", **form})


def test_a_curator_compares_and_decides_in_the_browser(
    ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(ada)
    form = {"comparison": "lunar-compendium", "left": SimpleUploadedFile("l.csv", LEFT)}
    answer = _post(browser, "/reconciliations/", form | {"right": SimpleUploadedFile("r.csv", RIGHT)})
    assert answer.status_code == 302, answer.content
    page = answer.url
    rows = [str(row.pk) for row in Reconciliation.objects.get().disagreements.all()]
    again = {"chosen": rows, "decision": "both", "reason": "looked up", "acting_key": "k2"}
    assert _post(browser, page, again).status_code == 302
    assert browser.get(page).text.count("looked up") == len(rows)


def test_the_same_form_sent_twice_compares_once(ada: Person, signed_in: Callable[[Person], Client]) -> None:
    browser = signed_in(ada)
    for _ in range(2):
        form = {"comparison": "lunar-compendium", "left": SimpleUploadedFile("l.csv", LEFT)}
        assert _post(browser, "/reconciliations/", form).status_code == 302
    assert Reconciliation.objects.count() == 1


def test_a_faulty_table_is_told_on_the_form(ada: Person, signed_in: Callable[[Person], Client]) -> None:
    form = {
        "comparison": "lunar-compendium",
        "left": SimpleUploadedFile("l.csv", LEFT.replace(b"grams", b"stones")),
    }
    answer = _post(signed_in(ada), "/reconciliations/", form)
    assert answer.status_code == 422
    assert "line 2" in answer.text
    assert not Reconciliation.objects.exists()


def test_an_auditor_reads_a_requester_does_not(
    made: Reconciliation, bo: Person, a_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    auditor = signed_in(a_person("Fay", "auditor"))
    assert auditor.get("/reconciliations/R-0001/").status_code == 200
    assert _post(auditor, "/reconciliations/R-0001/", {"decision": "both", "reason": "x"}).status_code == 403
    assert signed_in(bo).get("/reconciliations/").status_code == 403
    assert Client().get("/reconciliations/").status_code == 302
