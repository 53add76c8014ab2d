"""What was granted is promised at once, whole or not at all, and never twice: with 16 writers too."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from tests.site import collection as c
from tests.site.deciding import A_LINE, GRANT, MG, OVER, Round, a_round, decided, refused

from aliquot.decisions import Outcome
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Commitment, Person, Request, Role, Sample
from aliquot.site.operations import commitments, decisions, people, promises, requests
from aliquot.site.operations.promises import Share


@pytest.fixture
def it(db: None) -> Round:
    return a_round()


def standing(request: Request) -> list[tuple[str, str, int]]:
    return [(row.basis, row.sample.number, row.mass_ng) for row in queries.promises.of_request(request)]


def test_the_last_level_promises_what_it_grants_of_samples_that_are_named(it: Round) -> None:
    decisions.decide(it.request, GRANT, sat=it.sat, by=it.hal, at=OVER)
    assert standing(it.request) == [], "the committee was not the last"
    decided(it, GRANT, levels=("centre", "agency"))
    assert standing(it.request) == [(f"request:{it.request.key}/1", "P-1", 50 * MG)]


def test_a_grant_of_more_than_is_free_is_refused_whole(it: Round) -> None:
    commitments.promise("P-1", mass_ng=960 * MG, basis="loan:1", by="person:1", at=OVER)
    decided(it, GRANT, levels=("committee", "centre"))
    last = replace(GRANT, level="agency")
    assert refused(lambda: decisions.decide(it.request, last, by=it.eve, at=OVER)) == ["granted[0]"]
    it.request.refresh_from_db()
    assert (it.request.state, standing(it.request), it.request.letters.count()) == ("in review", [], 0)
    less = replace(last, outcome=Outcome.REDUCE, granted_ng=(40 * MG,))
    decisions.decide(it.request, less, by=it.eve, at=OVER)
    assert standing(it.request) == [(f"request:{it.request.key}/1", "P-1", 40 * MG)]


def test_what_waits_for_a_plan_is_promised_later_by_the_curator_or_by_the_plan(it: Round) -> None:
    decided(it, GRANT, promise=False)
    assert standing(it.request) == []
    assert refused(lambda: promises.make_all(it.call, by=it.bo, at=OVER)) == ["person"]
    assert promises.make_all(it.call, by=it.ada, at=OVER).served == (it.request,)
    assert promises.make_all(it.call, by=it.ada, at=OVER).served == ()
    ours = promises.make(it.request, [(1, "P-2", 30 * MG), (1, "P-1", 20 * MG)], by=it.hal, at=OVER)
    assert [row.sample.number for row in ours] == ["P-2", "P-1"], (
        "a plan takes the place of the first promise"
    )
    assert standing(it.request) == [
        (f"request:{it.request.key}/1", "P-2", 30 * MG), (f"request:{it.request.key}/1", "P-1", 20 * MG),
    ]  # fmt: skip
    assert promises.make(it.request, [(1, "P-2", 30 * MG), (1, "P-1", 20 * MG)], by=it.hal, at=OVER) == ours


def test_what_no_longer_fits_is_reported_and_the_rest_is_promised(it: Round) -> None:
    other = it.another(lines=[A_LINE | {"sample": "P-2", "alternatives": []}])
    decided(it, GRANT, promise=False)
    decided(it, GRANT, promise=False, request=other)
    commitments.promise("P-1", mass_ng=990 * MG, basis="loan:1", by="person:1", at=OVER)
    made = promises.make_all(it.call, by=it.ada, at=OVER)
    assert made.served == (other,)
    ((late, faults),) = made.lacking
    assert (late, [one.where for one in faults]) == (it.request, ["granted[0]"])


@pytest.mark.parametrize(
    ("shares", "where"),
    [
        ([(0, "P-1", 1)], ["granted[-1]"]),
        ([(2, "P-1", 1)], ["granted[1]"]),
        ([(1, "P-1", 0)], ["granted[0]"]),
        ([(1, "P-1", -1)], ["granted[0]"]),
        ([(1, "P-1", 50 * MG + 1)], ["granted[0]"]),
        ([(1, "P-1", 30 * MG), (1, "P-2", 30 * MG)], ["granted[0]"]),
        ([(1, "S-1", 1)], ["granted[0]"]),
        ([(1, "X\0", 1)], ["granted[0]"]),
        ([(1, "nothing", 1), (3, "P-1", 1)], ["granted[0]", "granted[2]"]),
    ],
)
def test_a_promise_keeps_to_the_line_and_tells_everything_at_once(
    it: Round, shares: list[tuple[int, str, int]], where: list[str]
) -> None:
    decided(it, GRANT, promise=False)
    assert refused(lambda: promises.make(it.request, shares, by=it.ada, at=OVER)) == where
    assert standing(it.request) == []


def test_a_daughter_of_what_was_asked_for_does_for_it(it: Round) -> None:
    c.cut("P-1", "P-1-a", weigh="60 mg")
    c.cut("P-1-a", "P-1-a-1", weigh="50 mg")
    Sample.objects.filter(number="P-1-a-1").update(use_class="research")
    decided(it, GRANT, promise=False)
    (made,) = promises.make(it.request, [Share(1, "P-1-a-1", 50 * MG)], by=it.ada, at=OVER)
    assert made.sample.number == "P-1-a-1"


def test_nothing_is_promised_before_it_is_granted_or_by_others(it: Round) -> None:
    share = [Share(1, "P-1", 1)]
    assert refused(lambda: promises.make(it.request, share, by=it.ada, at=OVER)) == ["request"]
    decided(it, GRANT, promise=False)
    for other in (it.bo, it.cy):
        assert refused(lambda by=other: promises.make(it.request, share, by=by, at=OVER)) == ["person"]


def test_whoever_declines_or_is_decided_on_anew_lets_the_promise_go(it: Round) -> None:
    decided(it, GRANT)
    assert Sample.objects.get(number="P-1").commitments.filter(released_at=None).count() == 1
    requests.move(it.request, "decline", reason="The beam time is gone.", by=it.bo, at=OVER)
    assert standing(it.request) == []
    assert Commitment.objects.get().released_at == OVER, "that it stood is kept"
    it.request.refresh_from_db()
    assert refused(lambda: promises.make(it.request, [(1, "P-1", 1)], by=it.ada, at=OVER)) == ["request"]


def test_an_appeal_keeps_the_promise_until_it_is_decided_anew(it: Round) -> None:
    it.rules(appeal_days=30)
    less = replace(GRANT, outcome=Outcome.REDUCE, granted_ng=(20 * MG,))
    decided(it, less)
    requests.move(it.request, "appeal", reason="It is too little.", by=it.bo, at=OVER)
    assert [ng for *_, ng in standing(it.request)] == [20 * MG]
    requests.move(it.request, "reopen", reason="Looked at again.", by=it.eve, at=OVER)
    assert [ng for *_, ng in standing(it.request)] == [20 * MG]
    decided(it, GRANT)
    assert [ng for *_, ng in standing(it.request)] == [50 * MG]


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_never_promise_a_milligram_twice() -> None:
    it = a_round(requests=16)
    for one in it.requests:
        decided(it, GRANT, promise=False, request=one)
    commitments.promise("P-1", mass_ng=600 * MG, basis="loan:1", by="person:1", at=OVER)  # 400 mg: 8 of 16

    def promise(request: Request) -> bool:
        try:
            promises.make(request, promises.named(request), by=it.ada, at=OVER)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(promise, it.requests))
    assert sum(won) == 8
    assert commitments.committed_ng(Sample.objects.get(number="P-1")) == 1000 * MG
    assert [bool(standing(one)) for one in it.requests] == won


def test_somebody_with_another_role_may_not(it: Round, a_person: Callable[..., Person]) -> None:
    decided(it, GRANT, promise=False)
    zoe = a_person("Zoe")
    assert refused(lambda: promises.make_all(it.call, by=zoe, at=OVER)) == ["person"]
    people.give(zoe, Role.CURATOR, by=None, at=OVER)
    assert promises.make_all(it.call, by=zoe, at=OVER).served == (it.request,)
