"""The files of a plan, and the command that makes it anew from them."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from aliquot.site import queries
from aliquot.site.models import Plan

CHECK = "aliquot allocate check instance.json plan.json"


def has_pins(plan: Plan) -> bool:
    """Whether a plan has decisions that are fixed by a file; what was trimmed stands in its input."""
    return any(plan.pins[name] for name in ("grant", "refuse", "exact"))


def command(plan: Plan) -> str:
    """Return the command that computes a plan from its files."""
    fix = " --fix pins.json" if has_pins(plan) else ""
    return f"aliquot allocate instance.json --json --seconds {plan.seconds}{fix} > plan.json"


def answer(plan: Plan, name: str) -> HttpResponse:
    """Answer with a file of a plan, to be saved."""
    content = queries.plans.file_of(plan, name)
    if content is None:
        raise Http404
    found = HttpResponse(content, content_type="application/json")
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found
