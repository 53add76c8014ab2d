"""Incidents: reported with all that is known, followed step by step, closed when somebody was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.site import collection as c

from aliquot import incidents as rules
from aliquot.fault import Refused
from aliquot.site.models import Incident, Person
from aliquot.site.operations import incidents
from aliquot.site.operations.incidents import Report

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TOLD = Report(
    "lost",
    "The vial is not in its rack.",
    "2026-11-25 16:00",
    "between Monday and Wednesday",
    samples=["T-1"],
    entries=["0"],
)


@pytest.fixture
def stock(db: None) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")


@pytest.fixture
def incident(stock: None, ada: Person) -> Incident:
    return incidents.report(TOLD, by=ada, at=NOW)


def test_an_incident_names_its_samples_and_entries(incident: Incident) -> None:
    assert incident.key == "I-0001"
    assert [one.number for one in incident.samples.all()] == ["T-1"]
    assert [one.index for one in incident.entries.all()] == [0]
    assert incident.noticed_at == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert incident.due_at is None  # the policy gives no hours


def test_where_the_policy_gives_hours_the_clock_runs_from_when_it_was_noticed() -> None:
    assert rules.due(NOW, 24) == NOW + timedelta(hours=24)
    assert rules.due(NOW, 0) is None


@pytest.mark.parametrize(
    ("told", "where"),
    [
        (Report("vanished", "x", "2026-11-25 16:00"), "kind"),
        (Report("lost", "", "2026-11-25 16:00"), "what"),
        (Report("lost", "x", "yesterday"), "noticed"),
        (Report("lost", "x", "2026-12-25 16:00"), "noticed"),
        (Report("lost", "x", "2026-11-25 16:00", samples=["T-9"]), "samples"),
        (Report("lost", "x", "2026-11-25 16:00", entries=["9"]), "entries"),
        (Report("lost", "x", "2026-11-25 16:00", entries=["x"]), "entries"),
        (Report("lost", "x", "2026-11-25 16:00", place="nowhere"), "place"),
        (Report("lost", "x" * 9000, "2026-11-25 16:00"), "what"),
        (Report("lost", "x", "2026-11-25 16:00", happened="x" * 200), "happened"),
    ],
)
def test_a_report_that_is_at_fault_opens_no_file(stock: None, ada: Person, told: Report, where: str) -> None:
    with pytest.raises(Refused) as refused:
        incidents.report(told, by=ada, at=NOW)
    assert where in {one.where for one in refused.value.faults}
    assert not Incident.objects.exists()


def test_it_is_closed_once_somebody_was_told_and_then_stays_so(
    incident: Incident, ada: Person, eve: Person
) -> None:
    with pytest.raises(Refused, match="nobody was told"):
        incidents.close(incident, outcome="found behind the rack", by=ada, at=NOW)
    incidents.note(incident, kind="told", who="the director", text="by telephone", by=ada, at=NOW)
    incidents.note(incident, kind="done", text="the whole rack was searched", by=eve, at=NOW)
    closed = incidents.close(incident, outcome="found behind the rack", by=ada, at=NOW)
    assert closed.closed_by == ada
    with pytest.raises(Refused, match="closed"):
        incidents.note(incident, kind="done", text="more", by=ada, at=NOW)


@pytest.mark.parametrize(
    ("kind", "who", "text"), [("sung", "", "x"), ("told", " ", "x"), ("done", "", ""), ("done", "", "\0")]
)
def test_a_step_that_is_none_is_refused(
    incident: Incident, ada: Person, kind: str, who: str, text: str
) -> None:
    with pytest.raises(Refused):
        incidents.note(incident, kind=kind, who=who, text=text, by=ada, at=NOW)


def test_an_incident_is_followed_in_the_browser(
    stock: None, ada: Person, bo: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(ada)

    def post(address: str, key: str, **form: str) -> object:
        token = str(browser.get("/desk/").context["csrf_token"])
        return browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, **form})

    assert "T-1" in browser.get("/incidents/?sample=T-1").text
    form = {"kind": "broken", "noticed": "2026-11-25 16:00", "what": "A corner came off.", "samples": "T-1"}
    assert post("/incidents/", "k1", **form | {"samples": "T-9"}).status_code == 422
    page = post("/incidents/", "k1", **form).url
    assert post(page, "k2", act="note", step="told", who="", text="said").status_code == 422
    assert post(page, "k3", act="note", step="told", who="Eve", text="by letter").status_code == 302
    assert post(page, "k4", act="close", outcome="glued? no: kept as two").status_code == 302
    assert post(page, "k5", act="dance").status_code == 422
    text = browser.get(page).text
    assert "by letter" in text
    assert "closed by Ada" in text
    assert "closed" in browser.get("/incidents/").text
    assert signed_in(bo).get("/incidents/").status_code == 403
    assert browser.get("/incidents/I-9999/").status_code == 404
