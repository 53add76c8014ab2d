"""The plan of a concluded call, for everybody: the method, and as far as the policy says the plan, nobody named; its files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot.site import plan_words, queries
from aliquot.site.models import Call, Plan
from aliquot.site.plan_words import Saying
from aliquot.site.queries.plans import Whole
from aliquot.site.web import plan_files, plan_report, plan_rules, plan_shown
from aliquot.site.web.plans import call_href

WHOLE = "whole"


def published(key: str) -> tuple[Call, Plan]:
    """Return a concluded call with the plan of it that may be read, as far as its policy says."""
    call = queries.calls.one(key)
    plan = queries.plans.published_of(call) if call is not None else None
    if call is None or plan is None:
        raise Http404
    return call, plan


@require_safe
def public_plan(request: HttpRequest, key: str) -> HttpResponse:
    """Show the method and, where the policy says so, the plan of a concluded call."""
    call, plan = published(key)
    whole, rules = Whole(plan), queries.calls.rules(call)
    say = plan_shown.saying(whole, {})
    context = {
        "call": call, "plan": plan, "is_whole": rules.published_plan == WHOLE, "figures": plan_shown.figures(whole),
        "status_said": plan_words.STATUSES[plan.result.status], "command": queries.plan_files.command(plan),
        "check": queries.plan_files.CHECK, "same": queries.plan_files.SAME,
        "adopted": next((step for step in plan.steps.all() if step.act == "adopt"), None),
        "software": ", ".join(" ".join(one) for one in whole.told["software"].items()),
        "crumbs": [{"label": call.title, "href": call_href(call)}, {"label": _("The plan")}],
    }  # fmt: skip
    more = _more(whole, say) if rules.published_plan == WHOLE else {}
    under = {"rules": plan_rules.rules(rules, whole, say), "policy_name": plan_rules.name(rules)}
    return render(request, "plans/public.html", context | under | more)


def _more(whole: Whole, say: Saying) -> dict[str, object]:
    """Return what is shown of a plan that is published whole."""
    return {
        "rows": plan_shown.rows(whole, say), "picture": plan_shown.picture(whole, say, {}), "stores": plan_shown.stores(whole),
        "fixed": plan_rules.fixed(whole, say), "report": plan_report.rows(whole, say, list(whole.plan.steps.all())),
        "has_pins": any(queries.plan_files.library_pins(whole.plan).values()),
    }  # fmt: skip


@require_safe
def public_plan_file(request: HttpRequest, key: str, name: str) -> HttpResponse:  # noqa: ARG001
    """Give a file of a published plan."""
    call, plan = published(key)
    if queries.calls.rules(call).published_plan != WHOLE:
        raise Http404
    return plan_files.answer(plan, name)
