"""Reviewing in the browser: conflicts first, drafts that save themselves, nobody after another; and what a reviewer tells."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.site.reviewing import (
    FORM,
    THEIRS,
    Round,
    a_round,
    accepted,
    assigned,
    handed_in,
    hide_applicants,
    post,
)
from tests.site.sharing import OVER

from aliquot.site import queries
from aliquot.site.models import (
    Person,
    ReceiptFile,
    RequestFile,
    Review,
    ReviewerProfile,
    Role,
    StoredFile,
)
from aliquot.site.operations import reviewing, scores

NUL = "a\0b"
Browser = Callable[[Person], Client]


@pytest.fixture
def it(a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person) -> Round:
    return a_round(a_person, ada, bo, cy)


def page_of(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.content[:300]
    return answer.text


def address(it: Round) -> str:
    return f"/reviews/{it.request.key}/"


# -- what a reviewer tells of themselves -----------------------------------------------------------------------


def test_a_reviewer_tells_of_themselves_and_conflicts_follow(it: Round, signed_in: Browser) -> None:
    told = {"orcid": "0000-0001-5109-3700", "institutions": "https://ror.org/05gq02987", "country": "jp",
            "zone": "Asia/Tokyo", "expertise": "basalt\nion probe", "papers": "2026 0000-0002-1825-0097"}  # fmt: skip
    browser = signed_in(it.cy)
    answer = post(browser, "/account/reviewing/", told)
    assert (answer.status_code, answer["Location"]) == (302, "/account/reviewing/?kept=1")
    kept = ReviewerProfile.objects.get(person=it.cy)
    assert (kept.institutions, kept.country, kept.papers) == (
        ["05gq02987"],
        "JP",
        [[2026, "0000-0002-1825-0097"]],
    )
    assert queries.scores.grounds(it.request, [it.cy], at=OVER)[it.cy.pk].value == "same institution"
    page = page_of(browser, "/account/reviewing/?kept=1")
    assert "2026 0000-0002-1825-0097" in page
    assert "Kept." in page


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    it: Round, signed_in: Browser
) -> None:
    told = {
        "orcid": "0000-0001-5109-3701",
        "country": "UK",
        "zone": "Mars/Olympus",
        "papers": "last year",
        "expertise": NUL,
    }
    answer = post(signed_in(it.cy), "/account/reviewing/", told)
    assert answer.status_code == 422
    for box in ("orcid", "country", "zone", "papers", "expertise"):
        assert f'id="box-{box}-faults"' in answer.text, box
        assert f'href="#box-{box}"' in answer.text, box
    assert "last year" in answer.text
    assert ReviewerProfile.objects.get(person=it.cy).country == "GB"


def test_nobody_takes_the_orcid_id_of_somebody_else(it: Round, signed_in: Browser) -> None:
    ReviewerProfile.objects.filter(person=it.ivy).update(orcid="0000-0001-5109-3700")
    answer = post(signed_in(it.cy), "/account/reviewing/", {"orcid": "0000-0001-5109-3700"})
    assert answer.status_code == 422
    assert "somebody else here has this" in answer.text


# -- a review --------------------------------------------------------------------------------------------------


def test_conflicts_are_declared_before_more_is_seen_than_is_needed(it: Round, signed_in: Browser) -> None:
    assigned(it)
    browser = signed_in(it.cy)
    page = page_of(browser, address(it))
    assert "Brown University" in page
    for kept_back in ("Dating basalt.", "Pb-Pb by ion probe", "A clean room.", "points-0"):
        assert kept_back not in page
    answer = post(browser, address(it), {"act": "accept"})
    assert answer.status_code == 302
    page = page_of(browser, address(it))
    for shown in ("Dating basalt.", "Pb-Pb by ion probe", "A clean room.", "points-0"):
        assert shown in page
    assert Review.objects.get().state == "accepted"


def test_where_applicants_are_hidden_nothing_tells_who_asks(it: Round, signed_in: Browser) -> None:
    hide_applicants(it.call)
    assigned(it)
    browser = signed_in(it.cy)
    page = page_of(browser, address(it))
    assert "Dating basalt." in page, "what it is about, for nothing else could tell of a conflict"
    post(browser, address(it), {"act": "accept"})
    whole = page_of(browser, address(it))
    for name in ("Brown University", "05gq02987", "0000-0002-1825-0097", "A clean room.", "A safe."):
        assert name not in page + whole, name
    assert "Pb-Pb by ion probe" in whole


def test_who_declares_a_conflict_steps_aside_and_sees_no_more_of_it(it: Round, signed_in: Browser) -> None:
    assigned(it)
    browser = signed_in(it.cy)
    for reason in ("", " ", NUL):
        answer = post(browser, address(it), {"act": "conflict", "reason": reason}, key=f"k{len(reason)}")
        assert answer.status_code == 422
        assert 'id="box-conflict-reason-faults"' in answer.text
        assert 'id="box-recuse-reason-faults"' not in answer.text
    assert post(browser, address(it), {"act": "conflict", "reason": "A feud."})["Location"] == "/reviews/"
    assert "You stepped aside" in page_of(browser, "/reviews/")
    assert browser.get(address(it)).status_code == 404
    assert Review.objects.get().state == "recused"


def test_a_conflict_that_was_found_leaves_nothing_but_stepping_aside(it: Round, signed_in: Browser) -> None:
    assigned(it)
    ReviewerProfile.objects.filter(person=it.cy).update(institutions=["05gq02987"])
    browser = signed_in(it.cy)
    page = page_of(browser, address(it))
    assert "same institution" in page
    assert 'value="accept"' not in page
    assert post(browser, address(it), {"act": "accept"}).status_code == 422
    assert Review.objects.get().declared_at is None
    assert post(browser, address(it), {"act": "recuse", "reason": "As found."}, key="k2").status_code == 302


def test_a_draft_is_kept_as_far_as_it_is_and_handed_in_whole(it: Round, signed_in: Browser) -> None:
    review = accepted(it)
    browser = signed_in(it.cy)
    base = {"base": "0", "window": "w1"}
    answer = post(browser, address(it), {"act": "write", "points-0": "8", "reasons-0": "New.", **base})
    assert answer.status_code == 302
    answer = post(
        browser, address(it), {"act": "hand in", "points-0": "11", "points-1": "x", **base}, key="k2"
    )
    assert answer.status_code == 422
    for box in ("points-0", "reasons-0", "points-1", "reasons-1"):
        assert f'id="box-{box}-faults"' in answer.text, box
    assert 'value="11"' in answer.text
    review.refresh_from_db()
    assert (review.state, review.points) == ("accepted", {"merit": 8})
    form = {"act": "hand in", **FORM, "base": "1", "window": "w1"}
    assert post(browser, address(it), form, key="k3").status_code == 302
    assert post(browser, address(it), form, key="k3").status_code == 302, "sent twice, it is handed in once"
    review.refresh_from_db()
    assert (review.state, review.steps.filter(act="hand in").count()) == ("handed in", 1)
    form = {"act": "revise", **FORM, "points-0": "9", "base": "2", "window": "w2"}
    assert post(browser, address(it), form, key="k4").status_code == 302
    review.refresh_from_db()
    assert review.points["merit"] == 9
    assert [step.act for step in review.steps.all()] == ["assign", "accept", "hand in", "revise"]


def test_a_draft_saves_itself_and_says_what_it_cannot_save(it: Round, signed_in: Browser) -> None:
    review = accepted(it)
    browser = signed_in(it.cy)

    def typed(**form: str) -> str:
        token = str(browser.get("/account/").context["csrf_token"])
        told = {"csrfmiddlewaretoken": token, "act": "write", "window": "w1", **form}
        answer = browser.post(address(it), told, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return answer.text

    said = typed(**{"points-0": "7", "base": "0"})
    assert "Saved at" in said
    assert 'name="base" id="review-base" value="1"' in said
    assert "Not saved yet" in typed(**{"points-0": "77", "base": "1"})
    assert "Not saved yet" in typed(**{"reasons-0": NUL, "base": "1"})
    review.refresh_from_db()
    assert (review.points, review.version, review.steps.count()) == ({"merit": 7}, 1, 2)
    assert "Saved at" in typed(**{"points-0": "7", "base": "1", "window": NUL})


def test_two_windows_overwrite_nothing_and_one_window_is_not_in_its_own_way(
    it: Round, signed_in: Browser
) -> None:
    review = accepted(it)
    browser = signed_in(it.cy)
    first = {"act": "write", "reasons-0": "From the first window.", "base": "0", "window": "w1"}
    assert post(browser, address(it), first).status_code == 302
    second = {"act": "write", "reasons-0": "From the second.", "base": "0", "window": "w2"}
    answer = post(browser, address(it), second, key="k2")
    assert answer.status_code == 422
    assert "saved elsewhere meanwhile" in answer.text
    assert "From the second." in answer.text
    again = {"act": "hand in", **FORM, "base": "0", "window": "w1"}  # its answer came too late to be known
    assert post(browser, address(it), again, key="k3").status_code == 302
    review.refresh_from_db()
    assert review.state == "handed in"


def test_what_others_found_is_seen_after_handing_in_and_named_by_policy(
    it: Round, signed_in: Browser
) -> None:
    scores_of_ivy = {"merit": 2, "team": 1}
    handed_in(it, it.ivy, scores_of_ivy)
    review = accepted(it)
    browser = signed_in(it.cy)
    assert "Reviewer 1" not in page_of(browser, address(it))
    scores.write(
        review,
        "hand in",
        points={"merit": 9, "team": 9},
        reasons={"merit": "A.", "team": "B."},
        by=it.cy,
        at=OVER,
    )
    page = page_of(browser, address(it))
    assert "Reviewer 1" in page
    assert "Ivy" not in page, "reviewers are not named under this policy"
    text = it.call.policy_text.replace("reviewers_named = false", "reviewers_named = true")
    type(it.call).objects.filter(pk=it.call.pk).update(policy_text=text)
    assert "Ivy" in page_of(browser, address(it))


def test_the_desk_has_what_is_mine_until_when_and_whether_it_is_late(it: Round, signed_in: Browser) -> None:
    assigned(it)
    type(it.call).objects.filter(pk=it.call.pk).update(state="in review")
    browser = signed_in(it.cy)
    assert "no date was set" in page_of(browser, "/reviews/")
    reviewing.set_date(it.call, "2027-04-20 24:00", by=it.hal, at=OVER)
    page = page_of(browser, "/reviews/")
    assert "2027-04-20 17:00" in page, "midnight in Beijing is five in the afternoon in London"
    assert it.request.title in page
    assert "Reviews" in page_of(browser, "/desk/")


def test_a_review_cannot_be_changed_once_the_panel_has_decided(it: Round, signed_in: Browser) -> None:
    handed_in(it)
    type(it.request).objects.filter(pk=it.request.pk).update(state="withdrawn")
    browser = signed_in(it.cy)
    assert 'value="revise"' not in page_of(browser, address(it))
    form = {"act": "revise", **FORM, "base": "1", "window": "w"}
    assert post(browser, address(it), form).status_code == 422


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "conquer"},
        {"act": NUL},
        {"act": "hand in", "base": "-1", "points-0": "99999999999999"},
    ],
)
def test_a_form_that_is_no_form_is_refused(it: Round, signed_in: Browser, form: dict[str, str]) -> None:
    accepted(it)
    assert post(signed_in(it.cy), address(it), form).status_code == 422


def test_a_curator_is_never_a_reviewer(
    it: Round, a_person: Callable[..., Person], signed_in: Browser
) -> None:
    both = a_person("Both", Role.CURATOR, Role.REVIEWER)
    ReviewerProfile.objects.create(person=both, institutions=THEIRS)
    assert both not in queries.reviewing.possible_reviewers()
    page = f"/reviews/{it.request.key}/summary/"
    answer = post(signed_in(it.hal), page, {"act": "add", "who": both.key})
    assert answer.status_code == 422
    assert "Both is no reviewer" in answer.text


# -- who may see what ------------------------------------------------------------------------------------------

# For each route who is answered with what, when Cy has handed in, Ivy is assigned and on the panel, Hal is the chair.
WHO = ("stranger", "ada", "bo", "cy", "di", "eve", "hal", "ivy", "auditor", "compliance")
ROUTES = {
    "/reviews/": "302 200 403 200 403 200 200 200 200 403",
    "/account/reviewing/": "302 200 403 200 403 200 200 200 403 200",
    "/reviews/{request}/": "302 404 404 200 404 404 404 200 404 404",
    "/reviews/{request}/summary/": "302 200 404 404 404 200 200 200 200 404",
    "/reviews/{request}/discussion/": "302 200 404 200 404 404 200 404 404 404",
    "/calls/{call}/reviews/": "302 200 404 404 404 200 200 200 200 404",
    "/calls/{call}/reviewers/": "302 403 403 403 403 403 200 403 403 403",
    "/calls/{call}/hearings/": "302 200 404 404 404 200 200 200 200 404",
    "/calls/{call}/hearings.ics": "302 200 404 404 404 200 200 200 200 404",
    "/hearings/{request}/": "302 404 404 404 404 404 404 404 404 404",
    "/hearings/{request}.ics": "302 404 404 404 404 404 404 404 404 404",
}  # fmt: skip


def test_every_route_against_every_role(
    it: Round, di: Person, eve: Person, a_person: Callable[..., Person], client: Client, signed_in: Browser
) -> None:
    handed_in(it)
    assigned(it, it.ivy)
    people = {"ada": it.ada, "bo": it.bo, "cy": it.cy, "di": di, "eve": eve, "hal": it.hal, "ivy": it.ivy,
              "auditor": a_person("Al", Role.AUDITOR), "compliance": a_person("Lo", Role.COMPLIANCE)}  # fmt: skip
    browsers = {"stranger": client} | {name: signed_in(person) for name, person in people.items()}
    for route, expected in ROUTES.items():
        place = route.format(request=it.request.key, call=it.call.key)
        found = {who: str(browsers[who].get(place).status_code) for who in WHO}
        assert found == dict(zip(WHO, expected.split(), strict=True)), route
        for key in ("0" * 20, "person-1", "1"):
            guessed = route.format(request=key, call=key)
            if guessed != route:
                assert browsers["cy"].get(guessed).status_code in (403, 404), guessed


def test_what_somebody_may_not_do_they_cannot_post_either(it: Round, eve: Person, signed_in: Browser) -> None:
    review = assigned(it)
    for person, place, form, status in (
        (eve, f"/reviews/{it.request.key}/summary/", {"act": "add", "who": it.ivy.key}, 403),
        (it.ada, f"/reviews/{it.request.key}/summary/", {"act": f"release {review.pk}", "reason": "x"}, 403),
        (eve, f"/calls/{it.call.key}/reviews/", {"act": "remind", "who": it.cy.key}, 403),
        (it.ivy, f"/calls/{it.call.key}/hearings/", {"act": "keep"}, 403),
        (it.ivy, f"/reviews/{it.request.key}/", {"act": "accept"}, 404),
        (it.bo, f"/reviews/{it.request.key}/discussion/", {"text": "Please!"}, 404),
    ):
        assert post(signed_in(person), place, form).status_code == status, place
    assert Review.objects.get().state == "assigned"


def test_files_are_read_by_those_who_review_and_may_know_who_asks(
    it: Round, di: Person, signed_in: Browser
) -> None:
    stored = StoredFile.objects.create(
        sha256="a" * 64, size_bytes=1, content_type="application/pdf", stored_at=OVER
    )
    row = RequestFile.objects.create(
        key="f" * 20, request=it.request, file=stored, kind="document", name="letter.pdf", by=it.bo, at=OVER
    )
    ReceiptFile.objects.create(receipt=it.request.receipts.get(), file=row)
    assigned(it)
    place, browser = f"/reviews/{it.request.key}/files/{row.key}/", signed_in(it.cy)
    assert browser.get(place).status_code == 404, "conflicts first"
    assert "letter.pdf" not in browser.get(address(it)).text
    post(browser, address(it), {"act": "accept"})
    assert place in browser.get(address(it)).text
    hide_applicants(it.call)
    assert "letter.pdf" not in browser.get(address(it)).text
    for person in (it.cy, di, it.bo, it.hal):
        assert signed_in(person).get(place).status_code == 404
