"""The pages of plans: made, fixed, compared, asked what if, proposed, adopted, published; by everybody who may and nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.site.planning import MG, Planned, a_plan, a_planned_call, decide
from tests.site.sharing import OVER

from aliquot import allocation_check, allocation_read
from aliquot.decisions import Outcome
from aliquot.site.models import Commitment, Person, Plan, PlanRun, PlanStep, Review, Role
from aliquot.site.operations import commitments, plans
from aliquot.site.queries.plans import Whole

Browser = Callable[[Person], Client]


@pytest.fixture
def it(a_person: Callable[..., Person]) -> Planned:
    return a_planned_call(a_person, {
        "Bo": (9, {"least": "50 mg", "wanted": "150 mg", "alternatives": []}),
        "Fay": (8, {"least": "50 mg", "wanted": "100 mg", "alternatives": ["P-2"]}),
        "Gil": (3, {"least": "60 mg", "wanted": "100 mg", "alternatives": []}),
    })  # fmt: skip


def post(client: Client, address: str, **told: object) -> HttpResponse:
    """Send a form of a page as a browser does: with its token and its key."""
    page = client.get(address).content.decode()
    csrf, key = (
        re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("csrfmiddlewaretoken", "acting_key")
    )
    assert csrf
    assert key
    return client.post(address, {"csrfmiddlewaretoken": csrf[1], "acting_key": key[1], **told})


def address(it: Planned, *plan: Plan, name: str = "") -> str:
    route = name or ("plan" if plan else "plans")
    return reverse(route, args=[it.call.key, *(one.key for one in plan)])


def test_a_plan_is_made_on_its_page_and_leads_to_its_lines_with_reasons(
    it: Planned, signed_in: Browser
) -> None:
    chair = signed_in(it.hal)
    made = post(chair, address(it), seconds="60")
    assert made.status_code == 302
    page = chair.get(made.url).content.decode()
    for said in (
        "What Bo asks",
        "Gets 100 mg of P-1.",
        "Gets 100 mg of P-2.",
        "proven: no plan is better",
        "The table behind this picture",
    ):
        assert said in page
    assert "Beside everything else" not in page
    assert "Second call" in chair.get(address(it)).content.decode()
    assert post(chair, address(it), seconds="60").url == made.url


def test_what_a_refused_line_is_told_in_both_languages(it: Planned, signed_in: Browser) -> None:
    plan = a_plan(it)
    numbers = {ask.request: r for r, ask in enumerate(Whole(plan).asks)}
    chair = signed_in(it.hal)
    told = {"act": "again", "seconds": "60", f"pin-{numbers[it.requests['Bo'].key]}": "exact:0:2"}
    made = post(chair, address(it, plan), **told)
    page = chair.get(made.url).content.decode()
    assert "60 mg of P-1: beside what others get, at most 50 mg of P-1 may still be taken." in page
    assert "Beside everything else there would still be room for 50 mg of P-1." in page
    assert "Better-ranked lines that stand in the way: “What Bo asks”" in page
    chinese = chair.get(f"/zh-hans{made.url}").content.decode()
    assert "may still be taken" not in chinese


def test_a_refused_form_keeps_what_was_typed_and_leads_to_its_line(it: Planned, signed_in: Browser) -> None:
    plan = a_plan(it)
    refused = post(
        signed_in(it.hal), address(it, plan), act="again", seconds="60", **{"pin-0": "most", "most-0": "1 mg"}
    )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#pin-0"' in page
    assert 'value="1 mg"' in page
    assert '<option value="most" selected>' in page


def test_decisions_that_exclude_each_other_are_shown_in_words(it: Planned, signed_in: Browser) -> None:
    plan = a_plan(it)
    numbers = {ask.request: r for r, ask in enumerate(Whole(plan).asks)}
    told = {
        f"pin-{numbers[it.requests['Bo'].key]}": "exact:0:2",
        f"pin-{numbers[it.requests['Gil'].key]}": "grant",
    }
    chair = signed_in(it.hal)
    page = chair.get(post(chair, address(it, plan), act="again", seconds="60", **told).url).content.decode()
    assert "These cannot hold together" in page
    assert "“What Bo asks” is to get 150 mg of P-1." in page
    assert "“What Gil asks” is to be granted." in page


def test_two_plans_side_by_side_say_who_gains_and_who_loses(it: Planned, signed_in: Browser) -> None:
    first = a_plan(it)
    r = next(r for r, ask in enumerate(Whole(first).asks) if ask.request == it.requests["Gil"].key)
    second = plans.again(first, [plans.Wish(r, "refuse")], seconds=60, by=it.hal, at=OVER)
    plans.compute(second, at=OVER, waited=20)
    page = (
        signed_in(it.hal)
        .get(address(it, name="plans-compare"), {"before": first.key, "after": second.key})
        .content.decode()
    )
    assert "lines that gain: 1; lines that lose: 1" in page
    assert "“What Gil asks” is to be refused." in page
    assert "+50 mg" in page
    assert "−100 mg" in page


def test_more_of_a_sample_and_another_cap_are_answered_with_a_curve(it: Planned, signed_in: Browser) -> None:
    plan, chair = a_plan(it), signed_in(it.hal)
    where = address(it, plan, name="plan-what-if")
    assert chair.get(where).status_code == 200
    page = chair.get(where, {"sample": "P-1", "more": "50 mg"}).content.decode()
    assert 'class="drawing d-curve"' in page
    assert "+50 mg" in page
    assert "50 mg more of it would bring" in page
    scarce = chair.get(where, {"scarce": "10 mg"}).content.decode()
    assert scarce.index('<th scope="row">P-1</th>') < scarce.index('<th scope="row">P-2</th>')
    each = chair.get(where, {"cap": "nation"}).content.decode()
    assert "A cap of one would cost" in each
    for wrong in (
        {"sample": "none", "more": "1 mg"},
        {"sample": "P-1", "more": "much"},
        {"scarce": "-1 mg"},
        {"scarce": "\0"},
        {"cap": "0"},
        {"cap": "x"},
    ):
        assert chair.get(where, wrong).status_code == 422


def test_caps_of_the_policy_are_lifted_to_see_what_they_cost(
    a_person: Callable[..., Person], signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = a_planned_call(a_person, {"Bo": (9, {"alternatives": []}), "Fay": (8, {"alternatives": []})})
    it.call.policy_text = it.call.policy_text.replace("grants_per_country = 0", "grants_per_country = 1")
    it.call.save()
    plan = a_plan(it)
    page = signed_in(it.hal).get(address(it, plan, name="plan-what-if"), {"cap": "0"}).content.decode()
    assert "no cap" in page
    assert "“What Fay asks” gets 50 mg of P-1" in page
    assert "This cap costs" in page
    shown = signed_in(it.hal).get(address(it, plan)).content.decode()
    assert "at most 1 line of the country" in shown


def test_proposed_and_adopted_on_its_page_with_lines_left_out(it: Planned, signed_in: Browser) -> None:
    plan, chair = a_plan(it), signed_in(it.hal)
    assert post(chair, address(it, plan), act="propose").status_code == 302
    decide(it, "Bo", 100 * MG)
    refused = post(chair, address(it, plan), act="adopt")
    assert refused.status_code == 422
    assert "has not decided on “What Fay asks”" in refused.content.decode()
    left = [r for r, ask in enumerate(Whole(plan).asks) if ask.request != it.requests["Bo"].key]
    assert post(chair, address(it, plan), act="adopt", without=left).status_code == 302
    assert Commitment.objects.get(released_at=None).mass_ng == 100 * MG
    assert "adopted" in chair.get(address(it, plan)).content.decode()


def test_a_plan_at_work_says_so_and_one_cut_off_is_computed_again(it: Planned, signed_in: Browser) -> None:
    from django.utils import timezone

    plan = plans.begin(it.call, by=it.hal, at=OVER)
    chair = signed_in(it.hal)
    PlanRun.objects.create(plan=plan, at=timezone.now())
    waiting = chair.get(address(it, plan))
    assert waiting["Refresh"] == "4"
    assert "is being computed" in waiting.content.decode()
    other = plans.begin(it.call, seconds=10, by=it.hal, at=OVER)
    assert "was cut off" in chair.get(address(it, other)).content.decode()
    post(chair, address(it, other), act="compute")
    assert Plan.objects.get(pk=other.pk).result.status == "optimal"


ROLES = {
    Role.CURATOR: 200,
    Role.REQUESTER: 403,
    Role.REVIEWER: 403,
    Role.CHAIR: 200,
    Role.COMPLIANCE: 403,
    Role.DIRECTOR: 200,
    Role.AUDITOR: 200,
}


def test_who_sees_plans_and_who_makes_them(
    it: Planned, signed_in: Browser, a_person: Callable[..., Person]
) -> None:
    plan = a_plan(it)
    pages = [address(it), address(it, plan), address(it, plan, name="plan-what-if"), address(it, plan) + "instance.json",
             address(it, name="plans-compare") + f"?before={plan.key}&after={plan.key}"]  # fmt: skip
    for role, status in ROLES.items():
        browser = signed_in(a_person(f"Zoe-{role.value}", role))
        assert {browser.get(page).status_code for page in pages} == {status}, role
        if status == 200:
            makes = role in (Role.CHAIR, Role.DIRECTOR)
            shown = browser.get(pages[0]).content.decode()
            assert ("Freeze and compute" in shown) is makes
            csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
            told = {"csrfmiddlewaretoken": csrf[1] if csrf else "", "acting_key": "k1", "act": "propose"}
            assert browser.post(pages[1], told).status_code == (302 if makes else 403)


def test_nobody_sees_plans_of_a_call_in_which_they_ask_and_strangers_sign_in(
    it: Planned, signed_in: Browser, client: Client
) -> None:
    plan = a_plan(it)
    from aliquot.site import operations

    operations.people.give(it.people["Bo"], Role.CHAIR, by=it.eve, at=OVER)
    assert signed_in(it.people["Bo"]).get(address(it, plan)).status_code == 403
    assert client.get(address(it, plan)).status_code == 302
    assert client.get(reverse("public-plan", args=[it.call.key])).status_code == 404
    for wrong in (
        "plans/nothing/",
        "plans/compare/?before=x&after=y",
        f"plans/{plan.key}/secrets.json",
        "plans/%00/",
        f"plans/{plan.key}/what-if/?sample=%00&more=1",
    ):
        assert signed_in(it.hal).get(f"/calls/{it.call.key}/{wrong}").status_code in (400, 404, 422)
    assert signed_in(it.hal).get("/calls/none/plans/").status_code == 404


def test_what_is_published_names_nobody_and_can_be_computed_anew(
    it: Planned, client: Client, tmp_path: Path
) -> None:
    plan = a_plan(it)
    plans.propose(plan, by=it.hal, at=OVER)
    it.call.state = "concluded"
    it.call.save()
    where = reverse("public-plan", args=[it.call.key])
    page = client.get(where).content.decode()
    assert plan.input.sha256 in page
    assert "aliquot allocate instance.json --json --untimed --seconds 60 &gt; again.json" in page
    assert not any(name in page for name in ("What Bo asks", "What Fay asks", "Brown"))
    files = {name: client.get(f"{where}{name}").content for name in ("instance.json", "plan.json")}
    instance = allocation_read.instance(files["instance.json"])
    assert (
        allocation_check.check(instance, allocation_read.plan(files["plan.json"], instance)).violations == ()
    )
    assert json.loads(files["plan.json"])["instance_sha256"] == plan.input.sha256
    assert client.get(f"{where}other.json").status_code == 404
    chinese = client.get(f"/zh-hans{where}").content.decode()
    assert "Compute it yourself" not in chinese
    for policy, page_status, file_status in (("method", 200, 404), ("", 404, 404)):
        it.call.policy_text = re.sub(
            r'published_plan = "\w*"', f'published_plan = "{policy}"', it.call.policy_text
        )
        it.call.save()
        assert client.get(where).status_code == page_status
        assert client.get(f"{where}plan.json").status_code == file_status


def test_a_call_without_a_plan_publishes_none(it: Planned, client: Client) -> None:
    it.call.state = "concluded"
    it.call.save()
    assert client.get(reverse("public-plan", args=[it.call.key])).status_code == 404


def test_lists_and_plans_ask_the_database_the_same_number_of_times_however_many_there_are(
    it: Planned, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan, chair = a_plan(it), signed_in(it.hal)
    chair.get(address(it))
    with django_assert_num_queries(LIST):
        chair.get(address(it))
    for r in range(3):
        plans.compute(
            plans.again(plan, [plans.Wish(r, "refuse")], seconds=60, by=it.hal, at=OVER), at=OVER, waited=20
        )
    with django_assert_num_queries(LIST):
        chair.get(address(it))
    for one, queries in ((plan, ONE), (Plan.objects.first(), FIXED)):
        with django_assert_num_queries(queries):
            chair.get(address(it, one))


LIST, ONE = 11, 20
FIXED = ONE + 2  # what its decisions cost is held against the plan without them


def test_what_the_panel_fixed_stands_on_the_page_with_its_price(it: Planned, signed_in: Browser) -> None:
    first, chair = a_plan(it), signed_in(it.hal)
    numbers = {ask.request: r for r, ask in enumerate(Whole(first).asks)}
    bo, fay, gil = (numbers[it.requests[name].key] for name in ("Bo", "Fay", "Gil"))
    told = {f"pin-{bo}": "most", f"most-{bo}": "60 mg", f"pin-{fay}": "grant", f"pin-{gil}": "exact:0:0"}
    page = chair.get(post(chair, address(it, first), act="again", seconds="60", **told).url).content.decode()
    for said in ("“What Bo asks” is to get at most 60 mg.", "“What Fay asks” is to be granted.",
                 "“What Gil asks” is to get 60 mg of P-1.", "so much more has plan 1, in which nothing is fixed"):  # fmt: skip
        assert said in page
    assert "What the panel fixed" not in chair.get(address(it, first)).content.decode()


def test_the_rules_of_the_policy_and_its_consortia_stand_on_the_page(it: Planned, signed_in: Browser) -> None:
    for old, new in (('split_loss_mass = ""', 'split_loss_mass = "0.1 mg"'), ("grants_per_country = 0", "grants_per_country = 4"),
                     ("country_bonus_percent = 0", "country_bonus_percent = 5"), ("reserve_percent = 0", "reserve_percent = 10")):  # fmt: skip
        assert old in it.call.policy_text
        it.call.policy_text = it.call.policy_text.replace(old, new)
    it.call.save()
    plan = a_plan(it, together=[{it.requests["Bo"].key, it.requests["Gil"].key}])
    page = signed_in(it.hal).get(address(it, plan)).content.decode()
    for said in (
        "100 µg",
        "4 lines of each country",
        "of each country, by 5 % of full marks",
        "10 % of what a sample",
        "no rule",
    ):
        assert said in page
    assert re.search("“What (Bo|Gil) asks”, “What (Bo|Gil) asks”", page)


MALFORMED = (
    {"pin-0": "exact:x:y"}, {"pin-0": "exact:9:9"}, {"pin-0": "\0"}, {"pin-99999": "grant"}, {"pin-0": "most", "most-0": "\0"},
    {"pin-0": "most", "most-0": "−5 mg"}, {"pin-0": "most", "most-0": "1e99 kg"}, {"pin-0": "most"},
)  # fmt: skip


def test_a_malformed_decision_is_told_beside_its_line_and_nothing_is_planned(
    it: Planned, signed_in: Browser
) -> None:
    plan, chair = a_plan(it), signed_in(it.hal)
    for told in MALFORMED:
        assert post(chair, address(it, plan), act="again", seconds="60", **told).status_code == 422, told
    assert Plan.objects.count() == 1


def test_what_moved_since_the_input_was_frozen_is_told_while_the_panel_sits(
    it: Planned, signed_in: Browser
) -> None:
    plan, chair = a_plan(it), signed_in(it.hal)
    assert "Since it was frozen" not in chair.get(address(it, plan)).content.decode()
    commitments.promise("P-1", mass_ng=900 * MG, basis="other:1", by="person:17", at=OVER)
    page = chair.get(address(it, plan)).content.decode()
    assert "Since it was frozen: the stock has moved" in page
    Review.objects.filter(request=it.requests["Bo"]).update(handed_in_at=OVER + timedelta(days=1))
    page = chair.get(address(it, plan)).content.decode()
    assert "Since it was frozen: a review was handed in, the stock has moved" in page
    assert 'class="num plan-moved"' in page


def test_two_clicks_on_adopting_promise_once_and_the_page_says_what_came_of_it(
    it: Planned, signed_in: Browser
) -> None:
    plan, chair = a_plan(it), signed_in(it.hal)
    for name, ng in (("Bo", 100 * MG), ("Fay", 100 * MG)):
        decide(it, name, ng, outcome=Outcome.REDUCE if name == "Bo" else Outcome.GRANT)
    left = next(r for r, ask in enumerate(Whole(plan).asks) if ask.request == it.requests["Gil"].key)
    page = chair.get(address(it, plan)).content.decode()
    told = dict(re.findall(r'name="(csrfmiddlewaretoken|acting_key)" value="([^"]+)"', page))
    told |= {"act": "adopt", "without": str(left)}
    assert {chair.post(address(it, plan), told).status_code for _ in range(2)} == {302}
    assert PlanStep.objects.filter(act="adopt").count() == 1
    assert Commitment.objects.filter(released_at=None).count() == 2
    after = chair.get(address(it, plan)).content.decode()
    report = after[after.index('id="use"') :]
    assert "Adopted by Hal" in report
    assert report.count("100 mg from P-") == 2
    assert "left out" in report
    assert "Adopt and promise" not in after
    assert "was adopted after it" not in after
    other = plans.begin(it.call, seconds=10, by=it.hal, at=OVER)
    PlanStep.objects.create(plan=other, act="adopt", told={"promised": []}, by=it.hal, at=OVER)
    assert "Plan 2 was adopted after it" in chair.get(address(it, plan)).content.decode()


def test_a_form_that_was_sent_twice_acts_once(it: Planned, signed_in: Browser) -> None:
    plan, chair = a_plan(it), signed_in(it.hal)
    page = chair.get(address(it, plan)).content.decode()
    csrf, key = (
        re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("csrfmiddlewaretoken", "acting_key")
    )
    assert csrf
    assert key
    told = {"csrfmiddlewaretoken": csrf[1], "acting_key": key[1], "act": "propose"}
    assert {chair.post(address(it, plan), told).status_code for _ in range(2)} == {302}
    assert PlanStep.objects.count() == 1
    decide(it, "Bo", 100 * MG, outcome=Outcome.REDUCE)


def test_the_form_of_a_decision_begins_with_what_the_proposed_plan_has(
    it: Planned, signed_in: Browser
) -> None:
    chair = signed_in(it.hal)
    where = reverse("decide", args=[it.requests["Bo"].key])
    assert 'name="granted-0" value="150 mg"' in chair.get(where).content.decode()
    plans.propose(a_plan(it), by=it.hal, at=OVER)
    assert 'name="granted-0" value="100 mg"' in chair.get(where).content.decode()
