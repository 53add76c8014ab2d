"""Decisions: each level in its turn, with reasons, a quorum, and nobody over their own institution."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.access_worlds import CNSA, MG, MUSEUM, a_request, wheres

from aliquot import decisions
from aliquot.decisions import Decision, Group, Member, Outcome, Part, Settled, Sitting, Vote

LINES = a_request().lines
ALL, SOME = (50 * MG,), (20 * MG,)
GRANT = Decision("committee", Outcome.GRANT, ALL, (), "The best of the round.")
OURS, THEIRS = frozenset({"05gq02987"}), frozenset({"02jx3x895"})
MEMBERS = (Member("hal", THEIRS), Member("ida", THEIRS), Member("jo", OURS, recused=True), Member("kim", THEIRS),
           Member("ada", THEIRS, votes=False))  # fmt: skip
SITTING = Sitting(MEMBERS, frozenset({"hal", "ida", "ada"}), "hal", {"hal": Vote.YES, "ida": Vote.YES})


def said(decision: Decision, *earlier: Decision) -> list[str]:
    return wheres(decisions.check(decision, lines=LINES, earlier=earlier, rules=CNSA))


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({}, []),
        ({"reasons": " "}, ["reasons"]),
        ({"level": "agency"}, ["level"]),
        ({"granted_ng": ()}, ["granted"]),
        ({"granted_ng": (0,)}, ["granted"]),
        ({"granted_ng": SOME}, ["granted"]),
        ({"granted_ng": (10 * MG,), "outcome": Outcome.REDUCE}, ["granted[0]"]),
        ({"granted_ng": (51 * MG,)}, ["granted[0]", "granted"]),
        ({"granted_ng": SOME, "outcome": Outcome.REDUCE}, []),
        ({"outcome": Outcome.REDUCE}, ["granted"]),
        ({"outcome": Outcome.CONDITION}, ["conditions"]),
        ({"outcome": Outcome.CONDITION, "conditions": ("A better safe.",)}, []),
        ({"outcome": Outcome.CONDITION, "conditions": (" ",)}, ["conditions[0]"]),
        ({"conditions": ("A better safe.",)}, ["conditions"]),
        ({"outcome": Outcome.REFUSE, "needed": "A second safe."}, ["granted"]),
        ({"outcome": Outcome.REFUSE, "granted_ng": ()}, ["needed"]),
        ({"outcome": Outcome.REFUSE, "granted_ng": (), "needed": "\0"}, ["needed"]),
        ({"outcome": Outcome.REFUSE, "granted_ng": (), "needed": "A second safe."}, []),
        ({"outcome": Outcome.DEFER, "granted_ng": (0,), "needed": "The certificate."}, []),
        ({"granted_ng": SOME, "outcome": Outcome.REDUCE, "needed": "A test on less."}, []),
    ],
)
def test_a_decision_holds_together_or_is_told_why_not(changed: dict[str, object], where: list[str]) -> None:
    assert said(replace(GRANT, **changed)) == where  # type: ignore[arg-type]


def test_levels_speak_in_their_order_and_a_refusal_goes_no_further() -> None:
    centre, agency = replace(GRANT, level="centre"), replace(GRANT, level="agency")
    assert said(centre) == ["level"]
    assert said(centre, GRANT) == []
    assert said(agency, GRANT) == ["level"]
    assert said(agency, GRANT, centre) == []
    assert said(agency, GRANT, centre, agency) == ["level"]
    no = Decision("centre", Outcome.REFUSE, (), (), "The safe is none.", "A safe.")
    assert said(agency, GRANT, no) == ["level"]
    assert decisions.settled((GRANT, no), CNSA) is Outcome.REFUSE
    assert decisions.settled((GRANT, centre), CNSA) is None
    assert decisions.settled((GRANT, centre, agency), CNSA) is Outcome.GRANT
    assert decisions.settled((GRANT,), MUSEUM) is Outcome.GRANT
    assert decisions.settled((), CNSA) is None


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({}, []),
        ({"presides": "ida"}, []),
        ({"presides": "jo", "present": SITTING.present | {"jo"}}, ["presides"]),
        ({"presides": "kim"}, ["presides"]),
        ({"presides": "nobody"}, ["presides"]),
        ({"present": frozenset({"hal"}), "votes": {"hal": Vote.YES}}, ["present"]),
        ({"present": SITTING.present | {"zoe"}}, ["present"]),
        ({"votes": SITTING.votes | {"ada": Vote.YES}}, ["votes"]),
        ({"votes": SITTING.votes | {"kim": Vote.YES}}, ["votes"]),
        ({"votes": SITTING.votes | {"jo": Vote.YES}, "present": SITTING.present | {"jo"}}, ["votes"]),
        ({"votes": {"hal": Vote.YES, "ida": Vote.NO}}, ["votes"]),
        ({"votes": {"hal": Vote.YES, "ida": Vote.ABSTAIN}}, []),
        ({"votes": {}}, ["votes"]),
        ({"present": frozenset()}, ["votes", "votes", "present", "presides"]),
    ],
)
def test_a_committee_decides_with_a_quorum_and_lawful_votes(
    changed: dict[str, object], where: list[str]
) -> None:
    sitting = replace(SITTING, **changed)  # type: ignore[arg-type]
    found = decisions.check_sitting(sitting, institutions=OURS, rules=CNSA)
    assert wheres(found) == where


def test_nobody_presides_or_decides_over_their_own_institution() -> None:
    found = decisions.check_sitting(SITTING, institutions=THEIRS, rules=CNSA)
    assert wheres(found) == ["presides"]
    assert wheres(decisions.check_person(OURS, OURS | THEIRS)) == ["person"]
    assert decisions.check_person(OURS, THEIRS) == ()


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 100))
def test_the_quorum_is_an_exact_share(voting: int, there: int, percent: int) -> None:
    members = tuple(Member(f"m{n}", frozenset()) for n in range(voting))
    present = frozenset(f"m{n}" for n in range(min(there, voting)))
    sitting = Sitting(members, present, "m0", dict.fromkeys(present, Vote.YES))
    found = decisions.check_sitting(sitting, institutions=(), rules=replace(CNSA, quorum_percent=percent))
    assert ("present" in wheres(found)) == (not present or len(present) * 100 < percent * voting)


TOLD = datetime(2027, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "days", "appeals", "appeal_days", "fine"),
    [
        (Outcome.REFUSE, 30, 0, 30, True),
        (Outcome.REDUCE, 1, 0, 30, True),
        (Outcome.REFUSE, 31, 0, 30, False),
        (Outcome.REFUSE, 1, 1, 30, False),
        (Outcome.GRANT, 1, 0, 30, False),
        (Outcome.REFUSE, 0, 0, 0, False),
    ],
)
def test_an_appeal_is_as_the_policy_has_it(
    outcome: Outcome, days: int, appeals: int, appeal_days: int, fine: bool
) -> None:
    found = decisions.check_appeal(outcome, told=TOLD, at=TOLD + timedelta(days=days), appeals=appeals,
                                   rules=replace(CNSA, appeal_days=appeal_days))  # fmt: skip
    assert (found == ()) is fine


def test_the_statistics_of_a_call_add_up() -> None:
    ended = [Settled("FR", Outcome.GRANT, 100, 100), Settled("JP", Outcome.REDUCE, 100, 20),
             Settled("JP", Outcome.REFUSE, 200, 0)]  # fmt: skip
    found = decisions.results(ended)
    assert (found.requests, found.countries_asking, found.countries_granted) == (3, 2, 2)
    assert dict(found.by_outcome) == {
        Outcome.GRANT: 1,
        Outcome.REDUCE: 1,
        Outcome.CONDITION: 0,
        Outcome.REFUSE: 1,
        Outcome.DEFER: 0,
    }
    assert (found.asked_ng, found.granted_ng) == (400, 120)
    assert (found.granted_share, found.mass_share) == (Fraction(2, 3), Fraction(3, 10))
    assert (decisions.results([]).granted_share, decisions.results([]).mass_share) == (None, None)


def test_results_are_grouped_by_what_requests_and_their_lines_have_in_common() -> None:
    both = (
        Part("basalt", "change-5", 60, 60),
        Part("soil", "change-6", 40, 0),
        Part("basalt", "change-5", 10, 0),
    )
    ended = [
        Settled("FR", Outcome.REDUCE, 110, 60, "education", both),
        Settled("JP", Outcome.REFUSE, 200, 0, "", (Part("soil", "", 200, 0),)),
        Settled("FR", Outcome.DEFER, 5, 0, "education", (Part("soil", "change-6", 5, 0),)),
    ]
    assert decisions.groups(ended, lambda one: one.country) == (
        Group("FR", 2, 1, 115, 60),
        Group("JP", 1, 0, 200, 0),
    )
    assert decisions.groups_of_parts(ended, lambda part: part.material) == (
        Group("soil", 3, 0, 245, 0), Group("basalt", 1, 1, 70, 60),
    )  # fmt: skip
    assert decisions.groups_of_parts(ended, lambda part: part.mission)[0] == Group("change-6", 2, 0, 45, 0)


@given(st.lists(st.integers(0, 10**6)))
def test_half_is_at_most_the_median_and_half_at_least(of: list[int]) -> None:
    found = decisions.middle(of)
    assert (found is None) == (not of)
    if found is not None:
        assert found in of
        assert sum(one <= found for one in of) * 2 >= len(of) <= sum(one >= found for one in of) * 2
