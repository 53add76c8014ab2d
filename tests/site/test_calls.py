"""Calls in the database: frozen when published, answered for all, amended with notice, closed when nothing can come any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from tests.site import sharing
from tests.site.sharing import BEFORE, CLOSES, OVER, PUBLISHED, a_call, a_request, told

from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Call, CallStep, Person, Role
from aliquot.site.operations import calls, commitments, requests


@pytest.fixture
def hal(a_person: Callable[..., Person]) -> Person:
    """Hal chairs the panel."""
    return a_person("Hal", Role.CHAIR)


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    sharing.store()


def where(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.where for one in refused.value.faults]


def test_what_is_published_is_frozen_with_its_rules_and_its_hash(ada: Person) -> None:
    call = a_call(ada)
    said = queries.calls.value(call)
    assert (call.state, call.closes, call.sha256) == ("open", CLOSES, said.sha256)
    assert queries.calls.rules(call).key == "cnsa"
    assert queries.calls.one(call.key) == call
    with pytest.raises(Refused) as refused:
        calls.edit(call, told(title="Other"), base=2, by=ada)
    assert where(refused) == ["state"]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CallStep.objects.update(reason="x")


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"offers": [{"sample": "S-1", "mass": "1 mg", "form": "powder"}]}, ["offers[0]"]),
        ({"offers": [{"sample": "P-1", "mass": "1001 mg", "form": "powder"}]}, ["offers[0]"]),
        ({"offers": [{"sample": "P-1", "mass": "lots"}], "closes": "soon"}, ["closes", "offers[0].mass"]),
        ({"policy": "esa"}, ["policy"]),
        ({"criteria": []}, ["criteria"]),
    ],
)
def test_a_call_with_faults_stays_a_draft(ada: Person, changed: dict[str, object], at: list[str]) -> None:
    draft = calls.draft(told(**changed), by=ada, at=PUBLISHED)
    with pytest.raises(Refused) as refused:
        calls.publish(draft, by=ada, at=PUBLISHED)
    assert where(refused) == at
    assert Call.objects.get().state == "draft"
    assert queries.calls.one(draft.key) is None
    assert queries.calls.one(draft.key, with_drafts=True) == draft


def test_what_is_promised_already_is_not_offered(ada: Person) -> None:
    commitments.promise("P-1", mass_ng=900 * 10**6, basis="allocation:1", by=ada.key, at=PUBLISHED)
    with pytest.raises(Refused, match="100 mg are free"):
        a_call(ada)


def test_only_those_whose_part_it_is_draft_publish_and_cancel(ada: Person, bo: Person, eve: Person) -> None:
    with pytest.raises(Refused):
        calls.draft(told(), by=bo, at=PUBLISHED)
    draft = calls.draft(told(), by=ada, at=PUBLISHED)
    with pytest.raises(Refused):
        calls.publish(draft, by=bo, at=PUBLISHED)
    call = calls.publish(draft, by=eve, at=PUBLISHED)
    with pytest.raises(Refused):
        calls.move(call, "cancel", reason="no", by=ada, at=PUBLISHED)
    with pytest.raises(Refused) as refused:
        calls.move(call, "cancel", by=eve, at=PUBLISHED)
    assert where(refused) == ["reason"]
    assert calls.move(call, "cancel", reason="The store burnt.", by=eve, at=PUBLISHED).state == "cancelled"


def test_who_saves_a_draft_second_is_told(ada: Person) -> None:
    draft = calls.draft(told(), by=ada, at=PUBLISHED)
    calls.edit(draft, told(title="A"), base=1, by=ada)
    with pytest.raises(Refused, match="somebody else"):
        calls.edit(draft, told(title="B"), base=1, by=ada)
    assert Call.objects.get().title == "A"


def test_a_question_is_shown_with_its_answer_to_all_at_once(ada: Person, bo: Person) -> None:
    call = a_call(ada)
    question = calls.ask(call, "Is P-1 sieved?", by=bo, at=BEFORE)
    assert not queries.calls.answered(call).exists()
    with pytest.raises(Refused):
        calls.answer(question, "Yes.", by=bo, at=BEFORE)
    calls.answer(question, "Yes.", by=ada, at=BEFORE)
    assert [(one.text, one.answer) for one in queries.calls.answered(call)] == [("Is P-1 sieved?", "Yes.")]
    with pytest.raises(Refused, match="already"):
        calls.answer(question, "No.", by=ada, at=BEFORE)
    for text, at in (("", BEFORE), ("Late?", OVER)):
        with pytest.raises(Refused):
            calls.ask(call, text, by=bo, at=at)


def test_an_amendment_is_told_with_its_reason_and_earlier_states_are_kept(ada: Person) -> None:
    call = a_call(ada)
    before = call.sha256
    after = calls.amend(call, told(closes="2027-04-30 24:00"), reason="Post is slow.", by=ada, at=BEFORE)
    assert after.sha256 != before
    assert [(one.act, one.reason) for one in queries.calls.notices(call)] == [
        ("publish", ""),
        ("amend", "Post is slow."),
    ]
    assert call.steps.first().told["closes"] == CLOSES.isoformat()
    for changed, reason in (
        (told(closes="2027-02-01 00:00"), "x"),
        (told(points_most=5), "x"),
        (told(scope="New"), ""),
    ):
        with pytest.raises(Refused):
            calls.amend(call, changed, reason=reason, by=ada, at=BEFORE)


def test_a_call_is_closed_when_nothing_can_come_any_more(ada: Person, bo: Person, hal: Person) -> None:
    call = a_call(ada)
    with pytest.raises(Refused) as refused:
        calls.move(call, "close", by=ada, at=CLOSES)
    assert where(refused) == ["call"]
    draft = requests.begin(call, by=bo, at=BEFORE)
    calls.move(call, "close", by=ada, at=OVER)
    assert calls.move(call, "review", by=hal, at=OVER).state == "in review"
    draft.refresh_from_db()
    assert draft.state == "lapsed"
    with pytest.raises(Refused):
        calls.move(call, "amend", by=ada, at=OVER)


def test_review_waits_until_every_request_has_its_reviewers(ada: Person, bo: Person, hal: Person) -> None:
    call = a_call(ada)
    request, _ = a_request(call, bo)
    calls.move(call, "close", by=ada, at=OVER)
    with pytest.raises(Refused, match="too few reviewers"):
        calls.move(call, "review", by=hal, at=OVER)
    requests.move(request, "admit", by=ada, at=OVER)
    with pytest.raises(Refused, match="too few reviewers"):
        calls.move(call, "review", by=hal, at=OVER)


def test_a_curator_is_on_a_panel_without_a_vote(ada: Person, cy: Person, hal: Person) -> None:
    call = a_call(ada)
    with pytest.raises(Refused, match="does not vote"):
        calls.sit(call, {ada: True, cy: True}, by=hal)
    calls.sit(call, {ada: False, cy: True}, by=hal)
    assert [(one.person.name, one.votes) for one in queries.calls.panel(call)] == [
        ("Ada", False),
        ("Cy", True),
    ]
    with pytest.raises(Refused):
        calls.sit(call, {}, by=ada)
