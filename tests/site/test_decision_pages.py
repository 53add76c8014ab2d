"""Deciding in the browser: each level's form, quorum and conflicts, several refusals, appeals, minutes; refused with faults beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.site import deciding
from tests.site.deciding import DEFER, GRANT, MG, OVER, REFUSE, Round, a_round, decided
from tests.site.test_panel_pages import post

from aliquot.decisions import Vote
from aliquot.site import queries
from aliquot.site.models import ConflictDeclared, Person, Request, RequestDecision, ReviewerProfile, Role
from aliquot.site.operations import commitments, decisions, requests
from aliquot.site.operations.decisions import Sat

Browser = Callable[[Person], Client]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def it(db: None) -> Round:
    return a_round()


def path(request: Request) -> str:
    return f"/requests/{request.key}/decide/"


def told(it: Round, **changed: object) -> dict[str, object]:
    """Return the committee's form, filled in: Hal presides, Ivy is there, both are for it."""
    return {
        "act": "decide", "level": "committee", "outcome": "grant", "granted-0": "50 mg", "reasons": "The best of the round.",
        "present": [it.hal.key, it.ivy.key], "presides": it.hal.key, f"vote:{it.hal.key}": "yes", f"vote:{it.ivy.key}": "yes",
        "promise": "yes",
    } | changed  # fmt: skip


def alone(level: str, **changed: object) -> dict[str, object]:
    return {
        "act": "decide",
        "level": level,
        "outcome": "grant",
        "granted-0": "50 mg",
        "reasons": "Agreed.",
        "promise": "yes",
    } | changed


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_each_level_decides_by_its_form_and_the_last_one_settles(it: Round, signed_in: Browser) -> None:
    hal, eve = signed_in(it.hal), signed_in(it.eve)
    shown = text(hal.get(path(it.request)))
    for words in (
        "Decision of the committee",
        "Dating basalt.",
        "Pb-Pb by ion probe",
        "New.",
        "1 g free",
        "2 are needed",
        "Cy",
    ):
        assert words in shown, words
    assert "Decision of the committee" not in text(eve.get(path(it.request)))
    assert post(hal, path(it.request), **told(it)).status_code == 302
    assert "Decision of the centre" not in text(hal.get(path(it.request)))
    assert "Decision of the centre" in text(eve.get(path(it.request)))
    less = {"outcome": "condition", "granted-0": "30 mg", "conditions": "A second safe.\n\n  A log.  "}
    assert post(eve, path(it.request), **alone("centre", **less)).status_code == 302
    shown = text(eve.get(path(it.request)))
    assert 'value="30 mg"' in shown, "the amount of the level before stands in the form"
    assert "the letter to the applicant is issued" in shown
    assert post(eve, path(it.request), **alone("agency", **less)).status_code == 302
    it.request.refresh_from_db()
    assert it.request.state == "granted"
    last = it.request.decisions.last()
    assert (last.outcome, last.granted_ng, last.conditions) == (
        "condition",
        [30 * MG],
        ["A second safe.", "A log."],
    )
    assert it.request.decisions.first().sitting == {
        "present": sorted([it.hal.key, it.ivy.key]), "presides": it.hal.key, "aside": [],
        "votes": {it.hal.key: "yes", it.ivy.key: "yes"},
    }  # fmt: skip
    assert [row.mass_ng for row in queries.promises.of_request(it.request)] == [30 * MG]
    assert "The letter to the applicant" in text(eve.get(path(it.request)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcome": ""}, "no decision is chosen"),
        ({"outcome": "maybe"}, "no decision is chosen"),
        ({"granted-0": "much"}, "much"),
        ({"granted-0": "5 mg"}, "5 mg is not between 20 mg and 50 mg"),
        ({"granted-0": ""}, "it is not told what is granted of each line"),
        ({"granted-0": "30 mg"}, "less is granted than was asked for"),
        ({"granted-0": "1\x0050 mg"}, "Line 1"),
        ({"reasons": " "}, "nothing is told here"),
        ({"reasons": "x\x00"}, "a character here that cannot be seen"),
        ({"reasons": "x" * 10_001}, "longer than 10000"),
        ({"conditions": "A safe."}, "conditions and outcome do not fit together"),
        ({"outcome": "refuse"}, "it is not told what would have been needed"),
        ({"present": ["person:1\x00", "nobody"]}, "nobody is not of this committee"),
        ({"presides": "\x00"}, "nobody of the committee presides"),
        ({"presides": ""}, "nobody of the committee presides"),
        ({"present": []}, "0 of 3 members who may vote are there, and 50 percent are needed"),
        ({"level": "agency"}, "it is not the turn of this level"),
        ({"level": "\x00"}, "it is not the turn of this level"),
        ({"act": "nothing"}, "this is no answer"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_all_that_was_typed_is_kept(
    it: Round, signed_in: Browser, changed: dict[str, object], said: str
) -> None:
    answer = post(signed_in(it.hal), path(it.request), **told(it, **changed))
    assert answer.status_code == 422
    assert said in text(answer)
    assert not RequestDecision.objects.exists()
    if changed.get("act") != "nothing" and "reasons" not in changed:
        assert "The best of the round." in text(answer)


def test_everything_that_is_wrong_is_told_at_once(it: Round, signed_in: Browser) -> None:
    wrong = {"granted-0": "much", "reasons": "", "conditions": "A safe.", f"vote:{it.ivy.key}": "maybe"}
    shown = text(post(signed_in(it.hal), path(it.request), **told(it, **wrong)))
    for name in ("granted-0-faults", "reasons-faults", "conditions-faults", "sitting-faults"):
        assert f'id="{name}"' in shown, name


def test_quorum_and_votes_are_shown_with_names(it: Round, signed_in: Browser) -> None:
    hal = signed_in(it.hal)
    one = {"present": [it.hal.key], f"vote:{it.ivy.key}": ""}
    shown = text(post(hal, path(it.request), **told(it, **one)))
    assert "1 of 3 members who may vote are there, and 50 percent are needed" in shown
    assert "There is no quorum." in shown
    shown = text(post(hal, path(it.request), **told(it, present=[it.hal.key, it.jo.key])))
    assert "Ivy was not there and cannot have voted" in shown
    shown = text(
        post(
            hal,
            path(it.request),
            **told(it, **{f"vote:{it.ada.key}": "yes", "present": [it.hal.key, it.ivy.key, it.ada.key]}),
        )
    )
    assert "Ada informs and does not vote" in shown
    shown = text(post(hal, path(it.request), **told(it, **{f"vote:{it.ivy.key}": "no"})))
    assert "1 are for it and 1 against" in shown


def test_nobody_presides_or_votes_over_their_own_institution(it: Round, signed_in: Browser) -> None:
    ReviewerProfile.objects.filter(person=it.hal).update(institutions=["05gq02987"])
    hal = signed_in(it.hal)
    shown = text(hal.get(path(it.request)))
    assert "You stand aside from this request" in shown
    assert "You can record what the others decide" in shown
    assert "New." not in shown, "the reviews are not shown to who stands aside"
    shown = text(post(hal, path(it.request), **told(it)))
    assert "the request is of the institution of whoever presides" in shown
    assert "Hal stepped aside from this request" in shown
    others = {
        "present": [it.ivy.key, it.jo.key],
        "presides": it.ivy.key,
        f"vote:{it.hal.key}": "",
        f"vote:{it.jo.key}": "yes",
    }
    assert post(hal, path(it.request), **told(it, **others)).status_code == 302
    assert it.request.decisions.get().sitting["aside"] == [it.hal.key]
    ReviewerProfile.objects.create(person=it.eve, institutions=["05gq02987"])
    eve = signed_in(it.eve)
    assert "Decision of the centre" not in text(eve.get(path(it.request)))
    shown = text(post(eve, path(it.request), **alone("centre")))
    assert "the request is of your own institution" in shown


def test_nobody_decides_on_their_own_request(it: Round, signed_in: Browser) -> None:
    Request.objects.filter(pk=it.request.pk).update(lead=it.hal)
    hal = signed_in(it.hal)
    shown = text(hal.get(path(it.request)))
    assert "This is your own request" in shown
    assert "Decision of the committee" not in shown
    assert "New." not in shown
    others = {
        "present": [it.ivy.key, it.jo.key],
        "presides": it.ivy.key,
        f"vote:{it.hal.key}": "",
        f"vote:{it.jo.key}": "yes",
    }
    answer = post(hal, path(it.request), **told(it, **others))
    assert answer.status_code == 422
    assert not RequestDecision.objects.exists()


@pytest.mark.parametrize(
    "role", [Role.CURATOR, Role.COMPLIANCE, Role.DIRECTOR, Role.AUDITOR, Role.REVIEWER, Role.REQUESTER]
)
def test_only_the_chair_records_what_the_committee_decides(it: Round, signed_in: Browser, role: Role) -> None:
    other = signed_in(deciding.somebody("Other", role))
    hal = signed_in(it.hal)
    key = text(hal.get(path(it.request))).partition('name="acting_key" value="')[2].partition('"')[0]
    other.get("/")
    other.get("/accounts/login/")
    other.get(path(it.request))
    token = other.cookies["csrftoken"].value if "csrftoken" in other.cookies else "none"
    answer = other.post(path(it.request), {"csrfmiddlewaretoken": token, "acting_key": key, **told(it)})
    assert answer.status_code in (403, 404, 422)
    assert not RequestDecision.objects.exists()


def test_sent_twice_a_form_decides_once(it: Round, signed_in: Browser) -> None:
    hal = signed_in(it.hal)
    shown = text(hal.get(path(it.request)))
    key = shown.partition('name="acting_key" value="')[2].partition('"')[0]
    body = {"csrfmiddlewaretoken": hal.cookies["csrftoken"].value, "acting_key": key, **told(it)}
    assert [hal.post(path(it.request), body).status_code for _ in range(2)] == [302, 302]
    assert RequestDecision.objects.count() == 1
    again = post(hal, path(it.request), **told(it))
    assert again.status_code == 422
    assert "it is not the turn of this level" in text(again)


def test_more_than_is_free_is_refused_beside_its_line(it: Round, signed_in: Browser) -> None:
    commitments.promise("P-1", mass_ng=990 * MG, basis="loan:1", by="person:1", at=OVER)
    decided(it, GRANT, levels=("committee", "centre"))
    eve = signed_in(it.eve)
    answer = post(eve, path(it.request), **alone("agency"))
    assert answer.status_code == 422
    assert "50 mg of P-1 would be promised, and 10 mg are free" in text(answer)
    assert 'href="#granted-0"' in text(answer)
    assert post(eve, path(it.request), **alone("agency", promise="")).status_code == 302
    it.request.refresh_from_db()
    assert (it.request.state, queries.promises.of_request(it.request).count()) == ("granted", 0)


def test_a_member_steps_aside_and_has_no_vote_any_more(it: Round, signed_in: Browser) -> None:
    ivy = signed_in(it.ivy)
    assert post(ivy, path(it.request), act="aside", reason="").status_code == 422
    assert post(ivy, path(it.request), act="aside", reason="x\x00").status_code == 422
    assert post(ivy, path(it.request), act="aside", reason="We wrote a paper.").status_code == 302
    assert ConflictDeclared.objects.get(reviewer=it.ivy).text == "We wrote a paper."
    shown = text(signed_in(it.hal).get(path(it.request)))
    assert "stands aside" in shown
    assert "We wrote a paper." not in shown
    assert "Ivy stepped aside from this request" in text(
        post(signed_in(it.hal), path(it.request), **told(it))
    )
    assert post(signed_in(it.ada), path(it.request), act="aside", reason="None.").status_code == 302, (
        "Ada sits on the panel"
    )
    assert post(signed_in(it.eve), path(it.request), act="aside", reason="None.").status_code == 422


def test_what_was_deferred_is_taken_up_again_by_the_chair(it: Round, signed_in: Browser) -> None:
    decided(it, DEFER)
    hal = signed_in(it.hal)
    assert "A certificate of the agency." in text(hal.get(path(it.request)))
    assert post(signed_in(it.eve), path(it.request), act="resume", reason="It is there.").status_code == 422
    assert post(hal, path(it.request), act="resume", reason=" ").status_code == 422
    assert post(hal, path(it.request), act="resume", reason="It is there.").status_code == 302
    it.request.refresh_from_db()
    assert (it.request.state, it.request.round) == ("in review", 2)
    shown = text(hal.get(path(it.request)))
    assert "an earlier round" in shown
    assert "Decision of the committee" in shown
    assert post(hal, path(it.request), **told(it)).status_code == 302


def test_the_director_judges_an_appeal(it: Round, signed_in: Browser) -> None:
    it.rules(appeal_days=30)
    it.another()
    for one in it.requests:
        decided(it, REFUSE, request=one)
        requests.move(
            one, "appeal", reason="The table on page 3 was not read.", by=it.bo, at=OVER + timedelta(days=1)
        )
    hal, eve = signed_in(it.hal), signed_in(it.eve)
    assert "Let the decision stand" not in text(hal.get(path(it.request)))
    assert "The table on page 3" in text(eve.get(path(it.request)))
    assert post(hal, path(it.request), act="uphold", reason="Read it.").status_code == 422
    assert post(eve, path(it.request), act="uphold", reason="").status_code == 422
    assert (
        post(eve, path(it.request), act="uphold", reason="It was read, and changes nothing.").status_code
        == 302
    )
    assert post(eve, path(it.requests[1]), act="reopen", reason="It was not read.").status_code == 302
    states = [one.state for one in Request.objects.order_by("pk")]
    assert states == ["upheld", "in review"]
    assert it.request.letters.filter(kind="appeal").count() == 2


def test_several_refusals_each_have_their_reasons_or_nothing_is_written(
    it: Round, signed_in: Browser
) -> None:
    it.another(title="Second")
    third = it.another(title="Third")
    ConflictDeclared.objects.create(request=third, reviewer=it.ivy, ground="declared", text="x", at=OVER)
    hal, address = signed_in(it.hal), f"/calls/{it.call.key}/panel/refusals/"
    assert "Nothing lies below this line" in text(hal.get(f"{address}?below=10"))
    assert "This is no number from 0 to 100" in text(hal.get(f"{address}?below=x\0"))
    assert text(hal.get(f"{address}?below=72.5")).count('name="chosen"') == 3
    body = told(it, present=[it.hal.key, it.ivy.key, it.jo.key]) | {
        "below": "72.5",
        "chosen": [one.key for one in it.requests],
    }
    for one in it.requests[:2]:
        body |= {f"reasons-{one.key}": "Others ask more.", f"needed-{one.key}": "A sharper question."}
    answer = post(hal, address, **body)
    assert answer.status_code == 422
    assert "Third · Reasons" in text(answer)
    assert f'href="#reasons-{third.key}"' in text(answer)
    assert "Others ask more." in text(answer)
    assert not RequestDecision.objects.exists()
    body |= {f"reasons-{third.key}": "It repeats.", f"needed-{third.key}": "Something new."}
    assert post(hal, address, **body).status_code == 302
    assert sorted(RequestDecision.objects.values_list("reasons", flat=True)) == [
        "It repeats.",
        "Others ask more.",
        "Others ask more.",
    ]
    assert it.ivy.key not in third.decisions.get().sitting["votes"], "who stands aside has no vote there"
    assert Request.objects.filter(state="refused").count() == 3
    assert post(hal, address, **body).status_code == 422
    assert post(hal, address, below="72.5").status_code == 422


def test_a_director_refuses_several_at_their_level(it: Round, signed_in: Browser) -> None:
    decided(it, GRANT, levels=("committee",))
    eve, address = signed_in(it.eve), f"/calls/{it.call.key}/panel/refusals/"
    key = it.request.key
    body = {
        "below": "90",
        "chosen": key,
        f"reasons-{key}": "The store is low.",
        f"needed-{key}": "Less mass.",
    }
    assert post(eve, address, **body).status_code == 302
    assert [one.level for one in it.request.decisions.all()] == ["committee", "centre"]


def test_minutes_are_written_from_acts_in_order(it: Round, signed_in: Browser) -> None:
    ReviewerProfile.objects.filter(person=it.jo).update(institutions=["05gq02987"])
    decisions.step_aside(it.request, reason="A secret of ours.", by=it.ivy, at=OVER + MINUTE)
    sat = Sat(frozenset({it.hal.key, it.ada.key}), it.hal.key, {it.hal.key: Vote.YES})
    decisions.decide(it.request, REFUSE, sat=sat, by=it.hal, at=OVER + 2 * MINUTE)
    hal, address = signed_in(it.hal), f"/calls/{it.call.key}/panel/minutes/"
    shown = text(hal.get(address))
    order = ["The call was published.", "admitted", "Ivy steps aside.", "The committee decides: refused."]
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    for words in (
        "Hal for",
        "A test on a tenth of the mass.",
        "Too much is used up.",
        "Asia/Shanghai",
        "Ivy, Jo",
    ):
        assert words in shown, words
    assert "A secret of ours." not in shown
    assert "The committee decides" not in text(hal.get(f"/zh-hans{address}"))
    for at in ("", "/zh-hans"):
        paper = hal.get(f"{at}/calls/{it.call.key}/panel/minutes.pdf")
        assert paper.content.startswith(b"%PDF")
    assert "Too much is used up." not in text(signed_in(it.ivy).get(address)), "she stands aside"


def test_pages_keep_what_is_hostile_harmless(it: Round, signed_in: Browser) -> None:
    hal = signed_in(it.hal)
    post(hal, path(it.request), **told(it, reasons="<script>alert(1)</script>"))
    shown = text(hal.get(path(it.request)))
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert hal.get(f"{path(it.request)}?x=%00").status_code == 200
    assert hal.get("/requests/%00/decide/").status_code == 404
    assert hal.put(path(it.request)).status_code in (403, 405)
