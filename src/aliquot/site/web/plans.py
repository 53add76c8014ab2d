"""Plans for the panel: their list, one plan with the decisions that are fixed, two side by side, what if; its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot.site import permissions, plan_words, queries
from aliquot.site.models import Call, Plan, PlanStep
from aliquot.site.operations import plans
from aliquot.site.permissions import Act
from aliquot.site.queries.plans import Whole
from aliquot.site.web import (
    acting,
    plan_asked,
    plan_compared,
    plan_files,
    plan_report,
    plan_rules,
    plan_shown,
    plan_what_if,
)
from aliquot.site.web.acting import Body

View = Callable[..., HttpResponse]


def of_call(view: View) -> View:
    """Find the call, and let only those in who may see its plans: staff, and its panel; nobody who asks for something in it."""

    @wraps(view)
    def guarded(request: HttpRequest, key: str, *args: str, **named: str) -> HttpResponse:
        call = queries.calls.one(key)
        if call is None:
            raise Http404
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not (
            permissions.may(request.user, Act.SEE_PLANS) or queries.plans.is_on_panel(call, request.user)
        ):
            raise PermissionDenied
        if queries.plans.is_author(call, request.user):
            raise PermissionDenied
        return view(request, call, *args, **named)

    return guarded


def found(call: Call, plan: str) -> Plan:
    """Return a plan of a call; one that is of another is not there."""
    one = queries.plans.one(call, plan)
    if one is None:
        raise Http404
    return one


@require_http_methods(["GET", "HEAD", "POST"])
@of_call
def plans_list(request: HttpRequest, call: Call) -> HttpResponse:
    """Show the plans of a call; freeze it as it is now, and ask for the best plan."""
    faults: list[acting.Shown] = []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.MAKE_PLANS)
        done = acting.once(request, lambda: _begin(request, call))
        if isinstance(done, dict):
            return _computed(call, str(done["plan"]))
        faults = done
    now = timezone.now()
    listed = [{"plan": one, "said": _said(one, now), "acts": {step.act for step in one.steps.all()}}
              for one in queries.plans.listed(call)]  # fmt: skip
    context = {
        "call": call, "faults": plan_asked.named(faults), "plans": listed, "seconds": plans.SECONDS, "typed": request.POST,
        "candidates": queries.plans.candidates(call) if _may_make(request, call) else (), "groups": plan_asked.GROUPS,
        "may_make": _may_make(request, call), "crumbs": crumbs(call),
    }  # fmt: skip
    return render(request, "plans/list.html", context, status=422 if faults else 200)


def _may_make(request: HttpRequest, call: Call) -> bool:
    return call.state in plans.PLANNED_IN and permissions.may(request.user, Act.MAKE_PLANS)


def _said(plan: Plan, now: object) -> str:
    state = queries.plans.state(plan, at=now)
    return str(plan_words.STATUSES[plan.result.status] if state == "computed" else plan_words.STATES[state])


def _begin(request: HttpRequest, call: Call) -> Body:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, value in request.POST.items():
        if name.startswith("group-") and value in plan_asked.GROUPS:
            groups[value].append(name.removeprefix("group-"))
    made = plans.begin(
        call,
        together=list(groups.values()),
        seconds=plan_asked.seconds(request.POST),
        by=request.user,
        at=timezone.now(),
    )
    return {"plan": made.key}


def _computed(call: Call, key: str) -> HttpResponse:
    """Lead to a plan that was just asked for; it is computed here, outside of any transaction, or goes on beside the site."""
    plans.compute(Plan.objects.select_related("input", "result").get(key=key), at=timezone.now())
    return redirect("plan", key=call.key, plan=key)


def crumbs(call: Call, *further: tuple[str, str]) -> list[dict[str, object]]:
    """Return the way to a page of plans: the call, its plans, what is further."""
    way = [(call.title, call_href(call)), (_("Plans"), reverse("plans", args=[call.key])), *further]
    return [{"label": label, "href": href} for label, href in way[:-1]] + [{"label": way[-1][0]}]


def call_href(call: Call) -> str:
    """Return where a call is shown."""
    try:
        return reverse("call", args=[call.key])
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
@of_call
def plan_page(request: HttpRequest, call: Call, plan: str) -> HttpResponse:
    """Show a plan: who gets what from where and why; fix decisions and ask again, propose it, adopt it."""
    one, faults = found(call, plan), []
    if request.method == "POST":
        done = _acted(request, call, one)
        if isinstance(done, HttpResponse):
            return done
        faults = done
    state = queries.plans.state(one, at=timezone.now())
    shown = (
        _shown(request, call, one, faults)
        if state == "computed"
        else {"plan": one, "faults": plan_asked.named(faults)}
    )
    context = shown | {
        "call": call, "state": state, "crumbs": crumbs(call, (_name(one), "")),
        "may_make": permissions.may(request.user, Act.MAKE_PLANS),
    }  # fmt: skip
    answer = render(request, "plans/plan.html", context, status=422 if faults else 200)
    if state == "computing":
        answer["Refresh"] = "4"
    return answer


def _acted(request: HttpRequest, call: Call, one: Plan) -> HttpResponse | list[acting.Shown]:
    """Do what the form asks, and return where that leads, or what stands against it."""
    permissions.refuse_unless(request.user, Act.MAKE_PLANS)
    act = plan_asked.ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    done = acting.once(request, lambda: act(request, one))
    if not isinstance(done, dict):
        return done
    return (
        _computed(call, str(done["compute"]))
        if "compute" in done
        else redirect("plan", key=call.key, plan=one.key)
    )


def _name(plan: Plan) -> str:
    return _("Plan {number}").format(number=plan.order)


def _shown(request: HttpRequest, call: Call, one: Plan, faults: list[acting.Shown]) -> dict[str, object]:
    """Return what the page of a computed plan shows."""
    whole = Whole(one)
    titles = queries.plans.titles(ask.request for ask in whole.asks)
    say = plan_shown.saying(whole, titles)
    steps, known, policy = list(one.steps.all()), queries.plans.today(whole), queries.calls.rules(call)
    stores = plan_shown.stores(whole, {sample: each.left_ng for sample, each in known.items()})
    hrefs = {key: reverse("request", args=[key]) for key in titles} if _has_requests() else {}
    return {
        "call": call, "plan": one, "faults": plan_asked.beside(faults, say),
        "status_said": plan_words.STATUSES[one.result.status], "figures": plan_shown.figures(whole),
        "gap": plan_shown.gap_said(whole.told), "rows": plan_shown.rows(whole, say, request.POST if faults else {}),
        "picture": plan_shown.picture(whole, say, hrefs), "stores": stores, "moved": _moved(one, stores),
        "rules": plan_rules.rules(policy, whole, say), "policy_name": plan_rules.name(policy), "fixed": plan_rules.fixed(whole, say), "price": _price(one),
        "conflict": [say.party(each) for each in whole.told["conflict"]],
        "without_review": list(queries.plans.titles(one.input.told["without_review"]).values()),
        "caps": [say.cap(i) for i in range(len(whole.round.caps))], "seconds": plans.SECONDS,
        "is_open": call.state in plans.PLANNED_IN, "others": queries.plans.listed(call).exclude(pk=one.pk).filter(result__isnull=False),
        "proposed": [step for step in steps if step.act == "propose"], "adopted": next((s for s in steps if s.act == "adopt"), None),
        "standings": plan_asked.standings(whole, say, known, request.POST.getlist("without")), "report": plan_report.rows(whole, say, steps), "later": _adopted_later(one, steps), "command": queries.plan_files.command(one), "same": queries.plan_files.SAME, "software": whole.told["software"],
    }  # fmt: skip


def _moved(plan: Plan, stores: list[plan_shown.Store]) -> list[str]:
    """Return what has changed since a plan's input was frozen, for a call that is still before its panel."""
    if plan.call.state not in plans.PLANNED_IN:
        return []
    reviewed, moved = queries.plans.moved_since(plan)
    said = [(reviewed, _("a review was handed in")), (moved, _("a request was moved on or decided")),
            (any(one.changed for one in stores), _("the stock has moved"))]  # fmt: skip
    return [each for is_so, each in said if is_so]


def _adopted_later(plan: Plan, steps: list[PlanStep]) -> Plan | None:
    """Return the plan whose promises took the place of an adopted one's."""
    last = queries.plans.published(plan.call) if any(step.act == "adopt" for step in steps) else None
    return last if last is not None and last.pk != plan.pk else None


def _price(plan: Plan) -> dict[str, object] | None:
    """Return what the fixed decisions cost: the plan without them, and how much more merit that has."""
    free = (
        queries.plans.unfixed(plan) if any(plan.pins.values()) and not plan.result.told["conflict"] else None
    )
    return {"plan": free, "cost": free.result.merit - plan.result.merit} if free is not None else None


def _has_requests() -> bool:
    try:
        return bool(reverse("request", args=["k"]))
    except NoReverseMatch:
        return False


@require_safe
@of_call
def compare(request: HttpRequest, call: Call) -> HttpResponse:
    """Show two plans side by side: who gains, who loses, merit, handling, what is left."""
    asked = [found(call, request.GET.get(name, "")[:40]) for name in ("before", "after")]
    if not all(hasattr(one, "result") for one in asked):
        raise Http404
    before, after = (Whole(one) for one in asked)
    titles = queries.plans.titles(ask.request for one in (before, after) for ask in one.asks)
    changes = plan_shown.changes(before, after, titles)
    context = {
        "call": call, "before": asked[0], "after": asked[1], "changes": changes, "rows": plan_compared.rows(before, after),
        "gains": sum(one["kind"] == "gains" for one in changes), "loses": sum(one["kind"] == "loses" for one in changes),
        "fixed": plan_compared.fixed(before, after, titles), "reserves": plan_shown.reserves(before, after),
        "same_input": asked[0].input_id == asked[1].input_id, "crumbs": crumbs(call, (_("Two plans"), "")),
    }  # fmt: skip
    return render(request, "plans/compare.html", context)


@require_safe
@of_call
def what_if(request: HttpRequest, call: Call, plan: str) -> HttpResponse:
    """Show what the best plan would be worth if there were more of a sample, or if a cap were another."""
    one = found(call, plan)
    if not hasattr(one, "result"):
        raise Http404
    context = plan_what_if.answer(one, request.GET)
    way = (_name(one), reverse("plan", args=[call.key, plan]))
    page = context | {"call": call, "plan": one, "crumbs": crumbs(call, way, (_("What if"), ""))}
    return render(request, "plans/what_if.html", page, status=422 if context["faults"] else 200)


@require_safe
@of_call
def plan_file(request: HttpRequest, call: Call, plan: str, name: str) -> HttpResponse:  # noqa: ARG001
    """Give a file of a plan: its input, its fixed decisions, the plan itself."""
    return plan_files.answer(found(call, plan), name)
