"""What goes otherwise than planned in a call: cancelled midway, withdrawn during review, people who are two things at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.site import deciding
from tests.site.deciding import DEFER, GRANT, REFUSE, Round, decided, refused
from tests.site.reviewing import post
from tests.site.sharing import OVER

from aliquot.site import operations
from aliquot.site.models import Call, Person, Request, Review, Role
from aliquot.site.operations import calls, decisions, requests, scores

Browser = Callable[[Person], Client]


@pytest.fixture
def it(ada: Person, bo: Person, cy: Person, eve: Person) -> Round:
    return deciding.a_round()


def text_of(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, f"{path} answered {answer.status_code}"
    return answer.content.decode()


@pytest.mark.parametrize(("told", "said"), [(GRANT, "granted"), (REFUSE, "refused"), (DEFER, "deferred")])
def test_the_page_of_a_decided_request_tells_what_every_level_decided(
    it: Round, signed_in: Browser, told: object, said: str
) -> None:
    decided(it, told)
    for language in ("", "/zh-hans"):
        page = text_of(signed_in(it.bo), f"{language}/requests/{it.request.key}/")
        assert told.reasons in page
    assert said in text_of(signed_in(it.bo), f"/requests/{it.request.key}/")


@pytest.mark.parametrize("state", ["open", "closed", "in review", "in hearings"])
def test_a_call_that_is_cancelled_midway_takes_nothing_and_still_shows_what_was(
    it: Round, signed_in: Browser, state: str
) -> None:
    Call.objects.filter(pk=it.call.pk).update(state=state)
    it.call.refresh_from_db()
    calls.move(it.call, "cancel", reason="The samples were lost.", by=it.eve, at=OVER)
    assert "The samples were lost." in text_of(signed_in(it.bo), f"/calls/{it.call.key}/")
    text_of(signed_in(it.bo), f"/requests/{it.request.key}/")
    text_of(signed_in(it.bo), "/requests/")
    text_of(signed_in(it.cy), "/reviews/")
    text_of(signed_in(it.cy), f"/reviews/{it.request.key}/")
    text_of(signed_in(it.hal), f"/calls/{it.call.key}/panel/")
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)) == ["call"]
    assert refused(lambda: calls.move(it.call, "cancel", reason="Again.", by=it.eve, at=OVER))


def test_who_withdraws_during_review_is_out_of_it_and_reviewers_are_told_to_stop(
    it: Round, signed_in: Browser
) -> None:
    Call.objects.filter(pk=it.call.pk).update(state="in review")
    second = scores.assign(it.request, it.ivy, by=it.hal, at=OVER)
    bo = signed_in(it.bo)
    done = post(bo, f"/requests/{it.request.key}/", {"act": "withdraw", "reason": ""})
    assert done.status_code == 302
    assert Request.objects.get(pk=it.request.pk).state == "withdrawn"
    # What waits for its reviewer waits for nobody any more, and the call goes on without it.
    assert refused(lambda: scores.write(second, "hand in", points={"merit": 1, "team": 1},
                                        reasons={"merit": "a", "team": "b"}, by=it.ivy, at=OVER))  # fmt: skip
    text_of(signed_in(it.ivy), f"/reviews/{it.request.key}/")
    text_of(signed_in(it.ivy), "/reviews/")
    it.call.refresh_from_db()
    assert calls.move(it.call, "deliberate", by=it.hal, at=OVER).state == "being decided"
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER))
    assert refused(lambda: requests.move(it.request, "withdraw", by=it.bo, at=OVER))


def test_a_chair_who_asks_too_sees_nothing_of_their_own_request_but_what_applicants_see(
    it: Round, signed_in: Browser
) -> None:
    Request.objects.filter(pk=it.request.pk).update(lead=it.hal)
    operations.people.give(it.hal, Role.REQUESTER, by=None, at=OVER)
    hal, key, call = signed_in(it.hal), it.request.key, it.call.key
    told = "Known."  # a reason of the review
    for path in (f"/requests/{key}/", f"/reviews/{key}/summary/", f"/calls/{call}/reviews/",
                 f"/calls/{call}/panel/", f"/calls/{call}/panel/refusals/?below=100", f"/requests/{key}/decide/",
                 f"/calls/{call}/panel/minutes/", f"/calls/{call}/panel/field.csv"):  # fmt: skip
        assert told not in text_of(hal, path), path
    assert hal.get(f"/reviews/{key}/discussion/").status_code == 404
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER))
    row = next(line for line in text_of(hal, f"/calls/{call}/panel/field.csv").splitlines() if key in line)
    assert "70" not in row.split(",")


def test_who_asks_and_reviews_reviews_no_request_of_their_own(it: Round, signed_in: Browser) -> None:
    operations.people.give(it.bo, Role.REVIEWER, by=None, at=OVER)
    assert refused(lambda: scores.assign(it.request, it.bo, by=it.hal, at=OVER)) == ["reviewer"]
    bo = signed_in(it.bo)
    text_of(bo, "/reviews/")
    assert bo.get(f"/reviews/{it.request.key}/").status_code == 404
    assert bo.get(f"/reviews/{it.request.key}/summary/").status_code == 404
    assert bo.get(f"/calls/{it.call.key}/panel/").status_code in (403, 404)


def test_a_reviewer_who_joins_the_team_later_loses_the_review(it: Round, signed_in: Browser) -> None:
    requests.invite(it.request, it.cy, by=it.bo, at=OVER)
    cy, key = signed_in(it.cy), it.request.key
    text_of(cy, f"/requests/{key}/")
    text_of(cy, f"/reviews/{key}/")
    review = Review.objects.get(request=it.request, reviewer=it.cy)
    told = {"points": {"merit": 10, "team": 10}, "reasons": {"merit": "Mine.", "team": "Ours."}}
    assert refused(lambda: scores.write(review, "revise", **told, by=it.cy, at=OVER))


def test_an_appeal_is_made_once_and_judged_once(it: Round, signed_in: Browser) -> None:
    it.rules(appeal_days=30)
    decided(it, REFUSE)
    bo, path = signed_in(it.bo), f"/requests/{it.request.key}/"
    requests.move(it.request, "appeal", reason="The test was done.", by=it.bo, at=OVER)
    assert refused(lambda: requests.move(it.request, "appeal", reason="Again.", by=it.bo, at=OVER))
    decisions.uphold(it.request, reason="It was not.", by=it.eve, at=OVER)
    assert refused(lambda: decisions.uphold(it.request, reason="Again.", by=it.eve, at=OVER))
    assert refused(lambda: requests.move(it.request, "appeal", reason="Again.", by=it.bo, at=OVER))
    assert "It was not." in text_of(bo, path)
    text_of(bo, f"{path}letter/?round=1&kind=appeal")


def test_an_appeal_that_succeeds_cannot_be_followed_by_another(it: Round) -> None:
    it.rules(appeal_days=30)
    decided(it, REFUSE)
    requests.move(it.request, "appeal", reason="The test was done.", by=it.bo, at=OVER)
    requests.move(it.request, "reopen", reason="So it was.", by=it.eve, at=OVER)
    it.request.refresh_from_db()
    assert it.request.round == 2
    decided(it, REFUSE)
    assert refused(lambda: requests.move(it.request, "appeal", reason="Again.", by=it.bo, at=OVER))
