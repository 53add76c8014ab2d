"""Loans, gifts and shows for programs: a borrower reports with a token, once for a key; to others a loan is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.site import collection as c
from tests.site import loaning
from tests.site.loaning import MG, NOW

from aliquot import deeds as library
from aliquot import shows as show_values
from aliquot.deeds import Item
from aliquot.site.models import Entry, Loan, LoanInventory, LoanWish, Person, Sample
from aliquot.site.operations import deeds, programs, shows

Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def loan(ada: Person, eve: Person, bo: Person) -> Loan:
    loaning.store()
    return loaning.a_running_loan(
        ada, eve, bo, at=timezone.now() - timedelta(days=20), ends=date(2027, 6, 10)
    )


@pytest.fixture
def ask() -> Ask:
    def asked(
        method: str, address: str, person: Person, told: object = None, *, key: str = "k1", scope: str = "loans read"
    ) -> tuple[int, dict[str, object]]:  # fmt: skip
        token = programs.make_token(person, name="lab", scope=scope, at=timezone.now(), days=1)
        answer = Client(enforce_csrf_checks=True).generic(
            method, f"/api/v1/{address}", json.dumps(told), content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )  # fmt: skip
        return answer.status_code, json.loads(answer.content)

    return asked


USED = {"sample": "P-1,1", "mass": "3 mg", "fate": "analysis", "method": "SIMS"}


def test_a_borrower_reads_their_loans_staff_all_and_to_others_none_is_there(
    loan: Loan, ada: Person, bo: Person, di: Person, cy: Person, ask: Ask
) -> None:
    for person in (bo, ada):
        status, body = ask("GET", "loans", person)
        assert (status, [one["number"] for one in body["items"]], body["next"]) == (200, [loan.number], None)
    status, whole = ask("GET", f"loans/{loan.key}", bo)
    assert (status, whole["due_on"], whole["borrower"]) == (200, "2027-06-10", "Brown University")
    first = whole["accounts"][0]
    assert (first["sample"], first["issued_ng"], first["held_ng"]) == ("P-1,1", 20 * MG, 20 * MG)
    assert (first["accountable_ng"], first["approved_ng"]) == (20 * MG, 10 * MG)
    assert [one["state"] for one in whole["parcels"]] == ["arrived"]
    for person in (di, cy):
        assert ask("GET", "loans", person)[1]["items"] == []
        for method, below in (("GET", ""), ("POST", "/consumption"), ("POST", "/inventory-lines"),
                              ("POST", "/inventories"), ("POST", "/returns")):  # fmt: skip
            told = None if method == "GET" else {}
            assert ask(method, f"loans/{loan.key}{below}", person, told)[0] == 404, (person, below)
    assert ask("GET", "loans/0123abcd", ada)[0] == 404
    assert Client().get("/api/v1/loans").status_code == 401


def test_what_was_used_up_is_reported_once_for_a_key(loan: Loan, bo: Person, ask: Ask) -> None:
    at = f"loans/{loan.key}/consumption"
    status, first = ask("POST", at, bo, USED)
    assert (status, first["notes"]) == (201, [])
    size = Entry.objects.count()
    assert ask("POST", at, bo, USED) == (201, first)
    assert Entry.objects.count() == size
    assert ask("POST", at, bo, USED | {"mass": "4 mg"})[0] == 409
    status, more = ask("POST", at, bo, USED | {"mass": "9 mg", "reason": "The blank failed."}, key="k2")
    assert (status, more["notes"][0]["what"]) == (201, "12 mg are used up, and 10 mg were approved")
    assert ask("GET", f"loans/{loan.key}", bo)[1]["accounts"][0]["held_ng"] == 8 * MG
    assert ask("POST", at, bo, USED, key="k3", scope="read")[0] == 403


@pytest.mark.parametrize(
    ("below", "told", "where"),
    [
        ("consumption", {}, {"mass"}),
        ("consumption", USED | {"mass": "x", "colour": "red", "method": 7}, {"colour", "mass", "method"}),
        ("consumption", USED | {"fate": "eaten", "method": ""}, {"fate", "method"}),
        ("consumption", USED | {"sample": "P-2\0"}, {"sample"}),
        ("consumption", USED | {"mass": "5 g"}, {"mass"}),
        ("inventory-lines", {"sample": "P-2", "outcome": "maybe"}, {"sample", "outcome"}),
        ("inventory-lines", {"sample": "P-1,1", "outcome": "cannot find"}, {"note"}),
        ("inventories", {"lines": []}, {"lines"}),
        ("inventories", {}, {"lines"}),
        ("returns", {}, {"samples", "on"}),
        ("returns", {"samples": ["P-2"], "on": "2026-13-01", "carrier": "Bo"}, {"on"}),
        ("returns", {"samples": ["P-2"], "on": "2020-01-01", "carrier": ""}, {"samples", "on", "carrier"}),
        ("returns", {"samples": "P-1,1", "on": "2031-01-01", "carrier": "Bo", "x": 1}, {"samples", "x"}),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_is_refused_with_every_fault_and_writes_nothing(
    loan: Loan, bo: Person, ask: Ask, below: str, told: dict[str, object], where: set[str]
) -> None:
    size = Entry.objects.count()
    status, body = ask("POST", f"loans/{loan.key}/{below}", bo, told)
    assert (status, {one["where"] for one in body["faults"]}) == (400, where)
    assert (Entry.objects.count(), LoanInventory.objects.count(), LoanWish.objects.count()) == (
        size,
        0,
        0,
    )


def test_an_inventory_is_saved_line_by_line_and_handed_in_once(loan: Loan, bo: Person, ask: Ask) -> None:
    lines, whole = f"loans/{loan.key}/inventory-lines", f"loans/{loan.key}/inventories"
    have = {"sample": "P-1,1", "outcome": "have", "mass": "20 mg"}
    assert ask("POST", lines, bo, have) == (201, {"sample": "P-1,1", "left": ["P-1,2"]})
    status, body = ask("POST", whole, bo, {}, key="k2")
    assert (status, len(body["faults"])) == (400, 1)
    gone = {"sample": "P-1,2", "outcome": "cannot find", "note": "Last seen in May."}
    assert ask("POST", lines, bo, gone, key="k3")[1]["left"] == []
    assert ask("GET", f"loans/{loan.key}", bo)[1]["saved_lines"] == ["P-1,1", "P-1,2"]
    status, body = ask("POST", whole, bo, {}, key="k2")
    assert (status, body["lines"], [one["where"] for one in body["findings"]]) == (201, 2, ["P-1,2"])
    assert ask("POST", whole, bo, {}, key="k2") == (201, body)
    assert LoanInventory.objects.count() == 1


def test_a_return_is_announced(loan: Loan, ada: Person, bo: Person, ask: Ask) -> None:
    told = {"samples": ["P-1,1"], "on": "2031-01-10", "carrier": "Bo, in person"}
    status, body = ask("POST", f"loans/{loan.key}/returns", bo, told)
    assert (status, body["state"]) == (201, "asked")
    assert LoanWish.objects.get(key=body["wish"]).told["samples"] == ["P-1,1"]
    assert ask("POST", f"loans/{loan.key}/returns", bo, told, key="k2")[0] == 400
    assert ask("POST", f"loans/{loan.key}/returns", ada, told, key="k3")[0] == 400


def test_everybody_reads_what_is_published_of_gifts_exchanges_and_shows(
    ada: Person, eve: Person, client: Client
) -> None:
    c.holders()
    c.a_sample("G-1", "2 g")
    told = deeds.Told(
        kind=library.Kind.GIFT, way=library.Way.GIVEN, giver="China", receiver="Russia", country="RU", when="2022-02",
        items=(Item("G-1", "", None),), instrument="Certificate", sources="R1 R2", note="For staff.",
    )  # fmt: skip
    gift = deeds.record(told, by=eve, at=NOW)
    deeds.sign_receipt(gift, by=eve, at=NOW)
    leg = deeds.Agreed("given", "Us", "Soil", 100 * MG, "1/2")
    deeds.agree(title_en="A swap", title_zh="", when="2025", legs=[leg], instrument="Letter", sources="", by=ada, at=NOW)  # fmt: skip
    said = show_values.Show(title_en="Soil", title_zh="", venue="Museum", city="Bonn", country="DE",
                            first=date(2024, 1, 1), last=date(2024, 2, 1), security_plan="", insurance="")  # fmt: skip
    past = shows.note_past(said, sources="D3", by=ada, at=NOW)
    (one,) = client.get("/api/v1/deeds?kind=gift").json()["items"]
    assert (one["number"], one["when"], one["mass_ng"], one["sources"]) == (
        gift.number,
        "2022-02",
        2_000 * MG,
        ["R1", "R2"],
    )
    assert one["items"][0]["sample"] == "G-1"
    assert "For staff." not in client.get("/api/v1/deeds").text
    assert client.get("/api/v1/deeds?kind=deposit").json()["total"] == 0
    assert client.get("/api/v1/deeds?kind=theft").status_code == 400
    whole = client.get(f"/api/v1/deeds/{gift.key}").json()
    assert whole["receipt"].startswith("aliquot")
    (swap,) = client.get("/api/v1/exchanges").json()["items"]
    assert (swap["legs"][0]["due_ng"], swap["legs"][0]["owed_ng"], swap["is_settled"]) == (
        50 * MG,
        50 * MG,
        False,
    )
    (show,) = client.get("/api/v1/shows").json()["items"]
    assert (show["key"], show["visitors"]) == (past.key, 0)
    assert client.get(f"/api/v1/shows/{past.key}").json() == show
    Sample.objects.filter(number="G-1").update(published=False)
    assert client.get("/api/v1/deeds").json()["items"] == []
    for nothing in (f"deeds/{gift.key}", "deeds/0", "shows/0"):
        assert client.get(f"/api/v1/{nothing}").status_code == 404, nothing


def test_lists_ask_the_same_however_long_they_are(
    loan: Loan,
    ada: Person,
    eve: Person,
    bo: Person,
    ask: Ask,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    with django_assert_max_num_queries(30) as few:
        ask("GET", "loans", ada)
    loaning.a_loan(ada, eve, bo, NOW, samples=(("P-2", 40 * MG),))
    with django_assert_max_num_queries(len(few.captured_queries)):
        ask("GET", "loans", ada)
