"""Shows and sets for schools on pages: planned, visited, approved, opened, logged, ended; booked, agreed on, lent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.site import loaning
from tests.site.lending_pages import post, text
from tests.site.loaning import MG, NOW, a_loan, arrive, in_force, send

from aliquot.site import queries
from aliquot.site.models import Loan, LoanAgreement, Person, SetBooking, Show, ShowDay, TeachingSet

Browser = Callable[[Person], Client]
TODAY = timezone.now().date()
PLAN = {
    "title_en": "The Moon here", "title_zh": "月球在此", "venue": "Test museum", "city": "Paris", "country": "FR",
    "first": str(TODAY), "last": str(TODAY + timedelta(days=30)), "security_plan": "Two guards.",
    "insurance": "Nail to nail.", "visitors_expected": "10000",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    loaning.store()


def a_show(ada: Client, **changed: str) -> Show:
    assert post(ada, "/shows/plan/", **(PLAN | changed)).status_code == 302
    return Show.objects.latest("pk")


def lent(ada: Person, eve: Person, bo: Person) -> Loan:
    terms = {
        "modality": "public-interest",
        "use_class": "public-interest",
        "begins": NOW.date(),
        "ends": NOW.date() + timedelta(days=60),
    }
    loan = a_loan(ada, eve, bo, samples=(("M-1", 30 * MG),), **terms)
    arrive(send(loan, "M-1", by=ada), bo)
    return Loan.objects.get(pk=loan.pk)


def on_show(ada: Person, eve: Person, bo: Person, signed_in: Browser) -> str:
    ada_s, eve_s = signed_in(ada), signed_in(eve)
    show = a_show(ada_s)
    path = f"/shows/{show.key}/"
    refused = post(eve_s, path, act="approve")
    assert refused.status_code == 422
    assert "nobody has visited the site" in text(refused)
    assert post(ada_s, path, act="visit", visited_on="2026-11-01", visit="Fit.").status_code == 302
    assert post(eve_s, path, act="approve").status_code == 302
    assert post(ada_s, path, act="open").status_code == 422
    loan = lent(ada, eve, bo)
    assert post(ada_s, path, act="join", loan=loan.key).status_code == 302
    assert post(ada_s, path, act="open").status_code == 302
    return path


def test_a_show_runs_from_its_plan_to_its_end_with_a_log_of_each_day(
    ada: Person, eve: Person, bo: Person, signed_in: Browser
) -> None:
    path = on_show(ada, eve, bo, signed_in)
    bo_s = signed_in(bo)
    assert "Two guards." in text(bo_s.get(path))
    now = timezone.now()
    opened = {"opened": now.strftime("%Y-%m-%dT%H:%M"), "who": "Guard 1", "counted": "0", "note": ""}
    refused = post(bo_s, f"{path}log/", **opened)
    assert set(refused.context["form"].errors) == {"counted"}
    assert "Guard 1" in text(refused)
    assert set(
        post(bo_s, f"{path}log/", **(opened | {"who": "\0", "counted": "x"})).context["form"].errors
    ) == {"who", "counted"}
    assert post(bo_s, f"{path}log/", **(opened | {"counted": "1"})).status_code == 302
    assert post(bo_s, path, act="end").status_code == 422
    closed = {"packed": now.strftime("%Y-%m-%dT%H:%M"), "counted": "1", "visitors": "412", "note": "Quiet."}
    assert set(post(bo_s, f"{path}log/", **(closed | {"visitors": "-1"})).context["form"].errors) == {
        "visitors"
    }
    assert post(bo_s, f"{path}log/", **closed).status_code == 302
    day = ShowDay.objects.get()
    assert (day.counted, day.counted_back, day.visitors) == (1, 1, 412)
    public = text(Client().get(path))
    assert "412" in public
    for kept in ("Two guards.", "Nail to nail.", "Guard 1", "Quiet."):
        assert kept not in public
    assert post(bo_s, path, act="end").status_code == 302
    assert Show.objects.get().state == "ended"
    assert post(bo_s, f"{path}log/", **closed).status_code == 403


def test_a_show_is_told_and_changed_with_faults_beside_their_fields(
    ada: Person, eve: Person, signed_in: Browser
) -> None:
    ada_s = signed_in(ada)
    for changed, field in (({"last": "2020-01-01"}, "last"), ({"venue": ""}, "venue"), ({"venue": "a\0"}, "venue"),
                           ({"title_en": "", "title_zh": ""}, "title_en"), ({"visitors_expected": "-1"}, "visitors_expected"),
                           ({"country": "XX"}, "country")):  # fmt: skip
        refused = post(ada_s, "/shows/plan/", **(PLAN | changed))
        assert (refused.status_code, set(refused.context["form"].errors)) == (422, {field})
        assert "Two guards." in text(refused)
    show = a_show(ada_s)
    assert post(ada_s, f"/shows/{show.key}/edit/", **(PLAN | {"venue": "Another house"})).status_code == 302
    assert Show.objects.get().venue == "Another house"
    assert Client().get(f"/shows/{show.key}/").status_code == 404
    assert post(signed_in(eve), f"/shows/{show.key}/", act="waive", visit="We know it.").status_code == 302
    assert post(signed_in(eve), f"/shows/{show.key}/", act="cancel", reason="").status_code == 422
    assert post(signed_in(eve), f"/shows/{show.key}/", act="cancel", reason="No money.").status_code == 302


def test_an_exception_is_recorded_with_authority_reason_and_last_day(
    ada: Person, eve: Person, signed_in: Browser
) -> None:
    """115 days, against two months and one more (domain facts, section 4, row 16)."""
    past = PLAN | {"first": "2024-08-07", "last": "2024-11-30", "sources": "D3"}
    assert post(signed_in(ada), "/shows/past/", **(past | {"last": str(TODAY)})).status_code == 422
    assert post(signed_in(ada), "/shows/past/", **past).status_code == 302
    show = Show.objects.get()
    told = {
        "act": "except",
        "rule": "loan-months",
        "authority": "CNSA",
        "expires_on": "2024-11-30",
        "reason": "115 days.",
    }
    path = f"/shows/{show.key}/"
    assert post(signed_in(eve), path, **(told | {"authority": ""})).status_code == 422
    assert post(signed_in(eve), path, **told).status_code == 302
    assert "115 days." in text(signed_in(ada).get(path))
    assert "115 days." not in text(Client().get(path))
    assert queries.shows.exceptions(show).get().by == eve


def test_a_set_is_made_booked_agreed_on_and_joined_to_its_loan(
    ada: Person, eve: Person, signed_in: Browser
) -> None:
    ada_s = signed_in(ada)
    told = {"act": "make", "name_en": "Box", "name_zh": "", "samples": "P-1\nP-2\n", "days_most": "14"}
    assert post(ada_s, "/sets/", **(told | {"samples": "X-9"})).status_code == 422
    assert post(ada_s, "/sets/", **told).status_code == 302
    made = TeachingSet.objects.get()
    path = f"/sets/{made.key}/"
    days = {"first": str(TODAY + timedelta(days=5)), "last": str(TODAY + timedelta(days=12))}
    booked = {"act": "book", "school": "A school", "contact": "A teacher", **days}
    assert post(ada_s, path, **(booked | {"last": str(TODAY + timedelta(days=90))})).status_code == 422
    assert post(ada_s, path, **booked).status_code == 302
    assert post(ada_s, path, **booked).status_code == 422
    booking = SetBooking.objects.get()
    agreed = {"act": "agree", "booking": booking.pk, "lender": "Test laboratory", "lender_person": "Ada", "country": "FR",
              "security": "A safe.", "credit": "Thanks.", "purpose": "Lessons.", "return_plan": "All of it."}  # fmt: skip
    assert post(ada_s, path, **(agreed | {"booking": "9999"})).status_code == 422
    answer = post(ada_s, path, **agreed)
    agreement = LoanAgreement.objects.get()
    assert answer["Location"] == f"/agreements/{agreement.key}/"
    loan = in_force(agreement, ada, eve, None)
    assert post(ada_s, path, act="join", booking=booking.pk, loan=loan.key).status_code == 302
    assert loan.number in text(ada_s.get(path))
    assert "A school" in text(ada_s.get("/sets/"))


STAFF = frozenset({"ada", "eve"})
ALL = frozenset({"nobody", "ada", "bo", "cy", "di", "eve"})


@pytest.mark.parametrize(
    ("path", "may"),
    [("/shows/", ALL), ("/shows/plan/", frozenset({"ada"})), ("/shows/past/", STAFF), ("/shows/KEY/", STAFF),
     ("/shows/KEY/edit/", frozenset({"ada"})), ("/shows/KEY/log/", STAFF), ("/sets/", STAFF), ("/shows/nothing/", frozenset())],
)  # fmt: skip
def test_who_may_open_what(
    path: str, may: frozenset[str], request: pytest.FixtureRequest, ada: Person, signed_in: Browser
) -> None:
    path = path.replace("KEY", a_show(signed_in(ada)).key)
    for who in sorted(ALL):
        reader = Client() if who == "nobody" else signed_in(request.getfixturevalue(who))
        assert (reader.get(path).status_code == 200) is (who in may), who
        if who not in may:
            assert reader.post(path, PLAN | {"act": "approve"}).status_code in (302, 403, 404)
    assert Show.objects.get().state == "planned"


def test_lists_take_the_same_number_of_queries_however_long_they_are(
    ada: Person, eve: Person, signed_in: Browser, django_assert_num_queries: Callable[..., object]
) -> None:
    ada_s, reader = signed_in(ada), Client()
    for first in ("2024-08-07", "2024-09-07"):
        past = PLAN | {"first": first, "last": "2024-11-30", "sources": "D3"}
        post(ada_s, "/shows/past/", **past)
        reader.get("/shows/")
        with django_assert_num_queries(1):
            reader.get("/shows/")
        post(ada_s, "/sets/", act="make", name_en="Box", name_zh="", samples="P-1", days_most="0")
        assert len(queries.shows.sets_listed(TODAY)) >= 1
        with django_assert_num_queries(2):
            queries.shows.sets_listed(TODAY)
