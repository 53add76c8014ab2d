"""A chair runs the reviews of a call: proposes, changes, assigns at once, reminds, lists; nobody sees what they should not."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from tests.site.reviewing import (
    POINTS,
    REASONS,
    Round,
    a_field,
    a_round,
    accepted,
    assigned,
    handed_in,
    post,
)
from tests.site.sharing import OVER, a_request

from aliquot.fault import Refused
from aliquot.reviews import Problem
from aliquot.site import matching, queries
from aliquot.site.models import (
    Call,
    Notice,
    Person,
    Request,
    Review,
    ReviewDate,
    ReviewerProfile,
    ReviewReminder,
    Role,
)
from aliquot.site.operations import calls, people, requests, reviewing, scores

Browser = Callable[[Person], Client]


@pytest.fixture
def it(a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person) -> Round:
    return a_round(a_person, ada, bo, cy)


def two_stage(a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person) -> Round:
    return a_round(a_person, ada, bo, cy, two_stage=True, hearing_minutes=15)


# -- assigning -------------------------------------------------------------------------------------------------


def test_a_chair_has_reviewers_proposed_changes_the_proposal_and_writes_it_once(
    it: Round, signed_in: Browser
) -> None:
    ReviewerProfile.objects.filter(person=it.ivy).update(expertise=["ion probe"])
    ReviewerProfile.objects.filter(person=it.hal).update(expertise=["volcanism"])
    browser, place = signed_in(it.hal), f"/calls/{it.call.key}/reviewers/"
    answer = browser.get(place, {"propose": "1", "each": "2", "most": "3"})
    assert answer.status_code == 200
    assert answer.context["report"]["worst"] == it.request
    assert not Review.objects.exists(), "a proposal writes nothing"
    assert '<span class="chosen-words">ion probe</span>' in answer.text
    chinese = browser.get(f"/zh-hans{place}", {"propose": "1", "each": "2", "most": "3"})
    assert '<span class="chosen-words">离子探针</span>' in chinese.text
    again = browser.get(place, {"propose": "1", "each": "2", "most": "3"})
    assert again.context["proposal"] == answer.context["proposal"], "the same answer every time"
    pairs = answer.context["proposal"].splitlines()
    assert f"{it.request.key} {it.ivy.key}" in pairs
    (other,) = [pair for pair in pairs if it.ivy.key not in pair]
    form = {"proposal": "\r\n".join(pairs), "drop": other, f"add-{it.request.key}": f"Cy ({it.cy.key})"}
    if it.cy.key in other:
        form[f"add-{it.request.key}"] = f"Hal ({it.hal.key})"
    assert post(browser, place, form).status_code == 302
    assert post(browser, place, form).status_code == 302, "sent twice, it is written once"
    assert {one.reviewer.name for one in Review.objects.all()} >= {"Ivy"}
    assert Review.objects.count() == 2
    assert "2 reviews are assigned." in browser.get(place).text


def test_a_conflict_is_named_with_its_ground_and_cannot_be_overridden(it: Round, signed_in: Browser) -> None:
    ReviewerProfile.objects.filter(person=it.cy).update(institutions=["05gq02987"])
    browser, place = signed_in(it.hal), f"/calls/{it.call.key}/reviewers/"
    page = browser.get(place).text
    assert "Cy: same institution" in page
    answer = post(browser, place, {f"add-{it.request.key}": it.cy.key})
    assert answer.status_code == 422
    assert "Cy has a conflict with “How old is it?”: same institution" in answer.text
    assert it.cy.key in answer.text
    assert not Review.objects.exists()


def test_why_there_is_no_assignment_is_said_with_names(it: Round, signed_in: Browser) -> None:
    browser, place = signed_in(it.hal), f"/calls/{it.call.key}/reviewers/"
    ReviewerProfile.objects.filter(person__in=[it.cy, it.ivy]).update(institutions=["05gq02987"])
    page = browser.get(place, {"propose": "1", "each": "2"}).text
    assert "request “How old is it?” has conflicts with 2 of 3 reviewers; 1 are left, 2 are needed" in page
    chinese = browser.get(f"/zh-hans{place}", {"propose": "1", "each": "2"}).text
    assert "How old is it?" in chinese
    assert "has conflicts with" not in chinese


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"proposal": "nonsense"},
        {"proposal": "a b\nc d"},
        {"proposal": "a\0b person:1"},
        {"proposal": "{request} person:99999999999999999999"},
        {"proposal": "{request} {cy}\n{request} {cy}"},
        {"add-{request}": "nobody"},
        {"add-0000": "{cy}"},
    ],
)
def test_what_is_no_assignment_is_refused_whole(it: Round, signed_in: Browser, form: dict[str, str]) -> None:
    told = {
        name.format(request=it.request.key): value.format(request=it.request.key, cy=it.cy.key)
        for name, value in form.items()
    }
    answer = post(signed_in(it.hal), f"/calls/{it.call.key}/reviewers/", told)
    assert answer.status_code == 422
    assert not Review.objects.exists()


def test_a_chair_with_a_conflict_neither_assigns_nor_sees(it: Round, signed_in: Browser) -> None:
    review = handed_in(it)
    ReviewerProfile.objects.filter(person=it.hal).update(institutions=["05gq02987"])
    browser = signed_in(it.hal)
    page = browser.get(f"/calls/{it.call.key}/reviewers/?propose=1").text
    assert "another chair assigns its reviewers" in page
    assert it.request.title not in page
    field = browser.get(f"/calls/{it.call.key}/reviews/").text
    assert "its reviews are kept from you" in field
    assert not re.search(r"\b72\b", field.split("<tbody>")[1].split("</tbody>")[0])
    summary = browser.get(f"/reviews/{it.request.key}/summary/").text
    assert REASONS["merit"] not in summary
    assert "Cy" not in summary
    assert browser.get(f"/reviews/{it.request.key}/discussion/").status_code == 404
    for form in ({"act": "add", "who": it.ivy.key}, {"act": f"release {review.pk}", "reason": "Late."}):
        answer = post(browser, f"/reviews/{it.request.key}/summary/", form, key=form["act"][:3])
        assert answer.status_code == 422
        assert "you have a conflict with" in answer.text


def test_a_reviewer_is_released_with_a_reason_and_another_added(it: Round, signed_in: Browser) -> None:
    review = accepted(it)
    browser, place = signed_in(it.hal), f"/reviews/{it.request.key}/summary/"
    answer = post(browser, place, {"act": f"release {review.pk}", "reason": " "})
    assert answer.status_code == 422
    assert f'id="box-release-{review.pk}-reason-faults"' in answer.text
    assert (
        post(browser, place, {"act": f"release {review.pk}", "reason": "Ill."}, key="k2").status_code == 302
    )
    assert post(browser, place, {"act": "add"}, key="k3").status_code == 422
    assert post(browser, place, {"act": "add", "who": [it.ivy.key]}, key="k4").status_code == 302
    assert [one.state for one in Review.objects.order_by("pk")] == ["released", "assigned"]
    page = browser.get(place).text
    assert "Ill." in page
    assert post(browser, place, {"act": "add", "who": it.cy.key}, key="k5").status_code == 422, "once only"


@pytest.mark.django_db(transaction=True)
def test_two_chairs_who_assign_at_once_assign_once(
    a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person
) -> None:
    it = a_round(a_person, ada, bo, cy)
    second = a_person("Jo", Role.CHAIR)
    start, ended = threading.Barrier(2), []

    def assign(chair: Person) -> None:
        start.wait()
        try:
            scores.assign_all(it.call, [(it.request, it.cy), (it.request, it.ivy)], by=chair, at=OVER)
            ended.append("assigned")
        except Refused as refused:
            ended.append(refused.faults[0].what)
        finally:
            connection.close()

    threads = [threading.Thread(target=assign, args=[chair]) for chair in (it.hal, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["assigned", "{name} was assigned to “{title}” already"]
    assert Review.objects.count() == 2


def test_a_proposal_that_takes_too_long_or_has_no_solver_says_so(
    it: Round, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, place = signed_in(it.hal), f"/calls/{it.call.key}/reviewers/?propose=1&each=1"
    near = tuple((r, v, (r * 7 + v * 5) % 9 * 100) for r in range(20) for v in range(8))
    problem = Problem(20, 8, 3, (0,) * 8, (9,) * 8, near, frozenset(), ())
    assert matching.propose(problem, seconds=0).end is matching.End.TOO_LONG
    monkeypatch.setattr(matching, "find_spec", lambda name: None)
    assert "No solver is installed here" in browser.get(place).text


# -- how it runs -----------------------------------------------------------------------------------------------


def test_who_is_late_is_named_and_reminded(it: Round, signed_in: Browser) -> None:
    assigned(it)
    handed_in(it, it.ivy)
    calls.move(it.call, "review", by=it.hal, at=OVER)
    browser, place = signed_in(it.hal), f"/calls/{it.call.key}/reviews/"
    for due in ("", "soon", "2020-01-01 12:00", "2027-04-20\0"):
        answer = post(browser, place, {"act": "due", "due": due}, key=f"due{due}"[:12].replace("\0", ""))
        assert answer.status_code == 422
        assert 'id="box-due-due-faults"' in answer.text
    assert post(browser, place, {"act": "due", "due": "2027-04-20 24:00"}, key="k2").status_code == 302
    ReviewDate.objects.create(call=it.call, due_at=timezone.now() - timedelta(days=1), by=it.hal, at=OVER)
    (late,) = queries.reviewing.late(timezone.now())
    assert (late.reviewer, len(late.reviews), late.reminded_at) == (it.cy, 1, None)
    page = browser.get(place).text
    assert f'name="who" value="{it.cy.key}" checked' in page
    assert f'name="who" value="{it.ivy.key}"' not in page, "nothing of hers is missing"
    assert post(browser, place, {"act": "remind"}, key="k3").status_code == 422
    assert (
        post(browser, place, {"act": "remind", "who": [it.cy.key, "person:x"]}, key="k4").status_code == 302
    )
    assert ReviewReminder.objects.get().review.reviewer == it.cy
    assert Notice.objects.filter(person=it.cy, kind="review-reminded").exists()
    assert queries.reviewing.late(timezone.now())[0].reminded_at is not None
    assert "One reminder was sent." in browser.get(place).text


def test_dates_reminders_and_messages_are_never_rewritten(it: Round) -> None:
    reviewing.set_date(it.call, "2027-04-20 24:00", by=it.hal, at=OVER)
    assert queries.reviewing.due_at(it.call).isoformat() == "2027-04-20T16:00:00+00:00"
    for act in (ReviewDate.objects.all().delete, lambda: ReviewDate.objects.update(at=OVER)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_the_field_shows_raw_and_normalised_scores_and_where_reviewers_disagree(
    it: Round, signed_in: Browser
) -> None:
    second, _ = a_request(*_as_if_open(it))
    Call.objects.filter(pk=it.call.pk).update(state="closed")
    it.call.refresh_from_db()
    second = requests.move(second, "admit", by=it.ada, at=OVER)
    for row, mark in ((it.request, {"merit": 10, "team": 10}), (second, {"merit": 0, "team": 0})):
        it.request = row
        handed_in(it, it.cy, mark)
        handed_in(it, it.ivy, POINTS)
    browser = signed_in(it.hal)
    page = browser.get(f"/calls/{it.call.key}/reviews/").text
    assert "100" in page
    assert "reviewers disagree" in page
    summary = browser.get(f"/reviews/{second.key}/summary/").text
    for shown in ("0.0", "72.0", "reviewers disagree", REASONS["merit"]):
        assert shown in summary
    field = queries.scores.field_of(it.call)
    assert [line.request.title for line in field.lines][-1] == second.title
    assert field.lines[0].summary.raw == queries.scores.summaries(it.call)[0].raw


def _as_if_open(it: Round) -> tuple[Call, Person]:
    """Let Kim ask, as if the call had not been closed yet."""
    Call.objects.filter(pk=it.call.pk).update(state="open")
    it.call.refresh_from_db()
    kim = people.invite(email="kim@example.org", name="Kim", roles=[Role.REQUESTER], by=None, at=OVER)
    return it.call, kim


def test_what_one_still_reviews_is_kept_back_until_it_is_in(it: Round, signed_in: Browser) -> None:
    handed_in(it)
    assigned(it, it.hal)
    browser = signed_in(it.hal)
    assert "is shown once yours is in" in browser.get(f"/calls/{it.call.key}/reviews/").text
    page = browser.get(f"/reviews/{it.request.key}/summary/").text
    assert REASONS["merit"] not in page


def test_the_short_list_is_made_all_at_once_and_closes_the_letter_reviews(
    a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person, signed_in: Browser
) -> None:
    it = two_stage(a_person, ada, bo, cy)
    review = accepted(it)
    calls.move(it.call, "review", by=it.hal, at=OVER)
    browser, place = signed_in(it.hal), f"/calls/{it.call.key}/reviews/"
    chosen = {"act": "shortlist", "chosen": it.request.key}
    answer = post(browser, place, chosen)
    assert answer.status_code == 422
    assert "there are reviews that are not in" in answer.text
    assert post(browser, place, {"act": "move", "move": "hear"}, key="k2").status_code == 422
    scores.write(review, "hand in", points=POINTS, reasons=REASONS, by=it.cy, at=OVER)
    assert f'name="chosen" value="{it.request.key}"' in browser.get(place).text
    assert post(browser, place, {"act": "shortlist"}, key="k3").status_code == 422
    assert post(browser, place, chosen, key="k4").status_code == 302
    assert Request.objects.get().state == "on the short list"
    answer = post(browser, place, {"act": "move", "move": "hear"}, key="k5")
    assert (answer.status_code, answer["Location"]) == (302, f"/calls/{it.call.key}/hearings/")
    assert Call.objects.get().state == "in hearings"
    for move in ("conclude", "cancel", "edit", ""):
        assert post(browser, place, {"act": "move", "move": move}, key=f"m{move}").status_code == 422


def test_a_large_field_costs_no_more_queries_than_a_small_one(
    ada: Person,
    hal_of: Callable[[], Person],
    signed_in: Browser,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    hal = hal_of()
    call = a_field(ada, hal, requests=500, reviewers=40, each=4)
    with django_assert_num_queries(2):
        field = queries.scores.field_of(call)
    assert (len(field.lines), len(field.reviewers)) == (500, 40)
    assert sum(len(line.scores) for line in field.lines) == 2_000
    people = list(queries.reviewing.possible_reviewers())
    with django_assert_num_queries(7):
        queries.scores.proposing(call, people, each=4, most=60, at=timezone.now())
    with django_assert_num_queries(5):
        queries.reviewing.hidden(call, [line.request for line in field.lines], hal, at=timezone.now())
    browser = signed_in(hal)
    browser.get("/account/")
    for place, count in (
        (f"/calls/{call.key}/reviews/", 16),
        (f"/calls/{call.key}/reviewers/", 20),
        ("/reviews/", 8),
    ):
        with django_assert_num_queries(count):
            began = timezone.now()
            answer = browser.get(place)
        assert answer.status_code == 200
        assert timezone.now() - began < timedelta(seconds=5), "far above what it takes, for busy machines"
    assert "Page 1; 500 requests in all" in browser.get(f"/calls/{call.key}/reviews/").text
    assert browser.get(f"/calls/{call.key}/reviews/?page=99").context["page"].number == 10


@pytest.fixture
def hal_of(a_person: Callable[..., Person]) -> Callable[[], Person]:
    return lambda: a_person("Hal", Role.CHAIR)


def test_only_a_chair_sets_dates_reminds_and_lists(it: Round) -> None:
    for act in (
        lambda: reviewing.set_date(it.call, "2027-04-20 24:00", by=it.ada, at=OVER),
        lambda: reviewing.remind(it.call, [it.cy], by=it.ivy, at=OVER),
        lambda: reviewing.shortlist(it.call, [], by=it.ada, at=OVER),
    ):
        with pytest.raises(Refused) as found:
            act()
        assert found.value.faults[0].where == "person"
