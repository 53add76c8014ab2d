"""Plans in the database: frozen, computed beside the site, fixed and asked for again, proposed, and adopted against the live ledger."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from tests.site.planning import MG, Planned, a_plan, a_planned_call, decide
from tests.site.sharing import OVER, a_line

from aliquot import allocation_check
from aliquot.decisions import Outcome
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Commitment, Person, Plan, PlanInput, PlanResult, PlanRun, PlanStep, Sample
from aliquot.site.operations import commitments, plans, promises
from aliquot.site.operations.plans import Wish
from aliquot.site.queries.plans import Whole


@pytest.fixture
def it(a_person: Callable[..., Person]) -> Planned:
    """Bo, Fay and Gil want 150, 100 and 100 mg of the 200 that are offered of P-1; Bo would take P-2 as well."""
    return a_planned_call(a_person, {
        "Bo": (9, {"least": "50 mg", "wanted": "150 mg", "alternatives": []}),
        "Fay": (8, {"least": "50 mg", "wanted": "100 mg", "alternatives": ["P-2"]}),
        "Gil": (3, {"least": "60 mg", "wanted": "100 mg", "alternatives": []}),
    })  # fmt: skip


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as found:
        act()
    return [one.where for one in found.value.faults]


def got(it: Planned, plan: Plan) -> dict[str, int]:
    names = {request.key: name for name, request in it.requests.items()}
    return {names[key]: ng // MG for (key, _), ng in Whole(plan).by_line.items()}


def number(it: Planned, plan: Plan, name: str) -> int:
    return next(r for r, ask in enumerate(Whole(plan).asks) if ask.request == it.requests[name].key)


def test_a_plan_gives_the_scarce_to_the_best_and_the_substitute_to_whoever_takes_it(it: Planned) -> None:
    plan = a_plan(it)
    assert plan.result.status == "optimal"
    whole = Whole(plan)
    assert allocation_check.check(whole.instance, whole.grants).violations == ()
    assert got(it, plan) == {"Bo": 100, "Fay": 100, "Gil": 100}
    assert whole.shares[it.requests["Fay"].key, 0] == (("P-2", 100 * MG),)
    assert plan.input.sha256 == hashlib.sha256(plan.input.text.encode()).hexdigest()
    assert not {"Bo", "Fay", "Brown"} & set(plan.input.text.replace('"', " ").split())


def test_what_has_not_changed_is_the_same_plan_and_what_has_is_another(it: Planned) -> None:
    plan = a_plan(it)
    assert a_plan(it) == plan
    commitments.promise("P-1", mass_ng=900 * MG, basis="other:1", by="person:17", at=OVER)
    later = a_plan(it)
    assert (later.order, later.input_id != plan.input_id) == (2, True)
    assert sum(ng for ng in Whole(later).by_line.values()) <= 200 * MG
    assert got(it, plan) == {"Bo": 100, "Fay": 100, "Gil": 100}


def test_the_panel_fixes_trims_and_refuses_and_takes_it_back(it: Planned) -> None:
    plan = a_plan(it)
    bo, gil = number(it, plan, "Bo"), number(it, plan, "Gil")
    other = plans.again(plan, [Wish(bo, "exact", 0, 2), Wish(gil, "refuse")], seconds=60, by=it.eve, at=OVER)
    plans.compute(other, at=OVER, waited=20)
    assert got(it, other) == {"Bo": 150, "Fay": 100}
    trimmed = plans.again(other, [Wish(bo, "most", most="75 mg")], seconds=60, by=it.hal, at=OVER)
    plans.compute(trimmed, at=OVER, waited=20)
    assert got(it, trimmed)["Bo"] == 75
    assert trimmed.input.told["origin"] == plan.input.sha256
    assert plans.again(trimmed, [], seconds=60, by=it.hal, at=OVER) == plan


def test_decisions_that_exclude_each_other_are_told_with_what_excludes_them(it: Planned) -> None:
    plan = a_plan(it)
    wishes = [Wish(number(it, plan, "Bo"), "exact", 0, 2), Wish(number(it, plan, "Gil"), "grant")]
    other = plans.again(plan, wishes, seconds=60, by=it.hal, at=OVER)
    plans.compute(other, at=OVER, waited=20)
    assert other.result.status == "infeasible"
    assert {party.get("pin", party.get("rule")) for party in other.result.told["conflict"]} >= {
        "exact",
        "grant",
    }
    assert refused(lambda: plans.propose(other, by=it.hal, at=OVER)) == ["plan"]


def test_what_is_no_decision_on_a_line_is_refused(it: Planned) -> None:
    plan = plans.begin(it.call, by=it.hal, at=OVER)
    for wish in (Wish(9, "grant"), Wish(-1, "grant"), Wish(0, "perhaps"), Wish(0, "exact", 5, 0), Wish(0, "exact", 0, 9),
                 Wish(0, "most", most="much"), Wish(0, "most", most="1 mg"), Wish(0, "most", most="1\0 mg")):  # fmt: skip
        asked = [wish]
        assert refused(lambda asked=asked: plans.again(plan, asked, seconds=60, by=it.hal, at=OVER)) == [
            f"pin-{wish.number}"
        ]


def test_plans_are_made_by_chair_and_director_who_ask_for_nothing_here_while_the_panel_sits(
    it: Planned,
) -> None:
    for person in (it.ada, it.cy, it.people["Bo"]):
        assert refused(lambda person=person: plans.begin(it.call, by=person, at=OVER)) == ["person"]
    assert refused(lambda: plans.begin(it.call, seconds=7, by=it.hal, at=OVER)) == ["seconds"]
    assert refused(lambda: plans.begin(it.call, together=[{"nobody"}], by=it.hal, at=OVER)) == ["together"]
    it.call.state = "concluded"
    it.call.save()
    assert refused(lambda: plans.begin(it.call, by=it.hal, at=OVER)) == ["call"]


def test_a_plan_cut_off_by_a_power_failure_is_computed_again_and_one_at_work_is_not_started_twice(
    it: Planned,
) -> None:
    plan = plans.begin(it.call, by=it.hal, at=OVER)
    assert queries.plans.state(plan, at=OVER) == "interrupted"
    PlanRun.objects.create(plan=plan, at=OVER)
    plans.compute(plan, at=OVER, waited=20)
    assert (queries.plans.state(plan, at=OVER), plan.runs.count()) == ("computing", 1)
    later = OVER + queries.plans.BEYOND * 3
    assert queries.plans.state(plan, at=later) == "interrupted"
    plans.compute(plan, at=later, waited=20)
    assert queries.plans.state(Plan.objects.get(pk=plan.pk), at=later) == "computed"
    plans.compute(Plan.objects.get(pk=plan.pk), at=later, waited=20)
    assert plan.runs.count() == 2


def test_what_was_planned_cannot_be_rewritten(it: Planned) -> None:
    plans.propose(a_plan(it), by=it.hal, at=OVER)
    for table in (PlanInput, Plan, PlanRun, PlanResult, PlanStep):
        row = table.objects.first()
        for act in (row.delete, row.save):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_a_proposed_plan_is_what_decisions_begin_with(it: Planned) -> None:
    plan = a_plan(it)
    assert queries.plans.proposal(it.requests["Bo"]) is None
    plans.propose(plan, by=it.hal, at=OVER)
    plans.propose(plan, by=it.eve, at=OVER)
    assert PlanStep.objects.count() == 1
    proposal = queries.plans.proposal(it.requests["Fay"])
    assert proposal is not None
    assert (proposal.granted_ng, proposal.shares) == ((100 * MG,), ((1, "P-2", 100 * MG),))


def test_adopting_promises_what_was_decided_from_where_the_plan_has_it_and_once(it: Planned) -> None:
    plan = a_plan(it)
    assert len(refused(lambda: plans.adopt(plan, by=it.hal, at=OVER))) == 3
    decide(it, "Bo", 100 * MG)
    decide(it, "Fay", 100 * MG, outcome=Outcome.GRANT)
    decide(it, "Gil", 100 * MG, outcome=Outcome.GRANT)
    step = plans.adopt(plan, by=it.hal, at=OVER)
    standing = (
        Commitment.objects.filter(released_at=None)
        .order_by("basis")
        .values_list("basis", "sample__number", "mass_ng")
    )
    expected = {("Bo", "P-1", 100 * MG), ("Fay", "P-2", 100 * MG), ("Gil", "P-1", 100 * MG)}
    assert set(standing) == {
        (f"request:{it.requests[name].key}/1", sample, ng) for name, sample, ng in expected
    }
    assert plans.adopt(plan, by=it.eve, at=OVER) == step
    assert Commitment.objects.filter(released_at=None).count() == 3
    assert {one.state for one in queries.plans.standings(Whole(plan), queries.plans.today(Whole(plan)))} == {
        "promised"
    }


def test_a_plan_adopted_after_another_takes_the_place_of_its_promises(it: Planned) -> None:
    first = a_plan(it)
    fay = number(it, first, "Fay")
    decide(it, "Fay", 100 * MG, outcome=Outcome.GRANT)
    others = {number(it, first, name) for name in ("Bo", "Gil")}
    plans.adopt(first, without=others, by=it.hal, at=OVER)
    assert Commitment.objects.get(released_at=None).sample.number == "P-2"
    wishes = [Wish(fay, "exact", 0, 2), *(Wish(one, "refuse") for one in sorted(others))]
    second = plans.again(first, wishes, seconds=60, by=it.hal, at=OVER)
    plans.compute(second, at=OVER, waited=20)
    plans.adopt(second, by=it.eve, at=OVER)
    standing = Commitment.objects.get(released_at=None)
    assert (standing.sample.number, standing.mass_ng) == ("P-1", 100 * MG)
    assert plans.adopt(first, by=it.hal, at=OVER) == first.steps.get(act="adopt")
    assert Commitment.objects.get(released_at=None).sample.number == "P-1"
    assert queries.plans.published(it.call) == second


def test_what_changed_meanwhile_is_told_line_by_line_and_nothing_is_half_promised(it: Planned) -> None:
    plan = a_plan(it)
    decide(it, "Bo", 50 * MG)
    decide(it, "Fay", 100 * MG, outcome=Outcome.GRANT)
    decide(it, "Gil", outcome=Outcome.REFUSE)
    for name in ("Bo", "Fay"):
        promises.release(it.requests[name], at=OVER)
    commitments.promise("P-2", mass_ng=950 * MG, basis="other:1", by="person:17", at=OVER)
    r = {name: number(it, plan, name) for name in it.requests}
    with pytest.raises(Refused) as found:
        plans.adopt(plan, by=it.hal, at=OVER)
    said = {one.where: str(one) for one in found.value.faults}
    assert "50 mg were granted, and the plan has 100 mg" in said[f"without-{r['Bo']}"]
    assert "50 mg of P-2 are free" in said[f"without-{r['Fay']}"]
    assert "nothing was granted" in said[f"without-{r['Gil']}"]
    assert not Commitment.objects.filter(released_at=None, basis__startswith="request:").exists()
    assert refused(lambda: plans.adopt(plan, without=set(r.values()), by=it.hal, at=OVER)) == ["plan"]
    Commitment.objects.filter(basis="other:1").update(released_at=OVER)
    plans.adopt(plan, without={r["Bo"], r["Gil"]}, by=it.hal, at=OVER)
    assert Commitment.objects.get(released_at=None).sample.number == "P-2"


def test_what_is_to_stay_of_a_class_is_not_promised_by_a_plan_either(it: Planned) -> None:
    it.call.policy_text = it.call.policy_text.replace("reserve_percent = 0", "reserve_percent = 50")
    it.call.save()
    Sample.objects.filter(number="P-2").update(use_class="research")
    plan = a_plan(it)
    decide(it, "Fay", 100 * MG, outcome=Outcome.GRANT)
    promises.release(it.requests["Fay"], at=OVER)
    fay = number(it, plan, "Fay")
    others = {number(it, plan, name) for name in ("Bo", "Gil")}
    commitments.promise("P-2", mass_ng=450 * MG, basis="other:1", by="person:17", at=OVER)
    found = {
        one.number: one for one in queries.plans.standings(Whole(plan), queries.plans.today(Whole(plan)))
    }
    assert (found[fay].state, found[fay].found_ng) == ("short", 50 * MG)
    assert refused(lambda: plans.adopt(plan, without=others, by=it.hal, at=OVER)) == [f"without-{fay}"]


def test_a_later_plan_counts_what_was_granted_before(it: Planned) -> None:
    decide(it, "Bo", 150 * MG, outcome=Outcome.GRANT)
    plan = a_plan(it)
    assert set(got(it, plan)) == {"Fay"}
    supply = Whole(plan).instance.supply
    assert supply.sample_release_ug[Whole(plan).round.samples.index("P-1")] == 50_000


def test_more_of_a_sample_is_worth_what_the_plan_gains_by_it(it: Planned) -> None:
    plan = a_plan(it)
    sample = Whole(plan).round.samples.index("P-1")
    found = plans.what_if(plan, [{"sample": sample, "ug": ug} for ug in (-50_000, 0, 50_000)], seconds=10)
    merits = [one["merit"] for one in found]
    assert merits[1] == plan.result.merit
    assert merits == sorted(merits)
    assert merits[0] < merits[2]


def test_a_line_of_any_kind_comes_from_whatever_sample_has_it(a_person: Callable[..., Person]) -> None:
    line = a_line(sample="", kind="basalt", least="180 mg", wanted="190 mg", alternatives=[])
    it = a_planned_call(a_person, {"Bo": (9, {"lines": [line]})})
    assert got(it, a_plan(it)) == {"Bo": 190}


@pytest.mark.django_db(transaction=True)
def test_adopted_by_two_at_once_a_plan_is_promised_once(a_person: Callable[..., Person]) -> None:
    it = a_planned_call(a_person, {"Bo": (9, {"least": "50 mg", "wanted": "150 mg", "alternatives": []})})
    plan = a_plan(it)
    decide(it, "Bo", 150 * MG, outcome=Outcome.GRANT)
    promises.release(it.requests["Bo"], at=OVER)
    made: list[int] = []

    def adopt(by: Person) -> None:
        try:
            made.append(plans.adopt(plan, by=by, at=OVER).pk)
        finally:
            connection.close()

    both = [threading.Thread(target=adopt, args=(by,)) for by in (it.hal, it.eve)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(set(made)) == 1
    assert len(made) == 2
    assert Commitment.objects.filter(released_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_ask_for_one_plan_and_one_process_computes_it(
    a_person: Callable[..., Person],
) -> None:
    it = a_planned_call(a_person, {"Bo": (9, {"alternatives": []})})

    def ask(by: Person) -> None:
        try:
            plans.compute(plans.begin(it.call, by=by, at=OVER), at=OVER, waited=20)
        finally:
            connection.close()

    both = [threading.Thread(target=ask, args=(by,)) for by in (it.hal, it.eve)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (Plan.objects.count(), PlanRun.objects.count(), PlanResult.objects.count()) == (1, 1, 1)
    slow = plans.begin(it.call, seconds=10, by=it.hal, at=OVER)
    plans.compute(slow, at=OVER, waited=0.01)  # goes on beside the page, and is kept when it is done
    for _ in range(400):
        if PlanResult.objects.filter(plan=slow).exists():
            break
        time.sleep(0.025)
    assert PlanResult.objects.get(plan=slow).status == "optimal"
