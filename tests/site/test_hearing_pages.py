"""Hearings in the browser: planned across time zones, kept, noted, and told to each applicant alone, also as a calendar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.site.reviewing import Round, a_round, handed_in, post
from tests.site.sharing import OVER

from aliquot.site import queries
from aliquot.site.models import Call, Hearing, HearingPlan, Notice, Person
from aliquot.site.operations import calls, requests

Browser = Callable[[Person], Client]
TERMS = {"first": "2027-04-26", "last": "2027-04-26", "minutes": "15", "pause_minutes": "5", "wake_hour": "8", "sleep_hour": "21"}  # fmt: skip


@pytest.fixture
def it(a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person) -> Round:
    made = a_round(a_person, ada, bo, cy, two_stage=True, hearing_minutes=15)
    handed_in(made)
    calls.move(made.call, "review", by=made.hal, at=OVER)
    made.request = requests.move(made.request, "shortlist", by=made.hal, at=OVER)
    return made


def place(it: Round) -> str:
    return f"/calls/{it.call.key}/hearings/"


def terms(it: Round, **changed: str) -> dict[str, str]:
    return {
        **TERMS,
        f"zone-{it.request.key}": "America/New_York",
        f"zone-{it.ada.key}": "Europe/Paris",
        **changed,
    }


def test_a_schedule_is_proposed_kept_and_told_in_everybody_s_zone(it: Round, signed_in: Browser) -> None:
    browser = signed_in(it.hal)
    assert 'name="minutes" value="15"' in browser.get(place(it)).text
    page = browser.get(place(it), terms(it))
    assert page.status_code == 200
    assert not Hearing.objects.exists(), "a proposal writes nothing"
    (one,) = page.context["proposal"]
    assert (one["zone"], one["begins"].hour) == ("America/New_York", 12), "eight in New York"
    assert "2027-04-26 08:00" in page.text
    form = {"act": "keep", **terms(it)}
    assert post(browser, place(it), form).status_code == 302
    assert post(browser, place(it), form).status_code == 302, "sent twice, it is kept once"
    assert HearingPlan.objects.get().zones[it.request.key] == "America/New_York"
    assert Notice.objects.filter(person=it.bo, kind="hearing-set").count() == 1
    page = browser.get(place(it)).text
    for shown in ("2027-04-26 13:00", "2027-04-26 08:00", "2027-04-26 14:00"):  # London, New York, Paris
        assert shown in page, shown
    assert 'value="America/New_York"' in page, "the next plan begins from the last"


def test_everything_against_a_plan_stands_beside_its_field_and_who_gets_no_slot_is_named(
    it: Round, signed_in: Browser
) -> None:
    browser = signed_in(it.hal)
    wrong = terms(it, first="soon", minutes="x", wake_hour="22", **{f"zone-{it.request.key}": "Mars/Olympus"})
    for answer in (browser.get(place(it), wrong), post(browser, place(it), {"act": "keep", **wrong})):
        for box in ("first", "minutes", f"zone-{it.request.key}"):
            assert f'id="box-{box}-faults"' in answer.text, box
        assert "Mars/Olympus" in answer.text
        assert not answer.context.get("proposal")
    assert answer.status_code == 422
    page = browser.get(place(it), terms(it, wake_hour="21", sleep_hour="8")).text
    assert 'id="box-wake_hour-faults"' in page
    late = browser.get(
        place(it), terms(it, wake_hour="9", sleep_hour="12", **{f"zone-{it.ada.key}": "Europe/London"})
    )
    assert "there is no slot left in which the panel and America/New_York are awake" in late.text
    assert f'href="#box-zone-{it.request.key}"' in late.text
    assert not Hearing.objects.exists()


def test_only_a_chair_plans_and_only_when_there_are_hearings(it: Round, signed_in: Browser) -> None:
    assert 'name="first"' not in signed_in(it.ivy).get(place(it), terms(it)).text
    Call.objects.filter(pk=it.call.pk).update(state="being decided")
    assert post(signed_in(it.hal), place(it), {"act": "keep", **terms(it)}).status_code == 422


def planned(it: Round, signed_in: Browser) -> Hearing:
    assert post(signed_in(it.hal), place(it), {"act": "keep", **terms(it)}).status_code == 302
    return Hearing.objects.get()


def test_how_a_hearing_went_is_noted_and_the_call_goes_on(it: Round, signed_in: Browser) -> None:
    hearing = planned(it, signed_in)
    browser = signed_in(it.hal)
    assert post(browser, place(it), {"act": "move", "move": "hear"}, key="k2").status_code == 302
    answer = post(browser, place(it), {"act": f"missed {hearing.pk}", "note": " "}, key="k3")
    assert answer.status_code == 422
    assert f'id="box-heard-{hearing.pk}-note-faults"' in answer.text or "note-faults" in answer.text
    assert post(browser, place(it), {"act": "missed 999", "note": "x"}, key="k4").status_code == 422
    assert post(browser, place(it), {"act": "missed x\0", "note": "x"}, key="k5").status_code == 422
    assert (
        post(browser, place(it), {"act": f"heard {hearing.pk}", "note": "a\0b"}, key="k6").status_code == 422
    )
    form = {"act": f"heard {hearing.pk}", "note": "Online, well prepared."}
    assert post(browser, place(it), form, key="k7").status_code == 302
    assert "Online, well prepared." in browser.get(place(it)).text
    assert queries.hearings.parties(it.call).requests == ()
    assert post(browser, place(it), {"act": "move", "move": "deliberate"}, key="k8").status_code == 302
    assert Call.objects.get().state == "being decided"


def test_an_applicant_sees_their_own_hearing_and_has_it_as_a_calendar(
    it: Round, di: Person, signed_in: Browser
) -> None:
    own = f"/hearings/{it.request.key}/"
    assert signed_in(it.bo).get(own).status_code == 404, "nothing is planned yet"
    hearing = planned(it, signed_in)
    browser = signed_in(it.bo)
    assert f'href="{own}"' in browser.get(f"/requests/{it.request.key}/").text
    page = browser.get(own).text
    for shown in ("2027-04-26 08:00", "America/New_York", "2027-04-26 20:00", "Asia/Shanghai", "15 minutes"):
        assert shown in page, shown
    answer = browser.get(f"/hearings/{it.request.key}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20270426T120000Z" in answer.text
    assert answer.text.count("BEGIN:VEVENT") == 1
    first = int(answer.text.split("SEQUENCE:")[1].split()[0])
    for other in (di, it.cy, it.hal):
        assert signed_in(other).get(own).status_code == 404
        assert signed_in(other).get(f"/hearings/{it.request.key}.ics").status_code == 404
    whole = signed_in(it.ivy).get(f"{place(it)[:-1]}.ics")
    assert "DTSTART:20270426T120000Z" in whole.text
    moved = {"act": "keep", **terms(it, first="2027-04-27", last="2027-04-27")}
    assert post(signed_in(it.hal), place(it), moved, key="k9").status_code == 302
    hearing.refresh_from_db()
    again = browser.get(f"/hearings/{it.request.key}.ics").text
    assert "DTSTART:20270427T120000Z" in again
    assert again.split("UID:")[1].split()[0] == answer.text.split("UID:")[1].split()[0], "moved, not doubled"
    assert int(again.split("SEQUENCE:")[1].split()[0]) >= first


@pytest.mark.parametrize("language", ["", "/zh-hans"])
def test_the_pages_of_hearings_are_shown_in_both_languages(
    it: Round, signed_in: Browser, language: str
) -> None:
    planned(it, signed_in)
    assert signed_in(it.hal).get(language + place(it), terms(it)).status_code == 200
    assert signed_in(it.bo).get(f"{language}/hearings/{it.request.key}/").status_code == 200
