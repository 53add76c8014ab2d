"""The discussion of a request: who takes part and as what, under which names, until when; only ever added to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.site.reviewing import Round, a_round, accepted, assigned, handed_in, post
from tests.site.sharing import OVER

from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import (
    Call,
    DiscussionMessage,
    DiscussionText,
    Person,
    Request,
    ReviewerProfile,
    Role,
)
from aliquot.site.operations import calls, discussions, scores

Browser = Callable[[Person], Client]


@pytest.fixture
def it(a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person) -> Round:
    return a_round(a_person, ada, bo, cy)


def place(it: Round) -> str:
    return f"/reviews/{it.request.key}/discussion/"


def part(it: Round, person: Person) -> str:
    return queries.discussions.part(it.request, person, queries.people.roles_of(person), at=OVER)


def test_who_takes_part_takes_part_as_what_they_are(
    it: Round, di: Person, a_person: Callable[..., Person]
) -> None:
    handed_in(it)
    assert [part(it, one) for one in (it.cy, it.hal, it.ivy, it.ada, it.bo, di)] == [
        "reviewer", "chair", "panel", "curator", "", "",
    ]  # fmt: skip
    assigned(it, it.ivy)
    assert part(it, it.ivy) == "", "whoever reviews hands in first, on the panel or not"
    ReviewerProfile.objects.filter(person=it.hal).update(institutions=["05gq02987"])
    assert part(it, it.hal) == "", "whoever has a conflict is not there"
    calls.sit(it.call, {it.ivy: True, a_person("Zoe", Role.DIRECTOR): True}, by=it.hal)


def test_reviewers_curators_and_chair_talk_and_curators_inform(it: Round, signed_in: Browser) -> None:
    handed_in(it)
    handed_in(it, it.ivy)
    for person, text, key in (
        (it.cy, "The method eats\nhalf of it.", "a"),
        (it.ada, "P-1 has a twin in the store.", "b"),
        (it.hal, "Then it is no matter.", "c"),
        (it.ivy, "Agreed. <b>Really</b>.", "d"),
    ):
        answer = post(signed_in(person), place(it), {"text": text}, key=key)
        assert answer.status_code == 302, answer.text[-2000:]
    seen = signed_in(it.cy).get(place(it)).text
    assert "informs, does not vote" in seen
    assert "Ada" in seen
    assert "Hal" in seen, "the chair is known to everybody"
    assert "Reviewer 2" in seen
    assert "Ivy" not in seen, "reviewers are not named under this policy"
    assert "&lt;b&gt;" in seen
    assert "Ivy" in signed_in(it.hal).get(place(it)).text, "but to the chair"
    text = it.call.policy_text.replace("reviewers_named = false", "reviewers_named = true")
    Call.objects.filter(pk=it.call.pk).update(policy_text=text)
    assert "Ivy" in signed_in(it.cy).get(place(it)).text
    assert "4 messages" in signed_in(it.hal).get(f"/reviews/{it.request.key}/summary/").text
    assert it.request.title in signed_in(it.ada).get("/reviews/").text


def test_a_message_is_said_once_and_faults_stand_beside_it(it: Round, signed_in: Browser) -> None:
    handed_in(it)
    browser = signed_in(it.cy)
    for text in ("", "  ", "a\0b", "x" * 8_001):
        answer = post(browser, place(it), {"text": text}, key=f"k{len(text)}")
        assert answer.status_code == 422
        assert 'id="box-text-faults"' in answer.text
    for _again in range(2):
        answer = post(browser, place(it), {"text": "Once."}, key="once")
        assert answer["Location"].endswith("#message-1")
    assert DiscussionMessage.objects.count() == 1


def test_a_discussion_is_closed_once_the_panel_has_decided_or_it_is_withdrawn(
    it: Round, signed_in: Browser
) -> None:
    handed_in(it)
    discussions.say(it.request, "Before.", by=it.cy, at=OVER)
    Request.objects.filter(pk=it.request.pk).update(state="withdrawn")
    browser = signed_in(it.cy)
    page = browser.get(place(it)).text
    assert "Before." in page
    assert 'name="text"' not in page
    assert post(browser, place(it), {"text": "After."}).status_code == 422


def test_who_takes_no_part_says_nothing(it: Round, di: Person) -> None:
    review = accepted(it)
    for person in (it.cy, it.bo, di):
        with pytest.raises(Refused) as refused:
            discussions.say(it.request, "Hello.", by=person, at=OVER)
        assert [one.where for one in refused.value.faults] == ["person"]
    scores.move(review, "release", reason="Late.", by=it.hal, at=OVER)
    assert part(it, it.cy) == ""


def test_what_was_said_stays_and_can_be_forgotten(it: Round, signed_in: Browser) -> None:
    handed_in(it)
    made = discussions.say(it.request, "I know somebody.", by=it.cy, at=OVER)
    for act in (DiscussionMessage.objects.all().delete, lambda: DiscussionMessage.objects.update(sha256="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert made.sha256 not in ("", "I know somebody.")
    assert discussions.forget(it.cy) == 1
    assert DiscussionText.objects.get().text == ""
    page = signed_in(it.hal).get(place(it)).text
    assert "I know somebody." not in page
    assert "forgotten at the request" in page
