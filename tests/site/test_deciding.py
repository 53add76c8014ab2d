"""Reviews, hearings and decisions in the database: conflicts, scores, levels, what an applicant is told and when."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.site import sharing
from tests.site.sharing import OVER, a_call, a_request

from aliquot.allocator import assigning
from aliquot.decisions import Decision, Outcome, Vote
from aliquot.fault import Refused
from aliquot.hearings import Terms
from aliquot.reviews import Ground
from aliquot.site import queries
from aliquot.site.models import Call, Person, Request, RequestDecision, Review, ReviewerProfile, Role
from aliquot.site.operations import calls, decisions, hearings, requests, scores
from aliquot.site.operations.decisions import Sat

MG = 10**6
POINTS, REASONS = {"merit": 8, "team": 6}, {"merit": "New.", "team": "Known."}
GRANT = Decision("committee", Outcome.GRANT, (50 * MG,), (), "The best of the round.")
THEIRS = ["02jx3x895"]


@dataclass
class Round:
    """A call in review, with one request of Bo's, Cy reviewing, Hal presiding, Ivy on the panel, Eve directing."""

    call: Call
    request: Request
    ada: Person
    bo: Person
    cy: Person
    eve: Person
    hal: Person
    ivy: Person

    @property
    def sat(self) -> Sat:
        there = frozenset({self.hal.key, self.ivy.key})
        return Sat(there, self.hal.key, dict.fromkeys(there, Vote.YES))


@pytest.fixture
def make(
    db: None, ada: Person, bo: Person, cy: Person, eve: Person, a_person: Callable[..., Person]
) -> Callable[..., Round]:
    def begin(**changed: object) -> Round:
        sharing.store()
        hal, ivy = a_person("Hal", Role.CHAIR), a_person("Ivy", Role.REVIEWER)
        for person in (cy, hal, ivy):
            ReviewerProfile.objects.create(
                person=person, institutions=THEIRS, country="GB", zone="Europe/London"
            )
        call = a_call(ada, **changed)
        request, _ = a_request(call, bo)
        calls.sit(call, {hal: True, ivy: True, ada: False}, by=hal)
        calls.move(call, "close", by=ada, at=OVER)
        request = requests.move(request, "admit", by=ada, at=OVER)
        return Round(call, request, ada, bo, cy, eve, hal, ivy)

    return begin


def assigned(it: Round) -> Review:
    return scores.assign(it.request, it.cy, by=it.hal, at=OVER)


def reviewed(it: Round) -> Review:
    review = assigned(it)
    scores.declare(review, conflict="", by=it.cy, at=OVER)
    scores.move(review, "accept", by=it.cy, at=OVER)
    calls.move(it.call, "review", by=it.hal, at=OVER)
    return scores.write(review, "hand in", points=POINTS, reasons=REASONS, by=it.cy, at=OVER)


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as found:
        act()
    return [one.where for one in found.value.faults]


@pytest.mark.parametrize(
    ("changed", "ground"),
    [
        ({"institutions": ["05gq02987"]}, Ground.INSTITUTION),
        ({"orcid": "0000-0002-1825-0097"}, Ground.OWN),
        ({"papers": [[2026, "0000-0002-1825-0097"]]}, Ground.AUTHORS),
        ({"papers": [[2020, "0000-0002-1825-0097"]]}, None),
        ({}, None),
    ],
)
def test_who_has_a_conflict_is_not_assigned(
    make: Callable[..., Round], changed: dict[str, object], ground: Ground | None
) -> None:
    it = make()
    ReviewerProfile.objects.filter(person=it.cy).update(**changed)
    if ground is None:
        assert assigned(it).state == "assigned"
        return
    with pytest.raises(Refused, match=ground.value):
        assigned(it)


def test_an_assignment_is_proposed_to_those_who_know_the_matter_and_have_no_conflict(
    make: Callable[..., Round],
) -> None:
    it = make()
    ReviewerProfile.objects.filter(person=it.ivy).update(expertise=["ion probe"])
    ReviewerProfile.objects.filter(person=it.hal).update(institutions=["05gq02987"])
    problem, rows = queries.scores.problem(it.call, [it.cy, it.ivy, it.hal], each=1, most=3, at=OVER)
    assert (rows, problem.affinity, problem.conflicts, problem.fixed) == (
        (it.request,),
        ((0, 1, 1000),),
        {(0, 2)},
        (),
    )
    assert assigning.assign(problem).assignment == ((0, 1),)
    assert refused(lambda: assigned(it)) == ["request"], "nor does a chair of theirs choose who reviews it"
    ReviewerProfile.objects.filter(person=it.hal).update(institutions=THEIRS)
    assigned(it)
    assert queries.scores.problem(it.call, [it.cy], each=1, most=3, at=OVER)[0].fixed == ((0, 0),)


def test_only_reviewers_are_assigned_only_by_a_chair_and_only_once(make: Callable[..., Round]) -> None:
    it = make()
    assert refused(lambda: scores.assign(it.request, it.ada, by=it.hal, at=OVER)) == ["reviewer"]
    assert refused(lambda: scores.assign(it.request, it.cy, by=it.ada, at=OVER)) == ["person"]
    assigned(it)
    assert refused(lambda: assigned(it)) == ["reviewer"]


def test_a_review_wants_a_declaration_and_a_reason_for_each_score(make: Callable[..., Round]) -> None:
    it = make()
    review = assigned(it)
    assert refused(lambda: scores.move(review, "accept", by=it.cy, at=OVER)) == ["review"]
    assert refused(lambda: scores.declare(review, conflict="", by=it.ivy, at=OVER)) == ["review"]
    scores.declare(review, conflict="", by=it.cy, at=OVER)
    scores.move(review, "accept", by=it.cy, at=OVER)
    assert scores.write(review, "write", points={"merit": 3}, reasons={}, by=it.cy, at=OVER).points == {
        "merit": 3
    }
    for points, reasons in (({"merit": 3}, REASONS), (POINTS, {}), ({"merit": 11, "team": 1}, REASONS)):
        assert refused(
            lambda p=points, r=reasons: scores.write(
                review, "hand in", points=p, reasons=r, by=it.cy, at=OVER
            )
        )
    assert refused(
        lambda: scores.write(review, "hand in", points=POINTS, reasons=REASONS, by=it.ivy, at=OVER)
    ) == ["person"]
    assert list(queries.scores.of_reviewer(it.cy)) == [review]
    done = scores.write(review, "hand in", points=POINTS, reasons=REASONS, by=it.cy, at=OVER)
    assert (done.state, done.steps.last().told["points"]) == ("handed in", POINTS)
    (line,) = queries.scores.summaries(it.call)
    assert (line.request, line.raw, line.count) == (it.request.key, line.normalised, 1)
    assert float(line.raw) == 0.72
    requests.move(it.request, "withdraw", by=it.bo, at=OVER)
    assert list(queries.scores.of_reviewer(it.cy)) == []
    revise = {"points": POINTS, "reasons": REASONS, "by": it.cy, "at": OVER}
    assert refused(lambda: scores.write(review, "revise", **revise)) == ["request"]


def test_a_declared_conflict_ends_the_review_and_the_vote(make: Callable[..., Round]) -> None:
    it = make()
    first = reviewed(it)
    second = scores.assign(it.request, it.ivy, by=it.hal, at=OVER)
    assert list(queries.scores.beside(first)) == list(queries.scores.beside(second)) == []
    assert scores.declare(second, conflict="A feud.", by=it.ivy, at=OVER).state == "recused"
    assert list(queries.scores.of_request(it.request)) == [first]
    assert not queries.requests.assigned(it.ivy).exists()
    assert refused(lambda: decisions.step_aside(it.request, reason="A friend.", by=it.ivy, at=OVER)) == [
        "person"
    ]
    assert refused(lambda: decisions.step_aside(it.request, reason="", by=it.bo, at=OVER)) == [
        "person",
        "reason",
    ]
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)) == ["votes"]
    assert decisions.step_aside(it.request, reason="A friend.", by=it.hal, at=OVER).ground == "declared"


def test_reading_the_field_costs_as_many_queries_however_much_there_is(
    make: Callable[..., Round], django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    it = make()
    review = reviewed(it)
    with django_assert_num_queries(1):
        queries.requests.one(it.request.key, it.hal, whole_field=True)
    with django_assert_num_queries(1):
        queries.scores.summaries(it.call)
    with django_assert_num_queries(3):
        queries.calls.stock(["P-1", "P-2"])
    with django_assert_num_queries(1):
        assert list(queries.scores.of_reviewer(it.cy)) == [review]
    no = Decision("committee", Outcome.REFUSE, (), (), "Too much is used up.", "A test on less.")
    decisions.decide(it.request, no, sat=it.sat, by=it.hal, at=OVER)
    with django_assert_num_queries(4):
        assert queries.decisions.results(it.call).requests == 1


def test_a_reviewer_sees_what_was_assigned_without_names_where_they_are_hidden(
    make: Callable[..., Round],
) -> None:
    it = make()
    assert queries.requests.one(it.request.key, it.cy, whole_field=False) is None
    assigned(it)
    assert queries.requests.one(it.request.key, it.cy, whole_field=False) == it.request
    assert "lead" in queries.requests.as_reviewed(it.request)
    call = it.request.call
    call.policy_text = call.policy_text.replace("applicants_named = true", "applicants_named = false")
    call.save()
    it.request.refresh_from_db()
    hidden = queries.requests.as_reviewed(it.request)
    assert "summary" in hidden
    assert not [name for name in ("05gq02987", "Brown") if name in str(hidden)]


def test_each_level_decides_in_turn_and_only_the_last_is_told(make: Callable[..., Round]) -> None:
    it = make()
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)) == ["call"]
    reviewed(it)
    calls.move(it.call, "deliberate", by=it.hal, at=OVER)
    assert refused(
        lambda: decisions.decide(it.request, replace(GRANT, level="centre"), by=it.eve, at=OVER)
    ) == ["level"]
    decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)
    it.request.refresh_from_db()
    assert it.request.state == "in review"
    assert queries.decisions.shown_to_applicant(it.request) == ()
    assert queries.scores.shown_to_applicant(it.request) == []
    assert refused(lambda: calls.move(it.call, "conclude", by=it.eve, at=OVER)) == ["call"]
    less = Decision("centre", Outcome.REDUCE, (20 * MG,), (), "The store is low.")
    decisions.decide(it.request, less, by=it.eve, at=OVER)
    decisions.decide(it.request, replace(less, level="agency"), by=it.eve, at=OVER)
    it.request.refresh_from_db()
    assert (it.request.state, it.request.settled_at) == ("granted", OVER)
    assert [one.level for one in queries.decisions.shown_to_applicant(it.request)] == [
        "committee",
        "centre",
        "agency",
    ]
    assert queries.scores.shown_to_applicant(it.request) == [("", REASONS)]
    assert calls.move(it.call, "conclude", by=it.eve, at=OVER).state == "concluded"
    found = queries.decisions.results(it.call)
    assert (found.requests, found.asked_ng, found.granted_ng) == (1, 50 * MG, 20 * MG)
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)) == ["request"]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RequestDecision.objects.update(reasons="x")


def test_who_presides_over_their_own_institution_or_without_a_quorum_decides_nothing(
    make: Callable[..., Round],
) -> None:
    it = make()
    reviewed(it)
    alone = Sat(frozenset({it.hal.key}), it.hal.key, {it.hal.key: Vote.YES})
    assert decisions.decide(it.request, GRANT, sat=alone, by=it.hal, at=OVER).pk, "one of two is half"
    assert refused(
        lambda: decisions.decide(it.request, replace(GRANT, level="centre"), by=it.hal, at=OVER)
    ) == ["person"]
    ReviewerProfile.objects.create(person=it.eve, institutions=["05gq02987"])
    assert refused(
        lambda: decisions.decide(it.request, replace(GRANT, level="centre"), by=it.eve, at=OVER)
    ) == ["person"]


def test_a_chair_of_the_applicants_institution_hands_on_the_chair(make: Callable[..., Round]) -> None:
    it = make()
    reviewed(it)
    ReviewerProfile.objects.filter(person=it.hal).update(institutions=["05gq02987"])
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)) == [
        "votes",
        "presides",
    ]
    ivy = Sat(frozenset({it.ivy.key, it.ada.key}), it.ivy.key, {it.ivy.key: Vote.YES})
    with_curator = replace(ivy, votes=ivy.votes | {it.ada.key: Vote.YES})
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=with_curator, by=it.hal, at=OVER)) == [
        "votes"
    ]
    assert refused(lambda: decisions.decide(it.request, GRANT, by=it.hal, at=OVER)) == ["present"]
    assert refused(
        lambda: decisions.decide(it.request, replace(GRANT, reasons=""), sat=ivy, by=it.hal, at=OVER)
    ) == ["reasons"]
    assert decisions.decide(it.request, GRANT, sat=ivy, by=it.hal, at=OVER).sitting["presides"] == it.ivy.key


def test_with_two_stages_who_is_on_the_short_list_is_heard_before_anything_is_granted(
    make: Callable[..., Round],
) -> None:
    it = make(two_stage=True, hearing_minutes=15)
    reviewed(it)
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)) == ["request"]
    requests.move(it.request, "shortlist", by=it.hal, at=OVER)
    calls.move(it.call, "hear", by=it.hal, at=OVER)
    terms = Terms(date(2027, 4, 26), date(2027, 4, 26), 15)
    assert refused(lambda: hearings.plan(it.call, terms, zones={}, by=it.hal, at=OVER)) == ["zone"]
    assert refused(
        lambda: hearings.plan(it.call, terms, zones={it.request.key: "America/New_York"}, by=it.ada, at=OVER)
    ) == ["person"]
    (hearing,) = hearings.plan(it.call, terms, zones={it.request.key: "America/New_York"}, by=it.hal, at=OVER)
    assert hearing.begins.hour >= 12, "eight in the morning in New York"
    assert refused(lambda: calls.move(it.call, "deliberate", by=it.hal, at=OVER)) == ["call"]
    assert refused(lambda: decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)) == ["request"]
    assert refused(lambda: hearings.note(hearing, heard=False, note="", by=it.hal)) == ["note"]
    hearings.note(hearing, heard=True, note="", by=it.hal)
    calls.move(it.call, "deliberate", by=it.hal, at=OVER)
    assert decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER).order == 1


def test_an_appeal_is_as_the_policy_of_the_call_has_it(make: Callable[..., Round]) -> None:
    it = make()
    reviewed(it)
    no = Decision("committee", Outcome.REFUSE, (), (), "Too much is used up.", "A test on less.")
    against = Sat(it.sat.present, it.hal.key, it.sat.votes)
    decisions.decide(it.request, no, sat=against, by=it.hal, at=OVER)
    assert refused(lambda: requests.move(it.request, "appeal", reason="Read again.", by=it.bo, at=OVER)) == [
        "request"
    ]
    Call.objects.filter(pk=it.call.pk).update(
        policy_text=Call.objects.get().policy_text.replace("appeal_days = 0", "appeal_days = 30")
    )
    late = OVER + timedelta(days=31)
    assert refused(lambda: requests.move(it.request, "appeal", reason="Read again.", by=it.bo, at=late)) == [
        "request"
    ]
    assert refused(lambda: requests.move(it.request, "appeal", by=it.bo, at=OVER)) == ["reason"]
    requests.move(it.request, "appeal", reason="Read again.", by=it.bo, at=OVER)
    again = requests.move(it.request, "reopen", reason="A page was missing.", by=it.eve, at=OVER)
    assert (again.state, again.round, again.settled_at) == ("in review", 2, None)
    assert [one.outcome for one in queries.decisions.shown_to_applicant(again)] == [Outcome.REFUSE]
    decisions.decide(it.request, no, sat=against, by=it.hal, at=OVER)
    assert refused(lambda: requests.move(it.request, "appeal", reason="Once more.", by=it.bo, at=OVER)) == [
        "request"
    ]
    assert it.request.decisions.count() == 2
