"""Counting the stock: planned, counted on a tablet, closed with entries, signed by a second person, printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.site import collection as c

from aliquot.fault import Refused
from aliquot.site import documents
from aliquot.site.models import Audit, Calibration, Entry, Instrument, Person, Role, Sample
from aliquot.site.operations import audits, handling
from aliquot.site.operations.audits import Plan

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def stock(db: None) -> None:
    c.holders()
    for number in ("T-1", "T-2", "T-3"):
        c.a_sample(number, "5 g")
    balance = Instrument.objects.create(key="XP56", kind="balance", name_en="Balance")
    Calibration.objects.create(
        instrument=balance, key="C1", at=NOW.replace(year=2025), by="person:1", sd_ng=c.ng("10 µg")
    )


@pytest.fixture
def audit(stock: None, ada: Person) -> Audit:
    return audits.plan(Plan("November", "", "dice 4 2 6", 3), by=ada, at=NOW)


def _count(audit: Audit, number: str, by: Person, **told: str) -> None:
    audits.count(audit.lines.get(sample__number=number), told, by=by, at=NOW)


def test_the_draw_is_kept_with_all_that_repeats_it(audit: Audit) -> None:
    assert (audit.key, audit.seed, audit.among, audit.ledger_size) == ("A-0001", "dice 4 2 6", 3, 3)
    assert sorted(audit.lines.values_list("sample__number", flat=True)) == ["T-1", "T-2", "T-3"]


@pytest.mark.parametrize(
    ("told", "where"),
    [
        (Plan("", "", "s", 3), "title"),
        (Plan("t", "", "", 3), "seed"),
        (Plan("t", "", "s", 0), "count"),
        (Plan("t", "", "s", 501), "count"),
        (Plan("t", "nowhere", "s", 3), "place"),
    ],
)
def test_an_audit_of_nothing_is_not_planned(stock: None, ada: Person, told: Plan, where: str) -> None:
    with pytest.raises(Refused) as refused:
        audits.plan(told, by=ada, at=NOW)
    assert where in {one.where for one in refused.value.faults}
    assert not Audit.objects.exists()


def test_what_is_missing_goes_to_missing_what_is_elsewhere_is_moved(audit: Audit, ada: Person) -> None:
    _count(audit, "T-1", ada, outcome="seen")
    _count(audit, "T-2", ada, outcome="missing", reason="the vial is not in its rack")
    _count(audit, "T-3", ada, outcome="elsewhere", found_in=c.SHELF, reason="put back wrongly")
    audits.close(audit, by=ada, at=NOW)
    assert Sample.objects.get(number="T-2").availability == "missing"
    assert Sample.objects.get(number="T-3").holder.key == c.SHELF
    lost = audit.lines.get(sample__number="T-2").entry
    assert lost.kind == "lose"
    assert "basis audit:A-0001" in lost.text
    handling.record("find", {"sample": "T-2", "target": c.VAULT}, by=ada, at=NOW)
    assert Sample.objects.get(number="T-2").holder.key == c.VAULT


def test_an_audit_is_closed_whole_or_not_at_all(audit: Audit, ada: Person) -> None:
    _count(audit, "T-1", ada, outcome="missing", reason="gone")
    size = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        audits.close(audit, by=ada, at=NOW)
    assert {one.where for one in refused.value.faults} == {"T-2", "T-3"}
    assert Entry.objects.count() == size


def test_a_sample_that_was_given_out_meanwhile_is_left_where_it_is(audit: Audit, ada: Person) -> None:
    handling.record("move", {"samples": ["T-2"], "target": c.SHELF}, by=ada, at=NOW)
    _count(audit, "T-1", ada, outcome="seen")
    _count(audit, "T-2", ada, outcome="missing", reason="moved to the shelf today")
    _count(audit, "T-3", ada, outcome="seen")
    audits.close(audit, by=ada, at=NOW)
    assert Sample.objects.get(number="T-2").holder.key == c.SHELF
    assert audit.lines.get(sample__number="T-2").entry is None


def test_a_balance_that_disagrees_asks_for_a_reason(audit: Audit, ada: Person) -> None:
    for number in ("T-1", "T-2"):
        _count(audit, number, ada, outcome="seen")
    _count(audit, "T-3", ada, outcome="seen", reading="4.9 g", balance="XP56")
    with pytest.raises(Refused, match="differs from the book"):
        audits.close(audit, by=ada, at=NOW)
    _count(audit, "T-3", ada, outcome="seen", reading="4.9 g", balance="XP56", reason="chipped, see incident")
    audits.close(audit, by=ada, at=NOW)


@pytest.mark.parametrize(
    "told",
    [{}, {"outcome": "perhaps"}, {"outcome": "elsewhere"}, {"outcome": "elsewhere", "found_in": "nowhere"},
     {"outcome": "missing", "reading": "1 g"}, {"outcome": "seen", "reading": "lots", "balance": "XP56"},
     {"outcome": "seen", "reading": "1 g"}],
)  # fmt: skip
def test_a_count_that_is_none_is_refused(audit: Audit, ada: Person, told: dict[str, str]) -> None:
    with pytest.raises(Refused):
        _count(audit, "T-1", ada, **told)
    assert not audit.lines.exclude(outcome="").exists()


def test_a_second_person_signs_and_nothing_changes_afterwards(audit: Audit, ada: Person, eve: Person) -> None:
    with pytest.raises(Refused, match="not closed"):
        audits.sign(audit, by=eve, at=NOW)
    for number in ("T-1", "T-2", "T-3"):
        _count(audit, number, ada, outcome="seen")
    audits.close(audit, by=ada, at=NOW)
    with pytest.raises(Refused, match="yourself"):
        audits.sign(audit, by=ada, at=NOW)
    assert audits.sign(audit, by=eve, at=NOW, remark="well kept").signed_by == eve
    for act in (lambda: audits.sign(audit, by=eve, at=NOW), lambda: audits.close(audit, by=ada, at=NOW),
                lambda: _count(audit, "T-1", ada, outcome="seen")):  # fmt: skip
        with pytest.raises(Refused):
            act()


# -- the pages -------------------------------------------------------------------------------------------------


def _post(browser: Client, address: str, form: Mapping[str, str], key: str) -> HttpResponse:
    token = str(browser.get("/desk/").context["csrf_token"])
    return browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, **form})


def test_an_audit_is_counted_closed_and_signed_in_the_browser(
    stock: None, ada: Person, eve: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(ada)
    planned = _post(browser, "/audits/", {"title": "November", "count": "3", "seed": "s"}, "k1")
    assert planned.status_code == 302, planned.context["form"].errors
    page = planned.url
    assert browser.get(page).text.count('name="line"') == 3
    scanned = _post(browser, page, {"act": "scan", "number": "https://x.example/samples/T-1/"}, "k2")
    assert scanned.status_code == 302
    assert "required autofocus" in browser.get(scanned.url).text  # ready for the next label
    assert "is not in this audit" in _post(browser, page, {"act": "scan", "number": "T-9"}, "k3").text
    order = {line.sample.number: str(line.order) for line in Audit.objects.get().lines.all()}
    missing = {"act": "count", "line": order["T-2"], "outcome": "missing", "reason": "not in its rack"}
    assert _post(browser, page, missing, "k4").status_code == 302
    wrong = {"act": "count", "line": order["T-3"], "outcome": "elsewhere", "reason": "hm"}
    # Enter in a field of a line keeps its outcome: the first button of its form says so.
    assert '<button hidden type="submit" name="outcome" value="missing">' in browser.get(page).text
    refused = _post(browser, page, wrong, "k5")
    assert refused.status_code == 422
    assert 'value="hm"' in refused.text
    assert _post(browser, page, {"act": "close"}, "k6").status_code == 422
    assert (
        _post(browser, page, {"act": "count", "line": order["T-3"], "outcome": "seen"}, "k7").status_code
        == 302
    )
    assert _post(browser, page, {"act": "close"}, "k8").status_code == 302
    assert "Sign the audit" not in signed_in(ada).get(page).text  # she counted
    assert "whoever counted or closed it does not sign" in signed_in(ada).get(page).text
    assert "Sign the audit" in signed_in(eve).get(page).text
    assert _post(signed_in(eve), page, {"act": "sign"}, "k9").status_code == 302
    assert "signed by Eve" in browser.get("/audits/").text
    for nonsense in ({"act": "dance"}, {"act": "count", "line": "99"}, {"act": "count", "line": "x"}):
        assert _post(browser, page, nonsense, "k10").status_code == 422


def test_the_report_prints_what_was_found(
    audit: Audit, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    if documents.lacking():
        pytest.skip("this machine cannot print")
    answer = signed_in(ada).get("/audits/A-0001/report.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_an_auditor_counts_a_director_signs_a_requester_sees_nothing(
    audit: Audit,
    bo: Person,
    eve: Person,
    a_person: Callable[..., Person],
    signed_in: Callable[[Person], Client],
) -> None:
    line = {"act": "count", "line": "1", "outcome": "seen"}
    assert _post(signed_in(eve), "/audits/A-0001/", line, "k1").status_code == 403
    assert _post(signed_in(a_person("Gus", Role.AUDITOR)), "/audits/A-0001/", line, "k1").status_code == 302
    assert signed_in(bo).get("/audits/").status_code == 403
    assert signed_in(bo).get("/audits/A-0001/report.pdf").status_code == 403
    assert signed_in(eve).get("/audits/A-0009/").status_code == 404
